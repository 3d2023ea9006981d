/** Dates that are chosen instead of written: which are near, and in which words they are said to the dialogue. */

import { dayKey, wall } from "../../shared/time";
import type { WireMessage } from "./wire";
import { words } from "./words";

/** Which days an answer may be: over already, still to come, or either. */
export type DayRange = "past" | "coming" | "any";

const RANGES: readonly unknown[] = ["past", "coming", "any"];
const NEAR: Record<DayRange, readonly number[]> = { past: [0, -1, -2], coming: [0, 1, 2], any: [-1, 0, 1] };
const PARTS = ["", "上午", "下午", "晚上"];

/** What days a message asks for; null when it asks for something else. */
export function dayAsked(message: WireMessage): DayRange | null {
  const { custom } = message;
  if (custom?.kind !== "form" || custom.state !== "ask") return null;
  return RANGES.includes(custom.day) ? (custom.day as DayRange) : null;
}

export function nearDays(range: DayRange, now: Date): { value: string; word: string }[] {
  const names: Record<number, string> = {
    [-2]: words.dayBefore,
    [-1]: words.dayYesterday,
    0: words.dayToday,
    1: words.dayTomorrow,
    2: words.dayAfter,
  };
  return NEAR[range].map((by) => ({ value: dayKey(now, by), word: names[by]! }));
}

/** The answer in words; they are sent, stored and shown alike, whichever window shows them. `part`: a place in PARTS. */
export function said(value: string, part: number, now: Date): string {
  const [year, month, day] = value.split("-").map(Number) as [number, number, number];
  return `${year === wall(now).year ? "" : `${year}年`}${month}月${day}日${PARTS[part] ?? ""}`;
}
