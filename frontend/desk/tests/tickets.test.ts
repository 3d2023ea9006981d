import { describe, expect, test } from "vitest";
import { clocksOf, nextClock, timeLeft } from "../src/logic/clocks";
import { otherDeeds, steps } from "../src/logic/deeds";
import { asked, blank, filled, problems, type FormField } from "../src/logic/forms";
import { holdSays, holdTone } from "../src/logic/holding";
import { letterState, parts } from "../src/logic/letters";
import { alternatives, asksOf, known, matterFields, missingEither } from "../src/logic/matters";
import { NO_FILTERS, queryOf, readFilters, subject } from "../src/logic/ticketList";
import { facts } from "../src/logic/timeline";
import { grouped } from "../src/logic/warnings";
import type { Letter, MatterField, Matters, Notice, Ticket } from "../src/types";
import { LETTER } from "../src/words";

const NOW = new Date("2026-11-23T02:00:00Z");
const HOUR = 3600 * 1000;
const hours = (count: number) => new Date(NOW.getTime() + count * HOUR).toISOString();

const ALL = [
  "accept", "investigate", "answer", "correct", "satisfy", "withdraw", "reinvestigate", "resume", "contact", "ask", "unpause", "propose", "alternative",
  "hand_on", "transfer", "escalate", "change_group", "conclude", "end_without_word", "note", "reveal",
];

function ticket(overrides: Partial<Ticket> = {}): Ticket {
  return {
    number: "TS20261123-0001", kind: "complaint", kind_title: "投诉", status: "investigating", status_title: "核查处理中", level: "department",
    round: 1, urgency: "normal", category: "quality", owner: "agent", owner_name: "林晓", department: "quality", department_title: "质量管理部",
    fields: {}, masked: false, due: { first_contact: hours(-1), result: hours(10) }, first_contact_at: hours(-2), answered_at: null,
    source: "chat", created_at: hours(-5), updated_at: hours(-1), closed_at: null, conversation_id: "c", version: 3, timeline: [], promises: [], may: ALL, ...overrides,
  };
}

function letter(overrides: Partial<Letter> = {}): Letter {
  return {
    id: "l", kind: "progress", round: 1, text: "【进展告知】\n王女士，您好。", written_by: "staff:agent", written_at: hours(-1), send_at: hours(-1),
    sent_at: hours(-1), voided_at: null, ...overrides,
  };
}

describe("a ticket's clocks", () => {
  test("what is done in time, what runs, what is late", () => {
    expect(clocksOf(ticket(), NOW).map((one) => [one.tone, one.says])).toEqual([["done", "已按时完成"], ["calm", "还剩 10 小时"]]);
    const late = ticket({ due: { first_contact: hours(-3), result: hours(-2) } });
    expect(clocksOf(late, NOW).map((one) => one.says)).toEqual(["已完成，晚了 1 小时", "已超时 2 小时"]);
  });

  test("while the customer is waited for, the result's clock stands still", () => {
    expect(clocksOf(ticket({ paused: true, due: { first_contact: null, result: hours(-2) } }), NOW)[1]).toMatchObject({ tone: "paused" });
  });

  test("an answered ticket has no running clock, a withdrawn one has stopped", () => {
    expect(nextClock(ticket({ status: "answered", answered_at: hours(-1) }), NOW)).toBeNull();
    expect(clocksOf(ticket({ status: "withdrawn" }), NOW)[1]!.says).toBe("已停止");
  });

  test("in a new round the old answer does not count as done", () => {
    expect(clocksOf(ticket({ answered_at: hours(-9), round: 2 }), NOW)[1]!.tone).toBe("calm");
  });

  test("a list shows the clock that ends first", () => {
    const fresh = ticket({ first_contact_at: null, due: { first_contact: hours(1), result: hours(10) } });
    expect(nextClock(fresh, NOW)).toMatchObject({ title: "首次联系", tone: "attention" });
  });

  test("time left in words", () => {
    expect([timeLeft(new Date(hours(2)), NOW), timeLeft(new Date(hours(-50)), NOW)]).toEqual(["还剩 2 小时", "已超时 2 天"]);
  });
});

describe("what can be done to a ticket", () => {
  const ids = (one: Ticket) => otherDeeds(one).flat().map((deed) => deed.id);

  test("a complaint's answer needs finding, cause, and what is done about it unless nothing was wrong", () => {
    const answer = steps(ticket()).find((deed) => deed.id === "answer")!;
    const names = (finding: string) => asked(answer.fields, { finding }).map((field) => field.name);
    expect(names("justified")).toEqual(["finding", "note", "cause", "corrective_action"]);
    expect(names("unfounded")).toEqual(["finding", "note", "cause"]);
  });

  test("another kind's answer needs the result alone", () => {
    const [answer] = steps(ticket({ kind: "repair" }));
    expect(answer!.fields.map((field) => field.name)).toEqual(["note"]);
  });

  test("an answered ticket can be corrected and investigated again", () => {
    expect(steps(ticket({ status: "answered" })).map((deed) => deed.id)).toEqual(["satisfy", "correct", "reinvestigate", "conclude", "withdraw"]);
  });

  test("nothing is offered that the API does not allow", () => {
    const reader = ticket({ status: "answered", may: ["read", "note"] });
    expect([steps(reader), otherDeeds(reader)]).toEqual([[], []]);
    expect(ids(ticket({ may: ["contact", "hand_on"] }))).toEqual(["contact", "owner"]);
    const again = steps(ticket({ status: "answered", may: ["reinvestigate"] }))[0]!;
    expect(again.fields.map((field) => field.name)).toEqual(["note"]);
  });

  test("satisfied and withdrawn want the customer's own words, or a supervisor's reason", () => {
    const said = [{ id: "late", at: hours(-1), text: "可以了，满意" }, { id: "early", at: hours(-5), text: "冰箱不制冷" }];
    const answered = { status: "answered", answered_at: hours(-2), customer_words: said };
    const fields = (may: string[], action: string) => steps(ticket({ ...answered, may })).find((deed) => deed.id === action)!.fields;
    expect(fields(["satisfy"], "satisfy")[0]).toMatchObject({ name: "message_id", required: true, options: [{ value: "late", title: "可以了，满意" }] });
    expect(fields(["withdraw"], "withdraw")[0]!.options).toHaveLength(2);
    expect(fields(["satisfy", "end_without_word"], "satisfy").map((field) => [field.name, field.required ?? false, field.min])).toEqual([["message_id", false, undefined], ["note", false, 4]]);
  });

  test("asking pauses, and a paused one goes on", () => {
    expect(ids(ticket())).toContain("ask");
    expect(ids(ticket({ paused: true }))).toContain("unpause");
    expect(ids(ticket({ status: "answered" }))).not.toContain("ask");
  });

  test("nothing is left to do with a closed one, nothing above the management", () => {
    expect(ids(ticket({ status: "satisfied" }))).toEqual([]);
    expect(ids(ticket({ level: "management" }))).not.toContain("escalate");
  });

  test("an internal matter has no customer to ask or compensate", () => {
    expect(ids(ticket({ kind: "internal" }))).toEqual(["owner", "department", "escalate", "investigator"]);
  });
});

describe("a form", () => {
  const FIELDS: FormField[] = [
    { name: "kind", label: "形式", as: "radio", required: true, initial: "money" },
    { name: "amount", label: "金额", as: "amount", required: true, when: (values) => values.kind === "money" },
    { name: "until", label: "期限", as: "moment" },
    { name: "text", label: "说明", as: "lines", max: 5 },
  ];

  test("begins with what is usual and tells what is missing", () => {
    expect(blank(FIELDS)).toEqual({ kind: "money", amount: "", until: "", text: "" });
    expect(problems(FIELDS, blank(FIELDS), NOW)).toEqual({ amount: "请填写金额" });
  });

  test.each(["88", "88.5", "0.01"])("%s is an amount", (amount) => expect(problems(FIELDS, { kind: "money", amount }, NOW)).toEqual({}));
  test.each(["八十", "-1", "1.234", "1,000"])("%s is none", (amount) => expect(problems(FIELDS, { kind: "money", amount }, NOW)).toHaveProperty("amount"));

  test("a time that is past and a text that is too long are told", () => {
    expect(Object.keys(problems(FIELDS, { kind: "goods", until: hours(-1), text: "一二三四五六" }, NOW))).toEqual(["until", "text"]);
  });

  test("what is not asked for now is not sent", () => {
    expect(filled(FIELDS, { kind: "goods", amount: "88", text: " 好 ", until: "" })).toEqual({ kind: "goods", text: "好" });
  });
});

describe("letters", () => {
  test("how far one has come", () => {
    const states = [letter(), letter({ sent_at: null, send_at: hours(9) }), letter({ voided_at: hours(0) }), letter({ delivery: "failed" })];
    expect(states.map((one) => letterState(one, true).title)).toEqual(["已发送", "待发送", "已作废", "未送达"]);
    expect(letterState(letter({ sent_at: null }), false).title).toBe("只存档");
  });

  test("how far one has come outside the chat", () => {
    const noticed = (state: Notice["state"], way: string | null, by: string | null = null) =>
      letterState(letter({ notice: { state, way, received_at: null, received_by: by } }), false).title;
    expect(noticed("waiting", null)).toBe("待发送");
    expect(noticed("on_its_way", "sms")).toBe("已发短信，未读");
    expect(noticed("on_its_way", "call")).toBe("待电话告知");
    expect(noticed("received", "call", "sms")).toBe("客户已收到（短信）");
    expect(noticed("undeliverable", "call")).toBe("未送达");
    expect(noticed("void", "chat")).toBe("已发送");
  });

  test("its own heading is its title", () => {
    expect(parts(letter(), LETTER)).toEqual({ title: "进展告知", text: "王女士，您好。" });
    expect(parts(letter({ text: "您好" }), LETTER).title).toBe("进度告知");
  });
});

describe("the list of tickets", () => {
  test("filters come back, nonsense does not", () => {
    expect(readFilters('{"status":"answered","mine":true,"kind":7,"colour":"red"}')).toEqual({ ...NO_FILTERS, status: "answered", mine: true });
    expect(readFilters("{")).toEqual(NO_FILTERS);
  });

  test("news reads as many rows again as are shown", () => {
    expect(queryOf({ ...NO_FILTERS, overdue: true, q: " 冰箱 " }, 120)).toEqual({ overdue: "1", q: "冰箱", limit: "150" });
    expect(queryOf({ ...NO_FILTERS, order: "due" }, 5000)).toEqual({ order: "due", limit: "200" });
  });

  test("a row tells what happened", () => {
    expect(subject({ fields: { description: "冰箱\n不制冷" } })).toBe("冰箱 不制冷");
    expect(subject({ fields: { product: "冰箱" } })).toBe("冰箱");
  });
});

describe("warnings", () => {
  test("are counted by sort, dangers first, unknown ones last", () => {
    const found = grouped([{ code: "due_soon", message: "" }, { code: "new_sort", message: "" }, { code: "overdue", message: "" }, { code: "due_soon", message: "" }]);
    expect(found.map((one) => [one.title, one.tone])).toEqual([["1 张工单已超时", "danger"], ["2 张工单快到期", "attention"], ["1 项其他提醒", "calm"]]);
  });
});

describe("the timeline", () => {
  test("shows what was found and who has it now", () => {
    const shown = facts({ finding: "unfounded", cause: "误会", changed: { owner: "agent2", level: "office", round: 2 } }, (id) => `同事${id}`);
    expect(shown.map((one) => `${one.title}${one.value}`)).toEqual(["结论不属实", "原因误会", "负责人同事agent2", "层级客服中心"]);
    expect(facts(null, String)).toEqual([]);
  });
});

describe("a hold", () => {
  test("counts down, then up", () => {
    const until = new Date(NOW.getTime() + 90_000);
    expect([holdSays(until, NOW), holdTone(until, NOW)]).toEqual(["挂起中，还剩 01:30", "calm"]);
    const over = new Date(NOW.getTime() - 5_000);
    expect([holdSays(over, NOW), holdTone(over, NOW)]).toEqual(["挂起时间已过 00:05", "danger"]);
  });
});

describe("registering for a customer", () => {
  function field(title: string, overrides: Partial<MatterField> = {}): MatterField {
    return { title, kind: "text", why: "", example: "", may_be_unknown: false, unknown: null, alternatives: [], choices: [], min_length: 1, max_length: 200, ...overrides };
  }
  const MATTERS: Matters = {
    kinds: [
      { id: "complaint", title: "投诉", required: [], optional: [], conditional: [] },
      { id: "order_change", title: "改单", required: ["change_kind"], optional: [], conditional: [{ field: "new_value", when: "change_kind", values: ["address"] }] },
    ],
    categories: [{ id: "quality", title: "产品质量", required: ["danger", "outcome", "description", "phone"], optional: ["evidence"], conditional: [] }],
    fields: {
      danger: field("危险", { kind: "choice", may_be_unknown: true, unknown: "记不清", choices: [{ value: "no", title: "没有" }] }),
      description: field("情况说明"), outcome: field("诉求"), evidence: field("凭证"), new_value: field("改成什么"), email: field("邮箱", { kind: "email" }),
      phone: field("联系方式", { kind: "phone", alternatives: ["email"] }),
      change_kind: field("修改内容", { kind: "choice", choices: [{ value: "address", title: "地址" }] }),
    },
  };
  const quality = asksOf(MATTERS, "complaint", "quality")!;

  test("the account comes first, room for long words last, optional ones after", () => {
    expect(matterFields(MATTERS, quality).map((one) => one.name)).toEqual(["description", "danger", "phone", "outcome", "evidence"]);
  });

  test("who cannot tell may say so", () => {
    const danger = matterFields(MATTERS, quality).find((one) => one.name === "danger")!;
    expect(danger.options!.at(-1)).toEqual({ value: "记不清", title: "客户不清楚" });
  });

  test("another way to reach the customer stands for the phone", () => {
    expect(missingEither(MATTERS, quality, {})).toEqual({ phone: "请填写联系方式" });
    expect(missingEither(MATTERS, quality, { email: "wang@example.com" })).toEqual({});
    const [email] = alternatives(MATTERS, quality);
    expect([email!.name, email!.when!({}), email!.when!({ phone: "138" })]).toEqual(["email", true, false]);
  });

  test("a field of another answer is asked for only then", () => {
    const fields = matterFields(MATTERS, asksOf(MATTERS, "order_change", "")!);
    expect(asked(fields, { change_kind: "" }).map((one) => one.name)).toEqual(["change_kind"]);
    expect(asked(fields, { change_kind: "address" }).map((one) => one.name)).toEqual(["change_kind", "new_value"]);
  });

  test("what is known fills the form", () => {
    expect(known(MATTERS, { description: "不制冷", mood: "angry" }, { phone: "138", name: null })).toEqual({ description: "不制冷", phone: "138" });
  });
});
