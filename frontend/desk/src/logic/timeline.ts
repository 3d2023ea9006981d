/** What a line of the timeline says besides its note: cause, measure, from whom to whom. */

import { CONTACT_CHANNEL, FINDING, LEVEL, URGENCY } from "../words";
import { titles } from "./fields";

export interface Fact {
  title: string;
  value: string;
}

type Read = (value: string, nameOf: (id: string) => string) => string;

const plain: Read = (value) => value;
const person: Read = (value, nameOf) => nameOf(value);
const department: Read = (value) => titles.departments[value] ?? value;

/** Only what is of use to a reader; everything else stays in the record. */
const KNOWN: Record<string, [string, Read]> = {
  finding: ["结论", (value) => FINDING[value] ?? value],
  cause: ["原因", plain],
  corrective_action: ["整改措施", plain],
  channel: ["方式", (value) => CONTACT_CHANNEL[value] ?? value],
  staff: ["同事", person],
  staff_id: ["同事", person],
  amount: ["金额", (value) => `${value} 元`],
};

/** What an event changed of where the ticket stands. */
const CHANGED: Record<string, [string, Read]> = {
  owner: ["负责人", person],
  department: ["部门", department],
  level: ["层级", (value) => LEVEL[value] ?? value],
  urgency: ["紧急程度", (value) => URGENCY[value] ?? value],
};

export function facts(detail: Record<string, unknown> | null | undefined, nameOf: (id: string) => string): Fact[] {
  const changed = (detail?.changed ?? {}) as Record<string, unknown>;
  return [...read(KNOWN, detail ?? {}, nameOf), ...read(CHANGED, changed, nameOf)];
}

function read(known: Record<string, [string, Read]>, values: Record<string, unknown>, nameOf: (id: string) => string): Fact[] {
  return Object.entries(known).flatMap(([name, [title, shown]]) => {
    const value = values[name];
    return typeof value === "string" && value ? [{ title, value: shown(value, nameOf) }] : [];
  });
}
