/** Ready-made replies and articles: `/` in a reply looks among them, at its start or inside a sentence. */

import { dayKey } from "../../../shared/time";
import type { CannedReply } from "../types";

/** Where a search begins in what is written, and its words. */
export interface Slash {
  from: number;
  query: string;
}

/** The search at the cursor: a slash at the start, after a space or after a mark; a date or an address is none. */
export function slashAt(text: string, cursor: number = text.length): Slash | null {
  const match = text.slice(0, cursor).match(/(?:^|[\s，。！？；：、,!?;])[/／]([^\n/／]{0,20})$/);
  if (!match) return null;
  const query = match[1]!;
  return { from: cursor - query.length - 1, query: query.trim().toLowerCase() };
}

/** What is written with the search replaced by what was chosen; and where the cursor is then. */
export function withChosen(text: string, slash: Slash, cursor: number, chosen: string): { text: string; cursor: number } {
  return { text: text.slice(0, slash.from) + chosen + text.slice(cursor), cursor: slash.from + chosen.length };
}

/** Those whose group, title or text has the words; a hit at the start of group or title comes first. */
export function findCanned(replies: readonly CannedReply[], query: string): CannedReply[] {
  const fits = (reply: CannedReply) =>
    [reply.group, reply.title, reply.text].some((part) => part.toLowerCase().includes(query));
  const leads = (reply: CannedReply) => [reply.group, reply.title].some((part) => part.toLowerCase().startsWith(query));
  const found = replies.filter(fits);
  return [...found.filter(leads), ...found.filter((reply) => !leads(reply))];
}

// ---------------------------------------------------------------- what is filled in

/** What a reply may name in braces; of whom and when it is known only as it is put in. */
export const VARIABLES = ["客户称呼", "我的姓名", "工号", "工单号", "今天", "明天"] as const;
type Variable = (typeof VARIABLES)[number];
export type Values = Partial<Record<Variable, string>>;
const NAMED = new RegExp(`\\{(${VARIABLES.join("|")})\\}`, "g");

/** The names in braces filled in as far as they are known. */
export function filled(text: string, values: Values): string {
  return text.replace(NAMED, (whole, name: Variable) => values[name] ?? whole);
}

/** The first name in braces that nobody has filled in: such a reply is not for a customer's eyes. */
export function unfilled(text: string): string | null {
  return text.match(NAMED)?.[0] ?? null;
}

/** 「11月30日」 of a day so many days from now. */
export function dayOf(now: Date, ahead = 0): string {
  const [, month, day] = dayKey(now, ahead).split("-").map(Number);
  return `${month}月${day}日`;
}
