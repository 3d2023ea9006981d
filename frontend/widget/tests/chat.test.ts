import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat } from "../src/chat";
import { memoryStore, type Store } from "../src/storage";
import { dice, Line, Service } from "./bad-line";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function join(service: Service, store: Store, seed = 1, badness = 0): { chat: Chat; line: Line } {
  const line = new Line(service, dice(seed), badness);
  const chat = new Chat("http://service", store, () => line.asSocket());
  return { chat, line };
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function own(service: Service): string[] {
  return service.messages.filter((message) => message.author === "customer").map((message) => message.text);
}

describe("a chat", () => {
  test("asks for the greeting when it is opened, and only then", async () => {
    const { chat, line } = join(new Service(), memoryStore());
    chat.open();
    line.restore();
    await pass(100);
    expect(line.emitted.map(([event]) => event)).toEqual(["session_request", "open"]);
  });

  test("keeps what is written off line and sends it in order on return", async () => {
    const service = new Service();
    const { chat, line } = join(service, memoryStore());
    chat.open();
    for (const text of ["一", "二", "三"]) chat.send(text);
    expect(chat.view.pending).toHaveLength(3);
    line.restore();
    await pass(1000);
    expect(own(service)).toEqual(["一", "二", "三"]);
    expect(chat.view.pending).toHaveLength(0);
  });

  test("sends after a reload what a page that was closed could not", async () => {
    const [service, store] = [new Service(), memoryStore()];
    join(service, store).chat.send("还没发出");
    const { line } = join(service, store);
    expect(line.connected).toBe(false);
    const again = join(service, store);
    again.chat.open();
    again.line.restore();
    await pass(1000);
    expect(own(service)).toEqual(["还没发出"]);
  });

  test("shows no more what staff took back, heard of at once or after the line was down", async () => {
    const service = new Service();
    const { chat, line } = join(service, memoryStore());
    chat.open();
    line.restore();
    await pass(1000);
    const said = ["费用一千八百元", "明天上门"].map((text) => service.add({ author: "staff", text }));
    for (const one of said) line.receive("bot_uttered", { ...one });
    service.recall(said[0]!);
    expect(chat.view.messages.map((one) => one.text)).toEqual(["", "明天上门"]);
    line.cut();
    service.recall(said[1]!);
    expect(chat.view.messages.at(-1)!.text).toBe("明天上门");
    await pass(2000);
    expect(chat.view.messages.map((one) => [one.text, one.custom?.kind])).toEqual([["", "recalled"], ["", "recalled"]]);
  });

  test("is open again after a reload for whoever talks to a person, and only for them", async () => {
    for (const [state, opened] of [["staff", true], ["waiting", true], ["bot", false]] as const) {
      const [service, store] = [new Service(), memoryStore()];
      service.state = state;
      const before = join(service, store);
      before.chat.open();
      before.line.restore();
      await pass(1000);
      const after = join(service, store);
      after.line.restore();
      await pass(1000);
      expect(after.chat.view.opened).toBe(opened);
      expect(after.chat.view.reopened).toBe(opened);
    }
  });

  test("stays closed after a reload when it was closed", async () => {
    const [service, store] = [new Service(), memoryStore()];
    service.state = "staff";
    const before = join(service, store);
    before.chat.open();
    before.line.restore();
    await pass(1000);
    before.chat.close();
    const after = join(service, store);
    after.line.restore();
    await pass(1000);
    expect(after.chat.view.opened).toBe(false);
  });

  test("shows a choice by its title and sends its payload", async () => {
    const service = new Service();
    const { chat, line } = join(service, memoryStore());
    chat.open();
    line.restore();
    await pass(100);
    chat.choose({ title: "查订单", payload: "b:12345678" });
    expect(chat.view.pending[0]).toMatchObject({ title: "查订单", message: "b:12345678" });
    await pass(1000);
    expect(own(service)).toEqual(["b:12345678"]);
  });

  test("counts what came while it was closed as unread", async () => {
    const [service, store] = [new Service(), memoryStore()];
    store.set("session", "s".repeat(43));
    const { chat, line } = join(service, store);
    line.restore();
    await pass(100);
    line.receive("bot_uttered", service.add({ text: "有进展了" }));
    expect(chat.view.unread).toBe(1);
    chat.open();
    expect(chat.view.unread).toBe(0);
  });

  test("forgets another customer's history when its session was not accepted", async () => {
    const [service, store] = [new Service(), memoryStore()];
    store.set("session", "old");
    const { chat, line } = join(service, store);
    chat.view.messages = [service.add({ text: "旧的" })];
    service.messages.length = 0;
    line.restore();
    await pass(100);
    expect(chat.view.messages).toEqual([]);
    expect(store.get("session")).toBe("s".repeat(43));
  });
});

describe("over a line that breaks at random", () => {
  const seeds = Array.from({ length: 100 }, (_, at) => at + 1);

  test.each(seeds)("conversation %d loses nothing, doubles nothing, keeps its order", async (seed) => {
    const service = new Service();
    const { chat, line } = join(service, memoryStore(), seed, 0.3);
    const words = Array.from({ length: 6 }, (_, at) => `第${at + 1}句`);
    chat.open();
    line.restore();
    for (const text of words) {
      chat.send(text);
      await pass(300);
    }
    await pass(300_000);
    expect(own(service)).toEqual(words);
    expect(chat.view.messages.map((message) => message.id)).toEqual(service.messages.map((message) => message.id));
    expect(chat.view.pending).toHaveLength(0);
  });
});

describe("a customer whom the site knows", () => {
  function requests(line: Line): unknown[] {
    return line.emitted.filter(([event]) => event === "session_request").map(([, data]) => data);
  }

  test("is told to the service with every session, and again when the token changes", async () => {
    const { chat, line } = join(new Service(), memoryStore());
    chat.identify("t1");
    chat.open();
    line.restore();
    await pass(100);
    chat.identify("t1");
    chat.identify("t2");
    await pass(100);
    expect(requests(line)).toEqual([
      { session_id: undefined, identity: "t1" },
      { session_id: "s".repeat(43), identity: "t2" },
    ]);
  });

  test("leaves nothing behind on logging out: no talk, no session, nothing that would still be sent", async () => {
    const [service, store] = [new Service(), memoryStore()];
    service.guards = true;
    const { chat, line } = join(service, store);
    chat.identify("t1");
    chat.open();
    line.restore();
    await pass(100);
    chat.send("我的订单");
    await pass(1000);
    expect(chat.view.messages.map((one) => one.text)).toContain("我的订单");
    chat.send("还没发出");
    chat.logout();
    line.receive("bot_uttered", service.add({ text: "前一位的答复" }));
    expect(chat.view.messages).toEqual([]);
    await pass(1000);
    expect(requests(line).at(-1)).toEqual({ session_id: undefined, identity: undefined });
    expect(store.get("session")).toBe("2".repeat(43));
    expect(chat.view.pending).toEqual([]);
    expect(chat.view.messages.map((one) => one.text)).not.toContain("前一位的答复");
    chat.send("我是下一位");
    await pass(1000);
    expect(own(service)).toEqual(["我是下一位"]);
  });
});
