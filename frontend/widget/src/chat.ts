/**
 * One customer's chat: the connection, what was said, what waits to be sent.
 *
 * Order and "once" rest on three rules: entries of the outbox are sent one after the other, each again until the
 * service confirms it; the service knows a repeat by `client_id`; and after every (re)connection the history since
 * the last known `seq` is asked for before anything is sent.
 */

import { io, type Socket } from "socket.io-client";
import { shallowReactive } from "vue";
import { LEAVE_QUEUE, takenBack } from "./cards";
import { News } from "./news";
import { Outbox, type Pending } from "./outbox";
import { addressOf, httpDoor, isOurs, type PictureDoor, type Uploaded } from "./pictures";
import type { Store } from "./storage";
import { merge } from "./timeline";
import type { HistoryAnswer, QuickReply, Refusable, Snapshot, UtterAnswer, WireMessage } from "./wire";

/** Refusals that trying again cannot change; whatever else went wrong is tried again. */
const FINAL = new Set(["invalid_input", "conflict", "too_large", "not_found"]);
/** So often a picture is tried while the connection stands; then the customer decides, and what was written after it goes on. */
const PICTURE_TRIES = 3;
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
  /** It was not the customer who opened it just now: the page keeps the focus. */
  reopened: boolean;
  unread: number;
  snapshot: Snapshot;
  typing: "bot" | "staff" | null;
  /** How much of a picture has gone, 0 to 1, by the entry's id. */
  progress: Readonly<Record<string, number>>;
}

const FRESH: Snapshot = { state: "bot", staff: null, queue: null, read_seq: 0, rated: false };

export class Chat {
  readonly view: ChatView;
  private readonly outbox: Outbox;
  private socket: Socket | null = null;
  private confirmed = false;
  /** Somebody logged out, and the service has not answered yet: what still comes was theirs. */
  private leaving = false;
  private sending: string | null = null;
  /** The session that the service confirmed last. */
  private current: string | null = null;
  private greetedAt = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTold = 0;
  /** Pictures that wait to be sent, by the entry's id; a reload forgets them. */
  private readonly files = new Map<string, Blob>();
  private readonly uploads = new Map<string, Promise<Uploaded>>();
  private readonly tries = new Map<string, number>();
  /** What `<img>` may load for a picture of ours, by its address or the entry's id. */
  private readonly urls = new Map<string, string>();

  constructor(
    private readonly service: string,
    private readonly store: Store,
    private readonly connect: Connect = connectSocket,
    private readonly door: PictureDoor = httpDoor(service),
    private identity: string = "",
    private readonly news: News = new News(),
  ) {
    this.outbox = new Outbox(store, () => (this.view.pending = [...this.outbox.all]));
    this.view = shallowReactive<ChatView>({
      messages: [],
      pending: [...this.outbox.all],
      online: false,
      ready: false,
      opened: false,
      reopened: false,
      unread: 0,
      snapshot: FRESH,
      typing: null,
      progress: {},
    });
    this.forgetLostPictures();
    if (store.get("session")) this.start();
  }

  open(): void {
    this.store.set("open", "yes");
    this.view.reopened = false;
    const wasOpen = this.view.opened;
    this.view.opened = true;
    this.start();
    this.markSeen();
    this.greet();
    if (!wasOpen) this.news.tell("open", null);
  }

  close(): void {
    this.store.remove("open");
    this.view.opened = false;
    this.news.tell("close", null);
  }

  /** Who the customer is, by a token of the company's site; the service decides whether the session goes on. */
  identify(token: string): void {
    if (token === this.identity) return;
    this.identity = token;
    this.askAgain();
  }

  /** Whoever sits there next sees nothing of this customer, and sends nothing for them. */
  logout(): void {
    this.identity = "";
    for (const key of ["session", "seen", "open", "privacy"]) this.store.remove(key);
    this.outbox.clear();
    for (const memory of [this.files, this.tries, this.urls]) memory.clear();
    this.forgetTalk();
    this.leaving = this.socket?.connected ?? false;
    this.askAgain();
  }

  /** Everything that was said, however long ago; null when it could not be read to its end. */
  async wholeTalk(): Promise<WireMessage[] | null> {
    const said: WireMessage[] = [];
    let more = true;
    while (more) {
      const answer = await this.ask<HistoryAnswer>("history", { after_seq: said.at(-1)?.seq ?? 0, whole: true });
      if (!answer?.messages) return null;
      said.push(...answer.messages);
      more = answer.more;
    }
    return said;
  }

  /** The session ends at the service too: nobody goes on with this talk from here. False: it could not be reached. */
  async forget(): Promise<boolean> {
    const session = this.current;
    const answer = await this.ask<UtterAnswer>("forget", {});
    if (!answer || answer.error) return false;
    if (this.current === session) this.forgotten();
    return true;
  }

  /** Also from another window, which may have begun anew already: what it keeps stays. */
  private forgotten(): void {
    if ([null, this.current].includes(this.store.get("session"))) this.logout();
    else {
      this.outbox.clear();
      this.forgetTalk();
      this.askAgain();
    }
    this.current = null;
    this.view.opened = false;
    this.news.tell("close", null);
  }

  private askAgain(): void {
    this.confirmed = false;
    this.sending = null;
    if (this.socket?.connected) this.requestSession();
  }

  private forgetTalk(): void {
    this.view.messages = [];
    this.stands(FRESH);
    this.setUnread(0);
    this.greetedAt = 0;
  }

  private stands(snapshot: Snapshot): void {
    const before = this.view.snapshot.state;
    this.view.snapshot = snapshot;
    if (snapshot.state !== before) this.news.tell("state", snapshot.state);
  }

  private setUnread(count: number): void {
    const before = this.view.unread;
    this.view.unread = count;
    if (count !== before) this.news.tell("unread", count);
  }

  /** What the customer typed, and pictures: the words go with the first of them. */
  send(text: string, pictures: readonly Blob[] = []): void {
    const words = text.trim();
    if (words && pictures.length === 0) this.put(words, words);
    for (const [at, file] of pictures.entries()) this.putPicture(file, at === 0 ? words : "");
  }

  retry(clientId: string): void {
    this.tries.delete(clientId);
    if (this.files.has(clientId)) this.outbox.uploaded(clientId, null);
    this.outbox.retry(clientId);
    this.flush();
  }

  /** The customer gives a refused message up. */
  drop(clientId: string): void {
    this.outbox.settle(clientId);
    this.forgetFile(clientId);
  }

  /** An address that `<img>` can load: pictures of ours need the session's id, which no address may hold. */
  async pictureUrl(src: string): Promise<string> {
    if (!isOurs(src)) return src;
    const known = this.urls.get(src);
    if (known) return known;
    const url = URL.createObjectURL(await this.door.read(this.store.get("session") ?? "", src));
    this.urls.set(src, url);
    return url;
  }

  /** The picture of an entry that waits to be sent. */
  previewUrl(clientId: string): string | null {
    return this.urls.get(clientId) ?? null;
  }

  /** Whether an answer helped; shown at once, and taken back when the service did not learn of it. */
  async rateAnswer(messageId: string, helpful: boolean): Promise<void> {
    const before = this.view.messages.find((message) => message.id === messageId)?.helpful ?? null;
    if (before === helpful) return;
    this.setHelpful(messageId, helpful);
    const answer = await this.ask<UtterAnswer>("answer_rated", { message_id: messageId, helpful });
    if (!answer || answer.error) this.setHelpful(messageId, before);
  }

  private setHelpful(messageId: string, helpful: boolean | null): void {
    this.view.messages = this.view.messages.map((one) => (one.id === messageId ? { ...one, helpful } : one));
  }

  private takeBack(ids: readonly string[]): void {
    if (!ids.length) return;
    this.view.messages = this.view.messages.map((one) => (ids.includes(one.id) ? takenBack(one) : one));
  }

  /** A choice: its payload is sent, its title is shown. */
  choose(reply: QuickReply): void {
    this.put(reply.payload, reply.title);
  }

  leaveQueue(): void {
    const offers = this.view.messages.flatMap((message) => message.quick_replies ?? []);
    const offer = offers.filter((reply) => reply.title === LEAVE_QUEUE).at(-1);
    if (offer) this.choose(offer);
    else this.send(LEAVE_QUEUE);
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
    this.setUnread(0);
    if (newest <= this.seenSeq) return;
    this.store.set("seen", String(newest));
    if (this.confirmed && this.view.snapshot.state === "staff") this.socket?.emit("read", { seq: newest });
  }

  private get newestSeq(): number {
    return this.view.messages.at(-1)?.seq ?? 0;
  }

  private get seenSeq(): number {
    return Number(this.store.get("seen") ?? 0);
  }

  private put(message: string, title: string): void {
    this.outbox.add(message, title, new Date(), { after: this.newestSeq });
    this.start();
    this.flush();
  }

  private putPicture(file: Blob, words: string): void {
    const entry = this.outbox.add(words, words, new Date(), { picture: { id: null }, after: this.newestSeq });
    this.files.set(entry.clientId, file);
    this.urls.set(entry.clientId, URL.createObjectURL(file));
    this.view.pending = [...this.outbox.all];
    this.start();
    this.flush();
  }

  /** After a reload the bytes of what was not yet with the service are gone. */
  private forgetLostPictures(): void {
    for (const entry of this.outbox.all) {
      if (entry.picture && !entry.picture.id) this.outbox.refuse(entry.clientId, "picture_lost");
    }
  }

  private forgetFile(clientId: string): void {
    this.files.delete(clientId);
    this.tries.delete(clientId);
    const { [clientId]: _, ...rest } = this.view.progress;
    this.view.progress = rest;
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
    socket.on("conversation", (snapshot: Snapshot) => this.stands(snapshot));
    socket.on("answer_rated", (told: { message_id: string; helpful: boolean }) =>
      this.setHelpful(told.message_id, told.helpful),
    );
    socket.on("recalled", ({ message_id }: { message_id: string }) => this.takeBack([message_id]));
    socket.on("forgotten", () => this.forgotten());
    socket.on("receipt", ({ read_seq }: { read_seq: number }) => this.staffRead(read_seq));
    socket.on("typing", ({ on }: { on: boolean }) => this.showTyping(on ? "staff" : null, STAFF_TYPING_LIMIT_MS));
  }

  /** The session comes as an event; an answer comes only if there are too many requests just now. */
  private requestSession(): void {
    const socket = this.socket;
    const asked = { session_id: this.store.get("session") ?? undefined, identity: this.identity || undefined };
    socket?.emit("session_request", asked, (answer?: Refusable) => {
      const wait = answer?.error?.details?.retry_after_s;
      if (wait) setTimeout(() => socket.connected && this.requestSession(), wait * 1000);
    });
  }

  private sessionConfirmed(id: string): void {
    this.leaving = false;
    this.current = id;
    if (this.store.get("session") !== id) {
      this.store.set("session", id);
      this.store.set("seen", "0");
      this.forgetTalk();
    }
    void this.synchronise();
  }

  private lost(): void {
    this.leaving = false;
    this.confirmed = false;
    this.sending = null;
    this.view.online = false;
    this.showTyping(null);
  }

  /** Read what was said meanwhile, in pages, then send what waits. */
  private async synchronise(): Promise<void> {
    const socket = this.socket;
    const session = this.store.get("session");
    let after = this.view.messages.at(-1)?.seq ?? 0;
    let more = true;
    while (more) {
      const answer = await this.ask<HistoryAnswer>("history", { after_seq: after });
      if (this.store.get("session") !== session) return;
      if (!answer?.messages) {
        if (socket?.connected) setTimeout(() => this.requestSession(), RETRY_MS);
        return;
      }
      this.stands(answer.conversation);
      this.take(answer.messages);
      this.takeBack(answer.recalled ?? []);
      after = answer.messages.at(-1)?.seq ?? after;
      more = answer.more;
    }
    this.confirmed = this.view.online = this.view.ready = true;
    this.reopen();
    this.greet();
    this.flush();
  }

  /** Whoever was talking to a person, or waits for one, finds the window open after a reload, and reads on. */
  private reopen(): void {
    const isServed = this.view.snapshot.state === "staff" || this.view.snapshot.state === "waiting";
    if (this.view.opened || !isServed || this.store.get("open") !== "yes") return;
    this.view.reopened = this.view.opened = true;
    this.markSeen();
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

  private async deliver(queued: Pending): Promise<void> {
    const entry = queued.picture && !queued.picture.id ? await this.withPicture(queued) : queued;
    if (!entry || this.sending !== entry.clientId) return;
    const answer = await this.ask<UtterAnswer>("user_uttered", {
      message: entry.message,
      session_id: this.store.get("session"),
      client_id: entry.clientId,
      metadata: { title: entry.title, picture: entry.picture?.id ?? undefined },
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

  /** The entry with its picture at the service; null when that is for later or the customer has to decide. */
  private async withPicture(entry: Pending): Promise<Pending | null> {
    const { id, error } = await this.upload(entry.clientId);
    if (id) {
      this.outbox.uploaded(entry.clientId, id);
      const url = this.urls.get(entry.clientId);
      if (url) this.urls.set(addressOf(id), url);
      return { ...entry, picture: { id } };
    }
    this.uploadFailed(entry.clientId, error ?? "refused");
    return null;
  }

  /** One at a time for an entry: a connection that comes back finds the upload that is still under way. */
  private upload(clientId: string): Promise<Uploaded> {
    const running = this.uploads.get(clientId);
    if (running) return running;
    const file = this.files.get(clientId);
    if (!file) return Promise.resolve({ error: "picture_lost" });
    const progress = (share: number) => (this.view.progress = { ...this.view.progress, [clientId]: share });
    const started = this.door
      .send(this.store.get("session") ?? "", file, progress)
      .finally(() => this.uploads.delete(clientId));
    this.uploads.set(clientId, started);
    return started;
  }

  private uploadFailed(clientId: string, error: string): void {
    const isHere = this.sending === clientId;
    if (isHere) this.sending = null;
    const count = (this.tries.get(clientId) ?? 0) + 1;
    const mayPass = error === "offline" || error === "not_signed_in" || error === "not_ready";
    if (mayPass && isHere && count < PICTURE_TRIES) {
      this.tries.set(clientId, count);
      if (error === "not_signed_in") this.requestSession();
      setTimeout(() => this.flush(), RETRY_MS);
    } else if (!mayPass || isHere) {
      this.tries.delete(clientId);
      this.outbox.refuse(clientId, mayPass ? "picture_failed" : error);
      this.flush();
    }
  }

  private accepted(entry: Pending, answer: UtterAnswer): void {
    const { id, seq, at } = answer;
    const src = entry.picture?.id && addressOf(entry.picture.id);
    const attachment = src ? { type: "image", payload: { src } } : undefined;
    if (id && seq) {
      const said = { id, seq, at: at ?? entry.at, text: entry.title, client_id: entry.clientId, attachment };
      this.take([{ ...said, author: "customer" }]);
    }
    this.outbox.settle(entry.clientId);
    this.forgetFile(entry.clientId);
    if (this.view.snapshot.state === "bot" || this.view.snapshot.state === "closed") this.expectAnswer();
  }

  private heard(message: WireMessage): void {
    this.showTyping(null);
    const isNew = !this.leaving && !this.view.messages.some((one) => one.id === message.id);
    this.take([message]);
    const { id, at, author } = message;
    if (isNew && author !== "customer") this.news.tell("message", { id, at, author });
  }

  private take(news: WireMessage[]): void {
    if (news.length === 0 || this.leaving) return;
    this.view.messages = merge(this.view.messages, news);
    for (const message of news) if (message.client_id) this.outbox.settle(message.client_id);
    if (this.view.opened && document.visibilityState === "visible") this.markSeen();
    else this.setUnread(this.countUnread());
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
