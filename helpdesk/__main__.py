"""`python -m helpdesk`: the service. `... migrate` brings the database up to date, `... demo` makes demo accounts."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url

from helpdesk.app import public_app
from helpdesk.bootstrap import OldTables, build_services, running
from helpdesk.company import CompanyFileError
from helpdesk.internal import internal_app
from helpdesk.logs import configure_logs
from helpdesk.settings import Settings, SettingsMissing, load_settings
from helpdesk.store.lockfile import AlreadyRunning, only_process
from helpdesk.store.migrate import migrate
from helpdesk.usecases.staff import ensure_demo_staff

LOOPBACK = "127.0.0.1"
GRACE_SECONDS = 15
CANNOT_START = (SettingsMissing, AlreadyRunning, OldTables, CompanyFileError)


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
    """Both listeners, until SIGTERM or SIGINT."""
    services = build_services(settings)
    public = listener(public_app(services), settings.host, settings.port, settings)
    internal = listener(internal_app(services), LOOPBACK, settings.internal_port, settings)

    def stop() -> None:
        public.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    inside = asyncio.create_task(internal.serve())
    try:
        async with running(services):
            await public.serve()
    finally:  # last, because turns under way still need their actions
        internal.should_exit = True
        await inside


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
        services = build_services(settings)
        await ensure_demo_staff(services, password)
        await services.workers.close()
        await services.db.close()

    asyncio.run(make())
    if not chosen:
        print(f"demo accounts agent, agent2, supervisor, admin: password {password} (shown this once)")


def main(arguments: list[str]) -> int:
    """Run a command; an exit code. What the operator has to do is one line."""
    commands: dict[str, Callable[[Settings], None]] = {
        "": run,
        "migrate": lambda settings: migrate(settings.database_url),
        "demo": demo,
    }
    command = commands.get(arguments[0] if arguments else "")
    if command is None:
        print("usage: python -m helpdesk [migrate|demo]", file=sys.stderr)
        return 2
    try:
        settings = load_settings() if command is not commands["migrate"] else Settings()
        configure_logs(settings.log_level)
        command(settings)
    except CANNOT_START as problem:
        print(f"helpdesk: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:]))
