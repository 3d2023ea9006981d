/** What a conversation's pane shows: messages and colleagues' notes, one line of time. */

import type { ChatMessage, Note } from "../types";

/** Without the requests that the bot speak first: they are stored like messages, but nobody said them. */
export function spoken(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.filter((message) => message.author !== "customer" || message.text !== "" || message.image);
}

export type Entry = { kind: "message"; message: ChatMessage } | { kind: "note"; note: Note };

export function entryAt(entry: Entry): string {
  return entry.kind === "message" ? entry.message.at : entry.note.at;
}

export function thread(messages: readonly ChatMessage[], notes: readonly Note[]): Entry[] {
  const entries: Entry[] = [
    ...messages.map((message): Entry => ({ kind: "message", message })),
    ...notes.map((note): Entry => ({ kind: "note", note })),
  ];
  return entries.sort((a, b) => Date.parse(entryAt(a)) - Date.parse(entryAt(b)));
}

// ---------------------------------------------------------------- as it is read

const FOLDED_FROM = 4;
const TOGETHER_MS = 3 * 60 * 1000;

/** A run of entries in which only the bot served, or one entry. */
export interface Part {
  folds: boolean;
  entries: Entry[];
}

function isBots(entry: Entry): boolean {
  return entry.kind === "message" && entry.message.author === "bot";
}

function isCustomers(entry: Entry): boolean {
  return entry.kind === "message" && entry.message.author === "customer";
}

/** Whether each entry is the bot's part: its own words, and those of the customer that it answered. */
function botServed(entries: readonly Entry[]): boolean[] {
  const found: boolean[] = [];
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at]!;
    found[at] = isBots(entry) || (isCustomers(entry) && (found[at + 1] ?? false));
  }
  return found;
}

/** What the bot settled is folded once a person is concerned; what is at the end is never folded. */
export function parts(entries: readonly Entry[]): Part[] {
  const bots = botServed(entries);
  const found: Part[] = [];
  for (const [at, entry] of entries.entries()) {
    const last = found.at(-1);
    if (last && bots[at] && bots[at - 1]) last.entries.push(entry);
    else found.push({ folds: bots[at]!, entries: [entry] });
  }
  return found.map((part, at) => ({ ...part, folds: part.folds && at < found.length - 1 && part.entries.length >= FOLDED_FROM }));
}

function speakerOf(entry: Entry): string {
  if (entry.kind === "note") return `note ${entry.note.by}`;
  return `${entry.message.author} ${entry.message.staff_id ?? ""}`;
}

/** Whether an entry goes on where the one before stopped: the same speaker, a moment later. */
export function continues(entry: Entry, before: Entry | undefined): boolean {
  if (!before || speakerOf(entry) !== speakerOf(before)) return false;
  return Date.parse(entryAt(entry)) - Date.parse(entryAt(before)) < TOGETHER_MS;
}

const RECALL_MS = 2 * 60 * 1000;
const WAYS: Record<string, string> = { queued: "等待发送", sent: "发送中", delivered: "已送达" };

export function isRecalled(message: ChatMessage): boolean {
  return message.custom?.kind === "recalled";
}

/** How far a message of ours has come, in a word; nothing where its hint says what is wrong. */
export function markOf(message: ChatMessage, readSeq: number): string {
  if (message.author !== "staff" || message.delivery?.hint) return "";
  if (message.seq <= readSeq) return "已读";
  return message.delivery ? (WAYS[message.delivery.status] ?? "") : "未读";
}

/** One's own, for two minutes; what a channel has carried to a telephone stays there. */
export function mayRecall(message: ChatMessage, me: string | undefined, now: Date): boolean {
  const isMine = message.author === "staff" && message.staff_id === me && !isRecalled(message);
  const isOut = message.delivery && !["queued", "failed"].includes(message.delivery.status);
  return isMine && !isOut && now.getTime() - Date.parse(message.at) < RECALL_MS;
}

/** What was refused, or of which nobody knows; the rest goes by itself. */
export function mayResend(message: ChatMessage): boolean {
  return message.author !== "customer" && ["failed", "unknown"].includes(message.delivery?.status ?? "");
}

/** The beginning of a reply that refers to somebody's words, on any channel. */
export function quoting(text: string, longest = 40): string {
  const line = text.replace(/\s+/g, " ").trim();
  return `「${line.slice(0, longest)}${line.length > longest ? "…" : ""}」\n`;
}
