/** What stood on a list when it was left: Back finds its filters, its search and its place again. */

import { onBeforeUnmount, type Ref, watch } from "vue";

const left = new Map<string, unknown>();

/** `filters` as they were when the page was left, and kept from now on. Also what was remembered, if anything was. */
export function remembered<Filters extends object>(page: string, filters: Filters): Filters | null {
  const before = left.get(page) as Filters | undefined;
  if (before) Object.assign(filters, before);
  watch(filters, () => left.set(page, { ...filters }), { deep: true });
  return before ?? null;
}

export interface Scrolling {
  setScrollTop: (top: number) => void;
}

/** Where a table was scrolled to: `restore` once its rows are there, `scrolled` on each move. */
export function rememberedScroll(page: string, table: Ref<Scrolling | null>): { restore: () => void; scrolled: (at: { scrollTop: number }) => void } {
  const key = `${page}:scroll`;
  let top = (left.get(key) as number | undefined) ?? 0;
  const wanted = top;
  onBeforeUnmount(() => left.set(key, top));
  return {
    restore: () => wanted && table.value?.setScrollTop(wanted),
    scrolled: (at) => (top = at.scrollTop),
  };
}

/** How many rows were shown, so that as many are read again. */
export function rememberedCount(page: string): { before: number; keep: (count: number) => void } {
  const key = `${page}:count`;
  return { before: (left.get(key) as number | undefined) ?? 0, keep: (count) => void left.set(key, count) };
}
