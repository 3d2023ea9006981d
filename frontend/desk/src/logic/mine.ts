/** My conversations in the order in which they need me. */

import type { Listed } from "../types";

const time = (at: string | null) => (at ? new Date(at).getTime() : 0);

/** Who was asked to wait, and is not over the time, waits for nobody. */
function waitsSince(one: Listed, now: Date): number | null {
  if (one.held_until && time(one.held_until) > now.getTime()) return null;
  return one.waits_since ? time(one.waits_since) : null;
}

/** Who waits for me first, the longest wait on top; then those I answered, who wrote last first. */
export function inNeed(mine: readonly Listed[], now: Date): Listed[] {
  return [...mine].sort((one, other) => {
    const [a, b] = [waitsSince(one, now), waitsSince(other, now)];
    if (a !== null && b !== null) return a - b;
    if (a !== null || b !== null) return a !== null ? -1 : 1;
    return time(other.last_customer_at) - time(one.last_customer_at);
  });
}

/** Seconds that this customer waits for me; null when nobody waits. */
export function waitsFor(one: Listed, now: Date): number | null {
  const since = waitsSince(one, now);
  return since === null ? null : Math.max(0, (now.getTime() - since) / 1000);
}
