/** What a page shows of what was asked last: of two answers the later question's counts. */

import { ref, type Ref } from "vue";

export interface Latest<T> {
  /** The answer; null until one has come. */
  found: Ref<T | null>;
  /** Why the last question got none; empty otherwise. */
  problem: Ref<string>;
  load: () => Promise<void>;
}

/** `otherwise`: what is said where an error has no words of its own. */
export function latest<T>(read: () => Promise<T>, otherwise: string): Latest<T> {
  const found = ref(null) as Ref<T | null>;
  const problem = ref("");
  let asked = 0;

  async function load(): Promise<void> {
    const mine = ++asked;
    try {
      const answer = await read();
      if (mine === asked) [found.value, problem.value] = [answer, ""];
    } catch (error) {
      if (mine === asked) problem.value = error instanceof Error ? error.message : otherwise;
    }
  }

  return { found, problem, load };
}
