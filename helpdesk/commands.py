"""What the commands of `python -m helpdesk` that have commands of their own share."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from helpdesk.bootstrap import services_of_a_command
from helpdesk.services import Services
from helpdesk.settings import Settings

Command = Callable[[Services, argparse.Namespace], Awaitable[None]]


def run_command(settings: Settings, given: argparse.Namespace) -> None:
    """Run the function that was set as `command` on a service without listeners."""
    asyncio.run(_with_services(settings, given))


async def _with_services(settings: Settings, given: argparse.Namespace) -> None:
    command: Command = given.command
    async with services_of_a_command(settings) as services:
        await command(services, given)
