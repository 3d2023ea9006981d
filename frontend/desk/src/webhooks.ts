/** Receivers of events and what became of each event (helpdesk/desk/webhooks.py). */

import { ask } from "./api";

export interface Receiver {
  name: string;
  url: string;
  events: string[];
  key_number: number;
  paused: boolean;
  problem: string | null;
  waiting: number;
  dead: number;
  last_taken_at: string | null;
}

export interface Receivers {
  version: number;
  receivers: Receiver[];
  known: string[];
}

export interface Delivery {
  id: number;
  event_id: string;
  receiver: string;
  type: string;
  at: string;
  state: string;
  attempts: number;
  next_at: string | null;
  sent_at: string | null;
  status: number | null;
  error: string | null;
}

export interface WantedReceiver {
  url: string;
  events: string[];
  key_number: number;
  paused: boolean;
  version: number;
}

const of = (name: string, part = "") => `/api/webhooks/receivers/${encodeURIComponent(name)}${part}`;

export const webhooks = {
  all: () => ask<Receivers>("GET", "/api/webhooks"),
  put: (name: string, wanted: WantedReceiver) => ask<Receivers>("PUT", of(name), wanted),
  remove: (name: string, version: number) => ask<Receivers>("DELETE", `${of(name)}?version=${version}`),
  secret: (name: string) => ask<{ secret: string }>("POST", of(name, "/secret")),
  ping: (name: string) => ask<Delivery>("POST", of(name, "/ping")),
  replayDead: (name: string) => ask<{ count: number }>("POST", of(name, "/replay")),
  deliveries: (query: Record<string, string>) => ask<Delivery[]>("GET", `/api/webhooks/deliveries?${new URLSearchParams(query)}`),
  replay: (id: number) => ask<Delivery>("POST", `/api/webhooks/deliveries/${id}/replay`),
};
