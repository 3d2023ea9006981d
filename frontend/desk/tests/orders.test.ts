// @vitest-environment happy-dom
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import OrdersPane from "../src/components/OrdersPane.vue";
import type { OrderSheet } from "../src/types";

const SHIPPED: OrderSheet = {
  number: "2026111500021",
  answers: true,
  found: true,
  state_title: "已发货",
  state_since: "2026-11-17",
  expected: "2026-11-23",
  products: ["三声滚筒洗衣机 XQG-100"],
  can_cancel: false,
  parcels: [{ waybill: "SS2026111700214", carrier: "三声物流", state_title: "运输途中", seen_at: null, place: "郑州中转站", expected: null }],
  progress: [{ kind_title: "发票", state_title: "已完成", since: "2026-11-18", expected: null }],
  at: "2026-11-23T02:00:00Z",
  is_old: false,
};

afterEach(() => vi.unstubAllGlobals());

function answering(body: unknown, status = 200): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
  return asked;
}

async function shown(mayLook = true): Promise<string> {
  const pane = mount(OrdersPane, { props: { of: "conversations/c1", order: "2026111500021", mayLook } });
  await flushPromises();
  return pane.text();
}

it("shows order, waybill, where the parcel is and how far the invoice is", async () => {
  const asked = answering([SHIPPED]);
  const text = await shown();
  expect(asked).toEqual(["/api/conversations/c1/orders"]);
  for (const word of ["2026111500021", "已发货", "不能取消", "SS2026111700214", "郑州中转站", "发票", "洗衣机"]) expect(text).toContain(word);
});

it("says that the system does not answer, and what was known when", async () => {
  answering([{ ...SHIPPED, answers: false, found: false }, { ...SHIPPED, number: "2", is_old: true }]);
  const text = await shown();
  expect(text).toContain("订单系统没有回应");
  expect(text).toContain("的记录");
});

it("asks nothing for whom the customer is masked", async () => {
  const asked = answering([SHIPPED]);
  expect(await shown(false)).toBe("");
  expect(asked).toEqual([]);
});

it("says so when the service cannot be asked", async () => {
  answering({ error: { code: "not_stored", message: "" } }, 503);
  expect(await shown()).toContain("暂时读不到");
});
