/** Ctrl+K: what can be gone to or done by writing a word of it. */

import type { RouteName } from "../router";

export interface Found {
  key: string;
  group: "命令" | "客户与会话" | "工单" | "知识";
  title: string;
  /** What tells it from others of the same title. */
  says: string;
  run: () => void;
}

interface Place {
  name: RouteName;
  title: string;
  /** Who does not have this deed, or role, has no such page. */
  needs?: string;
}

export const PLACES: Place[] = [
  { name: "work", title: "接待" },
  { name: "talks", title: "会话" },
  { name: "tickets", title: "工单" },
  { name: "promises", title: "承诺台账" },
  { name: "calls", title: "回电" },
  { name: "customers", title: "客户档案" },
  { name: "followUps", title: "回访" },
  { name: "knowledge", title: "知识库" },
  { name: "supervision", title: "现场", needs: "supervise" },
  { name: "reports", title: "报表", needs: "supervise" },
  { name: "blueprint", title: "服务蓝图", needs: "supervise" },
  { name: "settings", title: "设置", needs: "edit_settings" },
  { name: "audit", title: "审计", needs: "read_audit" },
  { name: "scorecard", title: "我的服务记录" },
  { name: "account", title: "我的账号" },
];

/** Pages that somebody with these deeds has. */
export function placesFor(may: readonly string[]): Place[] {
  return PLACES.filter((place) => !place.needs || may.includes(place.needs));
}

/** Those with every word of the query, a title that begins with it first. */
export function fitting(all: readonly Found[], query: string): Found[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = all.filter((one) => words.every((word) => `${one.title}${one.says}`.toLowerCase().includes(word)));
  const leads = (one: Found) => words.length > 0 && one.title.toLowerCase().startsWith(words[0]!);
  return [...fits.filter(leads), ...fits.filter((one) => !leads(one))];
}
