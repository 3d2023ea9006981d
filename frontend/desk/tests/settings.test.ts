import { describe, expect, it } from "vitest";
import { inBase64 } from "../src/imports";
import { changes, groupOf, linesOf, titleOf } from "../src/logic/settings";

describe("settings", () => {
  it("are named as people call them", () => {
    expect(titleOf("opening_hours.yml")).toBe("服务时间");
    expect(titleOf("letters/progress.yml")).toBe("进展告知");
    expect(titleOf("messages/new.yml")).toBe("new");
    expect(groupOf("letters/frame.yml")).toBe("给客户的信函");
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

describe("a file", () => {
  it("goes as base64, however large", async () => {
    const bytes = new Uint8Array(20_000).map((_, at) => at % 256);
    const text = await inBase64(new Blob([bytes]));
    expect(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))).toEqual(bytes);
  });
});
