/** How far a letter has come. */

import type { Letter } from "../types";

const HEADED = /^【(.+?)】\s*/;

/** Title and text apart: the letter's own heading, else the name of its kind. */
export function parts(letter: Letter, names: Record<string, string>): { title: string; text: string } {
  const heading = letter.text.match(HEADED);
  return { title: heading?.[1] ?? names[letter.kind] ?? letter.kind, text: letter.text.replace(HEADED, "") };
}

export interface LetterState {
  title: string;
  tone: "primary" | "success" | "warning" | "info" | "danger";
  /** Held back until a permitted hour. */
  waits: boolean;
}

const DELIVERY: Record<string, LetterState> = {
  failed: { title: "未送达", tone: "danger", waits: false },
  unknown: { title: "不确定是否送达", tone: "warning", waits: false },
  queued: { title: "发送中", tone: "primary", waits: false },
  delivered: { title: "已送达", tone: "success", waits: false },
};

/** `told`: there is a conversation in which the customer can be told. */
export function letterState(letter: Letter, told: boolean): LetterState {
  if (letter.voided_at) return { title: "已作废", tone: "info", waits: false };
  if (letter.sent_at) return DELIVERY[letter.delivery ?? ""] ?? { title: "已发送", tone: "success", waits: false };
  if (!told) return { title: "只存档", tone: "info", waits: false };
  return { title: "待发送", tone: "warning", waits: true };
}
