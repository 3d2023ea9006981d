"""Two hundred conversations, five kills of the service and five of the worker, on both databases."""

from __future__ import annotations

import os
from pathlib import Path

from helpdesk.testing import Databases, free_port, settings_for
from tests.faults.crowd import check, town

CUSTOMERS = 200
KILLS = 5


async def test_kills_lose_nothing_and_do_nothing_twice(databases: Databases, tmp_path: Path) -> None:
    settings = settings_for(
        databases.fresh(),
        workers=(f"http://127.0.0.1:{free_port()}",),
        var_dir=tmp_path,
        claim_seconds=6.0,
        recover_every=1.0,
        worker_wait=120.0,
    )
    living = town(settings, tmp_path, CUSTOMERS, os.environ.get("BOT_MODEL", "models/"))
    try:
        await living.start()
        await living.live(KILLS)
        await check(living)
    finally:
        living.stop()
    assert (living.service.kills, living.worker.kills) == (KILLS, KILLS)
