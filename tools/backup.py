"""`make backup` and `make restore`: the service's own commands, with the settings that `make run` would give it."""

from __future__ import annotations

import os
import subprocess
from typing import Sequence

from tools.environments import HELPDESK, bring_environment
from tools.errors import ToolError
from tools.locks import setting_up
from tools.processes import clean_environment
from tools.project import Project
from tools.settings import load_settings


def backup(project: Project) -> int:
    """FILE=... names a new file; an exit code."""
    file = os.environ.get("FILE")
    return _command(project, ["backup", *([file] if file else [])])


def restore(project: Project) -> int:
    """FILE=... is the backup, REPLACE=1 throws away what is there; an exit code."""
    file = os.environ.get("FILE")
    if not file:
        raise ToolError("which backup? make restore FILE=var/backups/....tar.gz")
    return _command(project, ["restore", file, *(["--replace"] if os.environ.get("REPLACE") else [])])


def _command(project: Project, arguments: Sequence[str]) -> int:
    with setting_up(project):
        bring_environment(project, HELPDESK, dev=False)
    command = [str(project.python("helpdesk")), "-m", "helpdesk", *arguments]
    env = {**clean_environment(), **load_settings(project)}
    return subprocess.run(command, cwd=str(project.root), env=env).returncode
