import { describe, expect, it } from "vitest";
import { eventOptions, receiverFields, standing } from "../src/logic/webhooks";
import { inBase64 } from "../src/imports";
import { changes, described, groupOf, linesOf, titleOf } from "../src/logic/settings";

describe("settings", () => {
  it("are named as people call them", () => {
    expect(titleOf("opening_hours.yml")).toBe("服务时间");
    expect(titleOf("letters/progress.yml")).toBe("进展告知");
    expect(titleOf("messages/new.yml")).toBe("new");
    expect(groupOf("letters/frame.yml")).toBe("给客户的信函");
  });

  it("have a name and a hint from the file's remark, wordings only a hint", () => {
    const entry = { key: "appeal_days", value: "10", remark: "申诉期（天）：从客户收到处理结果起算" };
    expect(described("limits.yml", entry)).toEqual({ title: "申诉期（天）", hint: "从客户收到处理结果起算" });
    expect(described("limits.yml", { ...entry, remark: "重复原因次数" })).toEqual({ title: "重复原因次数", hint: "" });
    expect(described("messages/follow.yml", entry)).toEqual({ title: "", hint: entry.remark });
    expect(described("limits.yml", { ...entry, remark: "" })).toEqual({ title: "", hint: "" });
  });

  it("are sent only where they differ", () => {
    const entries = [
      { key: "appeal_days", value: "10", remark: "" },
      { key: "quiet_from", value: '"21:00"', remark: "" },
    ];
    expect(changes(entries, { appeal_days: "15", quiet_from: '"21:00"' })).toEqual({ appeal_days: "15" });
    expect(changes(entries, {})).toEqual({});
  });

  it("have room for their lines, and no more than a screen", () => {
    expect(linesOf("10")).toBe(1);
    expect(linesOf("a\n".repeat(40))).toBe(14);
  });
});

describe("receivers of events", () => {
  const one = { name: "crm", url: "https://crm.example", events: ["*"], key_number: 1, paused: false, problem: null, waiting: 0, dead: 0, last_taken_at: null };

  it("say first what somebody has to do about them", () => {
    expect(standing(one).title).toBe("正常");
    expect(standing({ ...one, waiting: 2 }).title).toBe("2 条等待发送");
    expect(standing({ ...one, waiting: 2, dead: 1 }).title).toBe("1 条已放弃");
    expect(standing({ ...one, dead: 1, paused: true }).title).toBe("已暂停");
    expect(standing({ ...one, paused: true, problem: "只能使用 https 地址" }).title).toBe("地址不可用");
  });

  it("are offered whole kinds and single events, and never the trial", () => {
    const offered = eventOptions(["ticket.moved", "ping"]).map((option) => option.value);
    expect(offered).toContain("ticket.*");
    expect(offered).toContain("ticket.moved");
    expect(offered).not.toContain("ping");
  });

  it("keep their name, which their secret hangs on", () => {
    expect(receiverFields([], true).map((field) => field.name)).toContain("name");
    expect(receiverFields([], false).map((field) => field.name)).not.toContain("name");
  });
});

describe("a file", () => {
  it("goes as base64, however large", async () => {
    const bytes = new Uint8Array(20_000).map((_, at) => at % 256);
    const text = await inBase64(new Blob([bytes]));
    expect(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))).toEqual(bytes);
  });
});
