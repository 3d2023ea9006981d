"""`python -m helpdesk reports rebuild --from DAY --to DAY`: make the figures of days anew."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from datetime import date

from helpdesk.bootstrap import services_of_a_command
from helpdesk.settings import Settings
from helpdesk.usecases.reports.build import rebuild


def reports(settings: Settings, arguments: Sequence[str]) -> None:
    """Run it.

    Raises:
        SystemExit: the arguments are none; argparse has said why. InvalidInput: no day that is over lies between.
    """
    parser = argparse.ArgumentParser("python -m helpdesk reports", description="Figures of days that are over.")
    parser.add_argument("what", choices=("rebuild",))
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="2026-11-01")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="2026-11-30")
    given = parser.parse_args(arguments)

    async def make() -> int:
        async with services_of_a_command(settings) as services:
            return await rebuild(services, given.first, given.last)

    print(f"{asyncio.run(make())} days made anew")
