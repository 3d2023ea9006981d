/** The live connection: it says that something happened; what happened is asked of the API. */

import { io, type Socket } from "socket.io-client";

const ACK_MS = 5_000;
/** A handshake that hangs is given up after this and tried again: one's customers are kept for a minute. */
const CONNECT_MS = 8_000;

export interface LiveEvents {
  message: { conversation_id: string };
  conversation: { conversation_id: string; state: string };
  queue: Record<string, never>;
  ticket: { number: string };
  warning: Record<string, never>;
  promise: { promise_id: string };
  presence: { staff_id: string; state: "online" | "away" };
  hold_over: { conversation_id: string };
  offer: { conversation_id: string; staff_id: string };
  alarm: { conversation_id: string };
  whisper: { conversation_id: string };
  typing: { conversation_id: string; on: boolean };
  receipt: { conversation_id: string; seq: number };
  looking: { conversation_id: string; staff_id: string };
  staff: Record<string, never>;
}

type Handlers = { [Name in keyof LiveEvents]: (news: LiveEvents[Name]) => void };

export class Live {
  private readonly socket: Socket;

  /**
   * `resumed` is called at every connection: whatever was missed meanwhile has to be asked for. `shownOut`: the
   * service itself closed this desk, because the session holds no longer.
   */
  constructor(handlers: Handlers, resumed: () => void, lost: () => void, shownOut: () => void) {
    this.socket = io("/desk", { path: "/socket.io", transports: ["websocket", "polling"], reconnectionDelayMax: 3_000, timeout: CONNECT_MS });
    this.socket.on("connect", resumed);
    this.socket.on("disconnect", (reason) => {
      lost();
      if (reason === "io server disconnect") shownOut();
    });
    for (const [name, handler] of Object.entries(handlers)) this.socket.on(name, handler as (news: unknown) => void);
  }

  typing(conversationId: string, on: boolean): void {
    if (this.socket.connected) this.socket.emit("typing", { conversation_id: conversationId, on });
  }

  looking(conversationId: string): void {
    if (this.socket.connected) this.socket.emit("looking", { conversation_id: conversationId });
  }

  /** I have read up to `seq`; how far the customer has. */
  async read(conversationId: string, seq: number): Promise<number> {
    if (!this.socket.connected) return 0;
    const answer: unknown = await this.socket
      .timeout(ACK_MS)
      .emitWithAck("read", { conversation_id: conversationId, seq })
      .catch(() => null);
    return (answer as { customer_seq?: number } | null)?.customer_seq ?? 0;
  }

  /** After the service closed it, the connection does not come back by itself. */
  again(): void {
    this.socket.connect();
  }

  close(): void {
    this.socket.close();
  }
}
