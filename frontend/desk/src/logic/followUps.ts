/** 回访 in words, and the forms by which one is planned, reported, moved or given up. */

import type { FormField, Values } from "./forms";

export interface FollowUp {
  id: string;
  customer_id: string;
  customer_name: string | null;
  phone: string | null;
  masked: boolean;
  occasion: string;
  number: string | null;
  way: string;
  state: "open" | "done" | "dropped";
  owner: string;
  due_at: string;
  note: string | null;
  moves: number;
  report: { as_agreed: boolean; satisfied: number; unpleasant: string; still_open: string; number?: string } | null;
  settled_at: string | null;
  settled_by: string | null;
  permitted: boolean;
}

export const OCCASION: Record<string, string> = {
  installation: "安装后回访", complaint: "投诉办结后回访", low_rating: "低分回访", review: "核对档案", other: "回访",
};
export const BY: Record<string, string> = { phone: "电话", visit: "上门", email: "邮件", letter: "感谢信" };
export const OUTCOME: Record<string, string> = { open: "待回访", done: "已回访", dropped: "未回访" };

const moment: FormField = { name: "due_at", label: "什么时间", as: "moment", required: true, hint: "夜间和客户不方便的时段不能选。" };
const reason = (label: string): FormField => ({ name: "reason", label, as: "lines", required: true, max: 200 });

export const planFields: FormField[] = [
  { name: "way", label: "怎么回访", as: "radio", required: true, initial: "phone", options: Object.entries(BY).map(([value, title]) => ({ value, title })) },
  moment,
  { name: "note", label: "要问什么", as: "lines", max: 200 },
];
export const moveFields: FormField[] = [moment, reason("为什么改时间")];
export const dropFields: FormField[] = [reason("为什么不回访")];
export const reportFields: FormField[] = [
  { name: "as_agreed", label: "是否都按约定办好了", as: "radio", required: true, options: [{ value: "yes", title: "都办好了" }, { value: "no", title: "没有" }] },
  { name: "satisfied", label: "客户满意吗", as: "radio", required: true, options: ["5", "4", "3", "2", "1"].map((value) => ({ value, title: `${value} 分` })) },
  { name: "unpleasant", label: "有没有不愉快的地方", as: "lines", max: 500 },
  { name: "still_open", label: "还有什么没解决", as: "lines", max: 500, hint: "写了就会开一张内部工单，由您跟进。" },
];

export function reported(values: Values): Record<string, unknown> {
  const { as_agreed, satisfied, unpleasant = "", still_open = "" } = values;
  return { as_agreed: as_agreed === "yes", satisfied: Number(satisfied), unpleasant, still_open };
}

/** What came of it, in a line. */
export function outcome(one: FollowUp): string {
  if (one.state === "dropped") return `没有回访${one.note ? `：${one.note}` : ""}`;
  const told = one.report;
  if (!told) return one.way === "letter" && one.state === "done" ? "已寄感谢信" : "";
  const parts = [told.as_agreed ? "都按约定办好" : "没有按约定办好", `${told.satisfied} 分`];
  if (told.unpleasant) parts.push(`不愉快：${told.unpleasant}`);
  if (told.still_open) parts.push(`没解决：${told.still_open}`);
  return parts.join("；");
}
