/** The knowledge base's part of the staff API (helpdesk/desk/knowledge.py, knowledge_loop.py). */

import { ask } from "./api";

export interface Written {
  question: string;
  subject: string;
  answer: string;
  wordings: string[];
  related: string[];
  /** It rests on something that changes: an editor looks at it again from time to time. */
  check: boolean;
  valid_from: string | null;
  valid_until: string | null;
}

export interface ArticleRow extends Written {
  faq_id: string;
  /** 0 is the company's file. */
  version: number;
  state: "published" | "draft";
  edited_by: string | null;
  edited_at: string | null;
  has_draft: boolean;
}

export interface Draft {
  version: number;
  note: string | null;
  written_by: string;
  written_at: string;
  content: Written;
}

export interface OneArticle extends ArticleRow {
  draft: Draft | null;
}

export interface Version {
  version: number;
  state: "draft" | "published" | "replaced";
  note: string | null;
  written_by: string;
  written_at: string | null;
  published_by: string | null;
  published_at: string | null;
  content: Written;
}

export interface Trial {
  outcome: "answer" | "suggestions" | "nothing";
  /** This article answers, directly. */
  answers: boolean;
  faq_ids: string[];
  hits: { faq_id: string; question: string; score: number }[];
}

export interface Told {
  outcome: Trial["outcome"];
  faq_ids: string[];
}

/** What publishing would change among all known questions; `worse`: the article a question belongs to would lose it. */
export interface Rehearsal {
  asked: number;
  /** How many there are to ask in all. */
  of: number;
  changed: number;
  worse: number;
  changes: { question: string; wanted: string; worse: boolean; before: Told; after: Told }[];
}

export interface QuestionGroup {
  id: string;
  text: string;
  count: number;
  first_at: string;
  last_at: string;
  state: "open" | "answered" | "dismissed";
  faq_id: string | null;
  examples: string[];
  suggested: string[];
}

export interface Helped {
  faq_id: string;
  helpful: number;
  not_helpful: number;
}

export interface Edit extends Written {
  note?: string;
  version?: number;
  /** The draft that the text grew from: published, it takes the draft's place. */
  draft?: number;
}

const BASE = "/api/knowledge";
const at = (faqId: string, part = "") => `${BASE}/articles/${encodeURIComponent(faqId)}${part && `/${part}`}`;

export const knowledge = {
  articles: () => ask<ArticleRow[]>("GET", `${BASE}/articles`),
  search: (words: string, limit: number) =>
    ask<{ faq_id: string; question: string; score: number; answer: string }[]>("GET", `${BASE}/search?${new URLSearchParams({ q: words, limit: String(limit) })}`),
  article: (faqId: string) => ask<OneArticle>("GET", at(faqId)),
  put: (faqId: string, edit: Edit) => ask<OneArticle>("PUT", at(faqId), edit),
  saveDraft: (faqId: string, edit: Edit) => ask<OneArticle>("PUT", at(faqId, "draft"), edit),
  dropDraft: (faqId: string) => ask<null>("DELETE", at(faqId, "draft")),
  versions: (faqId: string) => ask<Version[]>("GET", at(faqId, "versions")),
  rollback: (faqId: string, version: number, note: string) =>
    ask<OneArticle>("POST", at(faqId, "rollback"), { version, note }),
  tryQuestion: (faqId: string, question: string, content?: Written) =>
    ask<Trial>("POST", at(faqId, "try"), { question, content }),
  rehearse: (faqId: string, content: Written, after: number) => ask<Rehearsal>("POST", at(faqId, "rehearse"), { content, after }),
  unanswered: (state: string) => ask<QuestionGroup[]>("GET", `${BASE}/unanswered?state=${state}`),
  settle: (id: string, action: "dismiss" | "reopen" | "answer", faqId?: string) =>
    ask<QuestionGroup>("POST", `${BASE}/unanswered/${encodeURIComponent(id)}`, { action, faq_id: faqId }),
  ratings: () => ask<Helped[]>("GET", `${BASE}/ratings`),
};

/** A group from which a new article is being written. */
export const beginning: { group: QuestionGroup | null } = { group: null };
