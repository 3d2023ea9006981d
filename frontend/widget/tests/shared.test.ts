import { afterEach, describe, expect, test } from "vitest";
import { contrast, readableOn, textOn } from "../../shared/colour";
import { dayKey, fieldOf, formatDuration, formatStopwatch, formatTime, fromField, midnight, setZone } from "../../shared/time";

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

describe("the company's clock", () => {
  afterEach(() => setZone(undefined));

  test.each([
    ["Asia/Shanghai", "2026-11-21T13:00:00Z", "今天 21:00", "2026-11-21T21:00:00", "2026-11-20T16:00:00.000Z"],
    ["Asia/Shanghai", "2026-11-21T16:30:00Z", "今天 00:30", "2026-11-22T00:30:00", "2026-11-21T16:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25T01:30:00Z", "今天 02:30", "2026-10-25T02:30:00", "2026-10-24T22:00:00.000Z"],
    ["America/New_York", "2026-03-08T12:00:00Z", "今天 08:00", "2026-03-08T08:00:00", "2026-03-08T05:00:00.000Z"],
  ])("in %s %s is %s, a field shows it and gives it back", (zone, iso, says, field, begun) => {
    setZone(zone);
    const at = new Date(iso);
    expect([formatTime(at, at), fieldOf(iso)]).toEqual([says, field]);
    expect(Date.parse(fromField(field))).toBe(at.getTime());
    expect(midnight(dayKey(at)).toISOString()).toBe(begun);
    expect(midnight(dayKey(at), 1)).toEqual(midnight(dayKey(at, 1)));
  });

  test("days of the calendar go on over the end of a year", () => {
    setZone("Asia/Shanghai");
    expect([-1, 0, 1].map((ahead) => dayKey(new Date("2026-12-31T15:00:00Z"), ahead))).toEqual(["2026-12-30", "2026-12-31", "2027-01-01"]);
  });

  test("an empty field stays empty, and a zone that the browser does not know leaves its own", () => {
    setZone("Somewhere/Else");
    expect([fieldOf(""), fieldOf("irgendwann")]).toEqual(["", ""]);
    expect(formatTime(new Date(2026, 10, 21, 14, 5), new Date(2026, 10, 21, 15, 0))).toBe("今天 14:05");
  });
});

describe("colours", () => {
  test.each(["#1f6f5c", "#ffd400", "#ff6600", "#000000", "#ffffff", "#07c160"])("%s stays readable", (brand) => {
    expect(contrast(brand, textOn(brand))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readableOn(brand, "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(readableOn(brand, "#26292f"), "#26292f")).toBeGreaterThanOrEqual(4.5);
  });
});
