"""`make run` with stand-in programs: what it shows, how it restarts, and that it ends only and all that it started."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.house.conftest import START, StandIn, eventually, is_alive
from tools.errors import ToolError
from tools.ports import choose_ports, free_port
from tools.project import THIS

ENDS_WITHIN_S = 10
# Chooses ports as `make run` does and keeps them until its input ends.
CHOOSE = """
import json, sys
from tools.ports import choose_ports
settings, usual = map(json.loads, sys.argv[1:])
print(choose_ports(settings, {}, usual)["BOT_WORKER_PORT"], flush=True)
sys.stdin.read()
"""


def test_everything_up_to_date_is_skipped_and_both_programs_come_up(stand_in: StandIn) -> None:
    stand_in.start("run")
    stand_in.says("Ctrl-C")
    shown = stand_in.output.read_text("utf-8")
    assert "[1/6] installer (uv) ... up to date" in shown
    assert "[4/6] secrets (var/secrets) ... done (" in shown
    assert "[bot] the worker says 你好" in shown
    assert "the service answers" in shown
    assert f"http://127.0.0.1:{stand_in.port}/" in shown


def test_a_demo_password_is_made_once_and_shown_once(stand_in: StandIn) -> None:
    first = stand_in.start("run")
    stand_in.says("(shown this once)")
    password = stand_in.output.read_text("utf-8").split("password ")[1].split()[0]
    assert password in (stand_in.project.var / "log" / "demo.log").read_text("utf-8")
    end(first)
    stand_in.output.unlink()
    stand_in.start("run")
    stand_in.says("as first shown")
    assert password not in stand_in.output.read_text("utf-8")
    assert "[6/6] demo accounts ... up to date" in stand_in.output.read_text("utf-8")


def test_a_chosen_demo_password_is_never_shown(stand_in: StandIn) -> None:
    stand_in.start("run", HELPDESK_DEMO_PASSWORD="orchid-42")
    stand_in.says("Ctrl-C")
    assert "orchid-42" not in stand_in.output.read_text("utf-8")


def test_a_password_chosen_later_is_set(stand_in: StandIn) -> None:
    first = stand_in.start("run")
    stand_in.says("Ctrl-C")
    end(first)
    stand_in.output.unlink()
    stand_in.start("run", HELPDESK_DEMO_PASSWORD="orchid-42")
    stand_in.says("Ctrl-C")
    assert "demo accounts ... done" in stand_in.output.read_text("utf-8")


@pytest.mark.parametrize("name", ["worker", "service"])
def test_a_killed_program_is_started_again(stand_in: StandIn, name: str) -> None:
    stand_in.start("run")
    stand_in.says("Ctrl-C")
    before = stand_in.pid(name)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: stand_in.pid(name) != before, "another one is up")
    stand_in.says("ended (SIGKILL); starting again in")


@pytest.mark.parametrize("wanted", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(stand_in: StandIn, wanted: signal.Signals) -> None:
    process = stand_in.start("run")
    stand_in.says("Ctrl-C")
    process.send_signal(wanted)
    assert process.wait(ENDS_WITHIN_S) == 0
    assert not any(map(is_alive, [stand_in.pid("worker"), stand_in.pid("service")]))
    assert not stand_in.project.running.exists()


def test_a_program_that_does_not_end_when_asked_is_ended_in_time(stand_in: StandIn) -> None:
    process = stand_in.start("run", STUBBORN="1")
    stand_in.says("Ctrl-C")
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(ENDS_WITHIN_S + 5) == 0
    assert time.monotonic() - started < ENDS_WITHIN_S
    assert not is_alive(stand_in.pid("worker"))


def test_nothing_is_left_when_the_supervisor_is_killed(stand_in: StandIn) -> None:
    process = stand_in.start("run", STUBBORN="1")
    stand_in.says("Ctrl-C")
    children = [stand_in.pid("worker"), stand_in.pid("service")]
    process.kill()
    eventually(lambda: not any(map(is_alive, children)), "the children are gone")


def test_killing_make_itself_ends_everything(stand_in: StandIn) -> None:
    (stand_in.project.root / "start.py").write_text(START)
    (stand_in.project.root / "Makefile").write_text(f"run:\n\t@{sys.executable} start.py . run\n")
    process = stand_in.start("run", program=("make", "-C", str(stand_in.project.root)))
    stand_in.says("Ctrl-C")
    children = [stand_in.pid("worker"), stand_in.pid("service")]
    process.kill()
    eventually(lambda: not any(map(is_alive, children)), "the children are gone")
    eventually(lambda: not stand_in.project.running.exists(), "the supervisor has tidied up")


def test_a_taken_port_is_one_line_that_says_what_to_do(stand_in: StandIn) -> None:
    with socket.create_server(("127.0.0.1", stand_in.port)):
        assert stand_in.start("run").wait(20) == 1
    last = stand_in.output.read_text("utf-8").splitlines()[-1]
    assert last == f"port {stand_in.port} is taken by another program: end it, or set HELPDESK_PORT to a free port"


def test_an_inner_port_that_another_program_has_moves_aside() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        usual = {"BOT_WORKER_PORT": taken, "HELPDESK_INTERNAL_PORT": str(free_port())}
        ports = choose_ports({**usual, "HELPDESK_PORT": str(free_port())}, {}, usual)
    assert ports["BOT_WORKER_PORT"] != taken
    assert ports["HELPDESK_WORKERS"] == f"http://127.0.0.1:{ports['BOT_WORKER_PORT']}"
    assert ports["HELPDESK_INTERNAL_PORT"] == usual["HELPDESK_INTERNAL_PORT"]


def test_of_two_commands_that_start_at_once_each_has_an_inner_port_of_its_own() -> None:
    """Neither listens yet, so that the port looks free to both."""
    usual = {"BOT_WORKER_PORT": str(free_port()), "HELPDESK_INTERNAL_PORT": str(free_port())}
    settings = {**usual, "HELPDESK_PORT": str(free_port())}
    command = [sys.executable, "-c", CHOOSE, json.dumps(settings), json.dumps(usual)]
    with subprocess.Popen(command, cwd=THIS.root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == usual["BOT_WORKER_PORT"]
        assert choose_ports(settings, {}, usual)["BOT_WORKER_PORT"] != usual["BOT_WORKER_PORT"]
        other.communicate()
    assert choose_ports(settings, {}, usual)["BOT_WORKER_PORT"] == usual["BOT_WORKER_PORT"]


def test_workers_after_the_first_have_ports_of_their_own_and_are_all_asked() -> None:
    usual = {"BOT_WORKER_PORT": str(free_port()), "HELPDESK_INTERNAL_PORT": str(free_port())}
    ports = choose_ports({**usual, "HELPDESK_PORT": str(free_port())}, {}, usual, workers=3)
    asked = [address.rpartition(":")[2] for address in ports["HELPDESK_WORKERS"].split(",")]
    assert asked[0] == ports["BOT_WORKER_PORT"]
    assert len({*asked, ports["HELPDESK_PORT"], ports["HELPDESK_INTERNAL_PORT"]}) == 5


def test_two_workers_come_up_and_end_together(stand_in: StandIn) -> None:
    process = stand_in.start("run", BOT_WORKERS="2")
    for name in ("bot", "bot2"):
        stand_in.says(f"[{name}] the worker says")
    stand_in.says("Ctrl-C")
    end(process)
    assert process.returncode == 0


def test_an_inner_port_gives_way_to_the_public_one() -> None:
    port = str(free_port())
    usual = {"BOT_WORKER_PORT": port, "HELPDESK_INTERNAL_PORT": str(free_port())}
    assert choose_ports({**usual, "HELPDESK_PORT": port}, {}, usual)["BOT_WORKER_PORT"] != port


def test_a_port_that_somebody_set_and_another_program_has_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        usual = {"BOT_WORKER_PORT": taken, "HELPDESK_INTERNAL_PORT": str(free_port())}
        with pytest.raises(ToolError, match=f"BOT_WORKER_PORT|{taken}"):
            choose_ports({**usual, "HELPDESK_PORT": str(free_port())}, {"BOT_WORKER_PORT": taken}, usual)


def test_a_second_run_from_the_same_folder_is_refused(stand_in: StandIn) -> None:
    stand_in.start("run")
    stand_in.says("Ctrl-C")
    assert stand_in.start("run").wait(20) == 1
    stand_in.says("already running from this folder")


def test_a_service_that_cannot_start_ends_the_run_with_its_reason_shown(stand_in: StandIn) -> None:
    assert stand_in.start("run", FAIL_SERVICE="1").wait(30) == 1
    shown = stand_in.output.read_text("utf-8")
    assert "[service] HELPDESK_SECRET_KEY is not set" in shown
    assert "service ends at once (exit code 1): its last lines above say why" in shown
    assert not is_alive(stand_in.pid("worker"))


def test_a_failing_step_is_one_line_that_names_its_log(stand_in: StandIn) -> None:
    assert stand_in.start("run", FAIL_MIGRATE="3").wait(20) == 1
    shown = stand_in.output.read_text("utf-8").splitlines()
    assert shown[-2].endswith("database ... failed")
    assert shown[-1].startswith("bringing the database up to date failed; the reason is at the end of ")
    assert "Traceback" not in "".join(shown)


def end(process: subprocess.Popen[str]) -> None:
    """Ctrl-C, and wait."""
    process.send_signal(signal.SIGINT)
    process.wait(ENDS_WITHIN_S + 5)
