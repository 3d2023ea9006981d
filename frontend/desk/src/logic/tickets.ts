/** Which moves a ticket's status allows; helpdesk/model/ticket.py is the truth and refuses all others. */

const ALLOWED: Record<string, string[]> = {
  registered: ["accept", "withdraw"],
  accepted: ["investigate", "withdraw"],
  investigating: ["answer", "conclude", "withdraw"],
  answered: ["satisfy", "correct", "reinvestigate", "conclude", "withdraw"],
  withdrawn: ["resume"],
};

/** Most likely first; `may` is what the API says its reader may do (docs/rights.md). */
export function possibleActions(status: string, may: readonly string[]): string[] {
  return (ALLOWED[status] ?? []).filter((action) => may.includes(action));
}
