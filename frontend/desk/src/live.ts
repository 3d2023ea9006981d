/** The live connection: it says that something happened; what happened is asked of the API. */

import { io, type Socket } from "socket.io-client";

export interface LiveEvents {
  message: { conversation_id: string };
  conversation: { conversation_id: string; state: string };
  queue: Record<string, never>;
  ticket: { number: string };
  typing: { conversation_id: string; on: boolean };
  receipt: { conversation_id: string; seq: number };
}

type Handlers = { [Name in keyof LiveEvents]: (news: LiveEvents[Name]) => void };

export class Live {
  private readonly socket: Socket;

  /** `resumed` is called at every connection: whatever was missed meanwhile has to be asked for. */
  constructor(handlers: Handlers, resumed: () => void, lost: () => void) {
    this.socket = io("/desk", { path: "/socket.io", transports: ["websocket", "polling"], reconnectionDelayMax: 3_000 });
    this.socket.on("connect", resumed);
    this.socket.on("disconnect", lost);
    for (const [name, handler] of Object.entries(handlers)) this.socket.on(name, handler as (news: unknown) => void);
  }

  typing(conversationId: string, on: boolean): void {
    if (this.socket.connected) this.socket.emit("typing", { conversation_id: conversationId, on });
  }

  read(conversationId: string, seq: number): void {
    if (this.socket.connected) this.socket.emit("read", { conversation_id: conversationId, seq });
  }

  close(): void {
    this.socket.close();
  }
}
