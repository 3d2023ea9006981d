/** Reading for a page: what went wrong is kept as words, so that a failure never looks like an empty list. */

import { type Ref, ref } from "vue";
import { ApiError } from "./api";

export interface Loading {
  loading: Ref<boolean>;
  /** Why the last reading failed; empty when it did not. */
  trouble: Ref<string>;
  load: () => Promise<void>;
}

/** `read` fetches and shows; when it fails what was shown stays. */
export function useLoading(read: () => Promise<unknown>): Loading {
  const loading = ref(false);
  const trouble = ref("");

  async function load(): Promise<void> {
    loading.value = true;
    try {
      await read();
      trouble.value = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.value = error.message;
    } finally {
      loading.value = false;
    }
  }

  return { loading, trouble, load };
}
