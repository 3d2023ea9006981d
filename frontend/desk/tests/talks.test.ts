import { describe, expect, it } from "vitest";
import { isTooShort, NO_TALK_FILTERS, pieces, talkQuery, withMore, type TalkRow } from "../src/logic/talks";

const row = (conversation_id: string) => ({ conversation_id }) as TalkRow;

describe("the list of conversations", () => {
  it("asks from two characters on", () => {
    expect(["款", "款 ", " 退"].map(isTooShort)).toEqual([true, true, true]);
    expect(["", "退款", "𠮷野"].map(isTooShort)).toEqual([false, false, false]);
  });

  it("asks for whole days, the last one included", () => {
    const query = talkQuery({ ...NO_TALK_FILTERS, from: "2026-11-23", to: "2026-11-23" });
    expect(Date.parse(query.until!) - Date.parse(query.since!)).toBe(24 * 3600 * 1000);
  });

  it("leaves out what is not asked for", () => {
    expect(talkQuery({ ...NO_TALK_FILTERS, q: " 退款 ", state: "closed" }, "m1")).toEqual({ q: "退款", state: "closed", cursor: "m1", limit: "50" });
  });

  it("marks what was found, however it is written", () => {
    expect(pieces("用ABC付款，abc", "Abc")).toEqual([
      { text: "用", found: false },
      { text: "ABC", found: true },
      { text: "付款，", found: false },
      { text: "abc", found: true },
    ]);
    expect(pieces("没有", "x")).toEqual([{ text: "没有", found: false }]);
  });

  it("shows a conversation once", () => {
    expect(withMore([row("a"), row("b")], [row("b"), row("c")]).map((one) => one.conversation_id)).toEqual(["a", "b", "c"]);
  });
});
