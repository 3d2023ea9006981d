"""A customer's browser at one process and a colleague's at another, tied by PostgreSQL alone and by Redis."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Locator, expect
from pydantic import SecretStr

from helpdesk.testing import PostgresDatabases, free_port, settings_for
from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Twins
from tests.support.redis_server import NO_SERVER, RedisServer, running_redis

SOON = 1.0
"""Seconds by which news may be later at the other process than where it happened; the median of a journey's."""


@pytest.fixture(scope="module")
def databases() -> Iterator[PostgresDatabases]:
    """Made in another thread: the browser's driver may hold this one's event loop."""
    with ThreadPoolExecutor(1) as other:
        made = other.submit(PostgresDatabases).result()
    yield made
    made.close()


@pytest.fixture(params=["postgres", "redis"])
def twins(request: pytest.FixtureRequest, databases: PostgresDatabases, tmp_path: Path) -> Iterator[Twins]:
    """Two service processes."""
    with ExitStack() as stack:
        redis: RedisServer | None = None
        if request.param == "redis" and (redis := stack.enter_context(running_redis())) is None:
            pytest.skip(NO_SERVER)
        settings = settings_for(
            databases.fresh(),
            workers=(f"http://127.0.0.1:{free_port()}",),
            demo=True,
            redis_url=SecretStr(redis.url if redis else ""),
            var_dir=tmp_path,
        )
        made = Twins(settings, tmp_path)
        stack.callback(made.stop)
        made.start()
        yield made


def later(near: Locator, far: Locator, deed: Callable[[], None]) -> float:
    """Seconds by which what is done is seen later there than here."""
    deed()
    expect(near).to_be_visible(timeout=WAIT_MS)
    since = time.monotonic()
    expect(far).to_be_visible(timeout=WAIT_MS)
    return time.monotonic() - since


def test_all_that_happens_is_seen_at_the_other_process(twins: Twins, anywhere: Open) -> None:
    staff = Staff(anywhere(f"{twins.b}/desk")).sign_in("agent")
    customer = Customer(anywhere(f"{twins.a}/")).open_chat()
    field = customer.page.get_by_label("输入消息")
    took = [later(customer.queue_card(), staff.queue_rows().first, lambda: customer.says("我要找人工客服"))]
    header = customer.page.locator(".header").filter(has_text="林晓")
    reply = staff.page.get_by_label("回复", exact=True)
    took.append(later(reply, header, lambda: staff.queue_rows().first.get_by_role("button", name="接入").click()))
    for count in range(3):
        words = f"您好，第{count}件事我来办"
        said, heard = (page.get_by_text(words).last for page in (staff.page, customer.page))
        took.append(later(said, heard, lambda words=words: staff.writes(words)))  # type: ignore[misc]
        asked = f"好的，还有第{count}件"
        own, read = customer.own(asked).last, staff.page.locator(".said.customer").filter(has_text=asked).last
        took.append(later(own, read, lambda asked=asked: customer.says(asked)))  # type: ignore[misc]
        seen = customer.own(asked).locator(".delivery.read")
        took.append(later(read, seen, lambda: None))
    reply.press_sequentially("正在看")
    expect(customer.page.get_by_text("对方正在输入")).to_be_attached(timeout=WAIT_MS)
    field.press_sequentially("我想问")
    expect(staff.page.get_by_text("客户正在输入")).to_be_visible(timeout=WAIT_MS)
    reply.fill("")
    staff.moves("交还机器人")
    customer.hears("小声继续为您服务")
    assert median(took) < SOON


def test_who_loses_their_process_goes_on_at_the_other(twins: Twins, anywhere: Open) -> None:
    """A's process is killed: whoever reloads at B finds the conversation as it was, and staff never left."""
    staff = Staff(anywhere(f"{twins.b}/desk")).sign_in("agent")
    customer = Customer(anywhere(f"{twins.a}/")).open_chat()
    customer.asks_for_a_person()
    staff.takes_first()
    twins.kill_a()
    staff.says("您好，我这边一切正常，请您继续。")
    twins.start_a()
    customer.hears("我这边一切正常")
    customer.says("我又回来了")
    staff.reads("我又回来了")
