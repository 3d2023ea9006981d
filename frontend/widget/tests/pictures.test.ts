import { mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat } from "../src/chat";
import Composer from "../src/components/Composer.vue";
import { isOurs, LARGEST, problemWith, readAnswer } from "../src/pictures";
import { memoryStore, type Store } from "../src/storage";
import { bubbles } from "../src/timeline";
import { dice, Door, Line, Service } from "./bad-line";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const picture = (text = "bytes") => new File([text], "图.png", { type: "image/png" });

function join(door: Door, { store = memoryStore() as Store, seed = 1, badness = 0, service = new Service() } = {}) {
  const line = new Line(service, dice(seed), badness);
  const chat = new Chat("http://service", store, () => line.asSocket(), door);
  return { chat, line, service, store };
}

async function begun(door: Door, options = {}) {
  const made = join(door, options);
  made.chat.open();
  made.line.restore();
  await vi.advanceTimersByTimeAsync(100);
  return made;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const own = (service: Service) => service.messages.filter((message) => message.author === "customer");
const src = (count: number) => `/pictures/${String(count).padStart(32, "0")}`;

describe("what may be sent", () => {
  test.each([
    ["image/png", 10, null],
    ["image/jpeg", LARGEST, null],
    ["image/jpeg", LARGEST + 1, "size"],
    ["image/svg+xml", 10, "type"],
    ["image/heic", 10, "type"],
    ["application/pdf", 10, "type"],
    ["", 10, "type"],
  ])("%s of %d bytes: %s", (type, size, problem) => expect(problemWith({ type, size })).toBe(problem));

  test.each([
    [201, '{"id":"a"}', { id: "a" }],
    [413, '{"error":{"code":"too_large"}}', { error: "too_large" }],
    [429, '{"error":{"code":"too_many_tries"}}', { error: "too_many_tries" }],
    [502, "<html>", { error: "offline" }],
    [403, "<html>", { error: "refused" }],
  ])("an answer %d is read", (status, text, read) => expect(readAnswer(status, text)).toEqual(read));

  test("only our own addresses are opened with the session's id", () => {
    expect(isOurs(src(1))).toBe(true);
    for (const other of ["/pictures/../x", "//evil.example/pictures/1", "https://x/pictures/1"]) expect(isOurs(other)).toBe(false);
  });
});

describe("a picture", () => {
  test("goes first, then the message that shows it, and the words go with it", async () => {
    const door = new Door();
    const { chat, service } = await begun(door);
    chat.send("看这里", [picture("一"), picture("二")]);
    expect(chat.previewUrl(chat.view.pending[0]!.clientId)).toMatch(/^blob:/);
    await pass(20);
    expect(Object.values(chat.view.progress)).toContain(0.5);
    await pass(1000);
    expect(door.taken).toEqual(["一", "二"]);
    expect(own(service).map((m) => [m.text, m.attachment?.payload.src])).toEqual([["看这里", src(1)], ["", src(2)]]);
    expect(chat.view.pending).toHaveLength(0);
    expect(chat.view.progress).toEqual({});
    expect(await chat.pictureUrl(src(1))).toMatch(/^blob:/);
  });

  test("written off line waits for the connection", async () => {
    const door = new Door();
    const { chat, line, service } = join(door);
    chat.open();
    chat.send("", [picture()]);
    await pass(5000);
    expect(door.taken).toEqual([]);
    line.restore();
    await pass(1000);
    expect(own(service)).toHaveLength(1);
  });

  test("is not sent again by a connection that breaks while it is under way", async () => {
    const door = new Door();
    const { chat, line, service } = await begun(door);
    chat.send("", [picture()]);
    await pass(10);
    line.cut();
    line.restore();
    await pass(3000);
    expect(door.taken).toHaveLength(1);
    expect(own(service)).toHaveLength(1);
  });

  test("that is refused says why, holds nothing up, and can be tried again or dropped", async () => {
    const { chat, service } = await begun(new Door(() => 1, 0, "too_large"));
    chat.send("", [picture()]);
    chat.send("还在吗");
    await pass(1000);
    expect(own(service).map((m) => m.text)).toEqual(["还在吗"]);
    const [refused] = chat.view.pending;
    expect(refused?.refused).toBe("too_large");
    const drawn = bubbles({ messages: [], pending: chat.view.pending, online: true, readSeq: 0, now: new Date() });
    expect(drawn[0]).toMatchObject({ delivery: "refused", refused: "too_large" });
    chat.retry(refused!.clientId);
    await pass(1000);
    expect(chat.view.pending[0]?.refused).toBe("too_large");
    chat.drop(refused!.clientId);
    expect(chat.view.pending).toHaveLength(0);
  });

  test("that cannot get through gives way to words after three tries", async () => {
    const { chat, service } = await begun(new Door(() => 0, 1));
    chat.send("", [picture()]);
    chat.send("发不出图");
    await pass(20_000);
    expect(chat.view.pending[0]?.refused).toBe("picture_failed");
    expect(own(service).map((m) => m.text)).toEqual(["发不出图"]);
  });

  test("that was not yet with the service is lost by a reload, and says so", async () => {
    const store = memoryStore();
    join(new Door(), { store }).chat.send("", [picture()]);
    const { chat } = join(new Door(), { store });
    expect(chat.view.pending[0]?.refused).toBe("picture_lost");
  });

  test.each(Array.from({ length: 40 }, (_, at) => at + 1))("over a bad line %d is one message, in its place", async (seed) => {
    const chance = dice(seed * 7);
    const door = new Door(chance, 0.2);
    const { chat, service } = await begun(door, { seed, badness: 0.25 });
    chat.send("前");
    chat.send("图", [picture()]);
    chat.send("后");
    await pass(60_000);
    if (chat.view.pending[0]?.refused) chat.retry(chat.view.pending[0].clientId);
    await pass(300_000);
    const said = own(service).map((message) => message.text);
    expect([...said].sort()).toEqual(["前", "后", "图"].sort());
    expect(service.messages.filter((message) => message.attachment)).toHaveLength(1);
    expect(chat.view.pending).toHaveLength(0);
  });
});

describe("the composer", () => {
  test("takes pictures along, names what it cannot take, and lets one go again", async () => {
    const composer = mount(Composer, { props: { placeholder: "" } });
    composer.vm.add([picture(), new File(["x"], "a.pdf", { type: "application/pdf" })]);
    await composer.vm.$nextTick();
    expect(composer.get("[role=alert]").text()).toContain("「a.pdf」发不了");
    expect(composer.findAll(".tray li")).toHaveLength(1);
    await composer.get(".tray button").trigger("click");
    expect(composer.find(".tray").exists()).toBe(false);
    expect(composer.get(".send").attributes("disabled")).toBeDefined();
    composer.vm.add([picture()]);
    await composer.get("form").trigger("submit");
    const [text, files] = composer.emitted("send")![0] as [string, File[]];
    expect([text, files.length]).toEqual(["", 1]);
    expect(composer.find(".tray").exists()).toBe(false);
  });
});

describe("有帮助吗", () => {
  test("is shown at once and taken back when the service did not learn of it", async () => {
    const { chat, service, line } = await begun(new Door());
    const answer = service.add({ text: "七天", custom: { kind: "faq_answer", faq_id: "returns.seven_days" } });
    const other = service.add({ text: "您好" });
    line.receive("bot_uttered", answer);
    line.receive("bot_uttered", other);
    void chat.rateAnswer(answer.id, true);
    void chat.rateAnswer(other.id, true);
    expect(chat.view.messages.map((m) => m.helpful)).toEqual([true, true]);
    await pass(1000);
    expect(chat.view.messages.map((m) => m.helpful ?? null)).toEqual([true, null]);
    expect(answer.helpful).toBe(true);
  });
});
