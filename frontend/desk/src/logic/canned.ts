/** Canned replies: `/` at the start of a reply looks among them. */

import type { CannedReply } from "../types";

/** The search words after a leading slash, or null when the draft is no search. */
export function slashQuery(draft: string): string | null {
  const match = draft.match(/^[/／]([^\n]{0,20})$/);
  return match ? match[1]!.trim().toLowerCase() : null;
}

/** Those whose group, title or text has the words; a hit at the start of group or title comes first. */
export function findCanned(replies: readonly CannedReply[], query: string): CannedReply[] {
  const fits = (reply: CannedReply) =>
    [reply.group, reply.title, reply.text].some((part) => part.toLowerCase().includes(query));
  const leads = (reply: CannedReply) => [reply.group, reply.title].some((part) => part.toLowerCase().startsWith(query));
  const found = replies.filter(fits);
  return [...found.filter(leads), ...found.filter((reply) => !leads(reply))];
}
