/**
 * What the customer wrote and the service has not yet confirmed, oldest first. It is kept in storage, so a
 * reload loses nothing; each entry has its own id, by which the service recognises a repeat.
 */

import type { Store } from "./storage";

export interface Pending {
  clientId: string;
  /** What is sent: the words, or a choice's payload. */
  message: string;
  /** What the customer sees as their bubble. */
  title: string;
  at: string;
  /** Why the service refused it; such an entry is shown but not sent again by itself. */
  refused?: string;
  /** It shows a picture; `id` once the service has it. The bytes live in memory only. */
  picture?: { id: string | null };
  /** The last message that was there when it was written: refused, it stays behind that one. */
  after?: number;
}

const KEY = "outbox";
const LIMIT = 200;

export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  private entries: Pending[];

  constructor(
    private readonly store: Store,
    private readonly changed: () => void = () => {},
  ) {
    this.entries = readEntries(store.get(KEY));
  }

  get all(): readonly Pending[] {
    return this.entries;
  }

  /** The next one to send. */
  get head(): Pending | undefined {
    return this.entries.find((entry) => !entry.refused);
  }

  add(message: string, title: string, now: Date, more: Pick<Pending, "picture" | "after"> = {}): Pending {
    const entry: Pending = { clientId: newClientId(), message, title, at: now.toISOString(), ...more };
    this.keep([...this.entries, entry].slice(-LIMIT));
    return entry;
  }

  settle(clientId: string): void {
    if (this.entries.some((entry) => entry.clientId === clientId)) {
      this.keep(this.entries.filter((entry) => entry.clientId !== clientId));
    }
  }

  /** Nothing of it is sent any more: somebody else sits there now. */
  clear(): void {
    this.keep([]);
  }

  refuse(clientId: string, reason: string): void {
    this.change(clientId, { refused: reason });
  }

  /** A refused one is sent again, in its place. */
  retry(clientId: string): void {
    this.change(clientId, { refused: undefined });
  }

  /** Where the entry's picture is at the service; null: not there. */
  uploaded(clientId: string, id: string | null): void {
    this.change(clientId, { picture: { id } });
  }

  private change(clientId: string, values: Partial<Pending>): void {
    this.keep(this.entries.map((entry) => (entry.clientId === clientId ? { ...entry, ...values } : entry)));
  }

  private keep(entries: Pending[]): void {
    this.entries = entries;
    this.store.set(KEY, JSON.stringify(entries));
    this.changed();
  }
}

function readEntries(text: string | null): Pending[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter(isPending) : [];
  } catch {
    return [];
  }
}

function isPending(value: unknown): value is Pending {
  const entry = value as Partial<Pending> | null;
  return typeof entry?.clientId === "string" && typeof entry.message === "string" && typeof entry.title === "string";
}
