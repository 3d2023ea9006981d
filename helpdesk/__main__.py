"""`python -m helpdesk`: the service.

`... migrate` brings the database up to date, `... demo` makes demo accounts, `... staff COMMAND` is about people (see
`staff_commands`), `... export-articles [FOLDER]` writes the articles that were edited on the desk as files.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url

from helpdesk.app import public_app
from helpdesk.bootstrap import NobodyThere, OldTables, build_services, load, prepare, running
from helpdesk.bus import Bus
from helpdesk.channels.wechat import WeChatSettings
from helpdesk.company import CompanyFileError
from helpdesk.errors import Conflict, InvalidInput, NotFound, NotReady
from helpdesk.internal import internal_app
from helpdesk.logs import configure_logs
from helpdesk.services import StillLoading
from helpdesk.settings import Settings, SettingsMissing, load_settings
from helpdesk.staff_commands import staff
from helpdesk.store.database import Database
from helpdesk.store.lockfile import AlreadyRunning, only_process
from helpdesk.store.migrate import migrate
from helpdesk.usecases.knowledge.export import export_articles
from helpdesk.usecases.people.roster import ensure_demo_staff

LOOPBACK = "127.0.0.1"
GRACE_SECONDS = 15
CANNOT_START = (SettingsMissing, AlreadyRunning, OldTables, NobodyThere, CompanyFileError)
REFUSED = (InvalidInput, NotFound, Conflict, NotReady)


class Listener(uvicorn.Server):
    """A server among others in one loop: signals are handled for all of them together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listener(app: FastAPI, host: str, port: int, settings: Settings) -> Listener:
    """One server; forwarded headers count only when they come from a trusted proxy."""
    return Listener(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


async def serve(settings: Settings) -> None:
    """Both listeners, until SIGTERM or SIGINT. Messages are kept from the start and answered once all is loaded."""
    services = build_services(settings, knowledge=StillLoading(), wechat=WeChatSettings())
    public = listener(public_app(services), settings.host, settings.port, settings)
    internal = listener(internal_app(services), LOOPBACK, settings.internal_port, settings)
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    await prepare(services)
    listening = [asyncio.create_task(one.serve()) for one in (public, internal)]
    try:
        await load(services)
        async with running(services):
            await _first(ending.wait(), *listening)
            public.should_exit = True
            await listening[0]
    finally:  # the internal one last, because turns under way still need their actions
        public.should_exit = internal.should_exit = True
        await asyncio.gather(*listening)


async def _first(*awaitables: Coroutine[Any, Any, Any] | asyncio.Task[None]) -> None:
    """Wait until one of them ends."""
    await asyncio.wait([asyncio.ensure_future(one) for one in awaitables], return_when=asyncio.FIRST_COMPLETED)


def run(settings: Settings) -> None:
    """Serve; on SQLite as the only process."""
    with ExitStack() as stack:
        url = make_url(settings.database_url)
        if settings.is_sqlite and url.database:
            stack.enter_context(only_process(Path(url.database)))
        asyncio.run(serve(settings))


def demo(settings: Settings) -> None:
    """Make the demo accounts; a password nobody chose is printed once."""
    chosen = settings.demo_password.get_secret_value()
    password = chosen or secrets.token_urlsafe(9)

    async def make() -> None:
        services = build_services(settings, knowledge=StillLoading())
        await ensure_demo_staff(services, password)
        await services.workers.close()
        await services.db.close()

    asyncio.run(make())
    if not chosen:
        print(f"demo accounts agent, agent2, supervisor, admin: password {password} (shown this once)")


def export(settings: Settings, folder: Path) -> None:
    """Write the edited articles as files into `folder`."""

    async def write() -> list[str]:
        database = Database(settings.database_url, Bus())
        try:
            return await export_articles(database, folder)
        finally:
            await database.close()

    written = asyncio.run(write())
    print(f"{len(written)} edited articles in {folder}" + "".join(f"\n  {faq_id}" for faq_id in written))


def main(arguments: list[str]) -> int:
    """Run a command; an exit code. What the operator has to do is one line."""
    name, *rest = arguments or [""]
    commands: dict[str, Callable[[Settings], None]] = {
        "": run,
        "migrate": lambda settings: migrate(settings.database_url),
        "demo": demo,
        "staff": lambda settings: staff(settings, rest),
        "export-articles": lambda settings: export(settings, Path(rest[0]) if rest else settings.var_dir / "articles"),
    }
    command = commands.get(name)
    if command is None:
        print("usage: python -m helpdesk [migrate|demo|staff COMMAND|export-articles [FOLDER]]", file=sys.stderr)
        return 2
    try:
        settings = load_settings() if command is not commands["migrate"] else Settings()
        configure_logs(settings.log_level)
        command(settings)
    except (*CANNOT_START, *REFUSED) as problem:
        print(f"helpdesk: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
