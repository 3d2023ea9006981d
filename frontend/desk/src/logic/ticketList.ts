/** The list of tickets: its filters, kept from visit to visit, and what a row is about. */

import { asText } from "./fields";
import type { TicketRow } from "../types";

export interface TicketFilters {
  status: string;
  kind: string;
  department: string;
  mine: boolean;
  overdue: boolean;
  order: "newest" | "due";
  q: string;
}

export const PAGE = 50;
const MOST = 200;
export const NO_FILTERS: TicketFilters = { status: "", kind: "", department: "", mine: false, overdue: false, order: "newest", q: "" };

export function readFilters(kept: string | null): TicketFilters {
  try {
    const known = JSON.parse(kept ?? "{}") as Record<string, unknown>;
    const fits = Object.entries(NO_FILTERS).map(([name, value]) => [name, typeof known[name] === typeof value ? known[name] : value]);
    return Object.fromEntries(fits) as unknown as TicketFilters;
  } catch {
    return { ...NO_FILTERS };
  }
}

/** The query for at least as many rows as are shown, so that news does not shorten the list under one's eyes. */
export function queryOf(filters: TicketFilters, shown: number): Record<string, string> {
  const limit = Math.min(MOST, Math.max(1, Math.ceil(shown / PAGE)) * PAGE);
  const set = Object.entries(filters).filter(([name, value]) => value && !(name === "order" && value === "newest"));
  return { ...Object.fromEntries(set.map(([name, value]) => [name, value === true ? "1" : String(value).trim()])), limit: String(limit) };
}

/** What happened, in the customer's words; the product where there are none. */
export function subject(row: Pick<TicketRow, "fields">): string {
  const told = asText(row.fields.description) || asText(row.fields.product) || asText(row.fields.order);
  return told.replace(/\s+/g, " ").slice(0, 80);
}
