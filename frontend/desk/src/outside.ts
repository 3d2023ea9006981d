/** Calls somebody back to the desk who looks at something else: a sound and a desktop notice, each as one wishes. */

import { reactive } from "vue";
import { chime } from "./logic/alerts";

/** Each event has its own sound switch; on a machine, not of a person: a quiet office is a place. */
export const EVENTS = { queue: "有客户排队", message: "我的客户来信", offer: "请我接待", reminder: "到时间、主管留言等提醒" } as const;
export type Event = keyof typeof EVENTS;
const KEPT = "desk:alerts";

interface Wishes {
  desktop: boolean;
  silent: Event[];
}

export const wishes = reactive<Wishes>(readKept());

function readKept(): Wishes {
  try {
    const known = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Wishes>;
    return { desktop: known.desktop === true, silent: (known.silent ?? []).filter((one) => one in EVENTS) };
  } catch {
    return { desktop: false, silent: [] };
  }
}

function keepWishes(): void {
  localStorage.setItem(KEPT, JSON.stringify(wishes));
}

export function sounds(event: Event, on: boolean): void {
  wishes.silent = on ? wishes.silent.filter((one) => one !== event) : [...wishes.silent, event];
  keepWishes();
  if (on) chime();
}

/** Switch notices on or off; false when the browser does not allow them. */
export async function showOnDesktop(on: boolean): Promise<boolean> {
  const allowed = on && typeof Notification !== "undefined" && (await Notification.requestPermission()) === "granted";
  wishes.desktop = allowed;
  keepWishes();
  return allowed === on;
}

/**
 * Something wants me. `about` is the conversation: of one there is one notice, the newest. No customer's words are in it:
 * it lies over whatever is on the screen, for whoever looks.
 */
export function callFor(event: Event, says: string, about: string, act: () => void): void {
  if (!wishes.silent.includes(event)) chime();
  if (!wishes.desktop || document.hasFocus() || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const notice = new Notification("客服工作台", { body: says, tag: `${event}:${about}` });
  notice.onclick = () => {
    window.focus();
    notice.close();
    act();
  };
}
