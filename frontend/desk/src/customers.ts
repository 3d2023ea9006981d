/** Customers' files: the list, one file, and what is done to it. */

import { ask } from "./api";
import type { FileChange, FileFilters, FileRow, CustomerFile } from "./logic/customers";
import { fileQuery } from "./logic/customers";

const of = (id: string, part = "") => `/api/customers/${encodeURIComponent(id)}${part ? `/${part}` : ""}`;

export const files = {
  list: (filters: FileFilters, cursor = "") => ask<FileRow[]>("GET", `/api/customers?${new URLSearchParams(fileQuery(filters, cursor))}`),
  one: (id: string) => ask<CustomerFile>("GET", of(id)),
  change: (id: string, change: FileChange) => ask<CustomerFile>("PATCH", of(id), change),
  tier: (id: string, tier: string, reason: string) => ask<unknown>("POST", of(id, "tier"), { tier, reason }),
  review: (id: string) => ask<CustomerFile>("POST", of(id, "review"), {}),
  give: (id: string, to: string, reason: string) => ask<CustomerFile>("POST", of(id, "keeper"), { to, reason }),
  merge: (id: string, other: string, reason: string) => ask<CustomerFile>("POST", of(id, "merge"), { other, reason }),
  undo: (merge: string) => ask<CustomerFile>("POST", `/api/merges/${encodeURIComponent(merge)}/undo`, {}),
};
