/** A service in memory behind a line that loses requests, loses answers, and breaks; enough of socket.io-client to talk over it. */

import type { Socket } from "socket.io-client";
import { addressOf, type PictureDoor, type Uploaded } from "../src/pictures";
import type { Snapshot, WireMessage } from "../src/wire";

type Listener = (data?: unknown) => void;

/** A small generator, so that a failure can be seen again (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Service {
  readonly messages: WireMessage[] = [];
  socket: Line | null = null;
  /** Set: a session is opened only for whom it was opened first, as the real one does. */
  guards = false;
  /** Who has the conversation. */
  state: Snapshot["state"] = "bot";
  private sessions = 0;

  sessionOf(data: unknown): string {
    const asked = data as { session_id?: string };
    if (!this.guards) return "s".repeat(43);
    if (asked.session_id) return asked.session_id;
    this.sessions += 1;
    this.messages.length = 0;
    return String(this.sessions).repeat(43);
  }

  add(message: Partial<WireMessage>): WireMessage {
    const seq = this.messages.length + 1;
    const at = new Date(Date.UTC(2026, 10, 21, 6, 0, seq)).toISOString();
    const added: WireMessage = { id: `m${seq}`, seq, at, author: "bot", text: "", ...message };
    this.messages.push(added);
    return added;
  }

  answer(event: string, data: Asked): unknown {
    if (event === "history") return this.history(data.after_seq ?? 0);
    if (event === "answer_rated") return this.rate(data.message_id!, data.helpful!);
    if (event !== "user_uttered") return {};
    const known = this.messages.find((message) => message.client_id === data.client_id);
    const picture = data.metadata?.picture;
    const attachment = picture ? { type: "image", payload: { src: addressOf(picture) } } : undefined;
    const stored = known ?? this.add({ author: "customer", text: data.message, client_id: data.client_id, attachment });
    if (!known) this.socket?.receive("bot_uttered", this.add({ text: `答：${data.message}` }));
    return { id: stored.id, seq: stored.seq, at: stored.at };
  }

  private rate(id: string, helpful: boolean): unknown {
    const rated = this.messages.find((message) => message.id === id && message.custom?.kind === "faq_answer");
    if (!rated) return { error: { code: "not_found", message: "" } };
    rated.helpful = helpful;
    return { rated: true };
  }

  /** Staff takes a message back. */
  recall(message: WireMessage): void {
    Object.assign(message, { text: "", custom: { kind: "recalled" } });
    this.socket?.receive("recalled", { message_id: message.id });
  }

  private history(after: number): unknown {
    const conversation = { state: this.state, staff: null, queue: null, read_seq: 0, rated: false };
    const recalled = this.messages.filter((message) => message.custom?.kind === "recalled").map((message) => message.id);
    return { messages: this.messages.filter((message) => message.seq > after), more: false, conversation, recalled };
  }
}

interface Asked {
  message?: string;
  client_id?: string;
  after_seq?: number;
  message_id?: string;
  helpful?: boolean;
  metadata?: { picture?: string };
}

/** Takes pictures in ten steps; loses some on the way in or the answer on the way out. */
export class Door implements PictureDoor {
  readonly taken: string[] = [];

  constructor(
    private readonly chance: () => number = () => 1,
    private readonly badness = 0,
    private readonly refusal: string | null = null,
  ) {}

  async send(_session: string, file: Blob, progress: (share: number) => void): Promise<Uploaded> {
    progress(0.5);
    await new Promise((resolve) => setTimeout(resolve, 40));
    if (this.chance() < this.badness) return { error: "offline" };
    if (this.refusal) return { error: this.refusal };
    this.taken.push(await file.text());
    const id = String(this.taken.length).padStart(32, "0");
    return this.chance() < this.badness ? { error: "offline" } : { id };
  }

  read(): Promise<Blob> {
    return Promise.resolve(new Blob(["x"]));
  }
}

export class Line {
  connected = false;
  /** Events that are sent and forgotten. */
  readonly emitted: [string, unknown][] = [];
  private readonly listeners = new Map<string, Listener>();

  constructor(
    private readonly service: Service,
    private readonly chance: () => number,
    private readonly badness: number,
  ) {
    service.socket = this;
  }

  on(event: string, listener: Listener): void {
    this.listeners.set(event, listener);
  }

  emit(event: string, data: unknown): void {
    this.emitted.push([event, data]);
    if (event === "session_request") setTimeout(() => this.receive("session_confirm", this.service.sessionOf(data)), 5);
  }

  timeout(limit: number): { emitWithAck: (event: string, data: object) => Promise<unknown> } {
    return { emitWithAck: (event, data) => this.ask(event, data, limit) };
  }

  /** What the service says is lost while the line is down. */
  receive(event: string, data?: unknown): void {
    if (this.connected) this.listeners.get(event)?.(data);
  }

  restore(): void {
    if (this.connected) return;
    this.connected = true;
    this.receive("connect");
  }

  cut(): void {
    if (!this.connected) return;
    this.receive("disconnect");
    this.connected = false;
    setTimeout(() => this.restore(), 50 + this.chance() * 500);
  }

  private ask(event: string, data: object, limit: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("timeout")), limit);
      if (this.chance() < this.badness) return this.cut();
      setTimeout(() => {
        const answer = this.service.answer(event, data);
        if (this.chance() < this.badness) return this.cut();
        setTimeout(() => this.connected && resolve(answer), 5);
      }, 5);
    });
  }

  asSocket(): Socket {
    return this as unknown as Socket;
  }
}
