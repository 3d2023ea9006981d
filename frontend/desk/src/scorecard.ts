/** A person's card: one's own, or for who leads that of a colleague. */

import { ask } from "./api";
import type { Figure, Measure, Span } from "./logic/reports";

export type Voice = "greeted" | "answered" | "seen_off";

export interface Coaching {
  at: string;
  by: string;
  text: string;
}

export interface Card {
  id: string;
  name: string;
  number: string;
  stays: number;
  voices: Record<Voice, number>;
  lacks: { conversation_id: string; at: string; missing: Voice[] }[];
  replies: number;
  forced_count: number;
  forced: { at: string; subject: string; codes: string[] }[];
  attendance: { rostered: number; kept: number; besides: number; late: string[] };
  measures: Measure[];
  figures: Record<string, Figure>;
  notes: Coaching[];
}

const query = (span: Span) => new URLSearchParams({ ...span });

export const cardOf = (staffId: string | null, span: Span) =>
  ask<Card>("GET", staffId ? `/api/scorecards/${encodeURIComponent(staffId)}?${query(span)}` : `/api/me/scorecard?${query(span)}`);

export const coach = (staffId: string, text: string) =>
  ask<Coaching>("POST", `/api/scorecards/${encodeURIComponent(staffId)}/notes`, { text });
