/** How a card is worded. */

import type { Voice } from "../scorecard";

export const VOICE: Record<Voice, { title: string; lacks: string; meaning: string }> = {
  greeted: { title: "来有迎声", lacks: "没有问候", meaning: "第一句话里有问候。" },
  answered: { title: "问有答声", lacks: "没有回应", meaning: "说过话，并且没有让客户的最后一句话悬着就结束。" },
  seen_off: { title: "走有送声", lacks: "没有道别", meaning: "由自己结束或交还的会话，最后一句话里有感谢或道别。" },
};

/** A part of a whole in per cent; of nothing there is none. */
export function share(part: number, whole: number): string {
  return whole ? `${Math.round((part / whole) * 100)}%` : "—";
}

/** Time on the roster and otherwise, in hours: 「3 天」 of duty would be read as three shifts. */
export function minutes(count: number): string {
  const [hours, rest] = [Math.floor(count / 60), count % 60];
  return [hours ? `${hours} 小时` : "", rest || !hours ? `${rest} 分钟` : ""].filter(Boolean).join(" ");
}
