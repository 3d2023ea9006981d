import { computed, ref, type ComputedRef, type Ref } from "vue";
import { api } from "./api";
import type { FormField } from "./logic/forms";
import { alternatives, asksOf, COMPLAINT, matterFields, missingEither } from "./logic/matters";
import { attempt } from "./notify";
import type { Matters } from "./types";

/** A matter being taken down: which kind and category, what that asks for, and what is still missing. */
export interface Matter {
  matters: Ref<Matters | null>;
  kind: Ref<string>;
  category: Ref<string>;
  asks: ComputedRef<ReturnType<typeof asksOf> | undefined>;
  fields: ComputedRef<FormField[]>;
  load: () => Promise<void>;
  missing: (typed: Record<string, string>) => Record<string, string>;
  reset: () => void;
}

export function useMatter(): Matter {
  const matters = ref<Matters | null>(null);
  const [kind, category] = [ref(COMPLAINT), ref("")];
  const asks = computed(() => (matters.value ? asksOf(matters.value, kind.value, category.value) : undefined));
  const fields = computed<FormField[]>(() => (matters.value && asks.value ? [...matterFields(matters.value, asks.value), ...alternatives(matters.value, asks.value)] : []));
  return {
    matters,
    kind,
    category,
    asks,
    fields,
    load: async () => {
      if (!matters.value) await attempt(async () => (matters.value = await api.matters()));
    },
    missing: (typed) => (matters.value && asks.value ? missingEither(matters.value, asks.value, typed) : {}),
    reset: () => ([kind.value, category.value] = [COMPLAINT, ""]),
  };
}
