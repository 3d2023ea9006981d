import { describe, expect, test } from "vitest";
import { contrast, readableOn, textOn } from "../../shared/colour";
import { formatDuration, formatStopwatch, formatTime } from "../../shared/time";

describe("times", () => {
  const now = new Date(2026, 10, 21, 15, 0);

  test.each([
    [new Date(2026, 10, 21, 14, 5), "今天 14:05"],
    [new Date(2026, 10, 20, 23, 59), "昨天 23:59"],
    [new Date(2026, 10, 3, 9, 0), "11月3日 09:00"],
    [new Date(2025, 11, 31, 9, 0), "2025年12月31日 09:00"],
    [new Date(2026, 10, 22, 9, 0), "明天 09:00"],
  ])("%s is %s", (at, text) => expect(formatTime(at, now)).toBe(text));

  test.each([
    [20, "不到 1 分钟"],
    [200, "3 分钟"],
    [4800, "1 小时 20 分钟"],
    [7200, "2 小时"],
    [200_000, "2 天"],
  ])("%d seconds are %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  test("a stopwatch counts minutes and hours", () => {
    expect([formatStopwatch(135), formatStopwatch(3735)]).toEqual(["02:15", "1:02:15"]);
  });
});

describe("colours", () => {
  test.each(["#1f6f5c", "#ffd400", "#ff6600", "#000000", "#ffffff", "#07c160"])("%s stays readable", (brand) => {
    expect(contrast(brand, textOn(brand))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readableOn(brand, "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readableOn(brand, "#26292f"), "#26292f")).toBeGreaterThanOrEqual(4.5);
  });
});
