/** Collected values as staff read them: Chinese titles, no empty ones, dates and lists as text. */

import { FIELD } from "../words";

export interface ShownField {
  name: string;
  title: string;
  value: string;
}

export function shownFields(fields: Record<string, unknown>): ShownField[] {
  return Object.entries(fields)
    .map(([name, value]) => ({ name, title: FIELD[name] ?? name, value: asText(value) }))
    .filter((field) => field.value !== "");
}

export function asText(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return "是";
  if (Array.isArray(value)) return value.map(asText).filter(Boolean).join("、");
  if (typeof value === "object") {
    const parts = value as Record<string, unknown>;
    return asText(parts.title ?? parts.text ?? parts.value ?? Object.values(parts).filter((part) => typeof part === "string"));
  }
  return String(value);
}
