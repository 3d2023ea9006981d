"""`make test`: every part by name with its time, going on after a failed one; the last line is the total.

Set-up comes first. Then two parts at a time, longest first, each shown whole when it is finished; training the model
is one of them, beside the checks and the tests that ask no model.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Callable, Dict, Mapping, Sequence, TextIO

from tools.check import CHECKS, run_checks
from tools.errors import ToolError
from tools.frontend import has_pages
from tools.locks import setting_up
from tools.moved_clock import move_clock
from tools.node import npm_environment
from tools.processes import clean_environment, die_with_parent, stop_when_make_is_gone
from tools.product import quiet_rasa
from tools.project import Project
from tools.settings import without_own_settings
from tools.setup import steps_before_training, training_steps
from tools.steps import Step, run_steps

PART_LIMIT_S = 40 * 60  # a part that hangs is ended and counts as one failure; the longest needs a sixth of it alone
LANES = 2  # parts at a time: they wait more than they compute


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
    """A folder of tests and the environment they run in. A folder within it may be a part of its own."""

    name: str
    environment: str
    asks_model: bool = True

    def folder(self, project: Project) -> Path:
        return project.root / "tests" / self.name

    def exists(self, project: Project) -> bool:
        return any(self.folder(project).rglob("test_*.py"))

    def within(self) -> list[Part]:
        """The parts inside this one's folder, which it leaves to them."""
        return [other for other in PARTS if other.name.startswith(f"{self.name}/")]


# Longest first, so that no lane is left with a long one at the end; the last takes a minute.
PARTS = (
    Part("integration/desk", "helpdesk", asks_model=False),
    Part("integration", "helpdesk"),
    Part("faults", "helpdesk"),
    Part("browser", "helpdesk", asks_model=False),
    Part("nlu", "bot"),
    Part("dialogues", "helpdesk"),
    Part("contract", "helpdesk"),
    Part("house", "helpdesk"),
    Part("unit", "helpdesk", asks_model=False),
    Part("unit_bot", "bot"),
)
MODEL = "model"


@dataclass(frozen=True)
class Job:
    """What has an outcome; it begins when the one that it needs has succeeded."""

    run: Callable[[], Outcome]
    needs: str = ""


Jobs = Dict[str, Job]


def run_parts(project: Project, names: Sequence[str] = ()) -> int:
    """Run everything, or only the parts named; returns an exit code."""
    stop_when_make_is_gone()
    started = time.monotonic()
    outcomes = {"setup": _timed("setup", lambda: _set_up(project))}
    if not outcomes["setup"].failed:  # else nothing that follows could say anything
        move_clock(project, os.environ.get("CLOCK", ""))
        outcomes.update(side_by_side(jobs_for(project, names)))
    print(f"\nall parts ({time.monotonic() - started:.0f} s)")
    for name, outcome in outcomes.items():
        print(f"  {name}: {outcome}")
    failed = sum(outcome.failed for outcome in outcomes.values())
    print(f"{sum(outcome.passed for outcome in outcomes.values())} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def jobs_for(project: Project, names: Sequence[str]) -> Jobs:
    """The model if anything asks it, then the checks and the parts that there are and that were asked for."""
    parts = [part for part in PARTS if part.exists(project) and _is_wanted(part.name, names)]
    jobs: Jobs = {}
    if not names or any(part.asks_model for part in parts):
        jobs[MODEL] = Job(lambda: _train(project))
    if _is_wanted("check", names):
        jobs["check"] = Job(lambda: _check(project))
    for part in parts:
        jobs[part.name] = Job(functools.partial(run_part, project, part), MODEL if part.asks_model else "")
    if has_pages(project) and _is_wanted("frontend", names):
        jobs["frontend"] = Job(lambda: _frontend(project))
    return jobs


def _is_wanted(name: str, names: Sequence[str]) -> bool:
    """Who names a folder means the parts within it, too."""
    return not names or name in names or name.partition("/")[0] in names


def side_by_side(jobs: Jobs) -> dict[str, Outcome]:
    """Run `LANES` at a time: whenever one is free, the first whose need is met. One whose need failed fails unrun."""
    left: Jobs = dict(jobs)
    outcomes: dict[str, Outcome] = {}
    running: dict[Future[Outcome], str] = {}
    with ThreadPoolExecutor(LANES) as lanes:
        while left or running:
            begin = [name for name, job in left.items() if not job.needs or job.needs in outcomes]
            for name in begin[: LANES - len(running)]:
                job = left.pop(name)
                is_met = not job.needs or not outcomes[job.needs].failed
                run = job.run if is_met else functools.partial(_not_run, job.needs)
                running[lanes.submit(_timed, name, run)] = name
            for one in wait(running, return_when=FIRST_COMPLETED).done:
                outcomes[running.pop(one)] = one.result()
    return outcomes


def _not_run(needs: str) -> Outcome:
    print(f"not run, for {needs} failed")
    return Outcome(failed=1)


def _timed(name: str, run: Callable[[], Outcome]) -> Outcome:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    outcome = run()
    print(f"== {name}: {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
    return outcome


def _set_up(project: Project) -> Outcome:
    return _do(project, steps_before_training(project, dev=True), sys.stdout)


def _train(project: Project) -> Outcome:
    """Another part talks meanwhile: what is said of this is shown at its end."""
    out = io.StringIO()
    outcome = _do(project, training_steps(project), out)
    print(out.getvalue().rstrip(), flush=True)
    return outcome


def _do(project: Project, steps: Sequence[Step], out: TextIO) -> Outcome:
    try:
        with setting_up(project):
            run_steps(steps, out)
    except ToolError as error:
        print(error, file=out)
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
    report = project.var / "test" / f"{name.replace('/', '-')}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        report.unlink()
    return report


def run_part(project: Project, part: Part) -> Outcome:
    """Run one folder with pytest; the counts come from its report, so a crash of pytest is a failure too."""
    report = _fresh_report(project, part.name)
    command = [str(project.python(part.environment)), "-m", "pytest", "-q", f"--junitxml={report}"]
    folders = [str(one.folder(project).relative_to(project.root)) for one in (part, *part.within())]
    command += ["-p", "no:cacheprovider", "--disable-warnings", folders[0]]
    command += [f"--ignore={folder}" for folder in folders[1:]]
    code = run_limited(command, project.root, test_environment(project), PART_LIMIT_S)
    return count(report, code)


def test_environment(project: Project) -> dict[str, str]:
    """What tests see: nothing of a developer's own settings, one thread for each numeric library, and what was
    compiled before: where no bytecode may be written beside the sources, each program would compile for seconds."""
    changes = {"PYTHONUNBUFFERED": "1", "PYTHONPYCACHEPREFIX": str(project.var / "cache" / "bytecode")}
    seen = without_own_settings(clean_environment(**changes, **quiet_rasa()))
    return {name: value for name, value in seen.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run_limited(command: Sequence[str], cwd: Path, env: Mapping[str, str], limit_s: float) -> int:
    """Run a command, and show its output at its end so that two parts do not talk at once."""
    with tempfile.TemporaryFile() as output:
        code = _run(command, cwd, env, limit_s, output)
        output.seek(0)
        print(output.read().decode(errors="replace").rstrip(), flush=True)
    return code


def _run(command: Sequence[str], cwd: Path, env: Mapping[str, str], limit_s: float, output: IO[bytes]) -> int:
    """Run a command in its own process group, ended with all it started when the time is over."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
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
