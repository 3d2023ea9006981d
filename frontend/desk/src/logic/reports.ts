/** How figures of a report are written; nothing is 「—」, never 0 %. */

import { dayKey, formatDuration } from "../../../shared/time";

const DAY_MS = 86_400_000;

export type Shown = "count" | "time" | "number" | "share" | "mean";
export type By = "day" | "staff" | "department" | "channel" | "category";

export interface Figure {
  count: number;
  median: number | null;
  p90: number | null;
  mean: number | null;
}

export interface Measure {
  name: string;
  title: string;
  meaning: string;
  shown: Shown;
}

export interface Part {
  key: string;
  title: string;
  rest: boolean;
  figures: Record<string, Figure>;
}

export interface Report {
  first: string;
  last: string;
  by: By;
  measures: Measure[];
  total: Record<string, Figure>;
  parts: Part[];
  days: Part[];
  missing: string[];
  settled_until: string;
}

export interface Fact {
  kind: "conversation" | "ticket";
  subject: string;
  at: string;
  value: number;
  staff: string;
  department: string;
  channel: string;
  category: string;
}

export const BY: Record<By, string> = { day: "按日", staff: "按人员", department: "按部门", channel: "按渠道", category: "按类别" };

/** Measures that are looked at together. */
export const GROUPS: { name: string; title: string; measures: string[] }[] = [
  { name: "came", title: "来量与机器人", measures: ["contacts", "bot_alone", "handed_over", "first_contact", "repeated"] },
  { name: "waited", title: "等人工", measures: ["to_person", "to_first_word", "given_up"] },
  { name: "tickets", title: "工单", measures: ["registered", "to_first_call", "to_result", "in_time", "closed", "rounds", "reopened"] },
  { name: "kept", title: "承诺与评价", measures: ["promises_kept", "satisfied", "score", "result_score"] },
];

const NOTHING = "—";
const TEN_MINUTES = 600;

/** Seconds as 「45 秒」, 「3 分 20 秒」, and from ten minutes on as everywhere. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} 秒`;
  if (seconds >= TEN_MINUTES) return formatDuration(seconds);
  return seconds % 60 ? `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒` : `${seconds / 60} 分钟`;
}

const percent = (part: number) => `${Number((part * 100).toFixed(1))}%`;

/** A figure in one piece. */
export function written(figure: Figure | undefined, shown: Shown): string {
  if (!figure) return NOTHING;
  if (shown === "count") return String(figure.count);
  if (shown === "time") return figure.median === null ? NOTHING : duration(figure.median);
  if (shown === "number") return figure.median === null ? NOTHING : String(figure.median);
  if (figure.mean === null) return NOTHING;
  return shown === "share" ? percent(figure.mean) : figure.mean.toFixed(1);
}

/** What stands small beside it: how many there are, and what nine in ten do not exceed. */
export function beside(figure: Figure | undefined, shown: Shown): string {
  if (!figure || !figure.count || shown === "count") return "";
  if (figure.p90 === null) return `共 ${figure.count}`;
  return `九成 ${shown === "time" ? duration(figure.p90) : figure.p90}，共 ${figure.count}`;
}

/** A value for a chart: minutes, per cent, or as it is; null is a gap. */
export function plotted(figure: Figure | undefined, shown: Shown): number | null {
  if (!figure) return shown === "count" ? 0 : null;
  if (shown === "count") return figure.count;
  if (shown === "time") return figure.median === null ? null : Number((figure.median / 60).toFixed(1));
  if (shown === "number") return figure.median;
  if (figure.mean === null) return null;
  return Number((shown === "share" ? figure.mean * 100 : figure.mean).toFixed(2));
}

export const UNIT: Record<Shown, string> = { count: "", time: "分钟", number: "", share: "%", mean: "分" };

/** One row's own value, as it was counted. */
export function counted(value: number, shown: Shown): string {
  if (shown === "time") return duration(value);
  if (shown === "share") return value ? "是" : "否";
  return shown === "mean" ? `${value} 分` : shown === "number" ? String(value) : "";
}

export interface Span {
  from: string;
  to: string;
}

const back = (day: string, days: number) => new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

/** Spans that are asked for often. */
export function spans(now: Date): { title: string; span: Span }[] {
  const today = dayKey(now);
  const first = `${today.slice(0, 7)}-01`;
  const before = `${back(first, 1).slice(0, 7)}-01`;
  return [
    { title: "今天", span: { from: today, to: today } },
    { title: "近 7 天", span: { from: back(today, 6), to: today } },
    { title: "近 30 天", span: { from: back(today, 29), to: today } },
    { title: "本月", span: { from: first, to: today } },
    { title: "上月", span: { from: before, to: back(first, 1) } },
  ];
}

/** Every day of a span; days on which nothing happened are in it too. */
export function daysOf(span: Span): string[] {
  const found: string[] = [];
  for (let day = span.from; day <= span.to; day = back(day, -1)) found.push(day);
  return found;
}
