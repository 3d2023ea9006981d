/** Which moves a ticket's status allows; helpdesk/model/ticket.py is the truth and refuses all others. */

import { ACTION } from "../words";

const ALLOWED: Record<string, string[]> = {
  registered: ["accept", "withdraw"],
  accepted: ["investigate", "withdraw"],
  investigating: ["answer", "conclude", "withdraw"],
  answered: ["satisfy", "correct", "reinvestigate", "conclude", "withdraw"],
  withdrawn: ["resume"],
};

/** Most likely first; what only supervisors may do is not offered to others. */
export function possibleActions(status: string, role: string): string[] {
  const allowed = ALLOWED[status] ?? [];
  return allowed.filter((action) => role === "supervisor" || !ACTION[action]?.supervisor);
}
