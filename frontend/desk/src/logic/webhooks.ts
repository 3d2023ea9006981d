/** Events and their deliveries in words. */

import type { Delivery, Receiver } from "../webhooks";
import type { FormField } from "./forms";

const EVENT: Record<string, string> = {
  "conversation.opened": "会话开始", "conversation.waiting": "客户排队", "conversation.taken": "人工接入", "conversation.transferred": "会话转接",
  "conversation.returned": "交还机器人", "conversation.closed": "会话结束", "ticket.registered": "工单登记", "ticket.moved": "工单状态变化",
  "ticket.handed_on": "工单换人", "promise.made": "作出承诺", "promise.moved": "承诺改期", "promise.kept": "承诺兑现", "promise.broken": "承诺未兑现",
  "rating.given": "会话评价", "answer.rated": "答案评价", "article.published": "知识发布", ping: "试发", "*": "全部事件",
  "conversation.*": "会话（全部）", "ticket.*": "工单（全部）", "promise.*": "承诺（全部）",
};
/** Whole kinds that can be chosen beside single events. */
const KINDS = ["*", "conversation.*", "ticket.*", "promise.*"];

export const DELIVERY_STATE: Record<string, { title: string; tone: "success" | "info" | "warning" | "danger" }> = {
  queued: { title: "等待发送", tone: "warning" },
  sending: { title: "发送中", tone: "info" },
  delivered: { title: "已送达", tone: "success" },
  dead: { title: "已放弃", tone: "danger" },
};

export const eventTitle = (name: string): string => EVENT[name] ?? name;

export function eventOptions(known: string[]): { value: string; title: string }[] {
  const single = known.filter((one) => one !== "ping");
  return [...KINDS, ...single].map((value) => ({ value, title: value in EVENT ? `${EVENT[value]} ${value}` : value }));
}

/** How a receiver is doing, in one word. */
export function standing(one: Receiver): { title: string; tone: "success" | "info" | "warning" | "danger" } {
  if (one.problem) return { title: "地址不可用", tone: "danger" };
  if (one.paused) return { title: "已暂停", tone: "info" };
  if (one.dead) return { title: `${one.dead} 条已放弃`, tone: "danger" };
  return one.waiting ? { title: `${one.waiting} 条等待发送`, tone: "warning" } : { title: "正常", tone: "success" };
}

/** What came of the last call, and when the next one is. */
export function outcome(one: Delivery): string {
  if (one.state === "delivered") return `HTTP ${one.status ?? ""}`.trim();
  return one.error ?? (one.attempts ? "" : "还没有发送");
}

export const canReplay = (one: Delivery): boolean => one.state === "dead" || one.state === "delivered";

export function receiverFields(known: string[], isNew: boolean): FormField[] {
  const fields: FormField[] = [
    { name: "url", label: "地址", as: "text", required: true, max: 500, placeholder: "https://crm.example.com/hooks/sansheng" },
    { name: "events", label: "推送哪些事件", as: "many", required: true, options: eventOptions(known), placeholder: "可选一类，也可只选几个" },
    { name: "paused", label: "暂停", as: "yes", placeholder: "暂停推送：期间的事件不再记录，已在等待的恢复后再发" },
  ];
  if (isNew) return [{ name: "name", label: "名称", as: "text", required: true, max: 40, placeholder: "小写字母开头，例如 crm", hint: "以后不能改名；密钥由名称生成。" }, ...fields];
  return [...fields, { name: "key_number", label: "密钥序号", as: "number", required: true, max: 4, hint: "加一就换一个新密钥；旧密钥同时有效，直到再次加一。" }];
}
