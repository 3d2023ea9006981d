"""`make test`: every part by name with its time, going on after a failed one; the last line is the total."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Mapping, Sequence

from tools.check import CHECKS, run_checks
from tools.errors import ToolError
from tools.frontend import has_pages
from tools.locks import setting_up
from tools.node import npm_environment
from tools.processes import clean_environment, die_with_parent, stop_when_make_is_gone
from tools.product import quiet_rasa
from tools.project import Project
from tools.settings import without_own_settings
from tools.setup import setup_steps
from tools.steps import run_steps

PART_LIMIT_S = 15 * 60  # a part that hangs is ended and counts as one failure


@dataclass(frozen=True)
class Outcome:
    """How many tests of a part passed, failed (errors included) and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


@dataclass(frozen=True)
class Part:
    """A folder of tests and the environment they run in."""

    name: str
    environment: str

    def folder(self, project: Project) -> Path:
        return project.root / "tests" / self.name

    def exists(self, project: Project) -> bool:
        return any(self.folder(project).rglob("test_*.py"))


PARTS = (
    Part("unit", "helpdesk"),
    Part("unit_bot", "bot"),
    Part("integration", "helpdesk"),
    Part("contract", "helpdesk"),
    Part("dialogues", "helpdesk"),
    Part("nlu", "bot"),
    Part("faults", "helpdesk"),
    Part("browser", "helpdesk"),
    Part("house", "helpdesk"),
)


def run_parts(project: Project, names: Sequence[str] = ()) -> int:
    """Run everything, or only the parts named; returns an exit code."""
    stop_when_make_is_gone()
    started = time.monotonic()
    outcomes = {name: _timed(name, run) for name, run in _parts(project, names)}
    print(f"\nall parts ({time.monotonic() - started:.0f} s)")
    for name, outcome in outcomes.items():
        print(f"  {name}: {outcome}")
    failed = sum(outcome.failed for outcome in outcomes.values())
    print(f"{sum(outcome.passed for outcome in outcomes.values())} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def _parts(project: Project, names: Sequence[str]) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    """The parts that there are. What comes after a failed set-up could not say anything, so it is left out."""
    ready = []

    def set_up() -> Outcome:
        outcome = _set_up(project)
        ready.append(not outcome.failed)
        return outcome

    yield "setup", set_up
    if ready != [True]:
        return
    if not names or "check" in names:
        yield "check", lambda: _check(project)
    if has_pages(project) and (not names or "frontend" in names):
        yield "frontend", lambda: _frontend(project)
    for part in PARTS:
        if part.exists(project) and (not names or part.name in names):
            yield part.name, lambda part=part: run_part(project, part)  # type: ignore[misc]


def _timed(name: str, run: Callable[[], Outcome]) -> Outcome:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    outcome = run()
    print(f"== {name}: {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
    return outcome


def _set_up(project: Project) -> Outcome:
    try:
        with setting_up(project):
            run_steps(setup_steps(project, dev=True))
    except ToolError as error:
        print(error)
        return Outcome(failed=1)
    return Outcome()


def _check(project: Project) -> Outcome:
    passed = run_checks(project)
    return Outcome(passed=passed, failed=len(CHECKS) - passed)


def _frontend(project: Project) -> Outcome:
    """Types and unit tests of the web pages."""
    report = _fresh_report(project, "frontend")
    folder, env = project.root / "frontend", npm_environment(project)
    types = run_limited(["npm", "run", "--silent", "typecheck"], folder, env, PART_LIMIT_S)
    vitest = [
        "npx",
        "--no-install",
        "vitest",
        "run",
        "--reporter=dot",
        "--reporter=junit",
        f"--outputFile.junit={report}",
    ]
    tests = count(report, run_limited(vitest, folder, env, PART_LIMIT_S))
    return Outcome(tests.passed + (not types), tests.failed + bool(types), tests.skipped)


def _fresh_report(project: Project, name: str) -> Path:
    report = project.var / "test" / f"{name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        report.unlink()
    return report


def run_part(project: Project, part: Part) -> Outcome:
    """Run one folder with pytest; the counts come from its report, so a crash of pytest is a failure too."""
    report = _fresh_report(project, part.name)
    command = [str(project.python(part.environment)), "-m", "pytest", "-q", f"--junitxml={report}"]
    command += ["-p", "no:cacheprovider", "--disable-warnings", str(part.folder(project).relative_to(project.root))]
    code = run_limited(command, project.root, test_environment(), PART_LIMIT_S)
    return count(report, code)


def test_environment() -> dict[str, str]:
    """What tests see: nothing of a developer's own settings, one thread for each numeric library."""
    return without_own_settings(clean_environment(PYTHONUNBUFFERED="1", **quiet_rasa()))


def run_limited(command: Sequence[str], cwd: Path, env: Mapping[str, str], limit_s: float) -> int:
    """Run a command in its own process group, ended with all it started when the time is over."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        cwd=str(cwd),
        env=dict(env),
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        return process.wait(limit_s)
    except subprocess.TimeoutExpired:
        print(f"not finished after {limit_s:.0f} s: ended", flush=True)
        return 1
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def count(report: Path, code: int) -> Outcome:
    """The outcome that pytest wrote down. Exit code and report must agree, else something failed unseen."""
    try:
        suites = list(ElementTree.parse(str(report)).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Outcome(failed=1)
    names = ("tests", "skipped", "errors", "failures")
    tests, skipped, broken, failed = (sum(int(suite.get(name, 0)) for suite in suites) for name in names)
    unseen = 1 if code and not broken + failed else 0
    return Outcome(passed=tests - skipped - broken - failed, failed=broken + failed + unseen, skipped=skipped)
