/** 回访: what is to be asked of whom, and what came of it. */

import { ask } from "./api";
import { reported, type FollowUp } from "./logic/followUps";
import type { Values } from "./logic/forms";

const of = (id: string, move: string) => `/api/follow-ups/${encodeURIComponent(id)}/${move}`;

export const followUps = {
  list: (query: Record<string, string>) => ask<FollowUp[]>("GET", `/api/follow-ups?${new URLSearchParams(query)}`),
  plan: (customer: string, values: Values) => ask<FollowUp>("POST", `/api/customers/${encodeURIComponent(customer)}/follow-ups`, values),
  report: (id: string, values: Values) => ask<FollowUp>("POST", of(id, "report"), reported(values)),
  move: (id: string, values: Values) => ask<FollowUp>("POST", of(id, "move"), values),
  drop: (id: string, values: Values) => ask<FollowUp>("POST", of(id, "drop"), values),
  thank: (id: string) => ask<FollowUp>("POST", of(id, "thanks"), {}),
};
