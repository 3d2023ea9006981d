/** The conversation as a text file that the customer keeps. */

import { dayKey, formatClock } from "../../shared/time";
import { isRecalled } from "./cards";
import type { WireMessage } from "./wire";
import { words } from "./words";

function moment(at: Date): string {
  return `${dayKey(at)} ${formatClock(at)}`;
}

function speaker(message: WireMessage, assistant: string): string {
  if (message.author === "customer") return words.you;
  return message.staff ? `${message.staff.name} ${words.staffNumber(message.staff.number)}` : words.assistant(assistant);
}

function said(message: WireMessage): string {
  if (isRecalled(message)) return words.recalled(message.staff?.name ?? "");
  const picture = message.attachment ? [`［${words.image}］`] : [];
  return [...picture, ...(message.text ? [message.text] : [])].join("\n");
}

export function transcript(messages: readonly WireMessage[], company: string, assistant: string): string {
  const blocks = messages.map(
    (message) => `${moment(new Date(message.at))}　${speaker(message, assistant)}\n${said(message)}\n`,
  );
  return [`${words.transcriptTitle(company)}\n`, ...blocks].join("\n");
}

/** Offered as a file; the mark in front tells old editors that it is UTF-8. */
export function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", text.replaceAll("\n", "\r\n")], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
