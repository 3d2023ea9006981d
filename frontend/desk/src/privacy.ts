/** What is held of the customer of a data request (helpdesk/desk/personal_data.py). */

import { ApiError, ask } from "./api";

export interface Deletion {
  id: string;
  number: string;
  state: "due" | "done" | "called_off";
  asked_by: string;
  asked_at: string;
  erase_at: string;
  done_at: string | null;
  counts: Record<string, number> | null;
}

export interface Other {
  id: string;
  name: string | null;
  phone: string | null;
  created_at: string;
  last_seen_at: string;
}

export interface DataRequest {
  number: string;
  wants: string;
  counts: Record<string, number>;
  open_tickets: string[];
  open_promises: number;
  served: boolean;
  others: Other[];
  confirm: string;
  deletion: Deletion | null;
}

/** Customers with the same number who are the same person, and how that was made sure. */
export interface SamePerson {
  others: string[];
  proof: string;
}

const of = (number: string, part = "") => `/api/tickets/${encodeURIComponent(number)}/person${part}`;

export const privacy = {
  look: (number: string) => ask<DataRequest>("GET", of(number)),
  remove: (number: string, typed: string, endOpen: boolean, same: SamePerson) =>
    ask<Deletion>("POST", of(number, "/deletion"), { typed, end_open: endOpen, ...same }),
  callOff: (number: string) => ask<Deletion>("DELETE", of(number, "/deletion")),
  /** The ZIP; it is handed to the browser and kept nowhere else. */
  async copy(number: string, same: SamePerson): Promise<Blob> {
    const response = await fetch(of(number, "/export"), {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(same),
    }).catch(() => null);
    if (response?.ok) return response.blob();
    const error = (await response?.json().catch(() => null))?.error;
    throw new ApiError(response?.status ?? 0, error?.code ?? "http", error?.message ?? "没有导出，请稍后再试。", error?.details);
  },
};
