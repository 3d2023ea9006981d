import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import PacketPane from "../src/components/PacketPane.vue";
import { desk } from "../src/desk";
import { asName } from "../src/logic/fields";
import type { Conversation } from "../src/types";

function conversation(customer: Record<string, unknown>, fields: Record<string, unknown>): Conversation {
  return {
    conversation_id: "c",
    state: "staff",
    staff_id: "agent",
    priority: "normal",
    held_until: null,
    customer: { id: "k", name: null, phone: null, email: null, tier: "normal", ...customer },
    packet: { fields },
    messages: [],
    notes: [],
    may: [],
  } as unknown as Conversation;
}

function shown(customer: Record<string, unknown>, fields: Record<string, unknown>): string {
  desk.current = conversation(customer, fields);
  const pane = mount(PacketPane, { global: { stubs: { OrdersPane: true, TalkHistory: true } } });
  const text = pane.text();
  pane.unmount();
  return text;
}

test("what the customer told the bot is not called unknown above it", () => {
  const text = shown({}, { name: "王小明", phone: "13812345678", product: "冰箱" });
  expect(text).not.toContain("未提供");
  expect(text.match(/王小明/g)).toHaveLength(1);
  expect(text.match(/13812345678/g)).toHaveLength(1);
  expect(text).toContain("冰箱");
});

test("another name than the file's is shown beside it", () => {
  expect(shown({ name: "王先生" }, { name: "李女士" })).toMatch(/王先生[\s\S]*李女士/);
});

test("nobody is addressed by half a guess", () => {
  expect(asName("王先生/女士")).toBe("王（只知道姓）");
  expect(asName("王女士")).toBe("王女士");
});
