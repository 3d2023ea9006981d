/** Warnings at a glance: how many of each sort, the dangers first. */

import type { DeskWarning } from "../types";

export interface WarningGroup {
  code: string;
  title: string;
  tone: "danger" | "attention" | "calm";
}

/** So many of a sort the service lists. */
const MOST = 100;

const SORTS: [string, (count: string) => string, WarningGroup["tone"]][] = [
  ["safety_open", (n) => `${n} 件安全事项待受理`, "danger"],
  ["overdue", (n) => `${n} 张工单已超时`, "danger"],
  ["promise_broken", (n) => `${n} 项承诺未兑现`, "danger"],
  ["due_soon", (n) => `${n} 张工单快到期`, "attention"],
  ["promise_due", (n) => `${n} 项承诺快到期`, "attention"],
  ["paused_long", (n) => `${n} 张工单久等客户补充`, "attention"],
  ["calendar_year_unknown", () => "缺少节假日安排", "calm"],
];

export function grouped(warnings: readonly DeskWarning[]): WarningGroup[] {
  const known = new Set(SORTS.map(([code]) => code));
  const others = warnings.filter((one) => !known.has(one.code)).length;
  const found = SORTS.flatMap(([code, says, tone]) => {
    const count = warnings.filter((one) => one.code === code).length;
    return count ? [{ code, title: says(count < MOST ? String(count) : `${MOST}+`), tone }] : [];
  });
  return others ? [...found, { code: "other", title: `${others} 项其他提醒`, tone: "calm" }] : found;
}
