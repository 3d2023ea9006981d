import { describe, expect, it } from "vitest";
import { secondsTo, standing, type WithPerson } from "../src/assignment";

const NOW = new Date("2026-11-24T10:00:00+08:00");

function customer(changes: Partial<WithPerson>): WithPerson {
  return {
    conversation_id: "c", customer_name: null, sender: "web-1234", channel: "web", state: "waiting", priority: "normal",
    staff_id: null, reason: "customer_asked", wished_at: NOW.toISOString(), taken_at: null, first_word_at: null, late: false, ...changes,
  };
}

describe("an offer", () => {
  it("counts down to nothing and never below", () => {
    expect(secondsTo("2026-11-24T10:00:19.4+08:00", NOW)).toBe(20);
    expect(secondsTo("2026-11-24T09:59:00+08:00", NOW)).toBe(0);
  });
});

describe("a customer at the supervisor's page", () => {
  it("is in danger without a word in time, whoever has them", () => {
    expect(standing(customer({ late: true }))).toEqual({ says: "还没有人接入", tone: "danger" });
    expect(standing(customer({ late: true, state: "staff", staff_id: "agent" }))).toEqual({ says: "已接入，还没有回复", tone: "danger" });
  });

  it("is calm once somebody has spoken", () => {
    expect(standing(customer({})).tone).toBe("attention");
    expect(standing(customer({ state: "staff", staff_id: "agent" })).says).toBe("刚接入");
    expect(standing(customer({ state: "staff", staff_id: "agent", first_word_at: NOW.toISOString() })).says).toBe("服务中");
  });
});
