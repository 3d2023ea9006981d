"""How long the desk's lists, searches and reports take among 100,000 tickets and a million messages.

    .envs/helpdesk/bin/python bench/desk_speed.py [--tickets 100000] [--messages 1000000] [--postgres] [--rounds 5]

A database of its own is filled (bench/search_speed.py has the messages), the days' figures are made, and each address
is asked over the whole application without a network, as a supervisor and as an agent. CPU is this process's, without
PostgreSQL's; on a machine that does other work beside, only CPU can be compared.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
from sqlalchemy import insert, text  # noqa: E402

from bench.search_speed import A_TALK, NOW, fill  # noqa: E402
from helpdesk.app import public_app  # noqa: E402
from helpdesk.bootstrap import build_services, prepare  # noqa: E402
from helpdesk.clock import ManualClock  # noqa: E402
from helpdesk.model.survey import Dimension  # noqa: E402
from helpdesk.services import Services  # noqa: E402
from helpdesk.store.tables import Handoff, Promise, Rating, Staff, Survey, Ticket, TicketEvent  # noqa: E402
from helpdesk.testing import PostgresDatabases, SqliteDatabases, settings_for  # noqa: E402
from helpdesk.usecases.people.roster import ensure_staff  # noqa: E402
from helpdesk.usecases.people.sign_in import open_session  # noqa: E402
from helpdesk.usecases.reports.build import rebuild, today  # noqa: E402

BATCH = 5_000
KINDS = ("complaint", "repair", "refund", "exchange", "invoice", "installation")
OWNERS = ("agent", "agent2", "supervisor")
LISTS = (
    "/tickets", "/tickets?order=due", "/tickets?overdue=1", "/tickets?mine=1", "/tickets?status=registered",
    "/tickets?q=8123", "/tickets?q=王先生", "/tickets?kind=complaint,repair&status=accepted",
    "/promises?state=open", "/promises/summary", "/warnings", "/talks", "/talks?q=发票", "/talks?q=门把手",
    "/talks?q=没有这句话", "/customers", "/customers?q=8123", "/queue", "/conversations", "/calls", "/follow-ups",
)  # fmt: skip
SPANS = ("2026-11-23", "2026-11-01", "2025-12-01")
TABLES = (("", "day"), ("", "staff"), ("", "category"), ("/blueprint", "day"), ("/survey", "staff"))
REPORTS = (
    *(f"/reports{name}?from={first}&to=2026-11-23&by={by}" for first in SPANS for name, by in TABLES),
    "/reports/rows?from=2026-11-01&to=2026-11-23&measure=registered",
    "/supervision",
)


def lives(first: int, count: int, total: int, talks: int) -> Iterator[list[dict[str, Any]]]:
    """Tickets with what hangs on them, the oldest first; one in fifty is still open."""
    pick = random.Random(first)
    span = NOW - timedelta(days=460)
    for n in range(first, first + count):
        at = span + timedelta(days=460) * n / total
        number, talk = f"TS{at:%Y%m%d}-{n:06d}"[:20], f"{n % talks:032d}"
        is_open = pick.random() < 0.02 or total - n < 300
        done = None if is_open else min(NOW, at + timedelta(hours=pick.randrange(2, 90)))
        owner = pick.choice(OWNERS)
        yield [
            {
                "number": number, "kind": pick.choice(KINDS), "status": "registered" if is_open else "satisfied",
                "department": "service", "owner_id": owner, "customer_id": talk, "conversation_id": talk,
                "category": "quality", "created_at": at, "updated_at": done or at, "closed_at": done,
                "answered_at": done, "first_contact_at": done, "result_due": at + timedelta(days=3),
                "fields": {"name": "王先生", "phone": f"138{pick.randrange(10**8):08d}", "description": "冰箱不制冷"},
            },
            {
                "number": number, "at": at, "actor": "bot", "action": "registered", "to_status": "registered",
            },
            {
                "number": number, "at": done or at, "actor": f"staff:{owner}", "action": "answer" if done else "note",
                "from_status": "investigating" if done else None, "to_status": "answered" if done else None,
            },
            {
                "id": f"p{n:031d}", "ticket_number": number, "customer_id": talk, "owner_id": owner, "kind": "result",
                "text": "三天内答复", "due_at": at + timedelta(days=3), "state": "kept" if done else "open",
                "made_by": "bot", "made_at": at, "settled_at": done, "look_at": at + timedelta(days=2),
            },
            {
                "id": f"h{n:031d}", "conversation_id": talk, "session_no": 1, "channel": "web", "wished_at": at,
                "reason": "customer_asked", "priority": "normal", "barred": [], "staff_id": owner,
                "taken_at": at + timedelta(seconds=pick.randrange(5, 300)), "ended_at": done or at,
                "first_word_at": at + timedelta(seconds=pick.randrange(300, 400)), "outcome": "closed",
            },
            {
                "id": f"s{n:031d}", "number": number, "customer_id": talk, "staff_id": owner, "department": "service",
                "channel": "web", "category": "quality", "asked_by": "system", "asked_at": at,
                "until": at + timedelta(days=30), "answered_at": done if n % 10 == 0 else None,
                "scores": {one: [5, pick.randrange(1, 6)] for one in Dimension} if n % 10 == 0 and done else None,
            },
        ]  # fmt: skip


async def fill_tickets(services: Services, total: int, talks: int) -> None:
    """So many tickets, and a rating for each conversation."""
    for first in range(0, total, BATCH):
        rows = list(zip(*lives(first, min(BATCH, total - first), total, talks), strict=True))
        async with services.db.write() as uow:
            for table, some in zip((Ticket, TicketEvent, TicketEvent, Promise, Handoff, Survey), rows, strict=True):
                await uow.session.execute(insert(table), list(some))
            await uow.commit()
    async with services.db.write() as uow:
        at = [NOW - timedelta(days=460) * n / talks for n in range(talks)]
        rated = [
            {"id": f"r{n:031d}", "conversation_id": f"{n:032d}", "session_no": 1, "score": n % 5 + 1, "at": at[n]}
            for n in range(talks)
        ]
        await uow.session.execute(insert(Rating), rated)
        await uow.commit()
        if not services.db.is_sqlite:
            await uow.session.execute(text("ANALYZE"))
            await uow.commit()


async def ask(client: httpx.AsyncClient, address: str, who: str, token: str, rounds: int) -> tuple[list[float], float]:
    """Milliseconds waited in each round after the first, and the least computed; a line tells of them."""
    waits, cpu = [], []
    for _ in range(rounds + 1):
        since, before = time.perf_counter(), time.process_time()
        answer = await client.get(f"/api{address}", headers={"Authorization": f"Bearer {token}"})
        waits.append(1000 * (time.perf_counter() - since))
        cpu.append(1000 * (time.process_time() - before))
        assert answer.status_code == 200, answer.text
    kept = sorted(waits[1:])
    print(f"{who:10} {address:64} wait {kept[0]:7.1f}-{kept[-1]:7.1f}  CPU {min(cpu):6.1f} ms")
    return cpu[1:], kept[0]


async def signed_in(services: Services, who: str) -> str:
    """A session's token."""
    async with services.db.read() as uow:
        staff = await uow.session.get_one(Staff, who)
    return await open_session(services, staff, services.clock.now())


async def main(url: str, tickets: int, messages: int, rounds: int) -> None:
    """Fill, make the figures, ask."""
    services = build_services(settings_for(url, demo=True), clock=ManualClock(NOW))
    await prepare(services)
    await ensure_staff(services)
    await fill(services.db, messages)
    await fill_tickets(services, tickets, messages // A_TALK)
    since, days = time.process_time(), 400
    await rebuild(services, today(services) - timedelta(days=days), today(services))
    print(f"figures of a day: {1000 * (time.process_time() - since) / days:.0f} ms CPU")
    transport = httpx.ASGITransport(public_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", timeout=60) as client:
        tokens = {who: await signed_in(services, who) for who in ("supervisor", "agent")}
        for group, addresses, people in (("lists", LISTS, tuple(tokens)), ("reports", REPORTS, ("supervisor",))):
            found = [await ask(client, one, who, tokens[who], rounds) for who in people for one in addresses]
            cpu = quantiles([one for times, _ in found for one in times], n=20)
            best = quantiles([wait for _, wait in found], n=20)
            print(f"{group}: CPU median {cpu[9]:.1f} ms, p95 {cpu[18]:.1f} ms; least wait p95 {best[18]:.1f} ms")
    await services.db.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    databases = PostgresDatabases() if given.postgres else SqliteDatabases()
    try:
        asyncio.run(main(databases.fresh(), min(given.tickets, 200_000), min(given.messages, 2_000_000), given.rounds))
    finally:
        databases.close()
