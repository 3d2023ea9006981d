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

/** How staff name the ways to a customer. */
export const WAY: Record<string, string> = { chat: "对话", wechat: "公众号", sms: "短信", email: "邮件", call: "电话" };

function noticed(letter: Letter): LetterState | null {
  const found = letter.notice;
  const way = WAY[found?.received_by ?? found?.way ?? ""] ?? "";
  if (!found || found.state === "void") return null;
  if (found.state === "received") return { title: `客户已收到（${way}）`, tone: "success", waits: false };
  if (found.state === "undeliverable") return { title: "未送达", tone: "danger", waits: false };
  if (found.state === "waiting") return { title: "待发送", tone: "warning", waits: true };
  return { title: found.way === "call" ? "待电话告知" : `已发${way}，未读`, tone: "primary", waits: false };
}

/** `told`: there is a conversation in which the customer can be told. */
export function letterState(letter: Letter, told: boolean): LetterState {
  if (letter.voided_at) return { title: "已作废", tone: "info", waits: false };
  const beyond = noticed(letter);
  if (beyond) return beyond;
  if (letter.sent_at) return DELIVERY[letter.delivery ?? ""] ?? { title: "已发送", tone: "success", waits: false };
  if (!told) return { title: "只存档", tone: "info", waits: false };
  return { title: "待发送", tone: "warning", waits: true };
}
