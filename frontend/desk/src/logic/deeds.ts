/** Everything that can be done to a ticket: when, what it asks for, what it says will happen. */

import { api, type TicketStep } from "../api";
import type { Compensation, Ticket } from "../types";
import { ACTION, COMPENSATION_FORM, CONTACT_CHANNEL, FINDING } from "../words";
import type { FormField, Values } from "./forms";
import { possibleActions } from "./tickets";

export interface Deed {
  id: string;
  /** What one must be allowed, as the API names it in `may`. */
  right: string;
  title: string;
  /** What will happen, and who hears of it. */
  says: string;
  confirm: string;
  fields: FormField[];
  send: (ticket: Ticket, values: Values, force: boolean) => Promise<Ticket>;
}

const OPEN = new Set(["registered", "accepted", "investigating", "answered"]);
const RUNNING = new Set(["registered", "accepted", "investigating"]);
const ASKED_OF = new Set(["satisfied", "concluded"]);
const REASON: FormField = { name: "note", label: "原因", as: "lines", required: true, max: 1000 };

const options = (titles: Record<string, string>) => Object.entries(titles).map(([value, title]) => ({ value, title }));

/** The next steps of the ticket's life, the most likely first. */
export function steps(ticket: Ticket): Deed[] {
  return possibleActions(ticket.status, ticket.may).map((action) => step(action, ticket));
}

function step(action: string, ticket: Ticket): Deed {
  const { title, says } = ACTION[action]!;
  return {
    id: action,
    right: action,
    title,
    says,
    confirm: CONFIRM[action] ?? title,
    fields: (FIELDS[action] ?? plain)(ticket),
    send: (now, values, force) => api.move(now.number, { ...(values as Partial<TicketStep>), action, version: now.version, force: force || undefined }),
  };
}

const CONFIRM: Record<string, string> = { answer: "发送答复", correct: "发送更正", conclude: "终结并告知客户" };

const plain = (): FormField[] => [{ name: "note", label: "说明", as: "lines", max: 1000, placeholder: "选填，只有同事看得到" }];

/** A complaint's result has its cause, and what is done about it unless nothing was wrong. */
function resultFields(ticket: Ticket): FormField[] {
  const complaint = ticket.kind === "complaint";
  const justified = (values: Values) => values.finding !== "unfounded";
  return [
    ...(complaint ? [{ name: "finding", label: "核查结论", as: "radio" as const, required: true, options: options(FINDING), initial: "justified" }] : []),
    { name: "note", label: "给客户的处理结果", as: "lines", required: true, min: 4, max: 1000, placeholder: "查明了什么，怎么处理，什么时候办好。会原样写进答复。" },
    ...(complaint
      ? [
          { name: "cause", label: "原因", as: "lines" as const, required: true, max: 1000, hint: "内部记录，用来发现反复出现的问题。" },
          { name: "corrective_action", label: "整改措施", as: "lines" as const, required: true, max: 1000, when: justified, hint: "会告诉客户，我们为此做了什么。" },
        ]
      : []),
  ];
}

const LONGEST_WORDS = 40;

/** What only the customer can want takes their own words; a supervisor may give a reason instead. */
function customersWord(ticket: Ticket, label: string, since: string | null): FormField[] {
  if (ticket.kind === "internal") return plain();
  const said = (ticket.customer_words ?? []).filter((one) => !since || one.at >= since);
  const options = said.map((one) => ({ value: one.id, title: one.text.length > LONGEST_WORDS ? `${one.text.slice(0, LONGEST_WORDS)}…` : one.text }));
  const alone = ticket.may.includes("end_without_word");
  const none = options.length ? undefined : "客户之后还没有留言。";
  return [
    { name: "message_id", label, as: "choice", required: !alone, options, hint: alone ? "有原话时请选择；没有时在下面写明理由。" : (none ?? "选择的原话会留在经过里。没有原话的，请主管办理。") },
    { name: "note", label: alone ? "理由" : "说明", as: "lines", max: 1000, min: alone ? 4 : undefined, placeholder: alone ? "没有原话时必填，例如：客户来电说已经解决" : "选填，只有同事看得到" },
  ];
}

const FIELDS: Record<string, (ticket: Ticket) => FormField[]> = {
  answer: resultFields,
  correct: () => [
    { name: "finding", label: "核查结论", as: "radio", required: true, options: options(FINDING), initial: "justified" },
    { name: "note", label: "更正后的处理结果", as: "lines", required: true, min: 4, max: 1000, placeholder: "哪里有误，正确的结果是什么。会原样写进答复。" },
  ],
  satisfy: (ticket) => customersWord(ticket, "客户表示满意的原话", ticket.answered_at),
  withdraw: (ticket) => customersWord(ticket, "客户要求撤回的原话", ticket.created_at),
  reinvestigate: (ticket) => [
    { ...REASON, label: "客户不满意的理由", placeholder: "客户对结果哪里不满意，有什么新的情况" },
    ...(ticket.may.includes("hand_on") ? [{ name: "to", label: "交给", as: "colleague" as const, hint: "不选就由系统换一位同事。" }] : []),
  ],
  conclude: () => [{ ...REASON, label: "最终意见和理由", placeholder: "会发给客户，同时写明 12315、消协、仲裁、诉讼等途径" }],
};

/** What else can be done with it now; in groups, as the menu shows them. */
export function otherDeeds(ticket: Ticket): Deed[][] {
  if (!OPEN.has(ticket.status)) return ticket.may.includes(SURVEY.right) && ASKED_OF.has(ticket.status) && ticket.kind !== "internal" ? [[SURVEY]] : [];
  const internal = ticket.kind === "internal";
  const running = RUNNING.has(ticket.status);
  return [
    internal ? [] : [CONTACT, ...(running ? [ticket.paused ? UNPAUSE : ASK] : [])],
    internal ? [] : [COMPENSATE, ALTERNATIVE],
    [HAND_ON, TRANSFER, ...(ticket.level === "management" ? [] : [ESCALATE]), INVESTIGATOR],
  ]
    .map((group) => group.filter((deed) => ticket.may.includes(deed.right)))
    .filter((group) => group.length > 0);
}

export const CONTACT: Deed = {
  id: "contact",
  right: "contact",
  title: "记录联系",
  says: "电话或上门联系过客户后记在这里，首次联系的时限随之完成。客户看不到这条记录。",
  confirm: "记下",
  fields: [
    { name: "channel", label: "方式", as: "radio", required: true, options: options(CONTACT_CHANNEL), initial: "phone" },
    { name: "text", label: "联系情况", as: "lines", required: true, max: 1000, placeholder: "和谁联系、说了什么、约定了什么" },
  ],
  send: ({ number }, values) => api.contact(number, values.channel ?? "phone", values.text ?? ""),
};

export const ASK: Deed = {
  id: "ask",
  right: "ask",
  title: "请客户补充（暂停计时）",
  says: "客户会收到这个问题。答复结果的时限从现在起暂停，客户回复后继续。",
  confirm: "发给客户",
  fields: [{ name: "text", label: "需要客户补充什么", as: "lines", required: true, max: 500, placeholder: "例如：麻烦您拍一张冰箱背面铭牌的照片" }],
  send: ({ number }, values) => api.askCustomer(number, values.text ?? ""),
};

export const UNPAUSE: Deed = {
  id: "unpause",
  right: "unpause",
  title: "恢复计时",
  says: "不再等客户补充，答复结果的时限继续计算。",
  confirm: "恢复计时",
  fields: [{ name: "note", label: "说明", as: "text", max: 500, placeholder: "选填，例如：客户已在电话里说明" }],
  send: ({ number }, values) => api.unpause(number, values.note),
};

export const COMPENSATE: Deed = {
  id: "compensate",
  right: "propose",
  title: "提出补偿",
  says: "小额的直接批准并告知客户；超过的由他人审批后才告知客户。",
  confirm: "提出",
  fields: [
    { name: "form", label: "形式", as: "radio", required: true, options: options(COMPENSATION_FORM), initial: "money" },
    { name: "amount", label: "金额（元）", as: "amount", required: true, placeholder: "88.00", hint: "实物和服务填写折算金额。" },
    { name: "text", label: "客户看到的说明", as: "lines", required: true, max: 300, placeholder: "例如：补偿您食材损失 88 元，3 个工作日内原路退回" },
    { name: "reason", label: "理由", as: "text", required: true, max: 300, placeholder: "只有同事看得到" },
  ],
  send: ({ number }, { form = "", amount = "", text = "", reason = "" }) => api.compensate(number, { form, amount, text, reason }),
};

export const ALTERNATIVE: Deed = {
  id: "alternative",
  right: "alternative",
  title: "记录替代方案",
  says: "客户的要求一时做不到时，记下向客户提出的其他办法。",
  confirm: "记下",
  fields: [{ name: "text", label: "替代方案", as: "lines", required: true, max: 1000, placeholder: "向客户提出了什么办法，客户怎么说" }],
  send: ({ number }, values) => api.alternative(number, values.text ?? ""),
};

export const HAND_ON: Deed = {
  id: "owner",
  right: "hand_on",
  title: "更换负责人",
  says: "工单和承诺由新负责人接着办，客户会收到新负责人的姓名和工号。",
  confirm: "更换负责人",
  fields: [
    { name: "to", label: "新负责人", as: "colleague", required: true },
    { name: "note", label: "说明", as: "text", max: 500, placeholder: "选填，只有同事看得到" },
  ],
  send: ({ number }, values) => api.handOn(number, values.to ?? "", values.note),
};

export const TRANSFER: Deed = {
  id: "department",
  right: "transfer",
  title: "转交部门",
  says: "由该部门的同事负责，时限不变。转交原因会留在经过里。",
  confirm: "转交",
  fields: [
    { name: "department", label: "部门", as: "department", required: true },
    { name: "to", label: "负责人", as: "colleague", hint: "不选就由系统在该部门安排。" },
    REASON,
  ],
  send: ({ number }, values) => api.department(number, values.department ?? "", values.note ?? "", values.to),
};

export const ESCALATE: Deed = {
  id: "escalate",
  right: "escalate",
  title: "上报一级",
  says: "上调一级处理：部门 → 客服中心 → 管理层。客户会收到进度通知。",
  confirm: "上报",
  fields: [{ ...REASON, label: "上报原因" }],
  send: ({ number }, values) => api.escalate(number, values.note ?? ""),
};

export const INVESTIGATOR: Deed = {
  id: "investigator",
  right: "change_group",
  title: "加入核查同事",
  says: "几个部门一起核查时使用。负责人不变，由负责人统一答复客户。",
  confirm: "加入",
  fields: [
    { name: "staff_id", label: "同事", as: "colleague", required: true },
    { name: "note", label: "请他核查什么", as: "text", max: 500, placeholder: "选填" },
  ],
  send: ({ number }, values) => api.addInvestigator(number, values.staff_id ?? "", values.note),
};

export const SURVEY: Deed = {
  id: "survey",
  right: "supervise",
  title: "发服务质量调查",
  says: "客户会收到一个链接，按五个方面打分，只能提交一次。同一位客户一段时间内只发一次，夜间的早上再发。",
  confirm: "发给客户",
  fields: [],
  send: ({ number }) => api.survey(number),
};

/** A decision on a compensation that waits for one. */
export function decision(compensation: Compensation, how: "approve" | "reject"): Deed {
  const approves = how === "approve";
  return {
    id: `${how}-${compensation.id}`,
    right: how,
    title: approves ? "批准补偿" : "不批准补偿",
    says: approves
      ? `客户会收到补偿方案（${COMPENSATION_FORM[compensation.form]} ${compensation.amount} 元），可以接受或不接受。`
      : "补偿不会发给客户，提出的同事能看到原因。",
    confirm: approves ? "批准并告知客户" : "不批准",
    fields: [{ name: "note", label: approves ? "说明" : "原因", as: "lines", required: !approves, max: 500, placeholder: "只有同事看得到" }],
    send: (_ticket, values) => api.decide(compensation.id, how, values.note),
  };
}
