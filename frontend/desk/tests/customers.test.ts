import { expect, test } from "vitest";
import { changed, fileEdit, fileFields, fileQuery, NO_FILE_FILTERS, NOBODY, type CustomerFile } from "../src/logic/customers";
import { blank, filled } from "../src/logic/forms";

const FILE = {
  id: "c1", name: "王小明", phone: "13812345678", email: null, reach_by: null, reach_from: null, reach_until: null,
  may_follow_up: null, class_said: null, remark: "上午在家", changed_at: "2026-11-23T02:00:00Z",
} as unknown as CustomerFile;
const nameOf = (id: string) => (id === "agent" ? "林晓" : id);

test("a query names only what is filtered by, and one's own before anybody's", () => {
  expect(fileQuery(NO_FILE_FILTERS)).toEqual({ limit: "50" });
  expect(fileQuery({ ...NO_FILE_FILTERS, mine: true, keeper: "agent", q: " 王小 " })).toEqual({ limit: "50", mine: "1", q: "王小" });
  expect(fileQuery({ ...NO_FILE_FILTERS, keeper: NOBODY, stale: true }, "c9")).toEqual({ limit: "50", unkept: "1", stale: "1", cursor: "c9" });
});

test("only what was changed is sent, what was emptied as nothing", () => {
  const fields = fileFields(FILE);
  const values = { ...blank(fields), phone: "13900001111", remark: "", may_follow_up: "no" };
  expect(fileEdit(FILE, filled(fields, values))).toEqual({ seen: FILE.changed_at, phone: "13900001111", remark: null, may_follow_up: false });
  expect(fileEdit(FILE, filled(fields, blank(fields)))).toEqual({ seen: FILE.changed_at });
});

test("a change is told in words, and only what it was about where the words are hidden", () => {
  const line = { at: "", actor: "staff:agent", action: "customer_edited", reason: null };
  const told = { fields: ["may_follow_up", "phone"], before: { phone: "1", may_follow_up: null }, after: { phone: "2", may_follow_up: true } };
  expect(changed({ ...line, ...told }, nameOf)).toEqual(["同意回访：（空） → 同意", "电话：1 → 2"]);
  expect(changed({ ...line, fields: [], before: {}, after: { keeper: "agent" } }, nameOf)).toEqual(["保管人：林晓"]);
  expect(changed({ ...line, fields: ["phone"], before: {}, after: {} }, nameOf)).toEqual(["电话"]);
});
