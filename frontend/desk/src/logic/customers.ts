/** Customers' files in words: classes, ways, what changed; and the query of a list. */

import type { PromiseRow } from "../types";
import type { FormField, Values } from "./forms";
import type { EarlierTalk, EarlierTicket } from "./talks";

export interface FileRow {
  id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  masked: boolean;
  class: string;
  tier: string;
  keeper: string | null;
  stale: boolean;
  last_seen_at: string;
  cursor: string;
}

export interface FileChangeLine {
  at: string;
  actor: string;
  action: string;
  fields: string[];
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  reason: string | null;
}

export interface CustomerFile extends FileRow {
  reach_by: string | null;
  reach_from: string | null;
  reach_until: string | null;
  may_follow_up: boolean | null;
  class_said: string | null;
  remark: string | null;
  is_signed_in: boolean;
  proved: boolean;
  kept_since: string | null;
  reviewed_at: string | null;
  changed_at: string | null;
  created_at: string;
  addresses: { channel: string; sender: string; since: string }[];
  talks: EarlierTalk[];
  tickets: EarlierTicket[];
  promises: PromiseRow[];
  changes: FileChangeLine[];
  merges: { id: string; by: string; at: string; reason: string }[];
  twins: FileRow[];
  may: string[];
}

export interface FileFilters {
  q: string;
  class: string;
  tier: string;
  keeper: string;
  mine: boolean;
  stale: boolean;
}

export type FileChange = Record<string, unknown> & { seen: string | null };

export const PAGE = 50;
export const NO_FILE_FILTERS: FileFilters = { q: "", class: "", tier: "", keeper: "", mine: false, stale: false };
export const CLASS: Record<string, { title: string; tone: "primary" | "success" | "warning" | "info" }> = {
  serving: { title: "服务中", tone: "primary" },
  served: { title: "服务过", tone: "success" },
  referred: { title: "转介绍", tone: "warning" },
  prospective: { title: "潜在", tone: "info" },
};
export const TIER: Record<string, string> = { normal: "普通", key: "重点客户" };
export const REACH: Record<string, string> = { chat: "在线会话", wechat: "微信", sms: "短信", email: "邮件", call: "电话" };
export const NOBODY = "nobody";
/** The choice of a keeper that stands for files nobody keeps. */
export const NOBODY_YET = { value: NOBODY, label: "还没有人保管" };

export function fileQuery(filters: FileFilters, cursor = ""): Record<string, string> {
  const { mine, stale, keeper, q, ...plain } = filters;
  const who: Record<string, string> = keeper === NOBODY ? { unkept: "1" } : { keeper: mine ? "" : keeper };
  const given = { ...plain, ...who, q: q.trim(), mine: mine ? "1" : "", stale: stale ? "1" : "", cursor };
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)), limit: String(PAGE) };
}

const FIELD: Record<string, string> = {
  name: "称呼", phone: "电话", email: "邮箱", tier: "等级", keeper: "保管人", class_said: "类别", reach_by: "联系方式",
  reach_from: "方便时间从", reach_until: "方便时间到", may_follow_up: "同意回访", remark: "备注",
};

function word(name: string, value: unknown, nameOf: (id: string) => string): string {
  if (value === null || value === undefined || value === "") return "（空）";
  if (typeof value === "boolean") return value ? "同意" : "不同意";
  if (name === "tier") return TIER[String(value)] ?? String(value);
  if (name === "keeper") return nameOf(String(value));
  if (name === "class_said") return CLASS[String(value)]?.title ?? String(value);
  return name === "reach_by" ? (REACH[String(value)] ?? String(value)) : String(value);
}

/** A change in words: 电话：138… → 139…; where the words are hidden, what it was about. */
export function changed(line: FileChangeLine, nameOf: (id: string) => string): string[] {
  const names = [...new Set([...line.fields, ...Object.keys(line.after)])];
  const shown = Object.keys(line.before).length + Object.keys(line.after).length > 0;
  return names.map((name) => {
    const title = FIELD[name] ?? name;
    if (!shown) return title;
    const after = word(name, line.after[name], nameOf);
    return name in line.before && name in line.after ? `${title}：${word(name, line.before[name], nameOf)} → ${after}` : `${title}：${name in line.after ? after : word(name, line.before[name], nameOf)}`;
  });
}

const options = (titles: Record<string, string>) => Object.entries(titles).map(([value, title]) => ({ value, title }));

export function fileFields(file: CustomerFile): FormField[] {
  const text = (value: string | null) => value ?? "";
  return [
    { name: "name", label: "称呼", as: "text", max: 64, initial: text(file.name) },
    { name: "phone", label: "电话", as: "text", max: 64, initial: text(file.phone) },
    { name: "email", label: "邮箱", as: "text", max: 254, initial: text(file.email) },
    { name: "reach_by", label: "希望怎么联系", as: "choice", options: options(REACH), initial: text(file.reach_by) },
    { name: "reach_from", label: "方便时间从", as: "text", max: 5, placeholder: "09:00", initial: text(file.reach_from) },
    { name: "reach_until", label: "方便时间到", as: "text", max: 5, placeholder: "18:00", initial: text(file.reach_until) },
    {
      name: "may_follow_up", label: "事后回访", as: "choice", initial: file.may_follow_up === null ? "" : file.may_follow_up ? "yes" : "no",
      options: [{ value: "yes", title: "客户同意" }, { value: "no", title: "客户不同意" }], placeholder: "还没有问过",
    },
    {
      name: "class_said", label: "客户类别", as: "choice", initial: text(file.class_said), hint: "有工单或会话以后，按办理情况自动判断。",
      options: [{ value: "prospective", title: "潜在" }, { value: "referred", title: "转介绍" }],
    },
    { name: "remark", label: "备注", as: "lines", max: 500, initial: text(file.remark) },
  ];
}

/** What was changed, and nothing else; a value that was emptied is told as null. */
export function fileEdit(file: CustomerFile, filled: Values): FileChange {
  const change: FileChange = { seen: file.changed_at };
  for (const field of fileFields(file)) {
    const before = field.initial ?? "";
    const now = filled[field.name] ?? "";
    if (before !== now) change[field.name] = field.name === "may_follow_up" && now ? now === "yes" : now || null;
  }
  return change;
}
