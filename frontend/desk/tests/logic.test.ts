import { setZone } from "../../shared/time";
import { describe, expect, test } from "vitest";
import { badgeTitle } from "../src/logic/alerts";
import { dayOf, filled, findCanned, slashAt, unfilled, withChosen } from "../src/logic/canned";
import { asText, setTitles, shownFields } from "../src/logic/fields";
import { spoken, thread } from "../src/logic/thread";
import { possibleActions } from "../src/logic/tickets";
import { dueTone, waitTone } from "../src/logic/waiting";
import { address, parse } from "../src/router";
import type { CannedReply, ChatMessage } from "../src/types";

const REPLIES: CannedReply[] = [
  { id: "a.wait", group: "等待", title: "请稍等", text: "请您稍等，我正在核实。" },
  { id: "b.sorry", group: "致歉", title: "延误致歉", text: "让您久等了，非常抱歉。" },
  { id: "b.late", group: "配送", title: "延误", text: "配送有延误，请稍等。" },
];

function message(overrides: Partial<ChatMessage>): ChatMessage {
  return { id: "m", seq: 1, at: "2026-11-21T06:00:00Z", author: "customer", text: "在吗", ...overrides };
}

describe("canned replies", () => {
  test("a slash searches at the start and inside a sentence, a date or an address does not", () => {
    expect(slashAt("/延误")).toEqual({ from: 0, query: "延误" });
    expect(slashAt("／")).toEqual({ from: 0, query: "" });
    expect(slashAt("您好，/延误")).toEqual({ from: 3, query: "延误" });
    expect(slashAt("好的 /延误，再见", 6)).toEqual({ from: 3, query: "延误" });
    for (const text of ["11/21 送到", "上午/下午都行", "https://example.com", "/一\n二", "//"]) expect(slashAt(text)).toBeNull();
  });

  test("what is chosen takes the place of the search alone", () => {
    const text = "您好，/延误。再见";
    expect(withChosen(text, slashAt(text, 6)!, 6, "让您久等了")).toEqual({ text: "您好，让您久等了。再见", cursor: 8 });
  });

  test("names in braces are filled in as far as they are known, and what is left is found", () => {
    const said = filled("{客户称呼}您好，{工单号}已登记，{别的}", { 客户称呼: "王女士" });
    expect(said).toBe("王女士您好，{工单号}已登记，{别的}");
    expect(unfilled(said)).toBe("{工单号}");
    expect(unfilled("{别的}")).toBeNull();
    setZone("Asia/Shanghai");
    expect(dayOf(new Date("2026-11-30T16:30:00Z"))).toBe("12月1日");
    expect(dayOf(new Date("2026-11-30T02:00:00Z"), 1)).toBe("12月1日");
    setZone(undefined);
  });

  test("what begins with the words comes first", () => {
    expect(findCanned(REPLIES, "延误").map((reply) => reply.id)).toEqual(["b.sorry", "b.late"]);
    expect(findCanned(REPLIES, "请稍等").map((reply) => reply.id)).toEqual(["a.wait", "b.late"]);
    expect(findCanned(REPLIES, "没有")).toEqual([]);
  });
});

describe("what a conversation shows", () => {
  test("a request that the bot speak first is not a message", () => {
    expect(spoken([message({ text: "" }), message({}), message({ text: "", image: "/a.png" })])).toHaveLength(2);
  });

  test("notes stand where they were written", () => {
    const entries = thread(
      [message({ id: "1" }), message({ id: "2", at: "2026-11-21T08:00:00Z" })],
      [{ at: "2026-11-21T07:00:00Z", by: "agent", text: "先安抚" }],
    );
    expect(entries.map((entry) => entry.kind)).toEqual(["message", "note", "message"]);
  });
});

describe("fields", () => {
  test("have the company's titles; empty ones and remarks of the dialogue are left out", () => {
    setTitles({
      fields: { category: "问题类别", danger: "是否有危险", phone: "联系方式" },
      choices: { danger: { stopped: "已停用，没有危险" } },
      categories: { quality: "产品质量" },
      departments: {},
    });
    const shown = shownFields({ category: "quality", danger: "stopped", phone: null, mood: "angry", evidence: [] });
    expect(shown.map(({ title, value }) => [title, value])).toEqual([
      ["问题类别", "产品质量"],
      ["是否有危险", "已停用，没有危险"],
    ]);
  });

  test("dates, lists and flags are text", () => {
    expect(asText({ text: "上周三", value: "2026-11-18" })).toBe("上周三");
    expect(asText(["照片", "", "录音"])).toBe("照片、录音");
    expect([asText(true), asText(false), asText(0)]).toEqual(["是", "", "0"]);
  });
});

describe("time", () => {
  test("a wait turns to attention, then to danger", () => {
    expect([waitTone(30), waitTone(130), waitTone(400)]).toEqual(["calm", "attention", "danger"]);
  });

  test("a due time too", () => {
    const now = new Date("2026-11-21T06:00:00Z");
    const due = (hours: number) => dueTone(new Date(now.getTime() + hours * 3_600_000), now);
    expect([due(10), due(2), due(-1)]).toEqual(["calm", "attention", "danger"]);
  });
});

describe("moves of a ticket", () => {
  test("only what the API allows is offered", () => {
    expect(possibleActions("investigating", ["answer", "withdraw", "satisfy"])).toEqual(["answer", "withdraw"]);
    expect(possibleActions("investigating", ["conclude"])).toEqual(["conclude"]);
  });

  test("a finished ticket offers none", () => {
    expect(possibleActions("satisfied", ["conclude", "withdraw"])).toEqual([]);
  });
});

describe("addresses", () => {
  test.each(["/desk", "/desk/conversations/abc", "/desk/tickets", "/desk/tickets/TS20261121-0001", "/desk/promises"])(
    "%s leads where it says",
    (path) => expect(address(parse(path))).toBe(path),
  );

  test("the number of those who wait is in the title", () => {
    expect([badgeTitle("工作台", 0), badgeTitle("工作台", 3)]).toEqual(["工作台", "(3) 工作台"]);
  });
});
