import { describe, expect, test } from "vitest";
import { beside, counted, daysOf, duration, GROUPS, plotted, spans, written, type Figure } from "../src/logic/reports";

const nothing: Figure = { count: 0, median: null, p90: null, mean: null };
const of = (given: Partial<Figure>): Figure => ({ ...nothing, ...given });

describe("figures of a report", () => {
  test("of nothing there is a dash, and a count of none is none", () => {
    expect((["time", "number", "share", "mean"] as const).map((shown) => written(nothing, shown))).toEqual(["—", "—", "—", "—"]);
    expect(written(nothing, "count")).toBe("0");
    expect(beside(nothing, "share")).toBe("");
    expect(plotted(nothing, "share")).toBeNull();
    expect(plotted(undefined, "count")).toBe(0);
    expect(plotted(undefined, "time")).toBeNull();
  });

  test("a share of none of three is no dash", () => {
    expect(written(of({ count: 3, mean: 0 }), "share")).toBe("0%");
    expect(plotted(of({ count: 3, mean: 0 }), "share")).toBe(0);
  });

  test("shares, scores and times as people say them", () => {
    expect(written(of({ count: 3, mean: 1 / 3 }), "share")).toBe("33.3%");
    expect(written(of({ count: 2, mean: 4.5 }), "mean")).toBe("4.5");
    expect(written(of({ count: 2, median: 120, p90: 150 }), "time")).toBe("2 分钟");
    expect(beside(of({ count: 2, median: 120, p90: 150 }), "time")).toBe("九成 2 分 30 秒，共 2");
    expect([duration(0), duration(59), duration(601), duration(3600)]).toEqual(["0 秒", "59 秒", "10 分钟", "1 小时"]);
  });

  test("a row tells what was counted of it", () => {
    expect([counted(1, "share"), counted(0, "share"), counted(4, "mean"), counted(1, "count")]).toEqual(["是", "否", "4 分", ""]);
  });

  test("no measure stands in two groups", () => {
    const all = GROUPS.flatMap((group) => group.measures);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("spans of days", () => {
  test("over the ends of months and years", () => {
    const found = Object.fromEntries(spans(new Date(2027, 0, 3)).map((one) => [one.title, one.span]));
    expect(found["近 7 天"]).toEqual({ from: "2026-12-28", to: "2027-01-03" });
    expect(found["本月"]).toEqual({ from: "2027-01-01", to: "2027-01-03" });
    expect(found["上月"]).toEqual({ from: "2026-12-01", to: "2026-12-31" });
  });

  test("every day is in it once", () => {
    expect(daysOf({ from: "2026-02-27", to: "2026-03-01" })).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  });
});
