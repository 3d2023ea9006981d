/** A hold in words: how long it still lasts, or that its time is over. */

import { formatStopwatch } from "../../../shared/time";
import type { Tone } from "./waiting";

const SOON_MS = 60 * 1000;

export function holdTone(until: Date, now: Date): Tone {
  const left = until.getTime() - now.getTime();
  if (left <= 0) return "danger";
  return left < SOON_MS ? "attention" : "calm";
}

export function holdSays(until: Date, now: Date): string {
  const left = (until.getTime() - now.getTime()) / 1000;
  return left > 0 ? `挂起中，还剩 ${formatStopwatch(left)}` : `挂起时间已过 ${formatStopwatch(-left)}`;
}
