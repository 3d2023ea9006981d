/** Collected values as staff read them: the company's titles, no empty ones, dates and lists as text. */

import { reactive } from "vue";
import type { Titles } from "../types";

export interface ShownField {
  name: string;
  title: string;
  value: string;
}

export const titles = reactive<Titles>({ fields: {}, choices: {}, categories: {}, departments: {} });

export function setTitles(names: Titles): void {
  Object.assign(titles, names);
}

/** Fields that are no facts for staff: the dialogue's own remarks. */
const HIDDEN = new Set(["priority", "mood", "requested_slot"]);

export function shownFields(fields: Record<string, unknown>): ShownField[] {
  return Object.entries(fields)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => ({ name, title: titles.fields[name] ?? name, value: shownValue(name, value) }))
    .filter((field) => field.value !== "");
}

function shownValue(name: string, value: unknown): string {
  const text = name === "name" ? asName(value) : asText(value);
  return (name === "category" ? titles.categories[text] : titles.choices[name]?.[text]) ?? text;
}

export function asText(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (value === true) return "是";
  if (Array.isArray(value)) return value.map(asText).filter(Boolean).join("、");
  if (typeof value === "object") {
    const parts = value as Record<string, unknown>;
    return asText(parts.title ?? parts.text ?? parts.value ?? Object.values(parts).filter((part) => typeof part === "string"));
  }
  return isPicture(String(value)) ? "" : String(value);
}

/** A name as it is shown: of a surname alone it is not pretended to know how its owner is addressed. */
export function asName(name: unknown): string {
  const text = asText(name);
  const surname = /^(.{1,2})先生\/女士$/.exec(text)?.[1];
  return surname ? `${surname}（只知道姓）` : text;
}

/** Whether a value of a field is a picture's address: ours, or WeChat's. */
export function isPicture(value: string): boolean {
  return /^(\/pictures\/|https?:\/\/mmbiz\.\S+$)/.test(value);
}
