"""How quickly the desk answers a hand with 200 customers waiting and 20 conversations open, in a real browser.

    .envs/helpdesk/bin/python bench/desk_hands.py [--waiting 200] [--open 20] [--keys 60] [--changes 10]

A key press lasts from the key to the next painted frame; a change of the queue from the moment before it is stored to
the row being there. CPU is that of the page's main thread and, beside it, of the service with this script. The pages
have to be built (`npm run build` in frontend/), the browser is the one of tests/browser.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from sqlalchemy import update  # noqa: E402

from helpdesk.store.tables import Staff as StaffRow  # noqa: E402
from helpdesk.store.tables import new_id  # noqa: E402
from helpdesk.testing import SqliteDatabases  # noqa: E402
from tests.browser.conftest import ARGUMENTS, SERVICE_TIME, chromium  # noqa: E402
from tests.browser.people import Staff  # noqa: E402
from tests.browser.site import Site  # noqa: E402

KEYS = """() => {
  window.keys = [];
  window.addEventListener("keydown", () => {
    const since = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - since), 0));
  }, true);
}"""


class Watch:
    """Tells how long something took, and what it cost in CPU."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._page, self._service = self._in_page(), time.process_time()

    def _in_page(self) -> float:
        """Milliseconds of CPU that the page's main thread has had."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return 1000 * float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    def tell(self, what: str, times: list[float]) -> None:
        """Median, p95 and the longest, in milliseconds; CPU of each since the last were told."""
        cuts = quantiles(times, n=20)
        page, service = self._in_page(), time.process_time()
        each = [(page - self._page) / len(times), 1000 * (service - self._service) / len(times)]
        print(
            f"{what:24} median {cuts[9]:6.0f} ms  p95 {cuts[18]:6.0f} ms  longest {max(times):6.0f} ms"
            f"  CPU: page {each[0]:4.0f} ms, service {each[1]:4.0f} ms"
        )
        self._page, self._service = page, service


def line_up(site: Site, waiting: int, taken: int) -> None:
    """Customers in the queue, some of them taken by the agent, who has room for all of them."""
    site.do(room, site)
    ask = site.program("agent")
    ask("POST", "/api/presence", {"state": "online"})
    for n in range(taken):
        ask("POST", f"/api/conversations/{site.waiting(new_id(), f'我是第 {n} 位，冰箱不制冷了')}/claim", {})
    for n in range(waiting):
        site.waiting(new_id(), f"第 {n} 位的问题：发票怎么开")


async def room(site: Site) -> None:
    """For everybody, as many as there are."""
    async with site.live().db.write() as uow:
        await uow.session.execute(update(StaffRow).values(capacity=100))
        await uow.commit()


def typed(page: Page, keys: int) -> list[float]:
    """Milliseconds of each key."""
    page.evaluate(KEYS)
    field = page.get_by_label("回复", exact=True)
    field.click()
    for n in range(keys):
        page.keyboard.press("abcdefghij"[n % 10])
        page.wait_for_function(f"window.keys.length > {n}")
    return list(page.evaluate("window.keys"))


def changed(site: Site, page: Page, changes: int) -> list[float]:
    """Milliseconds until another customer is in sight."""
    times = []
    for _ in range(changes):
        before = page.locator(".queue-rows li").count()
        since = time.perf_counter()
        site.waiting(new_id(), "新来的一位")
        page.wait_for_function(f"document.querySelectorAll('.queue-rows li').length > {before}", polling="raf")
        times.append(1000 * (time.perf_counter() - since))
    return times


def opened(page: Page, count: int) -> list[float]:
    """Milliseconds from a press on one of one's conversations to its words."""
    times = []
    rows = page.locator(".mine-rows li .row")
    for n in range(count):
        row = rows.nth(n)
        who = row.locator("strong").inner_text()
        since = time.perf_counter()
        row.click()
        page.locator(".talk-who strong").filter(has_text=who).wait_for()
        page.locator(".said.customer").first.wait_for()
        times.append(1000 * (time.perf_counter() - since))
    return times


def main(waiting: int, taken: int, keys: int, changes: int) -> None:
    """Line up, then do what a hand does."""
    with ThreadPoolExecutor(1) as other:
        databases = other.submit(SqliteDatabases).result()
    site = Site(databases.fresh())
    site.start()
    line_up(site, waiting, taken)
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XDG_CACHE_HOME": folder}
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS, env=env)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN", bypass_csp=True)
        page.add_init_script(SERVICE_TIME)
        page.goto(f"{site.url}/desk")
        Staff(page).sign_in("agent")
        page.wait_for_function(f"document.querySelectorAll('.queue-rows li').length >= {waiting}")
        watch = Watch(page)
        watch.tell("a conversation is opened", opened(page, taken))
        watch.tell("a key press", typed(page, keys))
        watch.tell("a change of the queue", changed(site, page, changes))
        browser.close()
    site.stop()
    databases.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=200)
    parser.add_argument("--open", type=int, default=20)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--changes", type=int, default=10)
    given = parser.parse_args()
    main(min(given.waiting, 1000), min(given.open, 100), given.keys, given.changes)
