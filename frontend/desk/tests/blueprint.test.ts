import { describe, expect, test } from "vitest";
import type { Blueprint, Step } from "../src/blueprint";
import { flows, places, told } from "../src/logic/blueprint";
import { minutes, share } from "../src/logic/scorecard";

const step = (before: string, after: string, count: number, lost = false): Step => ({
  before,
  after,
  before_title: before,
  after_title: after,
  lost,
  measure: { name: after, title: after, meaning: "", shown: "time" },
  figure: { count, median: count ? 60 : null, p90: count ? 90 : null, mean: null },
});
const drawn: Blueprint = {
  first: "2026-11-20",
  last: "2026-11-23",
  came: [{ channel: "web", title: "网页", count: 3 }],
  steps: [step("机器人", "等人工", 2), step("等人工", "离开", 1, true), step("人工", "人工办完", 0)],
  missing: [],
};

describe("the blueprint", () => {
  test("channels lead to the bot, and a step that nobody took is not drawn", () => {
    const found = flows(drawn);
    expect(found.map((one) => [one.source, one.target, one.value, one.lost])).toEqual([
      ["网页", "机器人", 3, false],
      ["机器人", "等人工", 2, false],
      ["等人工", "离开", 1, true],
    ]);
    expect(places(found)).toEqual(["网页", "机器人", "等人工", "离开"]);
  });

  test("a step is told with how many took it and how long", () => {
    expect(told(drawn.steps[0]!)).toBe("2 次，中位 1 分钟，九成 1 分 30 秒");
    expect(told(drawn.steps[2]!)).toBe("没有");
  });
});

describe("a card", () => {
  test("of nothing there is no share", () => {
    expect([share(0, 0), share(0, 3), share(2, 3), minutes(0), minutes(90), minutes(4320)]).toEqual(["—", "0%", "67%", "0 分钟", "1 小时 30 分钟", "72 小时"]);
  });
});
