// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { fitting, placesFor, type Found } from "../src/logic/palette";
import { NO_FILTERS } from "../src/logic/ticketList";
import { asKept, fromKept } from "../src/logic/views";
import { callFor, showOnDesktop, sounds, wishes } from "../src/outside";

describe("what Ctrl+K finds", () => {
  const one = (title: string, says = ""): Found => ({ key: title, group: "命令", title, says, run: () => {} });

  test("every word counts, and a title that begins with it comes first", () => {
    const all = [one("打开 工单"), one("工单提醒", "今天"), one("退出登录")];
    expect(fitting(all, "工单").map((found) => found.title)).toEqual(["工单提醒", "打开 工单"]);
    expect(fitting(all, "工单 今天").map((found) => found.title)).toEqual(["工单提醒"]);
    expect(fitting(all, " ")).toEqual(all);
  });

  test("a page that somebody may not open is not offered", () => {
    expect(placesFor([]).map((place) => place.name)).not.toContain("supervision");
    expect(placesFor(["supervise"]).map((place) => place.name)).toContain("supervision");
  });
});

describe("views of a list", () => {
  test("filters come back as they were kept", () => {
    const filters = { ...NO_FILTERS, mine: true, status: "accepted", q: "冰箱" };
    expect(fromKept(asKept(filters), NO_FILTERS)).toEqual(filters);
  });

  test("a filter that a view does not know is as if it were not there, and one that is gone is left out", () => {
    expect(fromKept({ overdue: "true", gone: "x" }, NO_FILTERS)).toEqual({ ...NO_FILTERS, overdue: true });
  });
});

describe("calling somebody back to the desk", () => {
  const shown: { title: string; body?: string; tag?: string; onclick?: () => void }[] = [];

  class Notice {
    static permission = "granted";
    static requestPermission = async () => Notice.permission;
    onclick?: () => void;
    constructor(title: string, given: { body?: string; tag?: string }) {
      shown.push(Object.assign(this, { title, ...given }));
    }
    close() {}
  }

  function elsewhere(focused: boolean, permission = "granted"): void {
    Notice.permission = permission;
    vi.stubGlobal("Notification", Notice);
    vi.spyOn(document, "hasFocus").mockReturnValue(focused);
  }

  afterEach(() => {
    shown.length = 0;
    Object.assign(wishes, { desktop: false, silent: [] });
    localStorage.clear();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test("a notice comes over other windows, and a click leads to what it is about", async () => {
    elsewhere(false);
    expect(await showOnDesktop(true)).toBe(true);
    const act = vi.fn();
    callFor("message", "王女士发来了消息。", "c1", act);
    expect(shown).toMatchObject([{ body: "王女士发来了消息。", tag: "message:c1" }]);
    shown[0]!.onclick!();
    expect(act).toHaveBeenCalledOnce();
  });

  test("nobody who looks at the desk, or did not wish it, is disturbed", async () => {
    elsewhere(false);
    callFor("message", "来信", "c1", () => {});
    elsewhere(true);
    await showOnDesktop(true);
    callFor("message", "来信", "c1", () => {});
    expect(shown).toEqual([]);
  });

  test("what the browser does not allow is said, and stays off", async () => {
    elsewhere(false, "denied");
    expect(await showOnDesktop(true)).toBe(false);
    expect(wishes.desktop).toBe(false);
  });

  test("wishes are kept on the machine", () => {
    sounds("queue", false);
    expect(JSON.parse(localStorage.getItem("desk:alerts")!)).toEqual({ desktop: false, silent: ["queue"] });
    sounds("queue", true);
    expect(wishes.silent).toEqual([]);
  });
});
