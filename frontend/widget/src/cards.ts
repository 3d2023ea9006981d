/** Facts for the eye: what a message's text and `custom` say, taken apart for the cards. */

import type { WireMessage } from "./wire";

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
}

export function openedTicket(message: WireMessage): TicketFact | null {
  const custom = message.custom;
  if (custom?.kind !== "ticket_opened" || typeof custom.number !== "string") return null;
  const at = typeof custom.promised_at === "string" ? new Date(custom.promised_at) : null;
  return { number: custom.number, promisedAt: at && !Number.isNaN(at.getTime()) ? at : null };
}

export interface RatingChoice {
  score: number;
  title: string;
  payload: string;
}

/** The scores a rating request offers, lowest first; a title names its score by a digit or its place in the row. */
export function ratingChoices(message: WireMessage): RatingChoice[] {
  const replies = message.quick_replies ?? [];
  const numbered = replies.map((reply, at) => {
    const digit = reply.title.match(/[1-5]/)?.[0];
    return { score: digit ? Number(digit) : replies.length - at, title: reply.title, payload: reply.payload };
  });
  return numbered.sort((a, b) => a.score - b.score);
}
