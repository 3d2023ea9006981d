import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { correction, isPrimary } from "../src/cards";
import { Chat } from "../src/chat";
import { PageCommands } from "../src/commands";
import { readConfig, type WidgetConfig } from "../src/config";
import { dayAsked, nearDays, said } from "../src/days";
import { launcherFace } from "../src/launcher";
import { News } from "../src/news";
import { memoryStore } from "../src/storage";
import { transcript } from "../src/transcript";
import type { Snapshot } from "../src/wire";
import { LANGUAGES, languageFor, speak, words } from "../src/words";
import { dice, Line, Service } from "./bad-line";
import { message } from "./fixtures";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  speak("zh-CN");
});

function stands(more: Partial<Snapshot> & { online?: boolean; typing?: "staff" | null }) {
  const snapshot: Snapshot = { state: "bot", staff: null, queue: null, read_seq: 0, rated: false, ...more };
  return launcherFace({ snapshot, online: more.online ?? true, ready: true, typing: more.typing ?? null });
}

describe("the button of a closed chat", () => {
  const staff = { name: "林晓", number: "S1001", present: true };

  test("says how the conversation stands", () => {
    expect(stands({}).word).toBe("在线客服");
    expect(stands({ state: "closed", online: false })).toEqual({ word: "在线客服", tone: "idle" });
    expect(stands({ state: "waiting", queue: { position: 3, estimate_s: null } }).word).toBe("排队中，前面 2 位");
    expect(stands({ state: "waiting", queue: { position: 1, estimate_s: null } }).word).toBe("排队中，下一位是您");
    expect(stands({ state: "waiting" }).word).toBe("排队中");
    expect(stands({ state: "staff", staff }).word).toBe("林晓正在为您服务");
    expect(stands({ state: "staff", staff, typing: "staff" }).word).toBe("林晓正在输入…");
    expect(stands({ state: "staff", staff, online: false })).toEqual({ word: "连接中断，正在重试", tone: "away" });
  });
});

describe("what the page asks for", () => {
  function tag(attributes: Record<string, string>): WidgetConfig {
    const script = document.createElement("script");
    for (const [name, value] of Object.entries(attributes)) script.setAttribute(`data-${name}`, value);
    return readConfig(script);
  }

  test("is read from the tag, and nonsense is taken for nothing", () => {
    expect(tag({ position: "left", theme: "dark", bottom: "96", language: "en" })).toMatchObject({
      side: "left", theme: "dark", bottom: 96, language: "en",
    });
    for (const bottom of ["-4", "tall", "", "NaN"]) expect(tag({ bottom }).bottom).toBeNull();
    expect(tag({ position: "above", theme: "pink", bottom: "99999" })).toMatchObject({ side: "right", theme: "auto", bottom: 400 });
  });

  test.each([
    [["zh-HK"], "zh-TW"], [["zh-Hant-CN"], "zh-TW"], [["zh"], "zh-CN"], [["zh-SG"], "zh-CN"], [["fr", "en-GB"], "en"], [["ja"], "zh-CN"], [[""], "zh-CN"],
  ])("readers of %j get %s", (wishes, language) => expect(languageFor(wishes as string[])).toBe(language));

  test("every language has every word, and each its own", () => {
    const flat = (value: object, path = ""): string[] =>
      Object.entries(value).flatMap(([key, one]) => (typeof one === "object" ? flat(one, `${path}${key}.`) : [`${path}${key}`]));
    for (const one of Object.values(LANGUAGES)) expect(flat(one)).toEqual(flat(LANGUAGES["zh-CN"]));
    const texts = (language: keyof typeof LANGUAGES) => JSON.stringify(LANGUAGES[language]);
    expect(texts("en").replace("「删除我的个人信息」", "")).not.toMatch(/[\u4e00-\u9fff]/);
    expect(texts("zh-TW")).not.toMatch(/[这为发点张说话务员时开关听样边经现实应认请让给]/);
  });

  test("changes the labels, and never what the dialogue is told", () => {
    speak("en");
    expect(words.duration(4800)).toBe("1 h 20 min");
    expect(words.time(new Date(2026, 10, 20, 9, 5), new Date(2026, 10, 21))).toBe("Yesterday 09:05");
    expect(correction("电话", "139")).toBe("电话改成139");
    expect(said("2026-11-21", 1, new Date(2026, 10, 20))).toBe("11月21日上午");
    speak("zh-TW");
    expect(words.duration(4800)).toBe("1 小時 20 分鐘");
  });
});

describe("a page's commands", () => {
  function pageWith(): { commands: PageCommands; news: News; begin: () => { chat: Chat; line: Line; service: Service } } {
    const [news, store, service] = [new News(), memoryStore(), new Service()];
    const commands = new PageCommands({ identity: "" } as WidgetConfig, news, store);
    const begin = () => {
      const line = new Line(service, dice(1), 0);
      const chat = new Chat("http://service", store, () => line.asSocket(), undefined, "", news);
      commands.reaches(chat);
      return { chat, line, service };
    };
    return { commands, news, begin };
  }

  test("open it before it stands and close it after", async () => {
    const { commands, begin } = pageWith();
    commands.run("open");
    const { chat } = begin();
    expect(chat.view.opened).toBe(true);
    commands.run("close");
    expect(chat.view.opened).toBe(false);
  });

  test("hear of everything that happens, once, and no words of it", async () => {
    const { commands, begin } = pageWith();
    const told: unknown[] = [];
    for (const event of ["open", "close", "message", "unread", "state"]) commands.run("on", event, (what: unknown) => told.push([event, what]));
    commands.run("on", "message", () => {
      throw new Error("the page's own fault");
    });
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { chat, line, service } = begin();
    commands.run("open");
    commands.run("open");
    line.restore();
    await vi.advanceTimersByTimeAsync(100);
    commands.run("close");
    const said = service.add({ author: "staff", text: "明天上门" });
    line.receive("bot_uttered", said);
    line.receive("bot_uttered", said);
    line.receive("conversation", { state: "staff", staff: null, queue: null, read_seq: 0, rated: false });
    expect(told).toEqual([
      ["open", null],
      ["close", null],
      ["unread", 1],
      ["message", { id: said.id, at: said.at, author: "staff" }],
      ["state", "staff"],
    ]);
    expect(JSON.stringify(told)).not.toContain("上门");
    expect(chat.view.messages.at(-1)!.text).toBe("明天上门");
  });

  test("that do not exist are named on the console and do nothing", () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { commands } = pageWith();
    for (const call of [["explode"], ["identify", 7], ["on", "nothing", () => {}], ["on", "open", "no function"]]) {
      commands.run(...(call as [string]));
    }
    expect(warned).toHaveBeenCalledTimes(4);
  });
});

describe("a date as an answer", () => {
  const asks = (day: unknown, state = "ask") => message({ custom: { kind: "form", form: "f", field: "occurred", state, day } });

  test("is offered where one is asked for", () => {
    expect(dayAsked(asks("past"))).toBe("past");
    expect(dayAsked(asks("past", "confirm"))).toBeNull();
    expect(dayAsked(asks("someday"))).toBeNull();
    expect(dayAsked(message())).toBeNull();
  });

  test("is said so that no year or month is guessed", () => {
    const now = new Date(2026, 11, 31, 23, 0);
    expect(nearDays("coming", now).map((one) => one.value)).toEqual(["2026-12-31", "2027-01-01", "2027-01-02"]);
    expect(said("2027-01-01", 2, now)).toBe("2027年1月1日下午");
    expect(said("2026-12-30", 0, now)).toBe("12月30日");
    expect(said("2026-11-03", 0, now)).toBe("11月3日");
  });
});

test("only the first choice of a read-back stands out", () => {
  const offers = [{ title: "确认提交", payload: "b:1" }, { title: "先不提交", payload: "b:2" }];
  const readBack = message({ custom: { kind: "form", state: "confirm" }, quick_replies: offers });
  expect(offers.map((one) => isPrimary(readBack, one))).toEqual([true, false]);
  expect(isPrimary(message({ quick_replies: offers }), offers[0]!)).toBe(false);
});

test("a transcript tells who said what and when, pictures and what was taken back by a word", () => {
  const at = new Date(2026, 10, 21, 14, 5).toISOString();
  const told = transcript(
    [
      message({ at, text: "您好" }),
      message({ at, author: "customer", text: "看照片", attachment: { type: "image", payload: { src: "/pictures/1" } } }),
      message({ at, author: "staff", text: "", staff: { name: "林晓", number: "S1001" }, custom: { kind: "recalled" } }),
    ],
    "三声电器",
    "小声",
  );
  expect(told.split("\n")).toEqual([
    "与三声电器的对话记录", "",
    "2026-11-21 14:05　智能助手小声", "您好", "",
    "2026-11-21 14:05　您", "［图片］", "看照片", "",
    "2026-11-21 14:05　林晓 工号 S1001", "林晓撤回了一条消息", "",
  ]);
});

describe("being forgotten", () => {
  async function talking(): Promise<{ chat: Chat; line: Line; store: ReturnType<typeof memoryStore>; service: Service }> {
    const [service, store] = [new Service(), memoryStore()];
    service.guards = true;
    const line = new Line(service, dice(1), 0);
    const chat = new Chat("http://service", store, () => line.asSocket());
    chat.open();
    line.restore();
    await vi.advanceTimersByTimeAsync(100);
    chat.send("我的订单");
    await vi.advanceTimersByTimeAsync(1000);
    return { chat, line, store, service };
  }

  test("clears the talk, and the next session is another", async () => {
    const { chat, store } = await talking();
    const before = store.get("session");
    const done = chat.forget();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await done).toBe(true);
    expect([chat.view.messages, chat.view.opened]).toEqual([[], false]);
    expect(store.get("session")).not.toBe(before);
  });

  test("in another window clears this one and keeps what that one has begun", async () => {
    const { chat, line, store } = await talking();
    store.set("session", "9".repeat(43));
    line.receive("forgotten", {});
    expect([chat.view.messages, chat.view.opened]).toEqual([[], false]);
    expect(store.get("session")).toBe("9".repeat(43));
  });

  test("is not said to be done while the service has not heard of it", async () => {
    const { chat, line } = await talking();
    line.connected = false;
    expect(await chat.forget()).toBe(false);
    expect(chat.view.messages).not.toEqual([]);
  });
});
