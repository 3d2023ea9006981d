/** Reports: what is asked for, kept while the desk is open, and what came of it. */

import { reactive } from "vue";
import { ApiError, ask } from "./api";
import { spans, type By, type Fact, type Report } from "./logic/reports";

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

const query = (more: Record<string, string> = {}) =>
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
  const more: Record<string, string> = { measure };
  if (key !== null) more.key = key;
  if (cursor) more.cursor = cursor;
  return ask("GET", `/api/reports/rows?${query(more)}`);
}
