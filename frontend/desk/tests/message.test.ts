// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import MessageItem from "../src/components/MessageItem.vue";
import { markOf, mayRecall, mayResend } from "../src/logic/thread";
import type { ChatMessage } from "../src/types";

const HINT = "对方没有回音，可能送到也可能没送到。";

function shown(delivery: ChatMessage["delivery"]): string {
  const message: ChatMessage = { id: "m", seq: 1, at: "2026-11-29T10:00:00Z", author: "bot", text: "已登记", delivery };
  const props = { entry: { kind: "message" as const, message }, before: undefined, customer: "王女士" };
  return mount(MessageItem, { props }).text();
}

it("says at the message that it did not arrive and what can be done", () => {
  expect(shown({ status: "unknown", error: null, hint: HINT })).toContain(HINT);
});

it("says nothing while all is well", () => {
  expect(shown({ status: "sent", error: null, hint: null })).not.toContain("送到");
  expect(shown(null)).not.toContain("送到");
});

const NOW = new Date("2026-11-29T10:01:00Z");
const mine = (more: Partial<ChatMessage> = {}): ChatMessage => ({ id: "m", seq: 5, at: "2026-11-29T10:00:00Z", author: "staff", staff_id: "me", text: "您好", ...more });
const on = (status: string, hint: string | null = null) => ({ delivery: { status, error: null, hint } });

it("says of each message of ours how far it has come", () => {
  expect(markOf(mine(), 4)).toBe("未读");
  expect(markOf(mine(), 5)).toBe("已读");
  expect(markOf(mine(on("delivered")), 0)).toBe("已送达");
  expect(markOf(mine(on("queued")), 0)).toBe("等待发送");
  expect(markOf(mine(on("failed", HINT)), 9)).toBe("");
  expect(markOf(mine({ author: "customer" }), 9)).toBe("");
});

it("offers to take back one's own for two minutes, as long as no telephone has it", () => {
  expect(mayRecall(mine(), "me", NOW)).toBe(true);
  expect(mayRecall(mine(on("queued")), "me", NOW)).toBe(true);
  expect(mayRecall(mine(on("delivered")), "me", NOW)).toBe(false);
  expect(mayRecall(mine(), "colleague", NOW)).toBe(false);
  expect(mayRecall(mine(), "me", new Date("2026-11-29T10:02:00Z"))).toBe(false);
  expect(mayRecall(mine({ custom: { kind: "recalled" } }), "me", NOW)).toBe(false);
});

it("offers to send again what did not arrive, and nothing else", () => {
  const states = ["queued", "sent", "delivered", "failed", "unknown"];
  expect(states.filter((status) => mayResend(mine(on(status))))).toEqual(["failed", "unknown"]);
  expect(mayResend(mine())).toBe(false);
});

it("shows of what was taken back only that it was", () => {
  const props = { entry: { kind: "message" as const, message: mine({ text: "", custom: { kind: "recalled" } }) }, before: undefined, customer: "王女士" };
  expect(mount(MessageItem, { props }).text()).toContain("撤回了一条消息");
});
