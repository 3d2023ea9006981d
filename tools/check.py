"""`make check`: format, lint, types and import rules, each by name."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from tools.locks import setting_up
from tools.processes import clean_environment
from tools.project import Project
from tools.setup import environment_steps
from tools.steps import run_steps


@dataclass(frozen=True)
class Check:
    """One tool of the service's environment."""

    name: str
    arguments: tuple[str, ...]


CHECKS = (
    Check("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    Check("lint", ("-m", "ruff", "check", "--quiet", ".")),
    Check("types", ("-m", "mypy", "--no-error-summary")),
    Check("import rules", ("-c", "import sys; from importlinter.cli import lint_imports_command as lint; lint()")),
)


def check(project: Project) -> int:
    """Set up, run all checks, and return an exit code."""
    with setting_up(project):
        run_steps(environment_steps(project, dev=True))
    passed = run_checks(project)
    return 0 if passed == len(CHECKS) else 1


def run_checks(project: Project) -> int:
    """How many of CHECKS passed; each is named, and a failing one shows what it found."""
    return sum([_passes(project, one) for one in CHECKS])


def _passes(project: Project, one: Check) -> bool:
    command = [str(project.python("helpdesk")), *one.arguments]
    answer = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=str(project.root),
        env=clean_environment(PYTHONPATH=str(project.root)),
    )
    print(f"{one.name}: {'passed' if answer.returncode == 0 else 'FAILED'}", flush=True)
    if answer.returncode:
        print(answer.stdout.decode(errors="replace").rstrip(), flush=True)
    return answer.returncode == 0
