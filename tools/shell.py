"""`make shell`: the dialogue worker alone. It keeps nothing, so the conversation's state is held here."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Iterator

from tools.chat import lines
from tools.errors import ToolError
from tools.locks import setting_up
from tools.ports import free_port, is_free
from tools.processes import clean_environment, die_with_parent
from tools.product import quiet_rasa
from tools.project import Project
from tools.settings import load_settings, read_env_file, write_secrets
from tools.setup import setup_steps
from tools.steps import run_steps

START_LIMIT_S = 120
TURN_LIMIT_S = 30
STARTS = ("open", "subscribe", "return", "staff_released")


def shell(project: Project) -> None:
    """Talk to the running worker, or to one started for this conversation alone."""
    write_secrets(project)
    settings = {**load_settings(project), **read_env_file(project.running)}
    with _worker(project, settings) as port:
        talk = WorkerTalk(port, settings["HELPDESK_WORKER_TOKEN"])
        print("type a message, a number for a choice, or :open for a greeting; Ctrl-D leaves")
        for line in sys.stdin:
            if line.strip():
                talk.turn(line.strip())


@contextlib.contextmanager
def _worker(project: Project, settings: dict[str, str]) -> Iterator[int]:
    port = int(settings["BOT_WORKER_PORT"])
    if project.running.exists() and not is_free(port):
        yield port
        return
    with setting_up(project):
        run_steps(setup_steps(project, dev=False))
    port = free_port()
    env = {**clean_environment(**quiet_rasa()), **settings, "BOT_WORKER_PORT": str(port)}
    log = project.log("shell")
    print(f"starting a worker of our own ({log}); answers that need the service need `make run` ...", flush=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(project.python("bot")), "-m", "bot.worker"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=str(project.root),
            env=env,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    try:
        _wait_for(process, port, str(log))
        yield port
    finally:
        _end(process)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: str) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while is_free(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ToolError(f"the worker did not start; the reason is at the end of {log}")
        time.sleep(0.2)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class WorkerTalk:
    """A conversation with a worker: its state goes with every turn and comes back changed."""

    port: int
    token: str
    state: dict[str, Any] | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)

    def turn(self, text: str) -> None:
        """One message; shows what was understood and what is replied."""
        body = {
            "conversation": "shell",
            "message_id": f"{secrets.token_hex(6)}:1",
            "state": self.state,
            "facts": {},
            "input": self._input(text),
        }
        answer = self._ask(body)
        if "error" in answer:
            print(f"  the turn failed: {answer['error']}", flush=True)
            return
        self.state = answer["state"]
        print("  " + json.dumps(answer["understood"], ensure_ascii=False))
        for reply in answer["replies"]:
            print("\n".join(lines(reply)), flush=True)
            self.choices = reply.get("buttons") or []

    def _input(self, text: str) -> dict[str, Any]:
        if text[:1] == ":" and text[1:] in STARTS:
            return {"start": text[1:]}
        number = int(text) if text.isdigit() and text.isascii() else 0
        if not 0 < number <= len(self.choices):
            return {"text": text}
        return {"press": self.choices[number - 1]["press"]}

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/turn", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=TURN_LIMIT_S) as answer:
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            return {"error": error.read().decode(errors="replace")}
        except (OSError, ValueError) as error:
            raise ToolError(f"the worker does not answer any more ({error}): start `make shell` again") from None
