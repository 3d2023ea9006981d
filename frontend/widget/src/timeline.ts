/** From messages and what waits to be sent to what is drawn: order, groups, times, choices that are still open. */

import type { Pending } from "./outbox";
import type { Author, QuickReply, WireMessage } from "./wire";
import { words } from "./words";

const GAP_MS = 5 * 60 * 1000;

export type Delivery = "sending" | "waiting" | "refused" | "sent" | "read";

export interface Bubble {
  key: string;
  author: Author;
  message: WireMessage;
  /** Set above a bubble that opens a new stretch of time. */
  time: string | null;
  /** First and last of a run by the same person. */
  first: boolean;
  last: boolean;
  choices: QuickReply[];
  /** The customer has said nothing since: what it asks is still to be answered. */
  open: boolean;
  delivery: Delivery | null;
  /** Why it was refused, when it was. */
  refused?: string;
}

/** `known` with `news` added: one of each id, in the order of `seq`. */
export function merge(known: readonly WireMessage[], news: readonly WireMessage[]): WireMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of news) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

interface View {
  messages: readonly WireMessage[];
  pending: readonly Pending[];
  online: boolean;
  readSeq: number;
  now: Date;
}

export function bubbles(view: View): Bubble[] {
  const confirmed = new Set(view.messages.map((message) => message.client_id).filter(Boolean));
  const waiting = view.pending.filter((entry) => !confirmed.has(entry.clientId));
  const all = placed(view.messages, waiting);
  const lastOwn = all.map((message) => message.author).lastIndexOf("customer");
  const drawn = all.map((_, at) => draw(all, at, lastOwn, view));
  markDelivery(drawn, waiting, view);
  return drawn;
}

/** What is on its way stands at the end; what was refused stays where it was written, and the talk goes on below. */
function placed(messages: readonly WireMessage[], waiting: readonly Pending[]): WireMessage[] {
  const stuck = waiting.filter((entry) => entry.refused && entry.after !== undefined);
  const all: WireMessage[] = [];
  for (const message of messages) {
    all.push(...stuck.filter((entry) => entry.after! < message.seq && !all.some((one) => one.id === entry.clientId)).map(asMessage));
    all.push(message);
  }
  const shown = new Set(all.map((message) => message.id));
  return [...all, ...waiting.filter((entry) => !shown.has(entry.clientId)).map(asMessage)];
}

function asMessage(entry: Pending): WireMessage {
  return {
    id: entry.clientId,
    client_id: entry.clientId,
    seq: Number.MAX_SAFE_INTEGER,
    at: entry.at,
    author: "customer",
    text: entry.title,
    attachment: entry.picture ? { type: "image", payload: { waiting: true } } : undefined,
  };
}

function draw(all: readonly WireMessage[], at: number, lastOwn: number, view: View): Bubble {
  const message = all[at]!;
  const before = all[at - 1];
  const after = all[at + 1];
  const opens = !before || Date.parse(message.at) - Date.parse(before.at) > GAP_MS;
  const closes = !after || Date.parse(after.at) - Date.parse(message.at) > GAP_MS;
  return {
    key: message.client_id ?? message.id,
    author: message.author,
    message,
    time: opens ? words.time(new Date(message.at), view.now) : null,
    first: opens || speaker(before) !== speaker(message),
    last: closes || speaker(after) !== speaker(message),
    open: at > lastOwn,
    choices: at > lastOwn ? (message.quick_replies ?? []) : [],
    delivery: null,
  };
}

function speaker(message: WireMessage | undefined): string {
  if (!message) return "";
  if (message.author === "customer") return "customer";
  return message.staff?.number ?? "assistant";
}

/** The state is shown under what is not yet sent, and under the last one that is. */
function markDelivery(drawn: Bubble[], waiting: readonly Pending[], view: View): void {
  const refused = new Map(waiting.map((entry) => [entry.clientId, entry.refused]));
  const open = new Set(waiting.map((entry) => entry.clientId));
  const sent: Bubble[] = [];
  for (const bubble of drawn) {
    if (bubble.author !== "customer") continue;
    const id = bubble.message.id;
    if (refused.get(id)) Object.assign(bubble, { delivery: "refused", refused: refused.get(id) });
    else if (open.has(id)) bubble.delivery = view.online ? "sending" : "waiting";
    else sent.push(bubble);
  }
  const newest = sent.at(-1);
  if (newest) newest.delivery = newest.message.seq <= view.readSeq ? "read" : "sent";
}
