"""The list of tickets: filters, pages, what is late; fast with ten thousand."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from helpdesk.store.tables import Ticket, TicketPause
from tests.integration.desk.conftest import Desk, complaint


async def fill(desk: Desk, count: int, **changes: Any) -> None:
    """So many tickets, one a minute, beside the one that a customer opened."""
    conversation_id = await desk.customer()
    await desk.turn(conversation_id, "open_ticket", complaint())
    await copy_first(desk, range(count), **changes)


async def copy_first(desk: Desk, which: range, **changes: Any) -> None:
    """Tickets like the customer's, numbered as `which` says."""
    async with desk.services.db.read() as uow:
        first = (await uow.session.scalars(select(Ticket).where(~Ticket.number.startswith("TS20260101")))).one()
    count = which.stop
    same = {column.key: getattr(first, column.key) for column in Ticket.__table__.columns}
    start = desk.clock.now() - timedelta(minutes=count)
    rows = [
        {
            **same,
            "number": f"TS20260101-{n:05d}",
            "created_at": start + timedelta(minutes=n),
            "fields": {**same["fields"], "description": f"第{n}件事"},
            **changes,
        }
        for n in which
    ]
    async with desk.services.db.write() as uow:
        await uow.session.execute(insert(Ticket), rows)
        await uow.commit()


async def numbers(desk: Desk, query: str = "") -> list[str]:
    return [row["number"] for row in await desk.ok("GET", f"/tickets{query}")]


async def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk) -> None:
    await desk.sign_in()
    await fill(desk, 25)
    everything = await numbers(desk)
    assert len(set(everything)) == 26
    for order in ("newest", "due"):
        seen: list[str] = []
        while page := await numbers(desk, f"?order={order}&limit=10&cursor={seen[-1] if seen else ''}"):
            seen += page
        assert sorted(seen) == sorted(everything)


async def test_the_first_page_tells_how_many_there_are(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    await fill(sqlite_desk, 5)
    response = await sqlite_desk.call("GET", "/tickets?limit=2&q=第3件事")
    assert (response.headers["x-total-count"], len(response.json())) == ("1", 1)
    response = await sqlite_desk.call("GET", "/tickets?limit=2")
    assert (response.headers["x-total-count"], len(response.json())) == ("6", 2)


async def test_late_is_what_runs_is_over_its_time_and_waits_for_nobody(desk: Desk) -> None:
    await desk.sign_in()
    now = desk.clock.now()
    past, soon = now - timedelta(hours=1), now + timedelta(hours=1)
    await fill(desk, 4, first_contact_at=past, result_due=soon, first_contact_due=past)
    await desk.change(Ticket, "TS20260101-00001", result_due=past)
    await desk.change(Ticket, "TS20260101-00002", result_due=past, status="answered")
    await desk.change(Ticket, "TS20260101-00003", result_due=past)
    async with desk.services.db.write() as uow:
        uow.session.add(TicketPause(number="TS20260101-00003", since=past))
        await uow.commit()
    assert await numbers(desk, "?overdue=1") == ["TS20260101-00001"]
    paused = {row["number"]: row["paused"] for row in await desk.ok("GET", "/tickets?q=TS20260101")}
    assert [number for number, is_paused in paused.items() if is_paused] == ["TS20260101-00003"]
    assert (await numbers(desk, "?order=due"))[:2] == ["TS20260101-00001", "TS20260101-00003"]


async def test_nonsense_is_refused(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    for query in ("order=colour", "cursor=TS1", "status=lost", "limit=0", "limit=5000", "overdue=maybe"):
        assert (await sqlite_desk.call("GET", f"/tickets?{query}")).status_code == 422, query


async def test_ten_thousand_are_as_quick_as_ten(desk: Desk) -> None:
    """Any page, any filter."""
    await desk.sign_in()
    await fill(desk, 200)
    page = await cost(desk, "")
    await copy_first(desk, range(200, 10_000))
    deep = "TS20260101-00100"
    for query in (
        "",
        f"cursor={deep}",
        f"order=due&cursor={deep}",
        "overdue=1",
        "q=第9876件事",
        "mine=1&status=accepted",
    ):
        assert await cost(desk, query) < 5 * page, query


async def cost(desk: Desk, query: str) -> float:
    """The least CPU seconds of five readings of a page; the database is in this process or asked by it."""
    spent: list[float] = []
    for _ in range(5):
        started = time.process_time()
        await desk.ok("GET", f"/tickets?limit=50&{query}")
        spent.append(time.process_time() - started)
    return min(spent)
