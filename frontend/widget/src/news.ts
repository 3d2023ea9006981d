/** What happens in the chat, told to the page around it: `Sansheng("on", "message", handler)`. */

import type { State } from "./wire";

export interface Told {
  open: null;
  close: null;
  /** Somebody said something to the customer, just now; its words stay in the chat. */
  message: { id: string; at: string; author: "bot" | "staff" | "system" };
  /** How many messages the customer has not seen. */
  unread: number;
  /** Who has the conversation. */
  state: State;
}

export type Event = keyof Told;
export type Handler<E extends Event = Event> = (told: Told[E]) => void;

export const EVENTS: readonly Event[] = ["open", "close", "message", "unread", "state"];

export class News {
  private readonly handlers = new Map<Event, Set<Handler<never>>>();

  /** Call `handler` at every such event; what is returned ends that. */
  on<E extends Event>(event: E, handler: Handler<E>): () => void {
    const heard = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, heard.add(handler as Handler<never>));
    return () => void heard.delete(handler as Handler<never>);
  }

  /** A page's handler that fails is the page's matter: the chat goes on. */
  tell<E extends Event>(event: E, told: Told[E]): void {
    for (const handler of this.handlers.get(event) ?? []) {
      try {
        (handler as Handler<E>)(told);
      } catch (error) {
        console.error(`Sansheng: a handler of ${event} failed`, error);
      }
    }
  }
}
