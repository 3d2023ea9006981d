/** What travels over Socket.IO; the service's side is helpdesk/channels/web/wire.py. */

export type Author = "customer" | "bot" | "staff" | "system";
export type State = "bot" | "waiting" | "staff" | "closed";

export interface QuickReply {
  content_type?: "text";
  title: string;
  payload: string;
}

export interface StaffMember {
  name: string;
  number: string;
  present: boolean;
}

export interface Attachment {
  type: string;
  /** `waiting`: the customer's own picture, not yet sent. */
  payload: { src?: string; title?: string; waiting?: boolean };
}

/** One message as the service tells it: in `bot_uttered`, `customer_uttered` and in the history. */
export interface WireMessage {
  id: string;
  seq: number;
  at: string;
  author: Author;
  text: string;
  client_id?: string | null;
  quick_replies?: QuickReply[];
  attachment?: Attachment | null;
  custom?: Custom | null;
  staff?: { name: string; number: string } | null;
  /** Of an answer from the knowledge base: what the customer said of it. */
  helpful?: boolean | null;
}

export type Custom = { kind: string } & Record<string, unknown>;

export interface QueuePlace {
  position: number | null;
  estimate_s: number | null;
}

/** How the conversation stands; told whole at every change, so a lost one does no harm. */
export interface Snapshot {
  state: State;
  staff: StaffMember | null;
  queue: QueuePlace | null;
  /** Up to which `seq` staff has read. */
  read_seq: number;
  rated: boolean;
}

export interface HistoryAnswer {
  messages: WireMessage[];
  more: boolean;
  conversation: Snapshot;
  /** Ids of what staff took back in this talk. */
  recalled?: string[];
}

/** What any event may be acknowledged with; `retry_after_s`: too often just now, come again then. */
export interface Refusable {
  error?: { code: string; message: string; details?: { retry_after_s?: number } };
}

export interface UtterAnswer {
  id?: string;
  seq?: number;
  at?: string;
  error?: { code: string; message: string };
}
