/** The form in which staff registers a ticket: which fields a kind or a category asks for, as form fields. */

import type { Matter, MatterField, Matters } from "../types";
import type { FieldAs, FormField, Values } from "./forms";

export const COMPLAINT = "complaint";
const LONG = new Set(["description", "outcome", "promised", "new_value"]);
const AS: Record<string, FieldAs> = { choice: "choice", yes_no: "choice", amount: "amount" };
const YES_NO = [
  { value: "yes", title: "是" },
  { value: "no", title: "否" },
];

export function asksOf(matters: Matters, kind: string, category: string): Matter | undefined {
  if (kind === COMPLAINT) return matters.categories.find((one) => one.id === category);
  return matters.kinds.find((one) => one.id === kind);
}

/** Required fields in the order of asking, then those that are asked because of another answer, then the optional. */
export function matterFields(matters: Matters, asks: Matter): FormField[] {
  const conditional = asks.conditional.filter((rule) => !asks.required.includes(rule.field));
  const later = new Set(conditional.map((rule) => rule.field));
  return [
    ...inOrder(asks.required.map((name) => formField(matters, name, true, asks))),
    ...conditional.map((rule) => ({
      ...formField(matters, rule.field, true, asks),
      when: (values: Values) => rule.values.includes(values[rule.when] ?? ""),
    })),
    ...asks.optional.filter((name) => !later.has(name) && !asks.required.includes(name)).map((name) => formField(matters, name, false, asks)),
  ];
}

/** The account first, then the short ones side by side, then what else needs room. */
function inOrder(fields: FormField[]): FormField[] {
  const first = fields.filter((field) => field.name === "description");
  const wide = fields.filter((field) => field.as === "lines" && field.name !== "description");
  return [...first, ...fields.filter((field) => field.as !== "lines"), ...wide];
}

function formField(matters: Matters, name: string, required: boolean, asks: Matter): FormField {
  const spec = matters.fields[name]!;
  const either = required && spec.alternatives.length > 0;
  return {
    name,
    label: spec.title,
    as: LONG.has(name) ? "lines" : spec.may_be_unknown && spec.kind === "amount" ? "text" : (AS[spec.kind] ?? "text"),
    required: required && !either,
    either,
    options: choices(spec),
    placeholder: placeholder(spec),
    hint: either ? eitherHint(matters, spec, asks) : undefined,
    max: spec.max_length,
    min: spec.min_length > 1 ? spec.min_length : undefined,
  };
}

function choices(spec: MatterField): { value: string; title: string }[] {
  const offered = spec.kind === "yes_no" ? YES_NO : spec.choices;
  return spec.unknown && offered.length ? [...offered, { value: spec.unknown, title: "客户不清楚" }] : offered;
}

function placeholder(spec: MatterField): string | undefined {
  if (AS[spec.kind] === "choice") return undefined;
  if (spec.example) return `例如：${spec.example}`;
  return spec.unknown ? `客户不清楚时填“${spec.unknown}”` : undefined;
}

function eitherHint(matters: Matters, spec: MatterField, asks: Matter): string | undefined {
  const others = spec.alternatives.filter((name) => matters.fields[name] && !asks.required.includes(name));
  if (!others.length) return undefined;
  const unknown = spec.unknown ? `，都没有就填“${spec.unknown}”` : "";
  return `也可以改填${others.map((name) => matters.fields[name]!.title).join("、")}${unknown}`;
}

/** Fields that may stand for required ones; shown when the first is empty. */
export function alternatives(matters: Matters, asks: Matter): FormField[] {
  const known = new Set([...asks.required, ...asks.optional, ...asks.conditional.map((rule) => rule.field)]);
  return asks.required.flatMap((name) =>
    (matters.fields[name]?.alternatives ?? [])
      .filter((other) => !known.has(other) && matters.fields[other])
      .map((other) => ({ ...formField(matters, other, false, asks), when: (values: Values) => !values[name]?.trim() })),
  );
}

/** Of a required field with alternatives, one must be there. */
export function missingEither(matters: Matters, asks: Matter, values: Values): Values {
  const has = (name: string) => Boolean(values[name]?.trim());
  const missing = asks.required.filter((name) => {
    const others = matters.fields[name]?.alternatives ?? [];
    return others.length > 0 && ![name, ...others].some(has);
  });
  return Object.fromEntries(missing.map((name) => [name, `请填写${matters.fields[name]!.title}`]));
}

/** What is known of the customer already, where the form asks for it: nobody is asked twice. */
export function known(matters: Matters, packet: Record<string, unknown>, customer: Record<string, unknown>): Values {
  const found: Values = {};
  for (const name of Object.keys(matters.fields)) {
    const value = packet[name] ?? (["name", "phone", "email"].includes(name) ? customer[name] : undefined);
    if (typeof value === "string" && value) found[name] = value;
  }
  return found;
}
