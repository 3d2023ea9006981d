"""`python -m helpdesk person ...`: what is held of the customer of a data request, a copy of it, its end."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from helpdesk.commands import Command, run_command
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.tables import Deletion
from helpdesk.usecases.privacy import copies, deletions
from helpdesk.usecases.privacy.deletions import Wish


def person(settings: Settings, arguments: Sequence[str]) -> None:
    """Run one of them.

    Raises:
        SystemExit: the arguments are none; argparse has said why. And what the use-cases raise.
    """
    run_command(settings, _parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m helpdesk person", description="Personal data of customers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, says: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says)
        made.set_defaults(command=run)
        return made

    for made in (
        command("show", _show, "What is held of the customer of a data request, and what a deletion would end."),
        _with_others(
            _with_file(command("export", _export, "Write a copy of it: a ZIP of data.json, a page, pictures."))
        ),
        _with_wish(
            _with_others(command("delete", _delete, "Decide that it is deleted; asks for the words that confirm."))
        ),
        command("keep", _keep, "Call a deletion off that is not carried out yet."),
    ):
        made.add_argument("number", metavar="NUMBER", help="of the ticket, e.g. TS20261130-0001")
    again = command("apply-deletions", _apply, "After an older backup was restored: erase again whoever was erased.")
    again.add_argument("file", nargs="?", type=Path, help="a list from elsewhere; else the one in HELPDESK_VAR_DIR")
    return parser


def _with_others(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--with", dest="others", metavar="ID", action="append", default=[], help="the same person too")
    parser.add_argument("--proof", default="", help="how it was made sure that they are the same person")
    return parser


def _with_file(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--to", type=Path, metavar="FILE", help="else NUMBER.zip")
    return parser


def _with_wish(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--confirm", metavar="WORDS", help="instead of being asked for them")
    parser.add_argument("--end-open", action="store_true", help="open tickets and promises end with it")
    parser.add_argument("--now", action="store_true", help="without the notice to the customer")
    return parser


async def _show(services: Services, given: argparse.Namespace) -> None:
    found = await deletions.request_of(services, given.number, None)
    print(f"{found.ticket.number}: {found.wants or '-'}, {found.ticket.status}, customer {found.customer.id}")
    for name, count in found.overview.counts.items():
        print(f"  {name}\t{count}")
    for number in found.overview.open_tickets:
        print(f"  open: {number}")
    for other in found.others:
        print(f"  the same number: {other.id}, since {other.created_at:%Y-%m-%d}")
    if found.deletion is not None:
        print(_told(found.deletion))


async def _export(services: Services, given: argparse.Namespace) -> None:
    file = given.to or Path(f"{given.number}.zip")
    with await copies.export(services, given.number, None, given.others, given.proof) as made, file.open("xb") as copy:
        shutil.copyfileobj(made, copy)
    print(f"{file}: for the customer of {given.number} alone")


async def _delete(services: Services, given: argparse.Namespace) -> None:
    words = deletions.words_to_type(given.number)
    typed = given.confirm if given.confirm is not None else input(f"type “{words}” to confirm: ")
    wish = Wish(typed, tuple(given.others), given.proof, given.end_open)
    made = await deletions.ask(services, given.number, wish, None)
    if given.now:
        made = await deletions.carry_out(services, made.id)
    print(_told(made))


async def _keep(services: Services, given: argparse.Namespace) -> None:
    print(_told(await deletions.call_off(services, given.number, None)))


async def _apply(services: Services, given: argparse.Namespace) -> None:
    count = await deletions.apply_deletions(services, given.file)
    print(f"deletions applied again: {count}")


def _told(made: Deletion) -> str:
    if made.state == deletions.DONE:
        return "erased: " + ", ".join(f"{name} {count}" for name, count in (made.counts or {}).items())
    if made.state == deletions.CALLED_OFF:
        return "nothing is deleted"
    return f"will be erased at {made.erase_at:%Y-%m-%d %H:%M} UTC"
