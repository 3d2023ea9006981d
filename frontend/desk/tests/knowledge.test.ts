import { together } from "../src/rehearsing";
import { describe, expect, test } from "vitest";
import type { ArticleRow, Written } from "../src/knowledge";
import { changes, contentOf, diffText, emptyForm, formOf, ID, lines, search, validity } from "../src/logic/knowledge";

const ARTICLE: Written = {
  question: "退换货的运费谁出？",
  subject: "退货运费",
  answer: "质量问题由我们承担。",
  wordings: ["退货运费谁出", "邮费谁付"],
  related: ["returns.process"],
  check: false,
  valid_from: null,
  valid_until: null,
};

function row(values: Partial<ArticleRow>): ArticleRow {
  const standing = { version: 0, state: "published", edited_by: null, edited_at: null, has_draft: false } as const;
  return { ...ARTICLE, ...standing, faq_id: "returns.freight", ...values };
}

const apply = (spans: { kind: string; text: string }[], without: string) =>
  spans.filter((span) => span.kind !== without).map((span) => span.text).join("");

describe("an article's form", () => {
  test("gives back what it was filled with", () => {
    for (const content of [ARTICLE, { ...ARTICLE, valid_from: "2026-11-01", valid_until: "2026-12-01", check: true }]) {
      expect(contentOf(formOf(content))).toEqual(content);
    }
  });

  test("an end that was left open stays open", () => {
    const content = { ...ARTICLE, valid_from: "2026-11-01" };
    expect(contentOf(formOf(content))).toEqual(content);
  });

  test("wordings are one a line, each once", () => {
    expect(lines(" 甲 \n\n乙\n甲\n")).toEqual(["甲", "乙"]);
    expect(contentOf({ ...emptyForm(), wordings: "甲\n" }).wordings).toEqual(["甲"]);
  });

  test.each([
    ["returns.gift_card", true],
    ["new", false],
    ["questions", false],
    ["Returns.x", false],
    ["退货.一", false],
  ])("%s as an id: %s", (id, usable) => expect(ID.test(id)).toBe(usable));
});

describe("search", () => {
  const rows = [row({}), row({ faq_id: "invoice.how", question: "怎么开发票？", subject: "发票", wordings: ["开票"], answer: "订单页申请。" })];

  test.each([
    ["邮费", ["returns.freight"]],
    ["发票 订单页", ["invoice.how"]],
    ["INVOICE", ["invoice.how"]],
    ["", ["returns.freight", "invoice.how"]],
    ["退货 发票", []],
  ])("「%s」 finds %j", (text, ids) => expect(search(rows, text).map((one) => one.faq_id)).toEqual(ids));
});

describe("differences", () => {
  test.each([
    ["七天内退货", "十五天内退货"],
    ["", "新的"],
    ["旧的", ""],
    ["一样", "一样"],
    ["运费由您承担，我们不退", "运费由我们承担，三天内退"],
  ])("「%s」 -> 「%s」 can be read both ways", (before, after) => {
    const spans = diffText(before, after);
    expect(apply(spans, "added")).toBe(before);
    expect(apply(spans, "removed")).toBe(after);
  });

  test("equal ends are not marked", () => {
    expect(diffText("运费由您承担。", "运费由我们承担。").map((span) => [span.kind, span.text])).toEqual([
      ["same", "运费由"],
      ["removed", "您"],
      ["added", "我们"],
      ["same", "承担。"],
    ]);
  });

  test("name each field that changed, lists by their lines", () => {
    const after = { ...ARTICLE, answer: "都由我们承担。", wordings: ["退货运费谁出", "来回运费"], check: true };
    const found = changes(ARTICLE, after);
    expect(found.map((change) => change.title)).toEqual(["答案", "客户的说法", "需要定期核对"]);
    expect(found[1]!.spans).toEqual([
      { kind: "removed", text: "邮费谁付" },
      { kind: "added", text: "来回运费" },
    ]);
    expect(changes(ARTICLE, ARTICLE)).toEqual([]);
  });
});

describe("from when to when an article is told", () => {
  const now = new Date(2026, 10, 24, 10, 0);
  test.each([
    [null, null, "", false],
    ["2026-11-24", null, "", false],
    ["2026-11-25", null, "11月25日起生效", true],
    [null, "2026-11-24", "11月24日后失效", false],
    ["2026-01-01", "2027-01-31", "2027年1月31日后失效", false],
    [null, "2026-11-23", "11月23日已失效", true],
  ])("%s to %s", (valid_from, valid_until, says, over) => {
    expect(validity({ valid_from, valid_until }, now)).toEqual({ says, over });
  });
});

describe("a rehearsal piece by piece", () => {
  const nothing = { outcome: "nothing" as const, faq_ids: [] };
  const change = (question: string, worse: boolean) => ({ question, wanted: "a.b", worse, before: nothing, after: nothing });

  test("what was found before stays, the worse ones first, and how far it is comes from the last piece", () => {
    const all = together(
      { asked: 400, of: 900, changed: 1, worse: 0, changes: [change("一", false)] },
      { asked: 800, of: 901, changed: 2, worse: 1, changes: [change("二", true), change("三", false)] },
    );
    expect([all.asked, all.of, all.changed, all.worse]).toEqual([800, 901, 3, 1]);
    expect(all.changes.map((one) => one.question)).toEqual(["二", "一", "三"]);
  });
});
