/** The desk's state: who is here, who waits, whom I serve, which conversation is open. */

import { reactive } from "vue";
import { api, ApiError, onSignedOut } from "./api";
import { asked, refreshOffers } from "./assignment";
import { dropAll, keptFor } from "./kept";
import { Live } from "./live";
import { backAgain, badgeTitle } from "./logic/alerts";
import { spoken } from "./logic/thread";
import { callFor } from "./outside";
import { now } from "./clock";
import { go, route } from "./router";
import { asName, setTitles, titles } from "./logic/fields";
import { remind, told } from "./notify";
import type { CannedReply, Colleague, Conversation, DeskWarning, Listed, Me, PromiseRow, QueueEntry } from "./types";
import { callBackStale, finishAll } from "./undo";
import { words } from "./words";

const BEAT_MS = 20_000;
const WARNINGS_MS = 60_000;
const TICKET_NEWS_MS = 150;
/** However many tickets change, warnings are read again no more often than this. */
const WARN_AGAIN_MS = 3_000;
const TYPING_SHOWN_MS = 6_000;
const LOOKING_SHOWN_MS = 15_000;
const PRESENCE_KEY = "desk:presence";

interface DeskState {
  me: Me | null;
  starting: boolean;
  connected: boolean;
  presence: "online" | "away";
  /** Why the service could not even say who I am; empty when it could. */
  unreachable: string;
  /** Whether the lists were read at all yet, and why they were not the last time. */
  listed: boolean;
  listTrouble: string;
  queue: QueueEntry[];
  queueAt: number;
  waitingWords: Record<string, string>;
  mine: Listed[];
  unread: Record<string, number>;
  current: Conversation | null;
  loading: boolean;
  typing: Record<string, number>;
  read: Record<string, number>;
  /** Who has a conversation before their eyes, and until when that is believed. */
  looking: Record<string, Record<string, number>>;
  staff: Colleague[];
  canned: CannedReply[];
  drafts: Record<string, string>;
  /** Raised when a ticket changed, so that lists and pages read again. */
  ticketNews: number;
  /** Raised when people, sessions or keys changed. */
  peopleNews: number;
  warnings: DeskWarning[];
  /** Promises that my last reply in a conversation was read to make, until they are confirmed. */
  recognised: Record<string, PromiseRow[]>;
}

export const desk = reactive<DeskState>({
  me: null,
  starting: true,
  connected: false,
  presence: "online",
  unreachable: "",
  listed: false,
  listTrouble: "",
  queue: [],
  queueAt: Date.now(),
  waitingWords: {},
  mine: [],
  unread: {},
  current: null,
  loading: false,
  typing: {},
  read: {},
  looking: {},
  staff: [],
  canned: [],
  drafts: {},
  ticketNews: 0,
  peopleNews: 0,
  warnings: [],
  recognised: {},
});

let live: Live | null = null;
let beat: ReturnType<typeof setInterval> | undefined;
let watching: ReturnType<typeof setInterval> | undefined;
let knownWaiting: Set<string> | null = null;

onSignedOut.call = () => leave();

/** Who is here: nobody, after a refusal; when there is no answer at all nobody is asked to sign in for it. */
export async function begin(): Promise<void> {
  try {
    const me = await api.me();
    desk.unreachable = "";
    await enter(me);
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (isRefused) leave();
    desk.unreachable = isRefused ? "" : error instanceof ApiError ? error.message : words.noAnswer;
  } finally {
    desk.starting = false;
  }
}

export async function signIn(username: string, password: string, code?: string): Promise<void> {
  await api.signIn(username, password, code || undefined);
  await enter(await api.me());
}

export async function signOut(): Promise<void> {
  await finishAll();
  dropAll();
  await api.presence("away").catch(() => null);
  await api.signOut().catch(() => null);
  leave();
}

/** Read again who I am: a role, a password or a second factor may be another one now. */
export async function refreshMe(): Promise<void> {
  const before = desk.me;
  const me = await api.me();
  if (!live || me.needs.length || !before) await enter(me);
  else desk.me = me;
}

/** Who has to set up something first is at the desk already, and sees nothing of it yet. */
async function enter(me: Me): Promise<void> {
  stop();
  desk.me = me;
  keptFor(me.id);
  if (me.needs.length) return;
  desk.presence = sessionStorage.getItem(PRESENCE_KEY) === "away" ? "away" : "online";
  live = new Live(handlers, () => void resume(), cutOff, () => void shownOut());
  beat = setInterval(() => void tellPresence(), BEAT_MS);
  watching = setInterval(() => void refreshWarnings(), WARNINGS_MS);
  const [staff, canned, names] = await Promise.all([
    api.staff().catch(() => []),
    api.canned().catch(() => []),
    api.titles().catch(() => titles),
  ]);
  [desk.staff, desk.canned] = [staff, canned];
  setTitles(names);
}

/** The service closed this desk: either my session is over, or it only wanted me to look again. */
async function shownOut(): Promise<void> {
  await refreshMe().catch(() => null);
  live?.again();
}

function stop(): void {
  servedBefore = null;
  live?.close();
  live = null;
  clearInterval(beat);
  clearInterval(watching);
  knownWaiting = null;
}

function leave(): void {
  stop();
  keptFor("");
  Object.assign(desk, { me: null, connected: false, listed: false, listTrouble: "", queue: [], mine: [], unread: {}, current: null, warnings: [], recognised: {} });
  showBadge();
}

/** Whom I served when the connection went away; null while it stands. */
let servedBefore: string[] | null = null;

function cutOff(): void {
  if (desk.connected) servedBefore = desk.mine.map((one) => one.conversation_id);
  desk.connected = false;
}

/** After every connection: say that we are here, and read all that may have been missed. */
async function resume(): Promise<void> {
  const before = servedBefore;
  servedBefore = null;
  desk.connected = true;
  await tellPresence();
  await Promise.all([
    refreshLists(),
    refreshWarnings(),
    refreshOffers(),
    refreshStaff().catch(() => null),
    desk.current ? open(desk.current.conversation_id, true).catch(() => null) : null,
  ]);
  if (before && !desk.listTrouble) welcomeBack(before);
}

/** The connection was away: who is still mine, and who went back to the queue meanwhile. */
function welcomeBack(before: readonly string[]): void {
  const still = before.filter((id) => desk.mine.some((one) => one.conversation_id === id));
  const [says, isWhole] = backAgain(before.length, still.length);
  if (isWhole) told(says);
  else remind(says, () => go("work"));
}

const handlers = {
  message: ({ conversation_id }: { conversation_id: string }) => void heard(conversation_id),
  conversation: ({ conversation_id }: { conversation_id: string }) => void moved(conversation_id),
  queue: () => void refreshLists(),
  ticket: () => ticketsChanged(),
  warning: () => void refreshWarnings(),
  promise: () => ticketsChanged(),
  presence: ({ staff_id, state }: { staff_id: string; state: "online" | "away" }) => void presenceChanged(staff_id, state),
  hold_over: ({ conversation_id }: { conversation_id: string }) => void holdOver(conversation_id),
  offer: ({ staff_id }: { staff_id: string }) => void offered(staff_id),
  alarm: ({ conversation_id }: { conversation_id: string }) => unheard(conversation_id),
  whisper: ({ conversation_id }: { conversation_id: string }) => void whispered(conversation_id),
  staff: () => void peopleChanged(),
  typing: ({ conversation_id, on }: { conversation_id: string; on: boolean }) => {
    desk.typing[conversation_id] = on ? Date.now() + TYPING_SHOWN_MS : 0;
  },
  looking: ({ conversation_id, staff_id }: { conversation_id: string; staff_id: string }) => {
    desk.looking[conversation_id] = { ...desk.looking[conversation_id], [staff_id]: Date.now() + LOOKING_SHOWN_MS };
  },
  receipt: ({ conversation_id, seq }: { conversation_id: string; seq: number }) => {
    desk.read[conversation_id] = Math.max(seq, desk.read[conversation_id] ?? 0);
  },
};

async function tellPresence(): Promise<void> {
  await api.presence(desk.presence).catch(() => null);
}

export async function setPresence(state: "online" | "away"): Promise<void> {
  desk.presence = state;
  sessionStorage.setItem(PRESENCE_KEY, state);
  await tellPresence();
}

export async function refreshStaff(): Promise<void> {
  desk.staff = await api.staff();
}

/** Somebody came or went; what was said for me elsewhere (another window) holds here too. */
async function presenceChanged(staffId: string, state: "online" | "away"): Promise<void> {
  if (staffId === desk.me?.id) {
    desk.presence = state;
    sessionStorage.setItem(PRESENCE_KEY, state);
  }
  await refreshStaff().catch(() => null);
}

async function peopleChanged(): Promise<void> {
  desk.peopleNews += 1;
  await Promise.all([refreshMe(), refreshStaff()]).catch(() => null);
}

let newsTold: ReturnType<typeof setTimeout> | undefined;
let warnAgain: ReturnType<typeof setTimeout> | undefined;

/** Tickets often change several at a time: read again once. */
function ticketsChanged(): void {
  clearTimeout(newsTold);
  newsTold = setTimeout(() => (desk.ticketNews += 1), TICKET_NEWS_MS);
  warnAgain ??= setTimeout(() => {
    warnAgain = undefined;
    void refreshWarnings();
  }, WARN_AGAIN_MS);
}

export async function refreshWarnings(): Promise<void> {
  if (desk.me) desk.warnings = await api.warnings().catch(() => desk.warnings);
}

/** What I must not miss: told at the desk until I close it, and over other windows. */
function insist(says: string, id: string): void {
  callFor("reminder", says, id, () => show(id));
  remind(says, () => show(id));
}

/** A customer's hold ran out: seen and heard wherever I am at the desk. */
async function holdOver(id: string): Promise<void> {
  const held = desk.mine.find((one) => one.conversation_id === id);
  insist(`${customerTitle(held?.customer_name, held?.sender)}的挂起时间到了，请继续服务或再请客户稍等。`, id);
  await moved(id);
}

/** I am asked to take a customer, or no longer; the queue shows who is asked. */
async function offered(staffId: string): Promise<void> {
  const before = asked.offers.length;
  if (staffId === desk.me?.id) await refreshOffers();
  const newest = asked.offers.at(-1);
  if (newest && asked.offers.length > before) callFor("offer", "请您接待一位客户，20 秒内有效。", newest.conversation_id, () => go("work"));
  await refreshLists();
}

/** A customer wished for a person and heard no word of one in time: whoever serves them, and who leads, is told. */
function unheard(id: string): void {
  asked.news += 1;
  const mine = desk.mine.find((one) => one.conversation_id === id);
  const waits = desk.queue.find((one) => one.conversation_id === id);
  if (mine) insist(`${customerTitle(mine.customer_name, mine.sender)}还没有等到您的第一句话，请先打个招呼。`, id);
  else if (waits && desk.me?.may.includes("supervise")) unserved(id, customerTitle(waits.customer_name, waits.sender));
  else if (waits) callFor("queue", "有客户等了很久，还没有人接待。", id, () => show(id));
}

/** Who leads is told of all who are late by one notice, however many they are. */
function unserved(id: string, who: string): void {
  const late = desk.queue.filter((one) => one.answer_by && new Date(one.answer_by) <= now.value).length;
  const says = late > 1 ? `${late} 位客户还没有人接待。` : `${who}还没有人接待。`;
  const act = () => (late > 1 ? go("supervision") : show(id));
  callFor("reminder", says, id, act);
  remind(says, act, "unserved");
}

/** My supervisor has a word for me; it stands among the notes. */
async function whispered(id: string): Promise<void> {
  const mine = desk.mine.find((one) => one.conversation_id === id);
  insist(`主管在${customerTitle(mine?.customer_name, mine?.sender)}的会话里给您留了提醒，客户看不到。`, id);
  await moved(id);
}

let refreshing: Promise<void> | null = null;
let again = false;

/** Read queue and own conversations; news that comes meanwhile is one more reading, not many. */
export function refreshLists(): Promise<void> {
  if (refreshing) {
    again = true;
    return refreshing;
  }
  refreshing = readLists().finally(() => {
    refreshing = null;
    if (again) {
      again = false;
      void refreshLists();
    }
  });
  return refreshing;
}

async function readLists(): Promise<void> {
  if (!desk.me) return;
  try {
    const [queue, mine, waiting] = await Promise.all([api.queue(), api.mine(), api.waiting()]);
    Object.assign(desk, { queue, mine, queueAt: Date.now(), listed: true, listTrouble: "" });
    desk.waitingWords = Object.fromEntries(waiting.map((one) => [one.conversation_id, one.last_text]));
    desk.unread = Object.fromEntries(mine.filter((one) => one.unread && !isSeen(one.conversation_id)).map((one) => [one.conversation_id, one.unread]));
    announceNew(queue);
    callBackStale();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    desk.listTrouble = error.message;
  }
  showBadge();
}

function announceNew(queue: readonly QueueEntry[]): void {
  const before = knownWaiting;
  knownWaiting = new Set(queue.map((entry) => entry.conversation_id));
  const came = before && queue.find((entry) => !before.has(entry.conversation_id));
  if (came) callFor("queue", `有客户在排队，现在共 ${queue.length} 位。`, "queue", () => go("work"));
}

function showBadge(): void {
  const unread = Object.values(desk.unread).reduce((sum, count) => sum + count, 0);
  document.title = badgeTitle(words.title, desk.queue.length + unread);
}

async function heard(id: string): Promise<void> {
  desk.typing[id] = 0;
  if (desk.current?.conversation_id === id) await open(id, true);
  if (desk.mine.some((one) => one.conversation_id === id)) countUnread(id);
  await refreshLists();
}

function isSeen(id: string): boolean {
  return desk.current?.conversation_id === id && route.name === "work" && document.visibilityState === "visible";
}

/** What I do not have before my eyes counts as unread and is heard. */
function countUnread(id: string): void {
  const seen = isSeen(id);
  const last = desk.current?.conversation_id === id ? desk.current.messages.at(-1) : null;
  if (seen || (last && last.author !== "customer")) return;
  desk.unread[id] = (desk.unread[id] ?? 0) + 1;
  const mine = desk.mine.find((one) => one.conversation_id === id);
  callFor("message", `${customerTitle(mine?.customer_name, mine?.sender)}发来了消息。`, id, () => show(id));
}

async function moved(id: string): Promise<void> {
  if (desk.current?.conversation_id === id) await open(id, true);
  await refreshLists();
}

export async function open(id: string, quietly = false): Promise<void> {
  desk.loading = !quietly;
  try {
    const found = await api.conversation(id);
    if (quietly && desk.current?.conversation_id !== id) return;
    desk.current = { ...found, messages: spoken(found.messages) };
    markRead();
  } finally {
    desk.loading = false;
  }
}

/** The open conversation is before my eyes: its customer may know. */
export function markRead(): void {
  const current = desk.current;
  if (!current || document.visibilityState !== "visible") return;
  delete desk.unread[current.conversation_id];
  showBadge();
  const last = current.messages.at(-1);
  if (last && isMine(current)) void tellRead(current.conversation_id, last.seq);
}

async function tellRead(id: string, seq: number): Promise<void> {
  const read = (await live?.read(id, seq)) ?? 0;
  desk.read[id] = Math.max(read, desk.read[id] ?? 0);
}

export function show(id: string): void {
  go("work", id);
}

export async function take(id: string): Promise<void> {
  await api.claim(id);
  show(id);
  await Promise.all([open(id), refreshLists()]);
}

export async function takeNext(): Promise<void> {
  const first = desk.queue[0];
  if (first) await take(first.conversation_id);
}

export function tellTyping(id: string, on: boolean): void {
  live?.typing(id, on);
}

export function tellLooking(id: string): void {
  live?.looking(id);
}

export function isMine(conversation: Conversation | null): boolean {
  return conversation?.state === "staff" && conversation.staff_id === desk.me?.id;
}

export function nameOf(staffId: string | null | undefined): string {
  const id = (staffId ?? "").replace(/^staff:/, "");
  return desk.staff.find((one) => one.id === id)?.name ?? id;
}

/** How a customer is called at the desk: by name, else by the end of the sender's id. */
export function customerTitle(name: string | null | undefined, sender: string | undefined): string {
  return asName(name) || `访客 ${(sender ?? "").slice(-4)}`;
}
