"""`python -m helpdesk`: the service.

`... migrate` brings the database up to date, `... demo` makes demo accounts, `... staff COMMAND` is about people (see
`staff_commands`), `... person COMMAND` about customers' data (`person_commands`),
`... reports rebuild --from DAY --to DAY` makes figures of reports anew (`report_commands`),
`... import articles|customers FILE` takes a spreadsheet (`import_commands`), `... doctor` says what is missing
before going live,
`... backup [FILE]` and `... restore FILE` (see `backup_commands`),
`... export-articles [FOLDER]` and `... export-settings [FOLDER]` write what was edited on the desk as files,
`... rights` prints docs/rights.md.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import structlog
import uvloop
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from helpdesk.app import public_app
from helpdesk.backup_commands import backup, restore
from helpdesk.bootstrap import (
    NobodyThere,
    OldTables,
    Outside,
    build_services,
    clock_of,
    close,
    load,
    prepare,
    running,
    services_of_a_command,
)
from helpdesk.bus import Bus
from helpdesk.company import CompanyFileError, load_company
from helpdesk.desk.rights_page import page
from helpdesk.doctor import Finding, NotHealthy, examine
from helpdesk.door.addresses import Proxies
from helpdesk.door.listener import CannotListen, Config, Listener, Rooms
from helpdesk.errors import Conflict, HelpdeskError, InvalidInput, NotFound, NotReady
from helpdesk.import_commands import import_file
from helpdesk.internal import internal_app
from helpdesk.logs import configure_logs
from helpdesk.person_commands import person
from helpdesk.report_commands import reports
from helpdesk.services import Services, StillLoading
from helpdesk.settings import Settings, SettingsMissing, load_settings
from helpdesk.staff_commands import staff
from helpdesk.store.away import AWAY, in_one_line
from helpdesk.store.backup.archive import BadBackup, PlaceTaken
from helpdesk.store.database import Database
from helpdesk.store.lockfile import AlreadyRunning, only_process
from helpdesk.store.migrate import migrate, newest_revision
from helpdesk.usecases.knowledge.export import export_articles
from helpdesk.usecases.people.roster import ensure_demo_staff
from helpdesk.usecases.settings.editing import export_settings
from helpdesk.wording import load_wording

WITHOUT_SECRETS = frozenset({"migrate", "rights", "backup", "restore"})
PRIVATE = 0o077  # what we write (database, secrets, logs) is for our own account alone
WAIT_FOR_DATABASE = 5.0  # seconds between two tries at the start
PREFIXES = {"WeChatSettings": "WECHAT_", "SmsSettings": "SMS_", "MailSettings": "SMTP_"}
"""What the variables of settings begin with that are not the service's own."""
CANNOT_START = (
    SettingsMissing, AlreadyRunning, OldTables, NobodyThere, CompanyFileError, InvalidInput, NotFound, ValidationError,
    DatabaseError, CannotListen, NotHealthy, Conflict, NotReady, BadBackup, PlaceTaken, sqlite3.Error, psycopg.Error,
)  # fmt: skip

Export = Callable[[Database, Path], Awaitable[list[str]]]
"""Writes files into a folder and tells what they are of."""
log = structlog.get_logger(__name__)


def listener(app: FastAPI, host: str, port: int, settings: Settings) -> Listener:
    """One server; forwarded headers count only when they come from a trusted proxy."""
    return Listener(
        Config(
            app,
            Rooms(settings.connections_per_address, Proxies(settings.trusted_proxies)),
            host=host,
            port=port,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
        )
    )


async def serve(settings: Settings) -> None:
    """Both listeners, until SIGTERM or SIGINT. Messages are kept from the start and answered once all is loaded."""
    services = build_services(settings, knowledge=StillLoading(), outside=Outside.from_environment())
    _warn(services)
    public = listener(public_app(services), settings.host, settings.port, settings)
    internal = listener(internal_app(services), settings.internal_host, settings.internal_port, settings)
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    if not await _prepared(services, ending):
        return
    listening: list[asyncio.Task[None]] = []
    try:
        for one in (public, internal):
            listening.append(await one.listen())
        await load(services)
        _keep_what_is_loaded()
        async with running(services):
            await _first(ending.wait(), *listening)
            public.should_exit = True
            await listening[0]
    finally:  # the internal one last, because turns under way still need their actions
        public.should_exit = internal.should_exit = True
        await asyncio.gather(*listening)


def _keep_what_is_loaded() -> None:
    """Look for circular garbage again, but never more among the 400,000 objects that are loaded by now and stay: that
    took a tenth of a second each time, and six times while they were loaded."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _warn(services: Services) -> None:
    """What may well be meant, and is more often forgotten."""
    settings = services.settings
    if not settings.demo and not settings.trusted_proxies:
        log.warning("no_proxy_is_trusted", advice="behind a reverse proxy set HELPDESK_TRUSTED_PROXIES to its address")


async def _prepared(services: Services, ending: asyncio.Event) -> bool:
    """Whether the database is there and as it has to be; a server that is away is waited for until we are to end."""
    while not ending.is_set():
        try:
            await prepare(services)
            return True
        except AWAY as error:
            if services.db.is_sqlite:
                raise
            log.warning("waiting_for_the_database", error=in_one_line(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), WAIT_FOR_DATABASE)
    await close(services)
    return False


async def _first(*awaitables: Coroutine[Any, Any, Any] | asyncio.Task[None]) -> None:
    """Wait until one of them ends."""
    await asyncio.wait([asyncio.ensure_future(one) for one in awaitables], return_when=asyncio.FIRST_COMPLETED)


def run(settings: Settings) -> None:
    """Serve; on SQLite as the only process."""
    with ExitStack() as stack:
        url = make_url(settings.database_url)
        if settings.is_sqlite and url.database:
            stack.enter_context(only_process(Path(url.database)))
        gc.disable()  # until all is loaded
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))


def demo(settings: Settings) -> None:
    """Make the demo accounts; a password nobody chose is printed once."""
    chosen = settings.demo_password.get_secret_value()
    password = chosen or secrets.token_urlsafe(9)

    async def make() -> None:
        async with services_of_a_command(settings) as services:
            await ensure_demo_staff(services, password)

    asyncio.run(make())
    if not chosen:
        print(f"demo accounts agent, agent2, supervisor, admin: password {password} (shown this once)")


def doctor(settings: Settings) -> None:
    """Print what is missing before going live.

    Raises:
        NotHealthy: something is.
    """

    async def look() -> list[Finding]:
        async with services_of_a_command(settings) as services:
            return await examine(services)

    found = asyncio.run(look())
    for one in found:
        print(f"{'missing' if one.is_missing else 'note'}: {one.text}")
    count = sum(one.is_missing for one in found)
    if count:
        raise NotHealthy(f"{count} missing before going live")
    print("ready to go live")


def export(settings: Settings, folder: Path) -> None:
    """Write the edited articles as files into `folder`."""
    written = asyncio.run(_written(settings, export_articles, folder))
    print(f"{len(written)} edited articles in {folder}" + "".join(f"\n  {faq_id}" for faq_id in written))


def export_edits(settings: Settings, folder: Path) -> None:
    """Write the settings that were edited at the desk as files into `folder`, as they stand under company/."""
    written = asyncio.run(_written(settings, export_settings, folder))
    print(f"{len(written)} edited files in {folder}" + "".join(f"\n  {name}" for name in written))


async def _written(settings: Settings, write: Export, folder: Path) -> list[str]:
    """What an export wrote, from a database opened for it alone."""
    database = Database(settings.database_url, Bus(), clock_of(settings))
    try:
        return await write(database, folder)
    finally:
        await database.close()


def bring_up_to_date(settings: Settings) -> None:
    """Make the tables what this version needs, and say so: silence would leave the operator guessing."""
    migrate(settings.database_url)
    print(f"the database is up to date: migration {newest_revision()}")


def main(arguments: list[str]) -> int:
    """Run a command; an exit code. What the operator has to do is one line."""
    name, *rest = arguments or [""]
    commands: dict[str, Callable[[Settings], None]] = {
        "": run,
        "migrate": bring_up_to_date,
        "demo": demo,
        "staff": lambda settings: staff(settings, rest),
        "import": lambda settings: import_file(settings, rest),
        "person": lambda settings: person(settings, rest),
        "reports": lambda settings: reports(settings, rest),
        "doctor": doctor,
        "backup": lambda settings: backup(settings, rest),
        "restore": lambda settings: restore(settings, rest),
        "rights": lambda _: print(page(), end=""),
        "export-settings": lambda settings: export_edits(
            settings, Path(rest[0]) if rest else settings.var_dir / "company"
        ),
        "export-articles": lambda settings: export(settings, Path(rest[0]) if rest else settings.var_dir / "articles"),
    }
    command = commands.get(name)
    if command is None:
        print(
            "usage: python -m helpdesk "
            "[migrate|demo|staff COMMAND|person COMMAND|import WHAT FILE|reports rebuild|doctor|"
            "backup [FILE]|restore FILE|export-articles [FOLDER]|export-settings [FOLDER]|rights]",
            file=sys.stderr,
        )
        return 2
    settings = None
    try:
        os.umask(PRIVATE)
        settings = load_settings() if name not in WITHOUT_SECRETS else Settings()
        configure_logs(settings.log_level)
        command(settings)
    except CANNOT_START as problem:
        print(f"helpdesk: {_in_one_line(problem, settings)}", file=sys.stderr)
        return 1
    return 0


def _in_one_line(problem: Exception, settings: Settings | None) -> str:
    """What the operator has to do something about; values of settings are not repeated, one may be a secret."""
    if isinstance(problem, ValidationError):
        return "; ".join(f"{_variable(problem.title, error['loc'])}: {error['msg']}" for error in problem.errors())
    if isinstance(problem, HelpdeskError) and settings and (sentence := _sentence(problem, settings.company_dir)):
        return sentence
    return f"the database: {in_one_line(problem)}" if isinstance(problem, DatabaseError) else str(problem)


def _sentence(problem: HelpdeskError, folder: Path) -> str:
    """What the company's catalogue says of a refusal; nothing where it has no words, or an operator has to see more."""
    if isinstance(problem, CompanyFileError):
        return ""
    with suppress(CompanyFileError):
        wording = load_wording(load_company(folder))
        return wording.refusal(problem) if problem.reason in wording.keys else ""
    return ""


def _variable(settings: str, place: tuple[int | str, ...]) -> str:
    name = str(place[0]) if place else ""
    return name if name.isupper() else f"{PREFIXES.get(settings, 'HELPDESK_')}{name.upper()}"


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
