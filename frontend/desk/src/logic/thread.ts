/** What a conversation's pane shows: messages and colleagues' notes, one line of time. */

import type { ChatMessage, Note } from "../types";

/** Without the requests that the bot speak first: they are stored like messages, but nobody said them. */
export function spoken(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.filter((message) => message.author !== "customer" || message.text !== "" || message.image);
}

export type Entry = { kind: "message"; message: ChatMessage } | { kind: "note"; note: Note };

export function entryAt(entry: Entry): string {
  return entry.kind === "message" ? entry.message.at : entry.note.at;
}

export function thread(messages: readonly ChatMessage[], notes: readonly Note[]): Entry[] {
  const entries: Entry[] = [
    ...messages.map((message): Entry => ({ kind: "message", message })),
    ...notes.map((note): Entry => ({ kind: "note", note })),
  ];
  return entries.sort((a, b) => Date.parse(entryAt(a)) - Date.parse(entryAt(b)));
}
