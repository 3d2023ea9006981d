/** A form being filled in: checked before it is sent, kept when it is not, told why it was refused. */

import { computed, reactive, ref } from "vue";
import { ApiError } from "./api";
import { titles } from "./logic/fields";
import { blank, filled, problems, type FormField, type Values } from "./logic/forms";
import type { Finding } from "./types";

/** What was typed and not sent yet, by form; it outlives the dialog and a reload of what the form is about. */
const drafts = reactive<Record<string, Values>>({});

export interface FormPlan {
  /** Names the form and what it is about. */
  key: string;
  fields: () => FormField[];
  send: (values: Values, force: boolean) => Promise<unknown>;
  /** Rules about several fields at once: what is wrong, by field name. */
  check?: (values: Values) => Values;
  /** Holds a password: what was typed is forgotten with the form. */
  secret?: boolean;
  /** Somebody was first: read again what the form is about. */
  conflicted?: () => Promise<unknown>;
}

export function useForm(plan: FormPlan) {
  if (plan.secret) delete drafts[plan.key];
  drafts[plan.key] = { ...blank(plan.fields()), ...drafts[plan.key] };
  const busy = ref(false);
  const tried = ref(false);
  const refusal = ref("");
  const findings = ref<Finding[]>([]);
  const refused = ref<Values>({});

  const values = computed<Values>({
    get: () => drafts[plan.key] ?? {},
    set: (changed) => {
      drafts[plan.key] = changed;
      refused.value = {};
      findings.value = [];
    },
  });
  const judged = () => ({ ...plan.check?.(values.value), ...problems(plan.fields(), values.value, new Date()) });
  const wrong = computed<Values>(() => {
    const found = tried.value ? judged() : {};
    return { ...refused.value, ...found };
  });

  /** Whether it went through. */
  async function submit(force = false): Promise<boolean> {
    tried.value = true;
    refusal.value = "";
    if (busy.value || Object.keys(judged()).length) return false;
    busy.value = true;
    try {
      await plan.send(filled(plan.fields(), values.value), force);
      delete drafts[plan.key];
      return true;
    } catch (error) {
      await explain(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  async function explain(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    findings.value = error.findings;
    refused.value = { ...Object.fromEntries(error.fields.map((name) => [name, "请核对这一项"])), ...error.reasons };
    refusal.value = sentence(error, plan.fields());
    if (error.status !== 409) return;
    await plan.conflicted?.();
    refusal.value = `${refusal.value} 已经读取最新内容，您填写的内容还在，请核对后再提交。`;
  }

  /** Another form in the same place: what is missing is not held against it yet. */
  function untry(): void {
    tried.value = false;
    refusal.value = "";
  }

  return { values, wrong, busy, refusal, findings, submit, untry };
}

/** The server's sentence; where it only names fields, their titles. */
export function sentence(error: ApiError, fields: readonly FormField[]): string {
  const labels = error.fields.map((name) => fields.find((field) => field.name === name)?.label ?? titles.fields[name] ?? name);
  if (error.reason === "fields_missing" && labels.length) return `请补全：${labels.join("、")}。`;
  return /[。！？]$/.test(error.message) ? error.message : `${error.message}。`;
}
