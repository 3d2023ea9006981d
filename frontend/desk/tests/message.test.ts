// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import MessageItem from "../src/components/MessageItem.vue";
import type { ChatMessage } from "../src/types";

const HINT = "对方没有回音，可能送到也可能没送到。";

function shown(delivery: ChatMessage["delivery"]): string {
  const message: ChatMessage = { id: "m", seq: 1, at: "2026-11-29T10:00:00Z", author: "bot", text: "已登记", delivery };
  const props = { entry: { kind: "message" as const, message }, before: undefined, customer: "王女士", read: false };
  return mount(MessageItem, { props }).text();
}

it("says at the message that it did not arrive and what can be done", () => {
  expect(shown({ status: "unknown", error: null, hint: HINT })).toContain(HINT);
});

it("says nothing while all is well", () => {
  expect(shown({ status: "sent", error: null, hint: null })).not.toContain("送到");
  expect(shown(null)).not.toContain("送到");
});
