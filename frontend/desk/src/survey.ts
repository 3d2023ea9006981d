/** The survey of service quality, over the days that the reports are about. */

import { ask } from "./api";
import { place, query } from "./reports";

export interface Gap {
  count: number;
  expected: number | null;
  perceived: number | null;
  gap: number | null;
}

export interface SurveyPart {
  key: string;
  title: string;
  gaps: Record<string, Gap>;
}

export interface SurveyReport {
  sent: number;
  answered: number;
  dimensions: { name: string; title: string; says: string }[];
  total: SurveyPart;
  parts: SurveyPart[];
}

export interface Answer {
  number: string;
  at: string;
  staff: string;
  channel: string;
  category: string;
  scores: Record<string, [number, number]>;
  comment: string | null;
}

export const readSurvey = () => ask<SurveyReport>("GET", `/api/reports/survey?${query()}`);

export const surveySheet = () => `/api/reports/survey/sheet?${query()}`;

/** The answers behind a figure; `key` null: of all. */
export function readAnswers(key: string | null, cursor: string | null): Promise<{ rows: Answer[]; cursor: string | null }> {
  return ask("GET", `/api/reports/survey/rows?${query(place(key, cursor))}`);
}

/** A gap with its sign, 「−0.8」; nothing answered: a dash. */
export function signed(gap: number | null): string {
  if (gap === null) return "—";
  const rounded = Math.abs(gap).toFixed(1);
  return rounded === "0.0" ? "0.0" : `${gap < 0 ? "−" : "+"}${rounded}`;
}
