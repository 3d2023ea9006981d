"""CPU and waiting time a message through the whole service: a long conversation, then the same in a full database.

    .envs/helpdesk/bin/python bench/service_speed.py [--messages 500] [--tickets 20000]

A real service and a real worker with the trained model, on a SQLite database of their own; messages over the REST
channel. Stock Rasa over the same length of conversation is measured by worker_speed.py. CPU is that of both
processes, from /proc (Linux), summed over a window of messages; waiting is the median round trip in it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import SecretStr  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from bench.messages import MESSAGES  # noqa: E402
from helpdesk.bus import Bus  # noqa: E402
from helpdesk.clock import SystemClock  # noqa: E402
from helpdesk.settings import Settings  # noqa: E402
from helpdesk.store.database import Database  # noqa: E402
from helpdesk.store.tables import Conversation, Customer, Identity, Message, Ticket, new_id  # noqa: E402
from helpdesk.testing import (  # noqa: E402
    Process,
    RestClient,
    SqliteDatabases,
    free_port,
    service_process,
    settings_for,
    wait_until_ok,
    worker_process,
)

WINDOW = 50
SAID_BEFORE = 10
"""Messages of each customer who was here before."""
BATCH = 1000


@dataclass
class Window:
    """What some messages cost, in milliseconds each."""

    name: str
    cpu: float
    wait: float


def cpu_seconds(process: Process) -> float:
    """User and system time of a process so far."""
    assert process.running is not None
    fields = Path(f"/proc/{process.running.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def talk(client: RestClient, processes: Sequence[Process], name: str, start: int) -> Window:
    """`WINDOW` messages of one customer."""
    before = sum(map(cpu_seconds, processes))
    waits = []
    for n in range(start, start + WINDOW):
        since = time.monotonic()
        response = await client.post(MESSAGES[n % len(MESSAGES)], f"{client.sender}-{n}")
        response.raise_for_status()
        waits.append(time.monotonic() - since)
    cpu = sum(map(cpu_seconds, processes)) - before
    return Window(name, 1000 * cpu / WINDOW, 1000 * median(waits))


async def fill(url: str, tickets: int) -> None:
    """So many customers who were here before, each with a conversation and an open ticket."""
    database = Database(url, Bus(), SystemClock())
    now = datetime.now(UTC) - timedelta(days=30)
    for start in range(0, tickets, BATCH):
        people = [_person(n, now) for n in range(start, min(start + BATCH, tickets))]
        async with database.write() as uow:
            for table in (Customer, Identity, Conversation, Message, Ticket):
                await uow.session.execute(insert(table), [row for person in people for row in person[table]])
            await uow.commit()
    await database.close()


def _person(n: int, now: datetime) -> dict[type[Any], list[dict[str, Any]]]:
    customer, identity, conversation = new_id(), new_id(), new_id()
    said = [
        {
            "id": new_id(),
            "conversation_id": conversation,
            "session_no": 1,
            "seq": seq,
            "author": "bot" if seq % 2 == 0 else "customer",
            "text": MESSAGES[seq % len(MESSAGES)],
            "at": now,
            "processed_at": now,
        }
        for seq in range(1, SAID_BEFORE + 1)
    ]
    ticket = {
        "number": f"TS20250101-{n:05d}",
        "kind": "complaint",
        "department": "quality",
        "owner_id": "agent",
        "customer_id": customer,
        "conversation_id": conversation,
        "fields": {"order": f"{n:013d}", "phone": f"139{n:08d}", "description": "冰箱不制冷"},
        "created_at": now,
        "updated_at": now,
    }
    return {
        Customer: [{"id": customer, "created_at": now, "last_seen_at": now}],
        Identity: [{"id": identity, "channel": "rest", "sender": f"b{n}", "customer_id": customer, "created_at": now}],
        Conversation: [
            {
                "id": conversation,
                "identity_id": identity,
                "customer_id": customer,
                "channel": "rest",
                "last_seq": SAID_BEFORE,
                "opened_at": now,
            }
        ],
        Message: said,
        Ticket: [ticket],
    }


async def started(settings: Settings, folder: Path) -> list[Process]:
    """A service with demo accounts, and a worker."""
    port = int(settings.workers[0].rsplit(":", 1)[1])
    service = service_process(settings, folder)
    processes = [service, worker_process(settings, folder, port)]
    for process in processes:
        process.start()
    await wait_until_ok(f"http://127.0.0.1:{settings.internal_port}/healthz", processes[0])
    await wait_until_ok(f"{settings.workers[0]}/health", processes[1])
    return processes


async def measure(database_url: str, messages: int, tickets: int) -> list[Window]:
    """A long conversation in an empty database, then a new one in a full one."""
    worker = f"http://127.0.0.1:{free_port()}"
    settings = settings_for(database_url, workers=(worker,), demo=True, demo_password=SecretStr("bench"))
    address = f"http://127.0.0.1:{settings.port}"
    with tempfile.TemporaryDirectory() as folder:
        processes = await started(settings, Path(folder))
        try:
            await talk(RestClient(address, "rest-token", "warm-up"), processes, "", 0)
            long = RestClient(address, "rest-token", "long")
            windows = [await talk(long, processes, f"{n + 1}-{n + WINDOW}", n) for n in range(0, messages, WINDOW)]
            await fill(settings.database_url, tickets)
            new = RestClient(address, "rest-token", "new")
            windows.append(await talk(new, processes, f"1-{WINDOW}, {tickets} customers and tickets", 0))
        finally:
            for process in processes:
                process.stop()
    return windows


def table(windows: Sequence[Window]) -> str:
    """A row a window; the last column compares its CPU with the first one's."""
    rows = ["messages | CPU ms | waiting ms (median) | CPU against the first", "---|---|---|---"]
    for one in windows:
        rows.append(f"{one.name} | {one.cpu:.1f} | {one.wait:.1f} | {one.cpu / windows[0].cpu:.2f}x")
    return "\n".join(rows)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--tickets", type=int, default=20_000)
    options = parser.parse_args()
    databases = SqliteDatabases()
    try:
        print(table(asyncio.run(measure(databases.fresh(), options.messages, options.tickets))))
    finally:
        databases.close()


if __name__ == "__main__":
    main()
