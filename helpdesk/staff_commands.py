"""`python -m helpdesk staff ...`: people by the command line, for the first administrator and for scripts.

Each command writes to the database; a service that runs sees it within two seconds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from getpass import getpass

from helpdesk.commands import Command, run_command
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.usecases.journal import audit
from helpdesk.usecases.leaving import lock as locking
from helpdesk.usecases.leaving.hand_on import hand_on
from helpdesk.usecases.people import accounts, invitations, passwords, second_factor
from helpdesk.usecases.people.accounts import Wishes
from helpdesk.usecases.people.duty import ROLE_ORDER
from helpdesk.usecases.people.invitations import Invitation
from helpdesk.usecases.people.listing import Entry, list_people
from helpdesk.usecases.people.roster import import_roster


def staff(settings: Settings, arguments: Sequence[str]) -> None:
    """Run one of them.

    Raises:
        SystemExit: the arguments are none; argparse has said why. And what the use-cases raise.
    """
    run_command(settings, _parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m helpdesk staff", description="People who work at the desk.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, says: str, *, of_one: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says)
        made.set_defaults(command=run)
        if of_one:
            made.add_argument("id", metavar="ID", help="the name to sign in with")
        return made

    _wishes_of(command("add", _add, "Make an account and print its invitation."), required=True)
    changing = command("set", _set, "Change an account.")
    _wishes_of(changing, required=False)
    changing.add_argument("--reset-second-factor", action="store_true", help="the telephone is lost")
    command("invite", _invite, "Print a new invitation, also for a forgotten password.")
    command("password", _password, "Give a password (typed, or standard input's first line), to be changed at sign-in.")
    locking_ = command("lock", _lock, "Shut somebody out at once.")
    locking_.add_argument("--tickets-to", metavar="ID", help="who gets their tickets; `auto`: each whom it fits")
    command("unlock", _unlock, "Let somebody in again.")
    command("list", _list, "List everybody.", of_one=False)
    importing = command("import", _import, "Make and change accounts as company/roster.yml says.", of_one=False)
    importing.add_argument("--dry-run", action="store_true", help="only say what would change")
    return parser


def _wishes_of(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--name", required=required, help="as customers read it")
    parser.add_argument("--number", required=required, help="工号, as customers read it")
    parser.add_argument("--role", choices=ROLE_ORDER, help=f"{ROLE_ORDER[0]} if nothing is said")
    parser.add_argument("--department", help="a key of company/departments.yml")
    parser.add_argument("--skills", type=_listed, help="categories of company/complaints.yml, separated by commas")
    parser.add_argument("--capacity", type=int, help="customers served at the same time")
    parser.add_argument("--require-second-factor", dest="totp_required", action=argparse.BooleanOptionalAction)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _wishes(given: argparse.Namespace) -> Wishes:
    names = ("name", "number", "role", "department", "skills", "capacity", "totp_required")
    return Wishes(**{name: getattr(given, name) for name in names})


async def _add(services: Services, given: argparse.Namespace) -> None:
    made, invitation = await accounts.add(services, given.id, _wishes(given), audit.SYSTEM)
    print(f"{made.id} ({made.name}, {made.number}, {made.role}) is there")
    _print_invitation(services, invitation)


async def _set(services: Services, given: argparse.Namespace) -> None:
    await accounts.change(services, given.id, _wishes(given), audit.SYSTEM)
    if given.reset_second_factor:
        await second_factor.reset(services, given.id, audit.SYSTEM)
    print(f"{given.id} is changed")


async def _invite(services: Services, given: argparse.Namespace) -> None:
    _print_invitation(services, await invitations.invite(services, given.id, audit.SYSTEM))


def _print_invitation(services: Services, made: Invitation) -> None:
    until = made.expires_at.astimezone(services.company.profile.zone)
    print(f"to choose a password, once, until {until:%Y-%m-%d %H:%M}: open this path at the desk's address")
    print(made.path)


async def _password(services: Services, given: argparse.Namespace) -> None:
    chosen = getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    await passwords.give(services, given.id, chosen, audit.SYSTEM)
    print(f"{given.id} can sign in with it once and is then asked to choose another")


async def _lock(services: Services, given: argparse.Namespace) -> None:
    requeued = await locking.lock(services, given.id, audit.SYSTEM)
    print(f"{given.id} is locked; customers back in the queue: {requeued}")
    if given.tickets_to:
        to = None if given.tickets_to == "auto" else given.tickets_to
        passed = await hand_on(services, given.id, to, audit.SYSTEM)
        print(f"handed on: {len(passed.tickets)} tickets, {len(passed.promises)} promises")


async def _unlock(services: Services, given: argparse.Namespace) -> None:
    await locking.unlock(services, given.id, audit.SYSTEM)
    print(f"{given.id} can sign in again")


async def _list(services: Services, given: argparse.Namespace) -> None:
    for one in await list_people(services):
        print(_line(one))


def _line(one: Entry) -> str:
    staff = one.staff
    state = "locked" if not staff.active else "active" if staff.password_hash else "invited"
    factor = "second factor" if staff.totp_secret else "second factor required" if staff.totp_required else "-"
    return "\t".join(
        [staff.id, staff.number, staff.name, staff.role, staff.department, state, factor, f"tickets {one.open_tickets}"]
    )


async def _import(services: Services, given: argparse.Namespace) -> None:
    done = await import_roster(services, only_look=given.dry_run)
    for staff_id in done.added:
        print(f"+ {staff_id}")
    for staff_id, before in done.changed.items():
        print(f"~ {staff_id}: {', '.join(before)}")
    for staff_id in done.unmentioned:
        print(f"  {staff_id} is not on company/roster.yml and stays as it is")
    print("nothing was changed" if given.dry_run else f"{len(done.added)} added, {len(done.changed)} changed")
