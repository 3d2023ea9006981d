/** How urgent a wait looks: calm, attention, danger. */

export type Tone = "calm" | "attention" | "danger";

const ATTENTION_S = 120;
const DANGER_S = 300;

export function waitTone(seconds: number): Tone {
  if (seconds >= DANGER_S) return "danger";
  return seconds >= ATTENTION_S ? "attention" : "calm";
}

/** Of a due time: danger when it is past, attention within four hours. */
export function dueTone(due: Date, now: Date): Tone {
  const left = due.getTime() - now.getTime();
  if (left < 0) return "danger";
  return left < 4 * 3600 * 1000 ? "attention" : "calm";
}
