/** The staff API. Every refusal is one shape; `ApiError` carries it. */

import { sayError } from "./logic/errors";
import type {
  AuditLine,
  Caller,
  CallRow,
  CannedReply,
  Colleague,
  Conversation,
  DeskWarning,
  Finding,
  ManyTickets,
  Outcome,
  Listed,
  Matters,
  Me,
  PromiseRow,
  QueueEntry,
  Registered,
  Ticket,
  TicketRow,
  Titles,
  UnreachedRow,
  WalkIn,
} from "./types";

/** Characters: what is no longer is sent even when the window is closed in the same moment. */
const KEPT_ALIVE = 16_000;

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    /** The key of the sentence, stable for programs. */
    readonly reason = code,
  ) {
    super(message);
  }

  /** Fields that were missing or wrong. */
  get fields(): string[] {
    const found = this.details.fields ?? (this.details.field ? [this.details.field] : []);
    return Array.isArray(found) ? found.map(String) : [];
  }

  /** Why each of them is, in words, where the service says so. */
  get reasons(): Record<string, string> {
    const found = Object.entries((this.details.reasons as Record<string, unknown>) ?? {});
    return Object.fromEntries(found.filter(([, why]) => typeof why === "string" && /[\u4e00-\u9fff]/.test(why))) as Record<string, string>;
  }

  /** What the language check found, when that is why a reply was refused. */
  get findings(): Finding[] {
    const found = this.details.findings;
    return Array.isArray(found) ? (found as Finding[]) : [];
  }
}

/** Called when the session has ended; the desk then asks to sign in again. */
export const onSignedOut: { call: () => void } = { call: () => {} };

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  return (await fetched<T>(method, path, body)).answer;
}

/** Post a form with a file. */
export async function askWith<T>(path: string, form: FormData): Promise<T> {
  return (await fetched<T>("POST", path, form)).answer;
}

async function fetched<T>(method: string, path: string, body?: unknown): Promise<{ answer: T; headers: Headers }> {
  const text = body === undefined || body instanceof FormData ? undefined : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: text === undefined ? {} : { "Content-Type": "application/json" },
      body: body instanceof FormData ? body : text,
      keepalive: text !== undefined && text.length < KEPT_ALIVE,
    });
  } catch {
    throw new ApiError(0, "offline", "网络已断开，没有发出。恢复后请再试一次。");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return { answer: answer as T, headers: response.headers };
  const error = (answer as { error?: { code?: string; reason?: string; message?: string; details?: Record<string, unknown> } })?.error;
  if (response.status === 401 && path !== "/api/session") onSignedOut.call();
  throw new ApiError(response.status, error?.code ?? "http", sayError(response.status, error?.message), error?.details, error?.reason);
}

/** A move of a ticket; `version` is the one that was on the screen, so that nobody overwrites a colleague. */
export interface TicketStep {
  action: string;
  version: number;
  note?: string;
  cause?: string;
  corrective_action?: string;
  finding?: string;
  to?: string;
  force?: boolean;
  message_id?: string;
}

const get = <T>(path: string) => ask<T>("GET", path);
const post = <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body);
const of = (number: string, part = "") => `/api/tickets/${encodeURIComponent(number)}${part ? `/${part}` : ""}`;
const promised = (id: string, move: string) => `/api/promises/${encodeURIComponent(id)}/${move}`;
const at = (id: string, move = "") => `/api/conversations/${encodeURIComponent(id)}${move ? `/${move}` : ""}`;

export const api = {
  signIn: (username: string, password: string, code?: string) => post<unknown>("/api/session", { username, password, code }),
  signOut: () => ask<null>("DELETE", "/api/session"),
  me: () => get<Me>("/api/me"),
  presence: (state: "online" | "away") => post<unknown>("/api/presence", { state }),
  queue: () => get<QueueEntry[]>("/api/queue"),
  mine: () => get<Listed[]>("/api/conversations?mine=true&state=staff"),
  waiting: () => get<Listed[]>("/api/conversations?state=waiting"),
  staff: () => get<Colleague[]>("/api/staff"),
  titles: () => get<Titles>("/api/titles"),
  canned: () => get<CannedReply[]>("/api/canned"),
  conversation: (id: string) => get<Conversation>(at(id)),
  claim: (id: string) => post<unknown>(at(id, "claim")),
  say: (id: string, text: string, clientId: string, force = false) =>
    post<{ id?: string; findings?: Finding[]; promises?: PromiseRow[] }>(at(id, "messages"), { text, client_id: clientId, force }),
  note: (id: string, text: string) => post<unknown>(at(id, "notes"), { text }),
  transfer: (id: string, to: string) => post<unknown>(at(id, "transfer"), { to }),
  release: (id: string) => post<unknown>(at(id, "release")),
  close: (id: string) => post<unknown>(at(id, "close")),
  hold: (id: string, minutes: number, text?: string) => post<unknown>(at(id, "hold"), { minutes, text: text || undefined }),
  unhold: (id: string) => post<unknown>(at(id, "unhold")),
  matters: () => get<Matters>("/api/matters"),
  register: (id: string, ticket: { kind: string; category?: string; fields: Record<string, string>; client_id: string }) =>
    post<Registered>(at(id, "tickets"), ticket),
  /** A page of tickets; `total` only with the first one. */
  tickets: async (query: Record<string, string>): Promise<{ rows: TicketRow[]; total: number | null }> => {
    const { answer, headers } = await fetched<TicketRow[]>("GET", `/api/tickets?${new URLSearchParams(query)}`);
    const total = headers.get("x-total-count");
    return { rows: answer, total: total === null ? null : Number(total) };
  },
  openInternal: (description: string, about?: string) => post<Ticket>("/api/tickets", { description, about }),
  ticket: (number: string) => get<Ticket>(of(number)),
  move: (number: string, step: TicketStep) => post<Ticket>(of(number, "transitions"), step),
  noteTicket: (number: string, text: string) => post<Ticket>(of(number, "notes"), { text }),
  contact: (number: string, channel: string, text: string) => post<Ticket>(of(number, "contacts"), { channel, text }),
  changeMany: (wish: ManyTickets) => post<Outcome[]>("/api/tickets/bulk", wish),
  handOn: (number: string, to: string, note?: string) => post<Ticket>(of(number, "owner"), { to, note }),
  department: (number: string, department: string, note: string, to?: string) =>
    post<Ticket>(of(number, "department"), { department, note, to }),
  escalate: (number: string, note: string) => post<Ticket>(of(number, "escalate"), { note }),
  addInvestigator: (number: string, staffId: string, note?: string) =>
    post<Ticket>(of(number, "investigators"), { staff_id: staffId, note }),
  removeInvestigator: (number: string, staffId: string) =>
    ask<Ticket>("DELETE", of(number, `investigators/${encodeURIComponent(staffId)}`)),
  compensate: (number: string, offer: { form: string; amount: string; text: string; reason: string }) =>
    post<Ticket>(of(number, "compensations"), offer),
  decide: (compensation: string, decision: "approve" | "reject", note?: string) =>
    post<Ticket>(`/api/compensations/${encodeURIComponent(compensation)}/decision`, { decision, note }),
  survey: (number: string) => post<Ticket>(of(number, "survey"), {}),
  alternative: (number: string, text: string) => post<Ticket>(of(number, "alternatives"), { text }),
  askCustomer: (number: string, text: string) => post<Ticket>(of(number, "ask"), { text }),
  unpause: (number: string, note?: string) => post<Ticket>(of(number, "unpause"), { note }),
  reveal: (number: string, reason: string) => post<{ fields: Record<string, unknown> }>(of(number, "reveal"), { reason }),
  promises: (query: Record<string, string>) => get<PromiseRow[]>(`/api/promises?${new URLSearchParams(query)}`),
  postpone: (promise: string, dueAt: string, reason: string) =>
    post<PromiseRow>(promised(promise, "postpone"), { due_at: dueAt, reason }),
  settle: (promise: string, note?: string) => post<PromiseRow>(promised(promise, "settle"), { state: "kept", note }),
  confirmPromise: (promise: string, dueAt?: string) => post<PromiseRow>(promised(promise, "confirm"), { due_at: dueAt }),
  dismissPromise: (promise: string) => post<null>(promised(promise, "dismiss")),
  audit: (query: Record<string, string>) => get<AuditLine[]>(`/api/audit?${new URLSearchParams(query)}`),
  calls: (mine: boolean) => get<CallRow[]>(`/api/calls${mine ? "?mine=1" : ""}`),
  called: (id: string, outcome: string, note: string, dueAt?: string) =>
    post<CallRow[]>(`/api/calls/${encodeURIComponent(id)}`, { outcome, note, due_at: dueAt }),
  undelivered: () => get<UnreachedRow[]>("/api/undelivered"),
  callers: (phone: string) => post<Caller[]>("/api/callers", { phone }),
  takeDown: (given: WalkIn) => post<Registered>("/api/walk-ins", given),
  warnings: () => get<DeskWarning[]>("/api/warnings"),
};
