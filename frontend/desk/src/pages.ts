/** The rows of a drawer, page by page; another that is opened begins anew. */

import { ref, watch, type Ref } from "vue";
import { attempt } from "./notify";

export interface Page<Row> {
  rows: Row[];
  cursor: string | null;
}

export interface Pages<Row> {
  rows: Ref<Row[]>;
  /** Where the next page begins; null at the end. */
  cursor: Ref<string | null>;
  loading: Ref<boolean>;
  more: () => Promise<void>;
}

export function pages<Opened, Row>(
  opened: Ref<Opened | null>,
  read: (one: Opened, cursor: string | null) => Promise<Page<Row>>,
): Pages<Row> {
  const rows = ref([]) as Ref<Row[]>;
  const cursor = ref<string | null>(null);
  const loading = ref(false);

  async function more(): Promise<void> {
    const one = opened.value;
    if (!one) return;
    loading.value = true;
    await attempt(async () => {
      const page = await read(one, cursor.value);
      if (opened.value !== one) return;
      rows.value = [...rows.value, ...page.rows];
      cursor.value = page.cursor;
    });
    loading.value = false;
  }

  watch(opened, () => {
    [rows.value, cursor.value] = [[], null];
    void more();
  });

  return { rows, cursor, loading, more };
}
