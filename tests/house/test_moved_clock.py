"""`make test CLOCK=...`: what the tests start finds another day and hour on the machine, and waits no longer for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.moved_clock import move_clock
from tools.processes import clean_environment
from tools.project import THIS, Project

NEW_YEARS_EVE = "2031-12-31 21:30"
TELL_AND_WAIT = """
import queue, subprocess, sys, threading, time
print(time.strftime("%F %H:%M", time.gmtime(time.time() + 8 * 3600)), flush=True)
subprocess.run(["date", "-u", "+%F"], check=True)
begun = time.monotonic()
time.sleep(0.01)
threading.Event().wait(0.01)
threading.Thread(target=time.sleep, args=(0.01,)).start()
try:
    queue.Queue().get(timeout=0.01)
except queue.Empty:
    print(time.monotonic() - begun < 5)
"""


@pytest.fixture
def unmoved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is started is moved; the tests' own environment comes back, moved or not."""
    monkeypatch.setenv("LD_PRELOAD", "")
    monkeypatch.setenv("MOVED_CLOCK_S", os.environ.get("MOVED_CLOCK_S", ""))


@pytest.mark.usefixtures("unmoved")
@pytest.mark.parametrize("python", ["bot", "helpdesk"])
def test_a_program_and_what_it_starts_go_by_the_moved_clock(tmp_path: Path, python: str) -> None:
    if not (sys.platform == "linux" and shutil.which("cc")):
        with pytest.raises(ToolError, match="gcc"):
            move_clock(Project(tmp_path), NEW_YEARS_EVE)
        return
    move_clock(Project(tmp_path), NEW_YEARS_EVE)
    told = subprocess.run(
        [THIS.python(python), "-c", TELL_AND_WAIT], env=clean_environment(), check=True, capture_output=True, text=True
    )
    assert told.stdout.split("\n")[:3] == ["2031-12-31 21:30", "2031-12-31", "True"]


@pytest.mark.usefixtures("unmoved")
def test_without_a_moment_nothing_moves(tmp_path: Path) -> None:
    move_clock(Project(tmp_path), "")
    assert not os.environ["LD_PRELOAD"]


def test_what_is_no_moment_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no moment"):
        move_clock(Project(tmp_path), "next Saturday")
