/** Reports: what is asked for, kept while the desk is open, and what came of it. */

import { onMounted, reactive, watch } from "vue";
import { ApiError, ask } from "./api";
import { nameOf } from "./desk";
import { titles } from "./logic/fields";
import { spans, type By, type Fact, type Report } from "./logic/reports";
import { CHANNEL, KIND, SOURCE } from "./words";

const start = spans(new Date())[1]!.span;

export const reports = reactive({
  from: start.from,
  to: start.to,
  by: "day" as By,
  group: "came",
  measure: "contacts",
  found: null as Report | null,
  problem: "",
  loading: false,
});

/** The days that are asked for, and by what they are told apart. */
export const query = (more: Record<string, string> = {}) =>
  new URLSearchParams({ from: reports.from, to: reports.to, by: reports.by, ...more });

let asked = 0;

/** Read what is asked for; of two answers the later question's counts. */
export async function load(): Promise<void> {
  const mine = ++asked;
  reports.loading = true;
  try {
    const found = await ask<Report>("GET", `/api/reports?${query()}`);
    if (mine === asked) [reports.found, reports.problem] = [found, ""];
  } catch (problem) {
    if (mine === asked) reports.problem = problem instanceof ApiError ? problem.message : "没有读到报表";
  } finally {
    if (mine === asked) reports.loading = false;
  }
}

export const sheetAddress = () => `/api/reports/sheet?${query()}`;

/** The rows behind a figure; `key` null: behind that of all. */
export function rowsOf(measure: string, key: string | null, cursor: string | null): Promise<{ rows: Fact[]; cursor: string | null }> {
  return ask("GET", `/api/reports/rows?${query({ measure, ...place(key, cursor) })}`);
}

/** Of which figure rows are asked for, and from where on. */
export function place(key: string | null, cursor: string | null): Record<string, string> {
  return { ...(key === null ? {} : { key }), ...(cursor ? { cursor } : {}) };
}

/** Read now, and whenever other days are asked for, or told apart otherwise. */
export function whenChosen(read: () => Promise<void>): void {
  watch(() => [reports.from, reports.to, reports.by], () => {
    if (reports.from && reports.to && reports.from <= reports.to) void read();
  });
  onMounted(read);
}

/** 「网页，林晓，产品质量」: by which channel a row came, who served, and what it was about. */
export function whereAndWho({ channel, staff, category }: Pick<Fact, "channel" | "staff" | "category">): string {
  const about = titles.categories[category] ?? KIND[category] ?? category;
  return [CHANNEL[channel] ?? SOURCE[channel] ?? channel, nameOf(staff), about].filter(Boolean).join("，");
}
