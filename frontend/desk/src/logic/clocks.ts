/** A ticket's clocks in words: how long is left, since when it is late, whether they stand still. */

import { formatDuration } from "../../../shared/time";
import type { TicketRow } from "../types";
import { dueTone } from "./waiting";

export type ClockTone = "calm" | "attention" | "danger" | "paused" | "done";

export interface Clock {
  title: string;
  due: Date | null;
  tone: ClockTone;
  says: string;
}

type Timed = Pick<TicketRow, "status" | "due" | "first_contact_at" | "answered_at" | "closed_at" | "paused">;

const RUNNING = new Set(["registered", "accepted", "investigating"]);

export function clocksOf(ticket: Timed, now: Date): Clock[] {
  return [firstContact(ticket, now), result(ticket, now)];
}

function firstContact(ticket: Timed, now: Date): Clock {
  return clock("首次联系", ticket.due.first_contact, ticket.first_contact_at, RUNNING.has(ticket.status), false, now);
}

function result(ticket: Timed, now: Date): Clock {
  const done = RUNNING.has(ticket.status) ? null : ticket.answered_at;
  return clock("答复结果", ticket.due.result, done, RUNNING.has(ticket.status), ticket.paused ?? false, now);
}

function clock(title: string, due: string | null, done: string | null, runs: boolean, paused: boolean, now: Date): Clock {
  const at = due ? new Date(due) : null;
  if (done) return { title, due: at, tone: "done", says: doneInTime(at, new Date(done)) };
  if (!at) return { title, due: null, tone: "calm", says: "没有时限" };
  if (!runs) return { title, due: at, tone: "calm", says: "已停止" };
  if (paused) return { title, due: at, tone: "paused", says: "已暂停，等客户补充" };
  return { title, due: at, tone: dueTone(at, now), says: timeLeft(at, now) };
}

function doneInTime(due: Date | null, done: Date): string {
  if (!due || done <= due) return "已按时完成";
  return `已完成，晚了 ${formatDuration((done.getTime() - due.getTime()) / 1000)}`;
}

/** 「还剩 2 小时 10 分钟」, 「已超时 3 小时」. */
export function timeLeft(due: Date, now: Date): string {
  const seconds = (due.getTime() - now.getTime()) / 1000;
  return seconds >= 0 ? `还剩 ${formatDuration(seconds)}` : `已超时 ${formatDuration(-seconds)}`;
}

/** The clock a list shows: the next that runs, late ones first; null when none does. */
export function nextClock(ticket: Timed, now: Date): Clock | null {
  const running = clocksOf(ticket, now).filter((one) => one.due && one.tone !== "done" && RUNNING.has(ticket.status));
  running.sort((a, b) => a.due!.getTime() - b.due!.getTime());
  return running[0] ?? null;
}
