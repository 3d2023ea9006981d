/** Customers whom I am asked to take, alarms of those who hear no word, whispers; the supervisor's page of this moment. */

import { reactive } from "vue";
import { ask } from "./api";
import type { PromiseRow, Priority, State } from "./types";

export interface Offer {
  conversation_id: string;
  why: string;
  offered_at: string;
  until: string;
}

export interface OnDuty {
  id: string;
  name: string;
  number: string;
  department: string;
  online: boolean;
  rostered: boolean;
  serving: number;
  capacity: number;
}

export interface WithPerson {
  conversation_id: string;
  customer_name: string | null;
  sender: string;
  channel: string;
  state: State;
  priority: Priority;
  staff_id: string | null;
  reason: string;
  wished_at: string;
  taken_at: string | null;
  first_word_at: string | null;
  late: boolean;
}

export interface Clock {
  number: string;
  kind: string;
  owner: string;
  due_at: string;
}

export interface Moment {
  at: string;
  answer_seconds: number;
  staff: OnDuty[];
  customers: WithPerson[];
  promises: PromiseRow[];
  clocks: Clock[];
}

/** Why a customer is offered to me. */
export const WHY: Record<string, string> = {
  asked_for: "客户指名找您",
  same_person: "上次由您服务",
  skill: "您熟悉这类问题",
  department: "属于您的部门",
  overflow: "其他同事都在忙",
};

export const asked = reactive<{ offers: Offer[]; news: number }>({ offers: [], news: 0 });

const at = (id: string, move: string) => `/api/conversations/${encodeURIComponent(id)}/${move}`;

export async function refreshOffers(): Promise<void> {
  asked.offers = await ask<Offer[]>("GET", "/api/offers").catch(() => asked.offers);
}

export async function passOn(id: string): Promise<void> {
  await ask<null>("POST", at(id, "pass"), {});
  await refreshOffers();
}

export const moment = () => ask<Moment>("GET", "/api/supervision");
export const whisper = (id: string, text: string) => ask<unknown>("POST", at(id, "whisper"), { text });
export const assign = (id: string, to: string) => ask<unknown>("POST", at(id, "assign"), { to });

/** Seconds until a moment, never below zero. */
export function secondsTo(until: string, now: Date): number {
  return Math.max(0, Math.ceil((new Date(until).getTime() - now.getTime()) / 1000));
}

/** How a customer stands at the supervisor's page: what is told beside the clock, and how urgent it looks. */
export function standing(one: WithPerson): { says: string; tone: "calm" | "attention" | "danger" } {
  if (one.late) return { says: one.staff_id ? "已接入，还没有回复" : "还没有人接入", tone: "danger" };
  if (one.state === "waiting") return { says: "排队中", tone: "attention" };
  return { says: one.first_word_at ? "服务中" : "刚接入", tone: "calm" };
}
