"""How many short conversations come out right, by kind: `make bench-dialogue`.

    .envs/helpdesk/bin/python bench/dialogue.py [--verbose] [FILE ...]

Plays tests/dialogues/cases/ (its README says how), or the files named, against a service and a worker of its own
with the trained model, eight conversations at a time. `--verbose` shows what was said and what came wherever a
check failed. `FILES` and `VERBOSE` in the environment are the same.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402 - the project is put on the path first
from pydantic import SecretStr  # noqa: E402

from bench.service_speed import started  # noqa: E402
from helpdesk.testing import SqliteDatabases, free_port, settings_for  # noqa: E402
from tests.support.cases.desk import sign_in  # noqa: E402
from tests.support.cases.play import Played, play_all  # noqa: E402
from tests.support.cases.report import failures, table  # noqa: E402
from tests.support.cases.script import Conversation, given_files, own_files, read_all  # noqa: E402

PASSWORD = "bench"
TURN_LIMIT = 25.0
"""Eight customers at once on a busy machine are no reason for an apology."""


async def measure(database_url: str, scripts: Sequence[Conversation]) -> list[Played]:
    """Play them in an empty database."""
    worker = f"http://127.0.0.1:{free_port()}"
    settings = settings_for(
        database_url,
        workers=(worker,),
        demo=True,
        demo_password=SecretStr(PASSWORD),
        turn_limit=TURN_LIMIT,
    )
    address = f"http://127.0.0.1:{settings.port}"
    with tempfile.TemporaryDirectory() as folder:
        processes = await started(settings, Path(folder))
        try:
            async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as client:
                desk = await sign_in(client, PASSWORD)
                return await play_all(scripts, client, settings.rest_token.get_secret_value(), desk)
        finally:
            for process in processes:
                process.stop()


def main() -> None:
    """Prints the table, before it what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=os.environ.get("FILES", "").split())
    parser.add_argument("--verbose", action="store_true", default=bool(os.environ.get("VERBOSE")))
    options = parser.parse_args()
    files = [Path(name) for name in options.files] or [*given_files(), *own_files()]
    databases = SqliteDatabases()
    try:
        played = asyncio.run(measure(databases.fresh(), read_all(files)))
    finally:
        databases.close()
    print(failures(played, verbose=options.verbose))
    print(table(played))


if __name__ == "__main__":
    main()
