/** The staff API. Every refusal is one shape; `ApiError` carries it. */

import type {
  CannedReply,
  Colleague,
  Conversation,
  Finding,
  Listed,
  PromiseRow,
  QueueEntry,
  Ticket,
  TicketRow,
  Titles,
} from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
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
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "offline", "网络已断开，没有发出。恢复后请再试一次。");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const error = (answer as { error?: { code?: string; message?: string; details?: Record<string, unknown> } })?.error;
  if (response.status === 401 && path !== "/api/session") onSignedOut.call();
  throw new ApiError(response.status, error?.code ?? "http", error?.message ?? "服务暂时没有响应，请稍后再试。", error?.details);
}

/** A move of a ticket; `version` is the one that was on the screen, so that nobody overwrites a colleague. */
export interface TicketStep {
  action: string;
  version: number;
  note?: string;
  cause?: string;
  corrective_action?: string;
}

const get = <T>(path: string) => ask<T>("GET", path);
const post = <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body);
const at = (id: string, move = "") => `/api/conversations/${encodeURIComponent(id)}${move ? `/${move}` : ""}`;

export const api = {
  signIn: (username: string, password: string) => post<unknown>("/api/session", { username, password }),
  signOut: () => ask<null>("DELETE", "/api/session"),
  me: () => get<Colleague>("/api/me"),
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
    post<{ id?: string; findings?: Finding[] }>(at(id, "messages"), { text, client_id: clientId, force }),
  note: (id: string, text: string) => post<unknown>(at(id, "notes"), { text }),
  transfer: (id: string, to: string) => post<unknown>(at(id, "transfer"), { to }),
  release: (id: string) => post<unknown>(at(id, "release")),
  close: (id: string) => post<unknown>(at(id, "close")),
  tickets: (query: Record<string, string>) => get<TicketRow[]>(`/api/tickets?${new URLSearchParams(query)}`),
  ticket: (number: string) => get<Ticket>(`/api/tickets/${encodeURIComponent(number)}`),
  move: (number: string, step: TicketStep) => post<Ticket>(`/api/tickets/${encodeURIComponent(number)}/transitions`, step),
  noteTicket: (number: string, text: string) => post<Ticket>(`/api/tickets/${encodeURIComponent(number)}/notes`, { text }),
  reveal: (number: string, reason: string) =>
    post<{ fields: Record<string, unknown> }>(`/api/tickets/${encodeURIComponent(number)}/reveal`, { reason }),
  promises: (state: string) => get<PromiseRow[]>(`/api/promises?state=${state}`),
};
