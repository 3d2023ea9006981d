/**
 * One customer's chat: the connection, what was said, what waits to be sent.
 *
 * Order and "once" rest on three rules: entries of the outbox are sent one after the other, each again until the
 * service confirms it; the service knows a repeat by `client_id`; and after every (re)connection the history since
 * the last known `seq` is asked for before anything is sent.
 */

import { io, type Socket } from "socket.io-client";
import { shallowReactive } from "vue";
import { Outbox, type Pending } from "./outbox";
import type { Store } from "./storage";
import { merge } from "./timeline";
import type { HistoryAnswer, QuickReply, Snapshot, UtterAnswer, WireMessage } from "./wire";

/** Refusals that trying again cannot change; whatever else went wrong is tried again. */
const FINAL = new Set(["invalid_input", "conflict", "too_large"]);
const ACK_MS = 10_000;
const RETRY_MS = 2_000;
const BOT_TYPING_AFTER_MS = 300;
const BOT_TYPING_LIMIT_MS = 30_000;
const STAFF_TYPING_LIMIT_MS = 6_000;
const TYPING_EVERY_MS = 2_000;

export type Connect = (service: string) => Socket;

export const connectSocket: Connect = (service) =>
  io(service, { path: "/socket.io", transports: ["websocket", "polling"], reconnectionDelayMax: 5_000 });

export interface ChatView {
  messages: WireMessage[];
  pending: readonly Pending[];
  online: boolean;
  /** The history has been read at least once. */
  ready: boolean;
  opened: boolean;
  unread: number;
  snapshot: Snapshot;
  typing: "bot" | "staff" | null;
}

const FRESH: Snapshot = { state: "bot", staff: null, queue: null, read_seq: 0, rated: false };

export class Chat {
  readonly view: ChatView;
  private readonly outbox: Outbox;
  private socket: Socket | null = null;
  private confirmed = false;
  private sending: string | null = null;
  private greetedAt = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTold = 0;

  constructor(
    private readonly service: string,
    private readonly store: Store,
    private readonly connect: Connect = connectSocket,
  ) {
    this.outbox = new Outbox(store, () => (this.view.pending = [...this.outbox.all]));
    this.view = shallowReactive<ChatView>({
      messages: [],
      pending: [...this.outbox.all],
      online: false,
      ready: false,
      opened: false,
      unread: 0,
      snapshot: FRESH,
      typing: null,
    });
    if (store.get("session")) this.start();
  }

  open(): void {
    this.view.opened = true;
    this.start();
    this.markSeen();
    this.greet();
  }

  close(): void {
    this.view.opened = false;
  }

  /** What the customer typed. */
  send(text: string): void {
    const words = text.trim();
    if (words) this.put(words, words);
  }

  /** A choice: its payload is sent, its title is shown. */
  choose(reply: QuickReply): void {
    this.put(reply.payload, reply.title);
  }

  leaveQueue(title: string): void {
    const offers = this.view.messages.flatMap((message) => message.quick_replies ?? []);
    const offer = offers.filter((reply) => reply.title === title).at(-1);
    if (offer) this.choose(offer);
    else this.send(title);
  }

  async rate(score: number, comment: string): Promise<boolean> {
    const answer = await this.ask<UtterAnswer>("rate", { score, comment: comment.trim() || undefined });
    if (!answer || answer.error) return false;
    this.view.snapshot = { ...this.view.snapshot, rated: true };
    return true;
  }

  tellTyping(on: boolean): void {
    const now = Date.now();
    if (!this.confirmed || this.view.snapshot.state !== "staff") return;
    if (on && now - this.typingTold < TYPING_EVERY_MS) return;
    this.typingTold = on ? now : 0;
    this.socket?.emit("typing", { on });
  }

  /** The customer has the newest message before their eyes. */
  markSeen(): void {
    const newest = this.view.messages.at(-1)?.seq ?? 0;
    this.view.unread = 0;
    if (newest <= this.seenSeq) return;
    this.store.set("seen", String(newest));
    if (this.confirmed && this.view.snapshot.state === "staff") this.socket?.emit("read", { seq: newest });
  }

  private get seenSeq(): number {
    return Number(this.store.get("seen") ?? 0);
  }

  private put(message: string, title: string): void {
    this.outbox.add(message, title, new Date());
    this.start();
    this.flush();
  }

  private start(): void {
    if (this.socket) return;
    const socket = this.connect(this.service);
    this.socket = socket;
    socket.on("connect", () => this.requestSession());
    socket.on("disconnect", () => this.lost());
    socket.on("session_confirm", (id: string) => this.sessionConfirmed(id));
    socket.on("bot_uttered", (message: WireMessage) => this.heard(message));
    socket.on("customer_uttered", (message: WireMessage) => this.take([message]));
    socket.on("conversation", (snapshot: Snapshot) => (this.view.snapshot = snapshot));
    socket.on("receipt", ({ read_seq }: { read_seq: number }) => this.staffRead(read_seq));
    socket.on("typing", ({ on }: { on: boolean }) => this.showTyping(on ? "staff" : null, STAFF_TYPING_LIMIT_MS));
  }

  private requestSession(): void {
    this.socket?.emit("session_request", { session_id: this.store.get("session") ?? undefined });
  }

  private sessionConfirmed(id: string): void {
    if (this.store.get("session") !== id) {
      this.store.set("session", id);
      this.store.set("seen", "0");
      this.view.messages = [];
      this.view.snapshot = FRESH;
    }
    void this.synchronise();
  }

  private lost(): void {
    this.confirmed = false;
    this.sending = null;
    this.view.online = false;
    this.showTyping(null);
  }

  /** Read what was said meanwhile, in pages, then send what waits. */
  private async synchronise(): Promise<void> {
    const socket = this.socket;
    let after = this.view.messages.at(-1)?.seq ?? 0;
    let more = true;
    while (more) {
      const answer = await this.ask<HistoryAnswer>("history", { after_seq: after });
      if (!answer?.messages) {
        if (socket?.connected) setTimeout(() => this.requestSession(), RETRY_MS);
        return;
      }
      this.view.snapshot = answer.conversation;
      this.take(answer.messages);
      after = answer.messages.at(-1)?.seq ?? after;
      more = answer.more;
    }
    this.confirmed = this.view.online = this.view.ready = true;
    this.greet();
    this.flush();
  }

  /** Ask for the greeting at an opening; the service knows whether one is due. */
  private greet(): void {
    if (!this.confirmed || !this.view.opened || Date.now() - this.greetedAt < RETRY_MS) return;
    this.greetedAt = Date.now();
    this.socket?.emit("open", {});
    if (this.view.messages.length === 0) this.expectAnswer();
  }

  private flush(): void {
    const entry = this.outbox.head;
    if (!this.confirmed || this.sending || !entry) return;
    this.sending = entry.clientId;
    void this.deliver(entry);
  }

  private async deliver(entry: Pending): Promise<void> {
    const answer = await this.ask<UtterAnswer>("user_uttered", {
      message: entry.message,
      session_id: this.store.get("session"),
      client_id: entry.clientId,
      metadata: { title: entry.title },
    });
    if (this.sending !== entry.clientId) return;
    this.sending = null;
    if (!answer || (answer.error && !FINAL.has(answer.error.code))) {
      setTimeout(() => this.flush(), RETRY_MS);
      return;
    }
    if (answer.error) this.outbox.refuse(entry.clientId, answer.error.code);
    else this.accepted(entry, answer);
    this.flush();
  }

  private accepted(entry: Pending, answer: UtterAnswer): void {
    const { id, seq, at } = answer;
    if (id && seq) {
      this.take([{ id, seq, at: at ?? entry.at, author: "customer", text: entry.title, client_id: entry.clientId }]);
    }
    this.outbox.settle(entry.clientId);
    if (this.view.snapshot.state === "bot" || this.view.snapshot.state === "closed") this.expectAnswer();
  }

  private heard(message: WireMessage): void {
    this.showTyping(null);
    this.take([message]);
  }

  private take(news: WireMessage[]): void {
    if (news.length === 0) return;
    this.view.messages = merge(this.view.messages, news);
    for (const message of news) if (message.client_id) this.outbox.settle(message.client_id);
    if (this.view.opened && document.visibilityState === "visible") this.markSeen();
    else this.view.unread = this.countUnread();
  }

  private countUnread(): number {
    const seen = this.seenSeq;
    return this.view.messages.filter((message) => message.author !== "customer" && message.seq > seen).length;
  }

  private staffRead(seq: number): void {
    this.view.snapshot = { ...this.view.snapshot, read_seq: Math.max(seq, this.view.snapshot.read_seq) };
  }

  private expectAnswer(): void {
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => {
      const last = this.view.messages.at(-1);
      if (!last || last.author === "customer") this.showTyping("bot", BOT_TYPING_LIMIT_MS);
    }, BOT_TYPING_AFTER_MS);
  }

  private showTyping(who: "bot" | "staff" | null, limit = 0): void {
    clearTimeout(this.typingTimer);
    this.view.typing = who;
    if (who) this.typingTimer = setTimeout(() => (this.view.typing = null), limit);
  }

  /** An answer, or null when none came in time or the connection went. */
  private async ask<T>(event: string, data: object): Promise<T | null> {
    if (!this.socket?.connected) return null;
    try {
      return (await this.socket.timeout(ACK_MS).emitWithAck(event, data)) as T;
    } catch {
      return null;
    }
  }
}
