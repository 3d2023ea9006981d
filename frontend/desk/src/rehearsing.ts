/** Before an article goes live every known question is asked, piece by piece; what would change is shown as it is found. */

import { ref } from "vue";
import { knowledge, type Rehearsal, type Written } from "./knowledge";

export function useRehearsal() {
  /** What is to be looked at: something would change, or it takes a while. */
  const shown = ref<Rehearsal | null>(null);
  let run = 0;

  /** Whether all was asked and nothing speaks against it. */
  async function isHarmless(faqId: string, content: Written): Promise<boolean> {
    const mine = ++run;
    let all = await knowledge.rehearse(faqId, content, 0);
    for (;;) {
      if (mine !== run) return false;
      const matters = all.changes.some((one) => one.wanted !== faqId || one.worse);
      const isOver = all.asked >= all.of;
      shown.value = matters || !isOver ? all : null;
      if (isOver) return !matters;
      all = together(all, await knowledge.rehearse(faqId, content, all.asked));
    }
  }

  /** Nothing more is asked. */
  function stop(): void {
    run++;
    shown.value = null;
  }

  return { shown, isHarmless, stop };
}

/** The worse ones of both first. */
export function together(before: Rehearsal, more: Rehearsal): Rehearsal {
  const changes = [...before.changes, ...more.changes];
  return {
    asked: more.asked,
    of: more.of,
    changed: before.changed + more.changed,
    worse: before.worse + more.worse,
    changes: [...changes.filter((one) => one.worse), ...changes.filter((one) => !one.worse)],
  };
}
