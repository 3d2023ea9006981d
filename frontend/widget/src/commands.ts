/** What the page asks of the chat (`Sansheng("open")` …), before the element stands and after. */

import type { Chat } from "./chat";
import type { WidgetConfig } from "./config";
import { type Event, EVENTS, type Handler, type News } from "./news";
import type { Store } from "./storage";

const FORGOTTEN = ["session", "seen", "open", "privacy", "outbox"];

export class PageCommands {
  /** The chat of the page, once there is one. */
  private chat: Chat | null = null;
  private opensFirst = false;

  constructor(
    private readonly config: WidgetConfig,
    private readonly news: News,
    private readonly store: Store,
  ) {}

  /** The chat stands: what was asked for before is done now. */
  reaches(chat: Chat): void {
    this.chat = chat;
    if (this.opensFirst) chat.open();
  }

  run(name: string, ...values: unknown[]): void {
    const [value, handler] = values;
    if (name === "open") this.open();
    else if (name === "close") this.close();
    else if (name === "logout") this.logout();
    else if (name === "identify" && typeof value === "string") this.identify(value);
    else if (name === "on" && isEvent(value) && typeof handler === "function") this.news.on(value, handler as Handler);
    else console.warn(`Sansheng: there is no command ${name}, or what was given with it does not fit`);
  }

  private open(): void {
    this.opensFirst = true;
    this.chat?.open();
  }

  private close(): void {
    this.opensFirst = false;
    if (this.chat?.view.opened) this.chat.close();
  }

  private identify(token: string): void {
    this.config.identity = token;
    this.chat?.identify(token);
  }

  private logout(): void {
    this.config.identity = "";
    if (this.chat) this.chat.logout();
    else for (const key of FORGOTTEN) this.store.remove(key);
  }
}

function isEvent(value: unknown): value is Event {
  return EVENTS.includes(value as Event);
}
