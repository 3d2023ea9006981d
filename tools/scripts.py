"""`make soak`, `make bench`, `make bench-nlu`: long measurements that are no part of `make test`; and `make read`."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from tools.errors import ToolError
from tools.locks import setting_up
from tools.processes import clean_environment
from tools.product import quiet_rasa
from tools.project import Project
from tools.setup import setup_steps
from tools.steps import run_steps

ENVIRONMENTS = {"bench/worker_speed.py": "bot", "bench/nlu.py": "bot", "bench/reading.py": "bot"}


def run_script(project: Project, script: str) -> int:
    """Set up, then run a script of the project in its environment; returns its exit code."""
    if not (project.root / script).exists():
        raise ToolError(f"there is no {script} yet")
    with setting_up(project):
        run_steps(setup_steps(project, dev=True))
    command = [str(project.python(ENVIRONMENTS.get(script, "helpdesk"))), script]
    env = clean_environment(PYTHONPATH=str(project.root), **quiet_rasa())
    return subprocess.run(command, cwd=str(project.root), env=env).returncode


def read_turns(project: Project, file: str) -> int:
    """`make read`: the reader's answers are all that is printed; what is brought up to date says so on standard error."""
    with contextlib.redirect_stdout(sys.stderr), setting_up(project):
        run_steps(setup_steps(project, dev=False))
    command = [str(project.python("bot")), "-m", "bot.read", file]
    env = clean_environment(PYTHONPATH=str(project.root), **quiet_rasa())
    return subprocess.run(command, cwd=str(project.root), env=env).returncode
