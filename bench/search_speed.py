"""How long a search takes at the desk among a million messages, on SQLite or PostgreSQL.

    .envs/helpdesk/bin/python bench/search_speed.py [--messages 1000000] [--postgres] [--rounds 5]

A database of its own is filled (a quarter of an hour for a million; the index grows with each batch as it would in
earnest), then every word is looked for as a supervisor, who is shown everything, and as an agent, for whom every hit
is read through the mask. Times are those of the use-case, without HTTP; CPU is this process's, without PostgreSQL's.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert, text  # noqa: E402

from bench.messages import MESSAGES  # noqa: E402
from helpdesk.bus import Bus  # noqa: E402
from helpdesk.clock import SystemClock  # noqa: E402
from helpdesk.model.place import Place  # noqa: E402
from helpdesk.store.database import Database  # noqa: E402
from helpdesk.store.tables import Conversation, Customer, Identity, Message, Staff  # noqa: E402
from helpdesk.testing import PostgresDatabases, SqliteDatabases  # noqa: E402
from helpdesk.usecases.queue import talks  # noqa: E402

A_TALK = 20
"""Messages of each conversation."""
BATCH = 20_000
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ONCE = "紫檀木屏风"
"""Said in the oldest conversation and nowhere else."""
WORDS = (
    "退款",
    "发票",
    "您好",
    "怎么",
    "冰箱不制冷",
    "快递",
    "8123",
    "20261",
    "紫檀",
    ONCE,
    "没有这句话",
    "款退",
    "门把手",
    "什么时候",
)
STATE = {"channel": "web", "state": "bot", "session_no": 1, "last_seq": A_TALK, "turn_no": 1, "priority": "normal"}
ENDS = (
    "谢谢",
    "麻烦快一点",
    "订单号{}",
    "我的电话是{}",
    "急",
    "可以吗",
    "还没收到",
    "门把手松了",
    "上次那位客服说了会回电",
)


def sentences(count: int) -> Iterator[str]:
    """What customers and the bot say, no two quite alike."""
    pick = random.Random(7)
    for _ in range(count):
        end = pick.choice(ENDS).format(pick.randrange(10**10, 10**11))
        yield f"{pick.choice(MESSAGES)}，{pick.choice(MESSAGES)}，{end}"


def rows(first: int, count: int, total: int) -> tuple[list[dict[str, Any]], ...]:
    """Customers, identities, conversations and messages, the oldest first."""
    start = NOW - timedelta(seconds=40 * total)
    found: tuple[list[dict[str, Any]], ...] = ([], [], [], [])
    customers, identities, conversations, messages = found
    for n, said in enumerate(sentences(count), start=first):
        at, talk = start + timedelta(seconds=40 * n), f"{n // A_TALK:032d}"
        if n % A_TALK == 0:
            seen = {"opened_at": at, "last_customer_at": at}
            customers.append({"id": talk, "name": None, "created_at": at, "last_seen_at": at, "tier": "normal"})
            identities.append({"id": talk, "channel": "web", "sender": talk, "customer_id": talk, "created_at": at})
            conversations.append({"id": talk, "identity_id": talk, "customer_id": talk, **STATE, **seen})
        words = f"{ONCE}，{said}" if n == 3 else said
        place = {"id": f"{n:032d}", "conversation_id": talk, "session_no": 1, "seq": n % A_TALK + 1, "at": at}
        messages.append({**place, "author": "customer" if n % 2 else "bot", "text": words, "processed_at": at})
    return found


async def fill(database: Database, total: int) -> None:
    """So many messages; what a batch costs at the beginning and at the end is printed."""
    for first in range(0, total, BATCH):
        since = time.process_time()
        made = rows(first, min(BATCH, total - first), total)
        async with database.write() as uow:
            for table, some in zip((Customer, Identity, Conversation, Message), made, strict=True):
                if some:
                    await uow.session.execute(insert(table), some)
            await uow.commit()
        if first in (0, (total - 1) // BATCH * BATCH):
            each = 1e6 * (time.process_time() - since) / len(made[3])
            print(f"filled {first + len(made[3])}: {each:.0f} µs CPU a message")
    if not database.is_sqlite:
        async with database.write() as uow:
            await uow.session.execute(text("ANALYZE"))
            await uow.commit()


async def timed(
    what: str, work: Callable[[], Awaitable[list[talks.Talk]]], rounds: int
) -> tuple[list[float], list[float], str]:
    """Milliseconds waited and computed in each round, and a line that tells of them."""
    waits, cpu = [], []
    for _ in range(rounds):
        since, before = time.perf_counter(), time.process_time()
        found = await work()
        waits.append(1000 * (time.perf_counter() - since))
        cpu.append(1000 * (time.process_time() - before))
    return (
        waits,
        cpu,
        f"{what:24} {len(found):4} found  wait {min(waits):7.1f}-{max(waits):7.1f} ms  CPU {min(cpu):6.1f} ms",
    )


async def look(database: Database, rounds: int) -> None:
    """Every word as both, and the list without words."""
    everything: tuple[list[float], list[float]] = ([], [])
    for role in ("supervisor", "agent"):
        by = Staff(id="somebody", name="某人", number="1", role=role, department="service", skills=[], capacity=5)
        async with database.read(much=True) as uow:
            eyes = await talks.eyes_of(uow.session, by)
        for word in ("", *WORDS):

            async def work(eyes: talks.Eyes = eyes, word: str = word) -> list[talks.Talk]:
                async with database.read(much=True) as uow:
                    ask = talks.find(uow.session, eyes, talks.Wanted(), word, Place(None, talks.PAGE)) if word else None
                    return await (ask or talks.page(uow.session, eyes, talks.Wanted()))

            await work()
            waits, cpu, line = await timed(f"{role} {word or '(the list)'}", work, rounds)
            everything[0].extend(waits)
            everything[1].extend(cpu)
            print(line)
    for name, times in zip(("wait", "CPU"), everything, strict=True):
        cuts = quantiles(times, n=20)
        print(f"all, {name}: median {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms")


async def main(url: str, total: int, rounds: int) -> None:
    """Fill, then look."""
    database = Database(url, Bus(), SystemClock())
    await fill(database, total)
    await look(database, rounds)
    await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    databases = PostgresDatabases() if given.postgres else SqliteDatabases()
    try:
        asyncio.run(main(databases.fresh(), min(given.messages, 2_000_000), given.rounds))
    finally:
        databases.close()
