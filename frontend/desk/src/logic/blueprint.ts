/** What the picture of the blueprint is made of. */

import type { Blueprint, Step } from "../blueprint";
import { duration } from "./reports";

export interface Flow {
  source: string;
  target: string;
  value: number;
  /** The step it is, none where customers come in. */
  step: Step | null;
  lost: boolean;
}

/** Flows that are there; a channel leads to the bot. */
export function flows(drawn: Blueprint): Flow[] {
  const entrance = drawn.steps[0]?.before_title ?? "";
  const came = drawn.came.map((one) => ({ source: one.title, target: entrance, value: one.count, step: null, lost: false }));
  const steps = drawn.steps
    .filter((one) => one.figure.count > 0)
    .map((one) => ({ source: one.before_title, target: one.after_title, value: one.figure.count, step: one, lost: one.lost }));
  return [...came, ...steps];
}

/** The places between which something flows, each once. */
export function places(found: readonly Flow[]): string[] {
  return [...new Set(found.flatMap((one) => [one.source, one.target]))];
}

/** 「12 次，中位 3 分钟，九成 8 分钟」. */
export function told(step: Step): string {
  const { count, median, p90 } = step.figure;
  if (!count || median === null || p90 === null) return "没有";
  return `${count} 次，中位 ${duration(median)}，九成 ${duration(p90)}`;
}
