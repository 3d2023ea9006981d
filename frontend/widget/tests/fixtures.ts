import type { WireMessage } from "../src/wire";

let count = 0;

/** A message with the next `seq`, five seconds after the one before. */
export function message(overrides: Partial<WireMessage> = {}): WireMessage {
  count += 1;
  const at = new Date(Date.UTC(2026, 10, 21, 6, 0, count * 5)).toISOString();
  return { id: `m${count}`, seq: count, at, author: "bot", text: "您好", ...overrides };
}
