/** What the knowledge screens compute: search, an editor's form, differences between versions. */

import { dayKey, wall } from "../../../shared/time";
import type { ArticleRow, Written } from "../knowledge";

export interface Form {
  question: string;
  subject: string;
  answer: string;
  /** One wording a line. */
  wordings: string;
  related: string[];
  check: boolean;
  valid: [string, string] | null;
}

export const FIELD: Record<string, string> = {
  question: "问题",
  subject: "话题",
  answer: "答案",
  wordings: "客户的说法",
  related: "相关文章",
  check: "需要定期核对",
  valid_from: "生效日期",
  valid_until: "失效日期",
  faq_id: "编号",
  id: "编号",
};

/** What the service asks of each field (helpdesk/knowledge/articles.py), where its own words are not for staff. */
export const RULE: Record<string, string> = {
  question: "请写 2 到 100 个字。",
  subject: "请写 1 到 20 个字。",
  answer: "请写 10 到 1000 个字；花括号里只能用 {hotline}、{hours}、{website}、{email}、{name}。",
  wordings: "至少写一种说法，每种都要有文字，而且不能和别的文章重复。",
  related: "相关文章要是已有的文章。",
  valid_from: "失效日期不能早于生效日期。",
  valid_until: "失效日期不能早于生效日期。",
};

export const FOREVER = "2099-12-31";

export function emptyForm(): Form {
  return { question: "", subject: "", answer: "", wordings: "", related: [], check: false, valid: null };
}

export function formOf(content: Written): Form {
  const { question, subject, answer, wordings, related, check, valid_from, valid_until } = content;
  const valid: Form["valid"] = valid_from || valid_until ? [valid_from ?? "", valid_until ?? FOREVER] : null;
  return { question, subject, answer, wordings: wordings.join("\n"), related: [...related], check, valid };
}

export function contentOf(form: Form): Written {
  const [from, until] = form.valid ?? ["", ""];
  return {
    question: form.question.trim(),
    subject: form.subject.trim(),
    answer: form.answer.trim(),
    wordings: lines(form.wordings),
    related: form.related,
    check: form.check,
    valid_from: from || null,
    valid_until: until && until !== FOREVER ? until : null,
  };
}

export function lines(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];
}

/** Articles whose id, question, answer or wordings hold every word that is looked for. */
export function search<Row extends ArticleRow>(articles: readonly Row[], text: string): Row[] {
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return articles.filter((one) => {
    const held = [one.faq_id, one.question, one.subject, one.answer, ...one.wordings].join("\n").toLowerCase();
    return wanted.every((word) => held.includes(word));
  });
}

export interface Span {
  kind: "same" | "added" | "removed";
  text: string;
}

/** What became of a text, in runs of characters: longest common subsequence between equal ends. */
export function diffText(before: string, after: string): Span[] {
  const [a, b] = [[...before], [...after]];
  let [head, tail] = [0, 0];
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = walk(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([
    { kind: "same", text: a.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: tail ? a.slice(a.length - tail).join("") : "" },
  ]);
}

function walk(a: string[], b: string[]): Span[] {
  const common = lengths(a, b);
  const spans: Span[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) spans.push({ kind: "same", text: a[i++]! }), (j += 1);
    else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) spans.push({ kind: "removed", text: a[i++]! });
    else spans.push({ kind: "added", text: b[j++]! });
  }
  return spans;
}

/** `lengths[i][j]`: of the longest common subsequence of a from i and b from j. */
function lengths(a: string[], b: string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

function joined(spans: Span[]): Span[] {
  const runs: Span[] = [];
  for (const span of spans) {
    const last = runs.at(-1);
    if (!span.text) continue;
    if (last?.kind === span.kind) last.text += span.text;
    else runs.push({ ...span });
  }
  return runs;
}

export interface Change {
  name: string;
  title: string;
  spans: Span[];
}

/** What differs between two versions, field by field; lists as their added and removed lines. */
export function changes(before: Written, after: Written): Change[] {
  const names = ["question", "subject", "answer", "wordings", "related", "check", "valid_from", "valid_until"] as const;
  return names
    .filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null))
    .map((name) => ({ name, title: FIELD[name]!, spans: spansOf(before[name], after[name]) }));
}

function spansOf(before: Written[keyof Written], after: Written[keyof Written]): Span[] {
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after);
  return diffText(shown(before), shown(after));
}

function diffLists(before: string[], after: string[]): Span[] {
  const gone = before.filter((one) => !after.includes(one)).map((text): Span => ({ kind: "removed", text }));
  const come = after.filter((one) => !before.includes(one)).map((text): Span => ({ kind: "added", text }));
  return [...gone, ...come];
}

function shown(value: Written[keyof Written]): string {
  if (value === true) return "是";
  if (value === false) return "否";
  return value === null || value === undefined ? "（空）" : String(value);
}

/** An id for a new article: a folder-like group of the shop's, and a word. */
export const ID = /^[a-z_]+\.[a-z0-9_]+$/;

/** From when to when an article is told, in words; empty where it always is. `over`: it is told to nobody today. */
export function validity(row: { valid_from: string | null; valid_until: string | null }, now: Date): { says: string; over: boolean } {
  const today = dayKey(now);
  const { valid_from: from, valid_until: until } = row;
  if (until && until < today) return { says: `${spokenDay(until, now)}已失效`, over: true };
  if (from && from > today) return { says: `${spokenDay(from, now)}起生效`, over: true };
  return { says: until ? `${spokenDay(until, now)}后失效` : "", over: false };
}

function spokenDay(day: string, now: Date): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return `${year === wall(now).year ? "" : `${year}年`}${month}月${date}日`;
}
