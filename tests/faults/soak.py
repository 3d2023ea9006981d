"""The kill test for longer (`make soak`): round after round on both databases, every message checked.

python tests/faults/soak.py [minutes] [customers] [kills of each in a round]
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from helpdesk.testing import Databases, PostgresDatabases, SqliteDatabases, free_port, settings_for
from tests.faults.crowd import check, town

MINUTES = 60.0
CUSTOMERS = 200
KILLS = 20
KINDS: dict[str, type[SqliteDatabases] | type[PostgresDatabases]] = {
    "sqlite": SqliteDatabases,
    "postgres": PostgresDatabases,
}


async def one_round(databases: Databases, folder: Path, customers: int, kills: int) -> int:
    """A town of its own lives through its kills and is checked; how many messages were answered."""
    settings = settings_for(
        databases.fresh(), workers=(f"http://127.0.0.1:{free_port()}",), var_dir=folder, worker_wait=180.0
    )
    living = town(settings, folder, customers, os.environ.get("BOT_MODEL", "models/"))
    try:
        await living.start()
        await living.live(kills)
        await check(living)
    finally:
        living.stop()
    return living.answers


def main(minutes: float = MINUTES, customers: int = CUSTOMERS, kills: int = KILLS) -> None:
    """Rounds until the time is over; the first thing that is not as it must be ends it with an error."""
    until = time.monotonic() + minutes * 60
    made = {name: kind() for name, kind in KINDS.items()}
    count = 0
    try:
        while time.monotonic() < until:
            count += 1
            for name, databases in made.items():
                with tempfile.TemporaryDirectory(prefix="sansheng-soak-") as folder:
                    started = time.monotonic()
                    answers = asyncio.run(one_round(databases, Path(folder), customers, kills))
                seconds = time.monotonic() - started
                print(f"round {count} {name}: {answers} messages, {2 * kills} kills, {seconds:.0f} s", flush=True)
    finally:
        for databases in made.values():
            databases.close()


if __name__ == "__main__":
    given = [*sys.argv[1:], *[str(MINUTES), str(CUSTOMERS), str(KILLS)][len(sys.argv) - 1 :]]
    main(float(given[0]), int(given[1]), int(given[2]))
