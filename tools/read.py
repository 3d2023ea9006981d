"""`make read`: the trained reader on a file of turns; only its answers go to standard output."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from tools.errors import ToolError
from tools.locks import setting_up
from tools.processes import clean_environment
from tools.product import quiet_rasa
from tools.project import Project
from tools.setup import setup_steps
from tools.steps import run_steps


def read(project: Project) -> int:
    """Set up, with its progress on standard error, then read FILE; an exit code."""
    if not os.environ.get("FILE"):
        raise ToolError("which turns? make read FILE=turns.jsonl, one {asked, topic, bot, said} a line")
    with contextlib.redirect_stdout(sys.stderr), setting_up(project):
        run_steps(setup_steps(project, dev=False))
    env = clean_environment(PYTHONPATH=str(project.root), FILE=os.environ["FILE"], **quiet_rasa())
    return subprocess.run([str(project.python("bot")), "-m", "bot.read"], cwd=str(project.root), env=env).returncode
