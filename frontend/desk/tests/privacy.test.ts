import { describe, expect, it } from "vitest";
import { held, hindrance, wanted, wantsDeletion } from "../src/logic/privacy";
import type { DataRequest } from "../src/privacy";

const request = (more: Partial<DataRequest> = {}): DataRequest => ({
  number: "TS20261130-0001",
  wants: "delete",
  counts: {},
  open_tickets: [],
  open_promises: 0,
  served: false,
  others: [],
  confirm: "删除 TS20261130-0001",
  deletion: null,
  ...more,
});

describe("what is held of a person", () => {
  it("is named in staff's words, the rest together at the end", () => {
    expect(held({ effects: 3, messages: 12, pictures: 0, outbox: 2 })).toEqual([
      { count: 12, what: "条消息" },
      { count: 5, what: "条其他记录" },
    ]);
  });

  it("says what the customer wants", () => {
    expect(wanted("copy")).toBe("复制");
    expect(wanted("")).toBe("未说明");
    expect(wantsDeletion("withdraw")).toBe(true);
    expect(wantsDeletion("access")).toBe(false);
  });
});

describe("a deletion", () => {
  it("is not decided while somebody serves the customer", () => {
    expect(hindrance(request({ served: true }), true)).toContain("会话");
  });

  it("ends open matters only where that is wished", () => {
    const open = request({ open_tickets: ["TS20261130-0002"] });
    expect(hindrance(open, false)).toContain("未办结");
    expect(hindrance(open, true)).toBe("");
    expect(hindrance(request(), false)).toBe("");
  });
});
