/** The list of all conversations as it was left: whoever opens one and comes back finds it so. */

import { reactive } from "vue";
import { api, ApiError, ask, askWith } from "./api";
import {
  isTooShort, NO_TALK_FILTERS, PAGE, talkQuery, withMore,
  type EarlierTalk, type TalkFilters, type TalkHistory, type TalkRow,
} from "./logic/talks";
import { spoken } from "./logic/thread";
import type { ChatMessage, Conversation, TicketRow } from "./types";

const KEPT = "desk:talk-filters";

export const talks = reactive({
  filters: readKept(),
  rows: [] as TalkRow[],
  tickets: [] as TicketRow[],
  ticketTotal: 0,
  tags: [] as { name: string; count: number }[],
  loading: false,
  /** There may be another page. */
  goesOn: false,
  /** What went wrong with the last question; what was shown stays. */
  problem: "",
  scrolled: 0,
});

function readKept(): TalkFilters {
  try {
    const known = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Record<string, unknown>;
    const fits = Object.entries(NO_TALK_FILTERS).map(([name, value]) => [name, typeof known[name] === "string" ? known[name] : value]);
    return Object.fromEntries(fits) as TalkFilters;
  } catch {
    return { ...NO_TALK_FILTERS };
  }
}

const page = (query: Record<string, string>) => ask<TalkRow[]>("GET", `/api/talks?${new URLSearchParams(query)}`);
let asking = 0;

/** The first page; an answer that was overtaken by another question is dropped. */
export async function load(): Promise<void> {
  if (isTooShort(talks.filters.q)) return;
  const mine = ++asking;
  localStorage.setItem(KEPT, JSON.stringify({ ...talks.filters, q: "" }));
  talks.loading = true;
  try {
    const [rows, found] = await Promise.all([page(talkQuery(talks.filters)), ticketsWith(talks.filters.q.trim())]);
    if (mine !== asking) return;
    Object.assign(talks, { rows, goesOn: rows.length >= PAGE, tickets: found.rows, ticketTotal: found.total ?? 0, problem: "" });
  } catch (error) {
    if (mine === asking) talks.problem = whatHappened(error);
  } finally {
    if (mine === asking) talks.loading = false;
  }
}

async function ticketsWith(q: string): Promise<{ rows: TicketRow[]; total: number | null }> {
  return q ? api.tickets({ q, limit: "5" }) : { rows: [], total: 0 };
}

export async function more(): Promise<void> {
  const last = talks.rows.at(-1);
  if (!last || talks.loading) return;
  const mine = asking;
  talks.loading = true;
  try {
    const rows = await page(talkQuery(talks.filters, last.cursor));
    if (mine === asking) Object.assign(talks, { rows: withMore(talks.rows, rows), goesOn: rows.length >= PAGE, problem: "" });
  } catch (error) {
    if (mine === asking) talks.problem = whatHappened(error);
  } finally {
    if (mine === asking) talks.loading = false;
  }
}

function whatHappened(error: unknown): string {
  return error instanceof ApiError ? error.message : "出现意外错误，请刷新页面后再试。";
}

export async function loadTags(): Promise<void> {
  talks.tags = await ask<{ name: string; count: number }[]>("GET", "/api/tags").catch(() => talks.tags);
}

const tagsOf = (id: string) => `/api/conversations/${encodeURIComponent(id)}/tags`;
export const putTag = (id: string, name: string) => ask<string[]>("POST", tagsOf(id), { name });
export const takeTagOff = (id: string, name: string) => ask<string[]>("DELETE", `${tagsOf(id)}/${encodeURIComponent(name)}`);

// ---------------------------------------------------------------- what lies behind the open one

export const history = reactive<TalkHistory & { of: string }>({ of: "", tags: [], talks: [], tickets: [], shut: null });
const at = (id: string, part: string) => `/api/conversations/${encodeURIComponent(id)}${part}`;

/** Read it anew; of another conversation nothing is shown meanwhile. */
export async function readHistory(id: string): Promise<void> {
  if (history.of !== id) Object.assign(history, { of: id, tags: [], talks: [], tickets: [], shut: null });
  const found = await ask<TalkHistory>("GET", at(id, "/history"));
  if (history.of === id) Object.assign(history, found);
}

export interface Suggestion {
  source: "article" | "reply";
  key: string;
  title: string;
  text: string;
}

/** What could be answered to what the customer said last. */
export const suggestions = (id: string) => ask<Suggestion[]>("GET", at(id, "/suggestions"));

/** The last messages of an earlier talk, or those before `before`. */
export async function readEarlier(talk: EarlierTalk, before?: number): Promise<ChatMessage[]> {
  const found = await ask<Conversation>("GET", at(talk.conversation_id, `?before=${before ?? talk.last_seq + 1}`));
  return spoken(found.messages).filter((message) => message.seq >= talk.first_seq && message.seq <= talk.last_seq);
}

/** Send a picture; the same id sends it once. */
export async function sendPicture(id: string, file: File, clientId: string): Promise<void> {
  const form = new FormData();
  form.append("picture", file);
  await askWith(at(id, `/pictures?client_id=${encodeURIComponent(clientId)}`), form);
}

/** Send a file; the same id sends it once. */
export async function sendFile(id: string, file: File, clientId: string): Promise<void> {
  const form = new FormData();
  form.append("file", file);
  const query = new URLSearchParams({ client_id: clientId, name: file.name });
  await askWith(at(id, `/files?${query}`), form);
}

/** Take back one's own message; the customer sees that something was. */
export const recall = (id: string, message: string) => ask<ChatMessage>("POST", at(id, `/messages/${encodeURIComponent(message)}/recall`));
/** Once more what was refused, or of which nobody knows. */
export const resend = (id: string, message: string) => ask<ChatMessage>("POST", at(id, `/messages/${encodeURIComponent(message)}/resend`));
export const writeAgain = (id: string) => ask<unknown>("POST", at(id, "/write-again"));
