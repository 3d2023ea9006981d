/** People, keys of programs, and one's own account (helpdesk/desk/people.py, keys.py, me.py). */

import { ask } from "./api";
import type { Colleague } from "./types";

export interface Person extends Colleague {
  skills: string[];
  state: "invited" | "active" | "locked";
  must_change_password: boolean;
  second_factor: boolean;
  second_factor_required: boolean;
  open_tickets: number;
  sessions: number;
  last_seen_at: string | null;
  invited_until: string | null;
}

/** What an account is to be; what is left out stays. */
export interface PersonEdit {
  name?: string;
  number?: string;
  role?: string;
  department?: string;
  skills?: string[];
  capacity?: number;
  second_factor_required?: boolean;
}

export interface Invitation {
  staff_id: string;
  path: string;
  expires_at: string;
}

export interface Invited {
  id: string;
  name: string;
  number: string;
}

export interface StaffSession {
  id: string;
  created_at: string;
  seen_at: string;
  expires_at: string;
  address: string;
  agent: string;
  current: boolean;
}

export interface HandedOn {
  tickets: string[];
  promises: number;
}

export interface Key {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  made_by: string;
  made_at: string;
  expires_at: string;
  seen_at: string | null;
}

export interface Offer {
  secret: string;
  uri: string;
  picture: string;
}

const of = (id: string, part = "") => `/api/people/${encodeURIComponent(id)}${part && `/${part}`}`;

export const people = {
  list: () => ask<Person[]>("GET", "/api/people"),
  add: (id: string, edit: PersonEdit) => ask<{ person: Person; invitation: Invitation }>("POST", "/api/people", { id, ...edit }),
  change: (id: string, edit: PersonEdit) => ask<Person>("PATCH", of(id), edit),
  invite: (id: string) => ask<Invitation>("POST", of(id, "invitation"), {}),
  lock: (id: string, handOn: boolean, to?: string) =>
    ask<{ person: Person; requeued: number; handed_on: HandedOn | null }>("POST", of(id, "lock"), { hand_on: handOn, to: to || undefined }),
  unlock: (id: string) => ask<Person>("POST", of(id, "unlock"), {}),
  handOn: (id: string, to?: string) => ask<HandedOn>("POST", of(id, "hand-on"), { to: to || undefined }),
  resetSecondFactor: (id: string) => ask<Person>("DELETE", of(id, "second-factor")),
  sessions: (id: string) => ask<StaffSession[]>("GET", of(id, "sessions")),
  endSession: (id: string, session: string) => ask<null>("DELETE", of(id, `sessions/${session}`)),
  endSessions: (id: string) => ask<null>("DELETE", of(id, "sessions")),
};

export const keys = {
  list: () => ask<Key[]>("GET", "/api/keys"),
  make: (name: string, scopes: string[], expiresAt: string) =>
    ask<{ key: Key; token: string }>("POST", "/api/keys", { name, scopes, expires_at: expiresAt }),
  revoke: (id: string) => ask<null>("DELETE", `/api/keys/${encodeURIComponent(id)}`),
};

export const account = {
  invited: (token: string) => ask<Invited>("POST", "/api/invitation", { token }),
  accept: (token: string, password: string) => ask<Invited>("POST", "/api/invitation/accept", { token, password }),
  changePassword: (current: string, password: string) => ask<null>("POST", "/api/me/password", { current, password }),
  offer: () => ask<Offer>("POST", "/api/me/second-factor", {}),
  confirm: (code: string) => ask<null>("POST", "/api/me/second-factor/confirm", { code }),
  drop: (code: string) => ask<null>("POST", "/api/me/second-factor/drop", { code }),
  sessions: () => ask<StaffSession[]>("GET", "/api/me/sessions"),
  endSession: (id: string) => ask<null>("DELETE", `/api/me/sessions/${id}`),
  endOthers: () => ask<null>("DELETE", "/api/me/sessions"),
};
