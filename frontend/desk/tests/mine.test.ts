import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backAgain } from "../src/logic/alerts";
import { sayError } from "../src/logic/errors";
import { inNeed, waitsFor } from "../src/logic/mine";
import type { Listed } from "../src/types";
import { callBackStale, finishAll, inAWhile, pending, pendingOf, undo, UNDO_MS } from "../src/undo";

const NOW = new Date("2026-11-21T06:30:00Z");

function listed(id: string, changes: Partial<Listed>): Listed {
  return {
    conversation_id: id,
    state: "staff",
    channel: "web",
    sender: id,
    customer_name: null,
    staff_id: "agent",
    priority: "normal",
    last_customer_at: "2026-11-21T06:00:00Z",
    last_text: "在吗",
    held_until: null,
    answer_by: null,
    waits_since: null,
    unread: 0,
    ...changes,
  };
}

describe("my conversations", () => {
  test("who waits for me longest comes first, whom I answered comes last", () => {
    const mine = [
      listed("answered", { last_customer_at: "2026-11-21T06:29:00Z" }),
      listed("short", { waits_since: "2026-11-21T06:28:00Z" }),
      listed("long", { waits_since: "2026-11-21T06:20:00Z" }),
      listed("before", { last_customer_at: "2026-11-21T05:00:00Z" }),
    ];
    expect(inNeed(mine, NOW).map((one) => one.conversation_id)).toEqual(["long", "short", "answered", "before"]);
    expect(waitsFor(mine[2]!, NOW)).toBe(600);
    expect(waitsFor(mine[0]!, NOW)).toBeNull();
  });

  test("who was asked to wait waits for nobody until the time is over", () => {
    const held = listed("held", { waits_since: "2026-11-21T06:00:00Z", held_until: "2026-11-21T06:31:00Z" });
    expect(waitsFor(held, NOW)).toBeNull();
    expect(waitsFor({ ...held, held_until: "2026-11-21T06:29:00Z" }, NOW)).toBe(1800);
  });

  test("after a cut it is said who is still there", () => {
    expect(backAgain(2, 2)).toEqual(["欢迎回来，您的 2 位客户都还在。", true]);
    expect(backAgain(3, 1)[0]).toContain("另外 2 位");
    expect(backAgain(1, 0)[1]).toBe(false);
  });
});

describe("what can be called back", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(async () => {
    await finishAll();
    vi.useRealTimers();
  });

  const deed = (about: string, work: () => Promise<unknown>) => ({ about, says: "会话将结束", soon: "即将结束", work });

  test("nothing is done for eight seconds, then it is, once", async () => {
    const work = vi.fn(async () => null);
    inAWhile(deed("a", work));
    await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
    expect(work).not.toHaveBeenCalled();
    expect(pendingOf("a")).not.toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(1);
    expect(pending).toHaveLength(0);
  });

  test("called back it is never done", async () => {
    const work = vi.fn(async () => null);
    inAWhile(deed("a", work));
    undo("a");
    await vi.advanceTimersByTimeAsync(2 * UNDO_MS);
    expect(work).not.toHaveBeenCalled();
  });

  test("what is not wanted any more is called back by itself", async () => {
    const work = vi.fn(async () => null);
    let why = "";
    inAWhile({ ...deed("a", work), unless: () => why });
    callBackStale();
    expect(pending).toHaveLength(1);
    why = "客户又说话了";
    callBackStale();
    await vi.advanceTimersByTimeAsync(UNDO_MS);
    expect(work).not.toHaveBeenCalled();
  });

  test("whoever leaves meant it", async () => {
    const work = vi.fn(async () => null);
    inAWhile(deed("a", work));
    await finishAll();
    expect(work).toHaveBeenCalledTimes(1);
  });
});

test("errors are said in Chinese", () => {
  expect(sayError(409, "林晓（S1001）已经接手这位客户。")).toBe("林晓（S1001）已经接手这位客户。");
  expect(sayError(404)).toContain("检查后再试");
  expect(sayError(502, "Bad Gateway")).toContain("稍后再试");
});
