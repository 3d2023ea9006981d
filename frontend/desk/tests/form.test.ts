import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../src/api";
import { useForm } from "../src/form";
import type { FormField, Values } from "../src/logic/forms";

const FIELDS: FormField[] = [{ name: "note", label: "原因", as: "lines", required: true }];

/** A form that is refused so, as often as there are refusals, and then accepted. */
function refusing(key: string, ...refusals: ApiError[]) {
  const sent: [Values, boolean][] = [];
  const conflicted = vi.fn(async () => {});
  const form = useForm({
    key,
    fields: () => FIELDS,
    conflicted,
    send: async (values, force) => {
      sent.push([values, force]);
      const refusal = refusals.shift();
      if (refusal) throw refusal;
    },
  });
  return { form, sent, conflicted };
}

describe("a form that is sent", () => {
  test("nothing goes out before it is complete, and then says what is missing", async () => {
    const { form, sent } = refusing("incomplete");
    expect(form.wrong.value).toEqual({});
    expect(await form.submit()).toBe(false);
    expect([form.wrong.value, sent]).toEqual([{ note: "请填写原因" }, []]);
  });

  test("after a colleague was first, everything is read again and what was typed stays", async () => {
    const { form, conflicted, sent } = refusing("conflict", new ApiError(409, "conflict", "工单已被同事更新，请刷新后再操作"));
    form.values.value = { note: "等配件" };
    expect(await form.submit()).toBe(false);
    expect(conflicted).toHaveBeenCalledOnce();
    expect(form.refusal.value).toContain("工单已被同事更新，请刷新后再操作。");
    expect(form.refusal.value).toContain("您填写的内容还在");
    expect(form.values.value).toEqual({ note: "等配件" });
    expect(await form.submit()).toBe(true);
    expect(sent.at(-1)).toEqual([{ note: "等配件" }, false]);
  });

  test("a draft outlives its dialog until it was sent", async () => {
    const first = refusing("draft").form;
    first.values.value = { note: "写了一半" };
    const second = refusing("draft").form;
    expect(second.values.value).toEqual({ note: "写了一半" });
    await second.submit();
    expect(refusing("draft").form.values.value).toEqual({ note: "" });
  });

  test("words to be mended are shown and can be insisted on", async () => {
    const findings = [{ code: "evasion", text: "不归我管", suggestion: "我来跟进", severity: "block" }];
    const { form, sent } = refusing("language", new ApiError(422, "invalid_input", "给客户的答复用语需要修改", { findings }));
    form.values.value = { note: "这个不归我管" };
    expect(await form.submit()).toBe(false);
    expect(form.findings.value).toEqual(findings);
    expect(await form.submit(true)).toBe(true);
    expect(sent.at(-1)![1]).toBe(true);
  });

  test("fields that are missing are named by their titles", async () => {
    const { form } = refusing("fields", new ApiError(422, "invalid_input", "还有必填的内容没有填写，请补全后再提交。", { fields: ["note"] }, "fields_missing"));
    form.values.value = { note: "x" };
    await form.submit();
    expect([form.refusal.value, form.wrong.value]).toEqual(["请补全：原因。", { note: "请核对这一项" }]);
    form.values.value = { note: "y" };
    expect(form.wrong.value).toEqual({});
  });
});
