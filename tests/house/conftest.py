"""A project in an empty folder, set up already, whose bot and service are tiny programs that stand in for the real."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from helpdesk.testing import free_port
from tools.environments import BOT, HELPDESK
from tools.project import THIS, Project
from tools.stamps import fingerprint, write_stamp

DEADLINE_S = 20

# Writes its process id, then listens; with STUBBORN it does not end when asked.
WORKER = """
import os, pathlib, signal, socket, time
if os.environ.get("STUBBORN"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
listener = socket.create_server(("127.0.0.1", int(os.environ["BOT_WORKER_PORT"])))
pathlib.Path("worker.pid").write_text(str(os.getpid()))
print("the worker says 你好", flush=True)
while True:
    time.sleep(60)
"""
# `python -m helpdesk [migrate|demo]`: the service is up at once and ready when the worker listens.
SERVICE = """
import http.server, os, pathlib, socket, sys
if len(sys.argv) > 1:
    print(sys.argv[1], os.environ.get("HELPDESK_DEMO_PASSWORD"))
    pathlib.Path(os.environ["DATABASE_URL"].partition(":///")[2]).touch()
    sys.exit(int(os.environ.get("FAIL_" + sys.argv[1].upper(), 0)))
if os.environ.get("FAIL_SERVICE"):
    sys.exit("HELPDESK_SECRET_KEY is not set")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            socket.create_connection(("127.0.0.1", int(os.environ["BOT_WORKER_PORT"])), 1).close()
            ready = True
        except OSError:
            ready = False
        self.send_response(200 if self.path == "/healthz" or ready else 503)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", int(os.environ["HELPDESK_PORT"])), Handler)
pathlib.Path("service.pid").write_text(str(os.getpid()))
server.serve_forever()
"""
START = "import sys, pathlib\nfrom tools import __main__ as main\nfrom tools.project import Project\n"
START += "main.THIS = Project(pathlib.Path(sys.argv[1]))\nsys.exit(main.main(sys.argv[2:]))\n"


def eventually(condition: Callable[[], object], what: str, limit_s: float = DEADLINE_S) -> None:
    """Wait for something that another process does; fails with `what` after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {limit_s} s in vain until {what}"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but was not yet fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class StandIn:
    """The project, and the commands started in it."""

    project: Project
    port: int
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str, program: Sequence[str] = (), **settings: str) -> subprocess.Popen[str]:
        """`python3 -m tools ARGUMENTS`, or another program with these; its output is in `output`."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("HELPDESK_", "MAKE", "CI"))}
        env |= {"HELPDESK_PORT": str(self.port), "PYTHONPATH": str(THIS.root), "BOT_WORKERS": "1", **settings}
        command = [*(program or (sys.executable, "-c", START, str(self.project.root))), *arguments]
        with self.output.open("a") as out:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, text=True, env=env, start_new_session=True
            )
        self.started.append(process)
        return process

    @property
    def output(self) -> Path:
        return self.project.root / "output"

    def says(self, text: str) -> None:
        """Wait until the output has `text`; fails with the output when every command has ended without it."""

        def said() -> bool:
            running = any(process.poll() is None for process in self.started)
            shown = self.output.read_text("utf-8")
            assert running or text in shown, f"ended without {text!r}:\n{shown}"
            return text in shown

        eventually(said, f"the output has {text!r}")

    def pid(self, name: str) -> int:
        """The process id that `worker` or `service` wrote last."""
        path = self.project.root / f"{name}.pid"
        eventually(lambda: path.exists() and path.read_text(), f"{name} is up")
        return int(path.read_text())


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandIn]:
    """Ends every command that was started, by its own id."""
    world = StandIn(Project(tmp_path), free_port())
    _set_up(world.project)
    yield world
    for process in world.started:
        if process.poll() is None:
            process.kill()
        process.wait()


def _set_up(project: Project) -> None:
    for name, source in (("bot/worker.py", WORKER), ("helpdesk/__main__.py", SERVICE)):
        path = project.root / name
        path.parent.mkdir()
        path.write_text(source, "utf-8")
    _bring_pretended_uv(project)
    for environment in (BOT, HELPDESK):
        _make_environment(project, environment.name)


def _bring_pretended_uv(project: Project) -> None:
    project.requirements.mkdir()
    (project.requirements / "uv.txt").write_text("uv==1")
    uv = project.brought / "uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.touch()
    write_stamp(project.brought / "uv.json", {"pinned": fingerprint(project.root, ["requirements/uv.txt"])})


def _make_environment(project: Project, name: str) -> None:
    requirement = project.requirements / f"{name}.txt"
    requirement.write_text("something==1")
    python = project.python(name)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    made_from = {"asked": "", f"{name}.txt": fingerprint(project.requirements, [f"{name}.txt"])}
    write_stamp(project.environments / name / "stamp.json", made_from)
