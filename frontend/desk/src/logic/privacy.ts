/** How the desk names what is held of a person. */

import type { DataRequest } from "../privacy";

/** Tables as staff know them; what has no name here is counted together. */
const HELD: Record<string, string> = {
  messages: "条消息",
  pictures: "张图片",
  tickets: "张工单",
  letters: "封书面通知",
  drafts: "份未完成的登记",
  promises: "项承诺",
  ratings: "条评价",
  consents: "条知情记录",
  audit: "条操作记录",
};

export interface Held {
  count: number;
  what: string;
}

/** What there is, in the order above, the rest last. */
export function held(counts: Record<string, number>): Held[] {
  const named = Object.entries(HELD).flatMap(([name, what]) => (counts[name] ? [{ count: counts[name], what }] : []));
  const rest = Object.entries(counts).reduce((sum, [name, count]) => (name in HELD ? sum : sum + count), 0);
  return rest ? [...named, { count: rest, what: "条其他记录" }] : named;
}

const WANTS: Record<string, string> = {
  access: "查询",
  copy: "复制",
  correct: "更正",
  delete: "删除",
  withdraw: "撤回同意",
};

export const wanted = (wants: string): string => WANTS[wants] ?? "未说明";
export const wantsDeletion = (wants: string): boolean => wants === "delete" || wants === "withdraw";

/** What keeps a deletion from being decided, in words; nothing when it may be. */
export function hindrance(request: DataRequest, endOpen: boolean): string {
  if (request.served) return "客户正在排队或会话中，请结束会话后再办理。";
  if ((request.open_tickets.length || request.open_promises) && !endOpen) return "还有未办结的事项，请先办结，或勾选一并终止。";
  return "";
}
