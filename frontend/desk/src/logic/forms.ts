/** Small forms as data: what is asked, what is wrong with what was written. The server judges again. */

export type FieldAs =
  | "text" | "lines" | "choice" | "radio" | "colleague" | "department" | "amount" | "moment"
  | "password" | "number" | "many" | "yes";
export type Values = Record<string, string>;

export interface FormField {
  name: string;
  label: string;
  as: FieldAs;
  required?: boolean;
  /** Required, but another field may stand for it; the form's own rule decides. */
  either?: boolean;
  hint?: string;
  placeholder?: string;
  options?: { value: string; title: string }[];
  max?: number;
  min?: number;
  initial?: string;
  /** Takes both columns where there are two. */
  wide?: boolean;
  /** Asked only while this holds of the other values. */
  when?: (values: Values) => boolean;
}

const WHOLE = /^\d+$/;
const AMOUNT = /^\d{1,7}(\.\d{1,2})?$/;

export function asked(fields: readonly FormField[], values: Values): FormField[] {
  return fields.filter((field) => field.when?.(values) ?? true);
}

export function blank(fields: readonly FormField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, field.initial ?? ""]));
}

/** What is wrong, by field name; nothing for a form that can be sent. */
export function problems(fields: readonly FormField[], values: Values, now: Date): Values {
  const found = asked(fields, values).map((field) => [field.name, problem(field, (values[field.name] ?? "").trim(), now)]);
  return Object.fromEntries(found.filter(([, says]) => says)) as Values;
}

function problem(field: FormField, value: string, now: Date): string {
  if (!value) return field.required ? `请填写${field.label}` : "";
  if (field.max && value.length > field.max) return `最多 ${field.max} 字`;
  if (field.min && value.length < field.min) return `至少 ${field.min} 个字`;
  if (field.as === "amount" && !AMOUNT.test(value)) return "请填写金额，最多两位小数，例如 88.00";
  if (field.as === "number" && !WHOLE.test(value)) return "请填写整数";
  if (field.as === "moment" && new Date(value) <= now) return "请选择以后的时间";
  return "";
}

/** The values that are asked for now, trimmed, without empty ones. */
export function filled(fields: readonly FormField[], values: Values): Values {
  const kept = asked(fields, values).map((field) => [field.name, (values[field.name] ?? "").trim()] as const);
  return Object.fromEntries(kept.filter(([, value]) => value));
}
