/**
 * Done in eight seconds unless it is called back. Until then nothing has left this window: the customer was told
 * nothing, the ledger says nothing. Who closes the window meant it, so it is done at once then.
 */

import { reactive } from "vue";
import { attempt, remark } from "./notify";

export const UNDO_MS = 8_000;

export interface Deed {
  /** What it is about; a second deed about the same takes the first one's place. */
  about: string;
  /** 「已记为兑现」: what is told beside 撤销. */
  says: string;
  /** 「即将结束」: what stands in the row meanwhile. */
  soon: string;
  work: () => Promise<unknown>;
  /** After it was done, or could not be done. */
  after?: (done: boolean) => unknown;
  /** Why it is not to be done any more, in words; empty while it is. */
  unless?: () => string;
}

interface Pending extends Deed {
  until: number;
}

export const pending = reactive<Pending[]>([]);
const timers = new Map<string, ReturnType<typeof setTimeout>>();

export function pendingOf(about: string): Pending | null {
  return pending.find((one) => one.about === about) ?? null;
}

export function inAWhile(deed: Deed): void {
  take(deed.about);
  pending.push({ ...deed, until: Date.now() + UNDO_MS });
  timers.set(deed.about, setTimeout(() => void finish(deed.about), UNDO_MS));
}

/** Called back: it never happened. */
export function undo(about: string): void {
  take(about);
}

/** What is not wanted any more is called back, and said. */
export function callBackStale(): void {
  for (const one of [...pending]) isStale(one);
}

function isStale(deed: Pending): boolean {
  const why = deed.unless?.() ?? "";
  if (!why) return false;
  take(deed.about);
  remark(why);
  return true;
}

/** The last of them, by keyboard. */
export function undoLast(): void {
  const last = pending.at(-1);
  if (last) undo(last.about);
}

/** Everything that still waits, now: who signs out or closes the window meant it. */
export async function finishAll(): Promise<void> {
  await Promise.all(pending.map((one) => one.about).map(finish));
}

async function finish(about: string): Promise<void> {
  const found = pendingOf(about);
  if (!found || isStale(found)) return;
  const deed = take(about)!;
  const done = await attempt(deed.work);
  await deed.after?.(done);
}

function take(about: string): Pending | null {
  clearTimeout(timers.get(about));
  timers.delete(about);
  const at = pending.findIndex((one) => one.about === about);
  return at < 0 ? null : pending.splice(at, 1)[0]!;
}

window.addEventListener("pagehide", () => void finishAll());
