/** The list of all conversations: its filters, the query they make, and where the words that were found stand. */

import { midnight } from "../../../shared/time";
import type { State } from "../types";

export interface TalkFilters {
  q: string;
  state: string;
  staff: string;
  channel: string;
  rating: string;
  tag: string;
  /** Days as a date field gives them: 2026-11-23. */
  from: string;
  to: string;
}

export interface TalkRow {
  conversation_id: string;
  state: State;
  channel: string;
  sender: string;
  customer_name: string | null;
  tier: string;
  masked: boolean;
  staff_id: string | null;
  last_customer_at: string | null;
  words: string;
  said_at: string | null;
  said_by: string | null;
  rating: number | null;
  tags: string[];
  cursor: string;
}

/** A talk that is over: `first_seq` to `last_seq` of its conversation. */
export interface EarlierTalk {
  conversation_id: string;
  session_no: number;
  channel: string;
  began: string;
  ended: string;
  first_seq: number;
  last_seq: number;
  words: string;
  staff_ids: string[];
  rating: number | null;
}

export interface EarlierTicket {
  number: string;
  kind: string;
  kind_title: string;
  status: string;
  status_title: string;
  category: string | null;
  created_at: string;
  closed_at: string | null;
}

/** What lies behind a conversation; `shut`: why nothing can be written in one that is closed. */
export interface TalkHistory {
  tags: string[];
  talks: EarlierTalk[];
  tickets: EarlierTicket[];
  shut: string | null;
}

export const PAGE = 50;
export const NO_TALK_FILTERS: TalkFilters = { q: "", state: "", staff: "", channel: "", rating: "", tag: "", from: "", to: "" };
export const STATE: Record<State, string> = { bot: "机器人服务", waiting: "排队中", staff: "人工服务", closed: "已结束" };

/** Two characters are the least that can be looked for. */
export function isTooShort(q: string): boolean {
  const text = q.trim();
  return text !== "" && [...text].length < 2;
}

/** The query of a page; the day `to` is meant with all its hours. */
export function talkQuery(filters: TalkFilters, cursor = ""): Record<string, string> {
  const { from, to, q, ...plain } = filters;
  const given = { ...plain, q: q.trim(), since: from && midnight(from).toISOString(), until: to && midnight(to, 1).toISOString(), cursor };
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)), limit: String(PAGE) };
}

export interface Piece {
  text: string;
  found: boolean;
}

/** Words cut so that what was looked for can be marked, however it is written in capitals. */
export function pieces(words: string, q: string): Piece[] {
  const wanted = q.trim().toLowerCase();
  const lower = words.toLowerCase();
  if (!wanted || lower.length !== words.length) return [{ text: words, found: false }];
  const cut: Piece[] = [];
  let done = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, done)) {
    cut.push({ text: words.slice(done, at), found: false }, { text: words.slice(at, at + wanted.length), found: true });
    done = at + wanted.length;
  }
  return [...cut, { text: words.slice(done), found: false }].filter((piece) => piece.text);
}

/** The rows of a further page: a conversation that is shown already is not shown again. */
export function withMore(rows: readonly TalkRow[], more: readonly TalkRow[]): TalkRow[] {
  const shown = new Set(rows.map((row) => row.conversation_id));
  return [...rows, ...more.filter((row) => !shown.has(row.conversation_id))];
}
