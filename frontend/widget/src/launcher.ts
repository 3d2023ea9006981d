/** What the button says while the chat is closed: how the conversation stands, so that nobody opens it only to see. */

import type { Snapshot } from "./wire";
import { words } from "./words";

export interface Face {
  word: string;
  tone: "idle" | "waiting" | "staff" | "away";
}

interface Standing {
  snapshot: Snapshot;
  online: boolean;
  /** There was a connection before. */
  ready: boolean;
  typing: "bot" | "staff" | null;
}

export function launcherFace({ snapshot, online, ready, typing }: Standing): Face {
  if (snapshot.state !== "staff" && snapshot.state !== "waiting") return { word: words.launch, tone: "idle" };
  if (ready && !online) return { word: words.launcherAway, tone: "away" };
  if (snapshot.state === "waiting") {
    const place = snapshot.queue?.position;
    return { word: place ? words.launcherWaiting(place - 1) : words.launcherQueued, tone: "waiting" };
  }
  const name = snapshot.staff?.name ?? "";
  if (!name) return { word: words.launch, tone: "staff" };
  return { word: typing === "staff" ? words.launcherTyping(name) : words.launcherStaff(name), tone: "staff" };
}
