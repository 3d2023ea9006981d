/** Facts for the eye: what a message's text and `custom` say, taken apart for the cards. */

import type { QuickReply, WireMessage } from "./wire";

export interface ReadBackField {
  label: string;
  value: string;
}

export interface ReadBack {
  intro: string;
  fields: ReadBackField[];
  outro: string;
}

const LINE = /^\s*(?:[-·•]\s*)?(?:\d+[.、]\s*)?([^：:\n]{1,12})[：:]\s*(.*\S)\s*$/;

/** A form's read-back, line by line (「姓名：张三」); null when the message is none or lists nothing. */
export function readBack(message: WireMessage): ReadBack | null {
  if (message.custom?.kind !== "form" || message.custom.state !== "confirm") return null;
  const lines = message.text.split("\n").filter((line) => line.trim());
  const marked = lines.map((line, at) => ({ at, match: isField(line, at, lines.length) }));
  const fields = marked.filter((line) => line.match);
  if (fields.length < 2) return null;
  const [first, last] = [fields[0]!.at, fields.at(-1)!.at];
  return {
    intro: lines.slice(0, first).join("\n"),
    fields: fields.map(({ match }) => ({ label: match![1]!.trim(), value: match![2]! })),
    outro: lines.slice(last + 1).join("\n"),
  };
}

function isField(line: string, at: number, count: number): RegExpMatchArray | null {
  const match = line.match(LINE);
  const isQuestion = at === count - 1 && /[？?]$/.test(line);
  return match && !isQuestion ? match : null;
}

export interface TicketFact {
  number: string;
  promisedAt: Date | null;
  /** Null for a ticket that was opened just now. */
  status: string | null;
}

/** The ticket a message opened or tells the state of; a letter is its own card. */
export function ticketFact(message: WireMessage): TicketFact | null {
  const custom = message.custom;
  const isOpened = custom?.kind === "ticket_opened";
  if ((!isOpened && custom?.kind !== "ticket_status") || typeof custom.number !== "string" || custom.letter) return null;
  const at = typeof custom.promised_at === "string" ? new Date(custom.promised_at) : null;
  const status = isOpened ? null : String(custom.status ?? "");
  return { number: custom.number, promisedAt: at && !Number.isNaN(at.getTime()) ? at : null, status };
}

export interface LetterText {
  title: string;
  body: string;
  signature: string;
  number: string | null;
}

const TITLE = /^【(.{1,20})】$/;
const FOLLOW = /https?:\/\/\S+\/follow/;

/** A letter about a ticket: 【title】, what it says, and who signs on the last line; where to follow it is a link of the card. */
export function letterText(message: WireMessage): LetterText | null {
  if (typeof message.custom?.letter !== "string") return null;
  const lines = message.text.split("\n").filter((line) => line.trim());
  const title = lines[0]?.trim().match(TITLE)?.[1];
  if (!title || lines.length < 3) return null;
  const number = message.custom.number;
  return {
    title,
    body: lines.slice(1, -1).filter((line) => !FOLLOW.test(line)).join("\n"),
    signature: lines.at(-1)!,
    number: typeof number === "string" ? number : null,
  };
}

/** The title of the choice with which a customer leaves the queue, as the service offers it. */
export const LEAVE_QUEUE = "取消排队";

/** What a value's correction is said as: the dialogue reads Chinese, whatever language the labels have. */
export function correction(label: string, value: string): string {
  return `${label}改成${value}`;
}

/** The choice that goes on with what was read back: it is the one that stands out. */
export function isPrimary(message: WireMessage, reply: QuickReply): boolean {
  const asks = message.custom?.kind === "form" && message.custom.state === "confirm";
  return asks && message.quick_replies?.[0]?.payload === reply.payload;
}

/** A word of staff's that was taken back: only that it was is shown. */
export function isRecalled(message: WireMessage): boolean {
  return message.custom?.kind === "recalled";
}

export function takenBack(message: WireMessage): WireMessage {
  return { ...message, text: "", quick_replies: [], attachment: undefined, custom: { kind: "recalled" } };
}

/** An answer of the knowledge base, which the customer may call helpful or not. */
export function isAnswer(message: WireMessage): boolean {
  return message.author === "bot" && message.custom?.kind === "faq_answer";
}

export interface FileFact {
  name: string;
  size: string;
  /** Where it is fetched, at the service. */
  path: string;
}

/** A file that staff sent: its name, its size in words, and the link of its message. */
export function fileFact(custom: Record<string, unknown> | null | undefined): FileFact | null {
  if (custom?.kind !== "file" || typeof custom.name !== "string" || typeof custom.path !== "string") return null;
  if (!custom.path.startsWith("/files/")) return null;
  const bytes = Number(custom.size) || 0;
  const size = bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return { name: custom.name, size, path: custom.path };
}
