import { describe, expect, test } from "vitest";
import { isAnswer, letterText, readBack, ticketFact } from "../src/cards";
import { Outbox } from "../src/outbox";
import { memoryStore } from "../src/storage";
import { pieces, safeImage } from "../src/text";
import { bubbles, merge } from "../src/timeline";
import { message } from "./fixtures";

const NOW = new Date(Date.UTC(2026, 10, 21, 8));

function view(messages: ReturnType<typeof message>[], rest = {}) {
  return bubbles({ messages, pending: [], online: true, readSeq: 0, now: NOW, ...rest });
}

describe("the order of what was said", () => {
  test("a message told twice is shown once, and late ones take their place", () => {
    const [one, two, three] = [message(), message(), message()];
    expect(merge([one, three], [two, three]).map((m) => m.id)).toEqual([one.id, two.id, three.id]);
  });

  test("what waits to be sent stands last and says why", () => {
    const outbox = new Outbox(memoryStore());
    outbox.add("在吗", "在吗", NOW);
    const shown = view([message()], { pending: outbox.all, online: false });
    expect(shown.at(-1)).toMatchObject({ author: "customer", delivery: "waiting" });
    expect(view([message()], { pending: outbox.all }).at(-1)!.delivery).toBe("sending");
  });

  test("a confirmed message replaces the one that waited", () => {
    const outbox = new Outbox(memoryStore());
    const entry = outbox.add("在吗", "在吗", NOW);
    const stored = message({ author: "customer", text: "在吗", client_id: entry.clientId });
    expect(view([stored], { pending: outbox.all })).toHaveLength(1);
  });

  test("only the newest of the customer's messages tells whether it was read", () => {
    const mine = [message({ author: "customer" }), message({ author: "customer" })];
    expect(view(mine, { readSeq: mine[1]!.seq }).map((b) => b.delivery)).toEqual([null, "read"]);
    expect(view(mine, { readSeq: mine[0]!.seq }).map((b) => b.delivery)).toEqual([null, "sent"]);
  });

  test("bubbles of one speaker are grouped and a pause shows the time", () => {
    const later = message({ at: new Date(Date.UTC(2026, 10, 21, 7)).toISOString() });
    const shown = view([message(), message(), later]);
    expect(shown.map((b) => [b.first, b.last])).toEqual([[true, false], [false, true], [true, true]]);
    expect(shown.map((b) => b.time !== null)).toEqual([true, false, true]);
  });
});

describe("choices", () => {
  const offer = () => message({ quick_replies: [{ title: "查订单", payload: "b:00000001" }] });

  test("are open until the customer answers", () => {
    expect(view([offer()])[0]!.choices).toHaveLength(1);
    expect(view([offer(), message({ author: "customer" })])[0]!.choices).toHaveLength(0);
  });

  test("are gone as soon as one is used, before the service confirms it", () => {
    const outbox = new Outbox(memoryStore());
    outbox.add("b:00000001", "查订单", NOW);
    const shown = view([offer()], { pending: outbox.all });
    expect(shown[0]!.choices).toHaveLength(0);
    expect(shown[1]!.message.text).toBe("查订单");
  });
});

test("what was refused stays where it was written, what is on its way stands at the end", () => {
  const outbox = new Outbox(memoryStore());
  const refused = outbox.add("", "", NOW, { picture: { id: null }, after: 1 });
  outbox.refuse(refused.clientId, "too_large");
  const onItsWay = outbox.add("还在吗", "还在吗", NOW, { after: 1 });
  const talk = [1, 2, 3].map((seq) => message({ id: `m${seq}`, seq, author: "bot" }));
  const shown = view(talk, { pending: outbox.all }).map((bubble) => bubble.message.id);
  expect(shown).toEqual(["m1", refused.clientId, "m2", "m3", onItsWay.clientId]);
});

describe("the outbox", () => {
  test("survives a reload, in order", () => {
    const store = memoryStore();
    const before = new Outbox(store);
    for (const text of ["一", "二", "三"]) before.add(text, text, NOW);
    before.settle(before.head!.clientId);
    expect(new Outbox(store).all.map((entry) => entry.title)).toEqual(["二", "三"]);
  });

  test("a refused entry is kept, told, and not sent again", () => {
    const outbox = new Outbox(memoryStore());
    const first = outbox.add("一", "一", NOW);
    const second = outbox.add("二", "二", NOW);
    outbox.refuse(first.clientId, "invalid_input");
    expect(outbox.head!.clientId).toBe(second.clientId);
    expect(view([], { pending: outbox.all })[0]).toMatchObject({ delivery: "refused" });
  });

  test("storage with something else in it is taken as empty", () => {
    const store = memoryStore();
    store.set("outbox", '[{"clientId": 1}, "x"]');
    expect(new Outbox(store).all).toEqual([]);
  });
});

describe("cards", () => {
  const text = "请您核对：\n姓名：张三\n联系电话：13800001111\n事情经过：冰箱不制冷，报错：E4\n以上信息是否正确？";

  test("a read-back is taken apart line by line", () => {
    const card = readBack(message({ text, custom: { kind: "form", form: "complaint_form", state: "confirm" } }));
    expect(card!.fields).toEqual([
      { label: "姓名", value: "张三" },
      { label: "联系电话", value: "13800001111" },
      { label: "事情经过", value: "冰箱不制冷，报错：E4" },
    ]);
    expect([card!.intro, card!.outro]).toEqual(["请您核对：", "以上信息是否正确？"]);
  });

  test("a question that is not a read-back stays a bubble", () => {
    expect(readBack(message({ text, custom: { kind: "form", state: "ask" } }))).toBeNull();
    expect(readBack(message({ text: "请问：对吗？", custom: { kind: "form", state: "confirm" } }))).toBeNull();
  });

  test("an opened ticket shows its number and the promised day", () => {
    const fact = ticketFact(
      message({ custom: { kind: "ticket_opened", number: "TS20261121-0001", promised_at: "2026-11-28T10:00:00Z" } }),
    );
    expect(fact).toEqual({ number: "TS20261121-0001", promisedAt: new Date("2026-11-28T10:00:00Z"), status: null });
    expect(ticketFact(message({ custom: { kind: "ticket_opened" } }))).toBeNull();
  });

  test("a ticket's state is a card of its own, a letter about it is not", () => {
    const custom = { kind: "ticket_status", number: "TS20261121-0001", status: "answered" };
    expect(ticketFact(message({ custom }))?.status).toBe("answered");
    expect(ticketFact(message({ custom: { ...custom, letter: "result_justified" } }))).toBeNull();
  });

  test("a letter is a title, what it says, and who signs", () => {
    const text = "【处理结果】\n王女士，您好。\n处理结果：换新。\n查询进度：发「查进度」给我们，或打开 https://shop.example/follow，输入登记号。\n三声电器　林晓　2026年11月21日";
    const custom = { kind: "ticket_status", letter: "result_justified", number: "TS20261121-0001", status: "answered" };
    expect(letterText(message({ text, custom }))).toEqual({
      title: "处理结果",
      body: "王女士，您好。\n处理结果：换新。",
      signature: "三声电器　林晓　2026年11月21日",
      number: "TS20261121-0001",
    });
    expect(letterText(message({ text: "没有标题", custom }))).toBeNull();
    expect(letterText(message({ text }))).toBeNull();
  });

  test("only the bot's own answers from the knowledge base are asked about", () => {
    expect(isAnswer(message({ custom: { kind: "faq_answer", faq_id: "returns.freight" } }))).toBe(true);
    expect(isAnswer(message({ author: "staff", custom: { kind: "faq_answer" } }))).toBe(false);
    expect(isAnswer(message())).toBe(false);
  });
});

describe("text stays text", () => {
  test("addresses and ticket numbers are marked, everything else is plain", () => {
    expect(pieces("见 https://example.com/a，工单TS20261121-0001 <b>x</b>").map((p) => [p.kind, p.text])).toEqual([
      ["text", "见 "],
      ["link", "https://example.com/a"],
      ["text", "，工单"],
      ["ticket", "TS20261121-0001"],
      ["text", " <b>x</b>"],
    ]);
  });

  test("an image comes from the web or from us, never from a script", () => {
    expect(safeImage("https://example.com/a.png")).not.toBeNull();
    expect(safeImage("javascript:alert(1)")).toBeNull();
    expect(safeImage("data:text/html,<script>")).toBeNull();
  });
});
