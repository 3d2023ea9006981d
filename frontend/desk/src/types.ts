/** What the staff API answers (helpdesk/desk/views.py; /api/openapi.json). */

export type State = "bot" | "waiting" | "staff" | "closed";
export type Author = "customer" | "bot" | "staff" | "system";
export type Priority = "safety" | "urgent" | "key" | "normal";

export interface Colleague {
  id: string;
  name: string;
  number: string;
  role: "agent" | "supervisor" | "admin";
  department: string;
  online: boolean;
  capacity: number;
  serving: number;
}

/** Who is signed in; `may`: what they may do that is about no ticket and no customer. */
export interface Me extends Colleague {
  may: string[];
  /** What has to be set up before anything else. */
  needs: ("password" | "second_factor")[];
  second_factor: boolean;
  second_factor_required: boolean;
}

export interface QueueEntry {
  conversation_id: string;
  sender: string;
  channel: string;
  position: number;
  waiting_s: number;
  reason: string | null;
  priority: Priority;
  department: string | null;
  customer_name: string | null;
  wished: string | null;
  offered_to: string | null;
  answer_by: string | null;
}

export interface Listed {
  conversation_id: string;
  state: State;
  channel: string;
  sender: string;
  customer_name: string | null;
  staff_id: string | null;
  priority: Priority;
  last_customer_at: string | null;
  last_text: string;
  held_until: string | null;
  /** Since when the customer waits for whoever serves; null when we spoke last. */
  waits_since: string | null;
  unread: number;
  answer_by: string | null;
}

export interface ChatMessage {
  id: string;
  seq: number;
  at: string;
  author: Author;
  text: string;
  staff_id?: string | null;
  image?: string | null;
  buttons?: string[];
  custom?: Record<string, unknown> | null;
  /** How far it has come to a channel that is called; `hint` is there when it did not arrive. */
  delivery?: { status: string; error: string | null; hint: string | null } | null;
}

export interface Customer {
  id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  tier: string;
  sender?: string;
  channel?: string;
  masked?: boolean;
  known_since?: string;
}

export interface PacketTicket {
  number: string;
  kind: string;
  status: string;
  urgency: string;
  category: string | null;
  due_at: string | null;
}

export interface PacketPromise {
  ticket: string | null;
  kind: string;
  text: string;
  due_at: string;
  owner: string;
}

export interface Packet {
  made_at?: string;
  reason?: string | null;
  mood?: string | null;
  customer?: Customer;
  fields?: Record<string, unknown>;
  form?: string | null;
  asked?: { at: string; author: Author; text: string; image?: string }[];
  failed?: string[];
  tickets?: PacketTicket[];
  promises?: PacketPromise[];
}

export interface Note {
  at: string;
  by: string;
  text: string;
}

export interface Conversation {
  conversation_id: string;
  state: State;
  session_no: number;
  staff_id: string | null;
  priority: Priority;
  held_until: string | null;
  hold_reason: string | null;
  customer: Customer;
  packet: Packet | null;
  messages: ChatMessage[];
  notes: Note[];
  /** What I may do in it. */
  may: string[];
}

export interface Finding {
  code: string;
  text: string;
  suggestion: string;
  severity: "block" | "warn";
  /** The whole text with this mended; empty where none can be proposed. */
  rewrite: string;
}

export interface TicketRow {
  number: string;
  kind: string;
  kind_title: string;
  status: string;
  status_title: string;
  level: string;
  round: number;
  urgency: string;
  category: string | null;
  owner: string;
  owner_name: string;
  department: string;
  department_title: string;
  fields: Record<string, unknown>;
  masked: boolean;
  due: { first_contact: string | null; result: string | null };
  first_contact_at: string | null;
  answered_at: string | null;
  source: string;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  conversation_id: string | null;
  version: number;
  paused?: boolean;
}

export interface TimelineEvent {
  at: string;
  actor: string;
  action: string;
  from: string | null;
  to: string | null;
  note: string | null;
  detail?: Record<string, unknown> | null;
}

export interface Letter {
  id: string;
  kind: string;
  round: number;
  text: string;
  written_by: string;
  written_at: string;
  send_at: string;
  sent_at: string | null;
  voided_at: string | null;
  delivery?: string | null;
  notice?: Notice | null;
}

/** A letter's way to its customer beyond the chat. */
export interface Notice {
  state: "waiting" | "on_its_way" | "received" | "undeliverable" | "void";
  way: string | null;
  received_at: string | null;
  received_by: string | null;
}

/** A call to be made: one that was promised, or a letter that reached nobody by any other way. */
export interface CallRow {
  id: string;
  number: string;
  kind: string;
  owner: string;
  name: string | null;
  phone: string | null;
  masked: boolean;
  why: string;
  due_at: string;
  attempts: number;
  about: string;
  words: string[];
  may_call: boolean;
}

/** A letter that reached nobody, and the ways that were tried. */
export interface UnreachedRow {
  number: string;
  kind: string;
  owner: string;
  name: string | null;
  phone: string | null;
  masked: boolean;
  letter: string;
  title: string;
  written_at: string;
  tries: { way: string; state: string; error: string | null }[];
}

/** Somebody who is known under a telephone number. */
export interface Caller {
  customer_id: string;
  name: string | null;
  tier: string;
  reach_by: string | null;
  tickets: { number: string; kind_title: string; status_title: string }[];
}

export interface WalkIn {
  source: string;
  kind: string;
  category?: string;
  fields: Record<string, string>;
  customer_id?: string;
  reach_by?: string;
  client_id: string;
}

export interface Compensation {
  id: string;
  form: "money" | "coupon" | "goods" | "service";
  amount: string;
  text: string;
  reason: string;
  state: "proposed" | "approved" | "rejected" | "accepted" | "refused";
  proposed_by: string;
  proposed_at: string;
  decided_by: string | null;
  decided_at: string | null;
  answered_at: string | null;
  may: string[];
}

export interface Investigator {
  staff_id: string;
  name: string;
  department: string;
}

export interface Pause {
  since: string;
  until: string | null;
  reason: string | null;
}

export interface Ticket extends TicketRow {
  timeline: TimelineEvent[];
  promises: PromiseRow[];
  letters?: Letter[];
  compensations?: Compensation[];
  investigators?: Investigator[];
  pauses?: Pause[];
  warnings?: string[];
  /** What I may do to it, as far as who I am decides it (docs/rights.md). */
  may: string[];
  customer_words?: { id: string; at: string; text: string }[];
}

/** One thing the desk is warned of (GET /api/warnings). */
export interface DeskWarning {
  code: string;
  message: string;
  number?: string | null;
  at?: string | null;
}

/** What a ticket asks for (GET /api/matters). */
export interface MatterField {
  title: string;
  kind: string;
  why: string;
  example: string;
  may_be_unknown: boolean;
  /** What is written where the customer cannot tell; the server takes it for that. */
  unknown: string | null;
  alternatives: string[];
  choices: { value: string; title: string }[];
  min_length: number;
  max_length: number;
}

export interface Matter {
  id: string;
  title: string;
  required: string[];
  optional: string[];
  conditional: { field: string; when: string; values: string[] }[];
}

export interface Matters {
  kinds: Matter[];
  categories: Matter[];
  fields: Record<string, MatterField>;
}

export interface Registered {
  number: string;
  promised_at: string | null;
  joined: boolean;
}

export interface PromiseRow {
  id: string;
  ticket: string | null;
  conversation_id: string | null;
  kind: string;
  text: string;
  owner: string;
  due_at: string;
  state: "open" | "kept" | "broken";
  made_by: string;
  made_at: string;
  settled_at: string | null;
  may: string[];
}

/** A line of the audit (GET /api/audit). */
export interface AuditLine {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown> | null;
}

export interface Titles {
  fields: Record<string, string>;
  choices: Record<string, Record<string, string>>;
  categories: Record<string, string>;
  departments: Record<string, string>;
}

export interface CannedReply {
  id: string;
  group: string;
  title: string;
  text: string;
}

/** An order beside a conversation, from the company's own systems. */
export interface OrderSheet {
  number: string;
  /** The system does not answer just now. */
  answers: boolean;
  found: boolean;
  state_title: string | null;
  state_since: string | null;
  expected: string | null;
  products: string[];
  can_cancel: boolean | null;
  parcels: { waybill: string; carrier: string; state_title: string; seen_at: string | null; place: string; expected: string | null }[];
  progress: { kind_title: string; state_title: string; since: string; expected: string | null }[];
  at: string | null;
  is_old: boolean;
}

/** What may be done to many tickets at once. */
export type ManyAction = "owner" | "accept" | "note";

export interface ManyTickets {
  numbers: string[];
  action: ManyAction;
  to?: string;
  note?: string;
}

/** What became of one of them; `code` and `refused` where it was left as it is. */
export interface Outcome {
  number: string;
  code: string | null;
  refused: string | null;
}
