import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { desk } from "../src/desk";
import { leaveTalk } from "../src/talk";
import type { Listed } from "../src/types";
import { callBackStale, pendingOf, undo } from "../src/undo";

const mine = (at: string) => [{ conversation_id: "c", customer_name: "王", sender: "w", last_customer_at: at } as Listed];
const end = () => leaveTalk({ id: "c", says: "会话将结束", soon: "即将结束", done: "会话已结束", work: async () => null, endsIt: true });
const isPending = () => pendingOf("talk:c") !== null;

describe("a conversation that is being ended", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    undo("talk:c");
    desk.mine = [];
    vi.useRealTimers();
  });

  test("is not ended once its customer has spoken again", () => {
    desk.mine = mine("10:00");
    end();
    callBackStale();
    expect(isPending()).toBe(true);
    desk.mine = mine("10:01");
    callBackStale();
    expect(isPending()).toBe(false);
  });

  test("is ended all the same when the list comes late or no longer has it", () => {
    end();
    desk.mine = mine("10:00");
    callBackStale();
    expect(isPending()).toBe(true);
    desk.mine = [];
    callBackStale();
    expect(isPending()).toBe(true);
  });
});
