"""The project's Python environments: made with an explicit interpreter, filled with pinned and hashed requirements."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.processes import clean_environment, run_logged
from tools.project import Project
from tools.pythons import DIALOGUE, SERVICE, Want, find_python, probe
from tools.stamps import fingerprint, read_stamp, write_stamp
from tools.uv import index_settings, uv_path


@dataclass(frozen=True)
class Environment:
    """A folder under .envs/ and the pair of requirement files it is filled from."""

    name: str
    want: Want

    @property
    def title(self) -> str:
        titles = {"bot": "dialogue", "helpdesk": "service", "docs": "documents"}
        return f"{titles[self.name]} environment (.envs/{self.name})"


BOT = Environment("bot", DIALOGUE)
HELPDESK = Environment("helpdesk", SERVICE)
DOCS = Environment("docs", SERVICE)  # only `make docs` needs it


def bring_environment(project: Project, environment: Environment, *, dev: bool) -> bool:
    """Make and fill an environment unless its stamp says that it is as wanted; returns whether it was not.

    `dev` adds what tests and checks need, to the same environment: the dev file pins the same versions.
    """
    requirement = f"{environment.name}-dev.txt" if dev else f"{environment.name}.txt"
    remembered = read_stamp(_stamp(project, environment))
    wanted = _wanted(project, environment)
    if _is_usable(project, environment, remembered) and remembered.get(requirement) == wanted[requirement]:
        return False
    log = project.log(f"environment-{environment.name}")
    interpreter = _interpreter(project, environment, remembered, log)
    _fill(project, environment, requirement, log)
    covered = {name: wanted[name] for name in wanted if dev or name == requirement}
    asked = os.environ.get(environment.want.setting, "")
    write_stamp(_stamp(project, environment), {"asked": asked, "interpreter": str(interpreter), **covered})
    return True


def _wanted(project: Project, environment: Environment) -> dict[str, str]:
    names = [f"{environment.name}.txt", f"{environment.name}-dev.txt"]
    return {name: fingerprint(project.requirements, [name]) for name in names}


def _stamp(project: Project, environment: Environment) -> Path:
    return project.environments / environment.name / "stamp.json"


def _is_usable(project: Project, environment: Environment, remembered: dict[str, str]) -> bool:
    """Whether the environment was made with the interpreter that is asked for, and that interpreter is still there."""
    asked = os.environ.get(environment.want.setting, "")
    same_wish = not asked or asked == remembered.get("asked")
    return same_wish and bool(remembered) and project.python(environment.name).exists()


def _interpreter(project: Project, environment: Environment, remembered: dict[str, str], log: Path) -> Path:
    """The environment's base interpreter; an environment that fits already is kept, another one is made anew."""
    python = project.python(environment.name)
    asked = os.environ.get(environment.want.setting, "")
    found = probe(str(python)) if python.exists() else None
    if found and environment.want.accepts(found[0]) and (not asked or asked == remembered.get("asked")):
        return python.resolve()
    uv = uv_path(project)
    base = find_python(environment.want, lambda: uv, project.brought / "python")
    shutil.rmtree(str(python.parent.parent), ignore_errors=True)
    command = [uv, "venv", "--no-project", "--python", base, python.parent.parent]
    run_logged(f"making .envs/{environment.name}", command, log, cwd=project.root)
    return base


def _fill(project: Project, environment: Environment, requirement: str, log: Path) -> None:
    python = project.python(environment.name)
    command = [uv_path(project), "pip", "install", "--python", python, "--require-hashes"]
    command += ["-r", project.requirements / requirement]
    env = clean_environment(**index_settings(project))
    run_logged(f"installing requirements/{requirement}", command, log, cwd=project.root, env=env)
