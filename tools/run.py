"""`make run`: set up what is missing, then keep the worker and the service running."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Mapping

from tools.locks import only_one_running, setting_up
from tools.machine import workers_wanted
from tools.ports import choose_ports
from tools.processes import clean_environment, stop_when_make_is_gone
from tools.product import migrate_database, quiet_rasa, seed_demo
from tools.project import Project
from tools.pythons import behind
from tools.settings import load_settings, write_secrets
from tools.setup import setup_steps
from tools.steps import Step, run_steps
from tools.supervisor import Alive, Program, Supervisor

POLL_S = 0.2
ASK_LIMIT_S = 2.0
THE_SERVICES = ("HELPDESK_", "WECHAT_", "DATABASE_URL", "TEST_DATABASE_URL")
OF_THE_WORKER = ("HELPDESK_WORKER_TOKEN", "HELPDESK_ACTION_TOKEN", "HELPDESK_LOG_LEVEL")
ACCOUNTS = ("agent", "agent2", "supervisor", "admin")


def run(project: Project) -> None:
    """Block until Ctrl-C."""
    stop_when_make_is_gone()
    with only_one_running(project):
        chosen_password = load_settings(project).get("HELPDESK_DEMO_PASSWORD")
        with setting_up(project):
            settings = _set_up(project)
        workers = workers_wanted(settings)
        settings.update(choose_ports(settings, workers=workers))
        new_password = "" if chosen_password else settings.pop("HELPDESK_DEMO_PASSWORD", "")
        _keep_running(project, settings, workers, new_password)


def _set_up(project: Project) -> dict[str, str]:
    settings: dict[str, str] = {}

    def secrets() -> bool:
        written = write_secrets(project)
        settings.update(load_settings(project), HELPDESK_DEMO=load_settings(project).get("HELPDESK_DEMO", "1"))
        return written

    run_steps(
        [
            *setup_steps(project, dev=False),
            Step("secrets (var/secrets)", secrets),
            Step("database", lambda: migrate_database(project, settings)),
            Step("demo accounts", lambda: seed_demo(project, settings)),
        ]
    )
    advice = behind(project.python("helpdesk"))
    if advice:
        print(advice)
    return settings


def programs(project: Project, settings: Mapping[str, str], workers: int) -> list[Program]:
    """So many workers and the service, all started from the project's folder with the same settings."""
    env = {**clean_environment(PYTHONUNBUFFERED="1", **quiet_rasa()), **settings}
    ports = [settings["BOT_WORKER_PORT"], *map(_port, settings["HELPDESK_WORKERS"].split(",")[1:workers])]
    return [
        *(
            _worker(f"bot{n}" if n > 1 else "bot", project, {**env, "BOT_WORKER_PORT": p})
            for n, p in enumerate(ports, 1)
        ),
        Program("service", [str(project.python("helpdesk")), "-m", "helpdesk"], env, project.root),
    ]


def _worker(name: str, project: Project, env: Mapping[str, str]) -> Program:
    command = [str(project.python("bot")), "-m", "bot.worker"]
    return Program(name, command, of_the_worker(env), project.root, worker_answers(env))


def _port(address: str) -> str:
    return address.rpartition(":")[2]


def worker_answers(settings: Mapping[str, str]) -> Alive:
    """The worker's health call."""
    host, port = settings.get("BOT_WORKER_HOST") or "127.0.0.1", int(settings["BOT_WORKER_PORT"])

    async def answers() -> bool:
        return await http_status(port, "/health", host) == 200

    return answers


def of_the_worker(env: Mapping[str, str]) -> dict[str, str]:
    """What the worker may know: of our secrets the two tokens between it and the service, and no other."""
    return {name: value for name, value in env.items() if name in OF_THE_WORKER or not name.startswith(THE_SERVICES)}


def _keep_running(project: Project, settings: Mapping[str, str], workers: int, new_password: str) -> None:
    async def announce(settled: asyncio.Event) -> None:
        started = time.monotonic()
        port = int(settings["HELPDESK_PORT"])
        await until_ok(port, "/healthz")
        _say(f"the service answers ({time.monotonic() - started:.1f} s); the bot is getting ready, messages are kept")
        await until_ok(port, "/readyz")
        settled.set()
        _say(f"ready ({time.monotonic() - started:.1f} s)", *welcome(port, new_password))

    _remember(project, settings)
    try:
        Supervisor(programs(project, settings, workers), announce).run()
    finally:
        project.running.unlink()
    print("stopped")


def _remember(project: Project, settings: Mapping[str, str]) -> None:
    """Leave the addresses for `make chat` and `make shell`; tokens stay in var/secrets."""
    names = ("HELPDESK_PORT", "HELPDESK_INTERNAL_PORT", "BOT_WORKER_PORT", "BOT_ACTIONS_URL")
    project.running.write_text("".join(f"{name}={settings[name]}\n" for name in names), "utf-8")


def welcome(port: int, new_password: str) -> list[str]:
    """What a newcomer needs next. The password is known here only in the run that made it."""
    known = "password as first shown, or set it by HELPDESK_DEMO_PASSWORD"
    shown = f"password {new_password} (shown this once)" if new_password else known
    return [
        f"  customers  http://127.0.0.1:{port}/        REST channel: /webhooks/rest/webhook, or `make chat`",
        f"  staff      http://127.0.0.1:{port}/desk    API: /api/openapi.json",
        f"  accounts   {', '.join(ACCOUNTS)}: {shown}",
        "  end        Ctrl-C",
    ]


def _say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)
    sys.stdout.flush()


async def until_ok(port: int, path: str) -> None:
    """Ask until the answer is 200."""
    while True:
        try:
            status = await asyncio.wait_for(http_status(port, path), ASK_LIMIT_S)
        except (OSError, ValueError, asyncio.TimeoutError):
            status = 0
        if status == 200:
            return
        await asyncio.sleep(POLL_S)


async def http_status(port: int, path: str, host: str = "127.0.0.1") -> int:
    """The status code of GET `path`, on this machine. Raises OSError or ValueError when there is no HTTP answer."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        words = (await reader.readline()).split()
        return int(words[1]) if len(words) > 1 else 0
    finally:
        writer.close()
