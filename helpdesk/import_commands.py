"""`python -m helpdesk import articles|customers FILE`: shown first, taken with `--yes` or a yes at the question."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from helpdesk.bootstrap import load, services_of_a_command
from helpdesk.errors import InvalidInput
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.usecases.conversations import customer_file
from helpdesk.usecases.journal import audit
from helpdesk.usecases.knowledge import imports

YES = frozenset({"y", "yes", "是"})


def import_file(settings: Settings, arguments: Sequence[str]) -> None:
    """Run one of them.

    Raises:
        SystemExit: the arguments are none; argparse has said why. InvalidInput: rows are wrong, each is printed.
    """
    parser = argparse.ArgumentParser("python -m helpdesk import", description="Spreadsheets (.xlsx, .csv).")
    parser.add_argument("what", choices=("articles", "customers"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--yes", action="store_true", help="take what is shown without asking")
    asyncio.run(_run(settings, parser.parse_args(arguments)))


async def _run(settings: Settings, given: argparse.Namespace) -> None:
    async with services_of_a_command(settings) as services:
        if given.what == "articles":
            await load(services)
        await (_articles if given.what == "articles" else _customers)(services, _content(given.file), given.yes)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput("file_not_read", file=str(file), problem=error.strerror, field="file") from error


async def _articles(services: Services, content: bytes, sure: bool) -> None:
    planned = await imports.plan(services, content, None)
    for one in planned.changes:
        print(f"{one.row}\t{'+' if one.is_new else '~'} {one.faq_id}\t{', '.join(one.fields)}")
    _refuse([(one.row, one.key, services.wording.why(one.problem)) for one in planned.wrong])
    if planned.changes and (sure or _is_sure()):
        await imports.take(services, content, planned.digest, None)
        print(f"{len(planned.changes)} articles taken")
    else:
        print("nothing was changed")


async def _customers(services: Services, content: bytes, sure: bool) -> None:
    planned = await customer_file.plan(services, content)
    _refuse([(one.row, one.key, services.wording.why(one.problem)) for one in planned.wrong])
    print(
        f"{planned.new} new, {planned.changed} changed, {len(planned.rows) - planned.new - planned.changed} as they are"
    )
    if (planned.new or planned.changed) and (sure or _is_sure()):
        await customer_file.take(services, content, planned.digest, audit.SYSTEM)
        print("taken")
    else:
        print("nothing was changed")


def _refuse(wrong: Sequence[tuple[int, str, str]]) -> None:
    for row, key, problem in wrong:
        print(f"row {row}\t{key}\t{problem}")
    if wrong:
        raise InvalidInput("import_rows_wrong", count=len(wrong))


def _is_sure() -> bool:
    return input("take this? [y/N] ").strip().lower() in YES
