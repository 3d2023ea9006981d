"""`make test`: the parts, their counts and the last line."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.house.conftest import eventually, is_alive
from tools import testrun
from tools.project import THIS, Project
from tools.testrun import PARTS, Job, Outcome, Part, count, jobs_for, run_limited, run_part, side_by_side

HERE = Part("house", "helpdesk")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose environment is this Python and whose house tests are written by the test.

    What this project compiled before serves it too, and pytest brings no plugins: each run would begin with seconds.
    """
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    made = Project(tmp_path)
    python = made.python("helpdesk")
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    HERE.folder(made).mkdir(parents=True)
    compiled = THIS.var / "cache"
    compiled.mkdir(parents=True, exist_ok=True)
    made.var.mkdir()
    (made.var / "cache").symlink_to(compiled)
    return made


def outcome_of(project: Project, source: str) -> Outcome:
    (HERE.folder(project) / "test_it.py").write_text(source)
    return run_part(project, HERE)


def test_passed_failed_and_skipped_tests_are_counted(project: Project) -> None:
    source = "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n"
    source += "@pytest.mark.skip\ndef test_c(): pass\n@pytest.fixture\ndef broken(): 1 / 0\ndef test_d(broken): pass\n"
    assert outcome_of(project, source) == Outcome(passed=1, failed=2, skipped=1)


@pytest.mark.parametrize(
    "source", ["import absent_module\n", "import os\nos._exit(0)\n", "import os\nos._exit(3)\n", ""]
)
def test_a_part_that_could_not_run_is_a_failure(project: Project, source: str) -> None:
    assert outcome_of(project, source).failed == 1


def test_an_old_report_is_not_taken_for_a_new_one(project: Project) -> None:
    assert outcome_of(project, "def test_a(): pass\n") == Outcome(passed=1)
    assert outcome_of(project, "import os\nos._exit(0)\n") == Outcome(failed=1)


def test_an_exit_code_that_the_report_does_not_explain_is_a_failure(project: Project) -> None:
    outcome_of(project, "def test_a(): pass\n")
    assert count(project.var / "test" / "house.xml", 3) == Outcome(passed=1, failed=1)


def test_a_folder_within_a_part_may_be_a_part_and_is_run_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = Part("house/inner", "helpdesk")
    monkeypatch.setattr(testrun, "PARTS", (HERE, within))
    within.folder(project).mkdir()
    (within.folder(project) / "test_in.py").write_text("def test_a(): pass\ndef test_b(): pass\n")
    assert outcome_of(project, "def test_c(): pass\n") == Outcome(passed=1)
    assert run_part(project, within) == Outcome(passed=2)


def test_a_job_waits_for_what_it_needs_while_others_go_on() -> None:
    """Else `first` would wait in vain for the job that comes last."""
    others_are_done = threading.Event()
    order: list[str] = []

    def job(name: str) -> Outcome:
        if name == "first":
            assert others_are_done.wait(20)
        order.append(name)
        if name == "last":
            others_are_done.set()
        return Outcome(passed=1)

    names = ("first", "needing", "second", "last")
    needs = {"needing": "first"}
    jobs = {name: Job(lambda name=name: job(name), needs.get(name, "")) for name in names}  # type: ignore[misc]
    assert side_by_side(jobs) == dict.fromkeys(names, Outcome(passed=1))
    assert order == ["second", "last", "first", "needing"]


def test_what_needs_something_that_failed_is_not_run_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    begun: list[str] = []

    def begin() -> Outcome:
        begun.append("needing")
        return Outcome(passed=1)

    failing = {"model": Job(lambda: Outcome(failed=1)), "needing": Job(begin, "model")}
    assert side_by_side(failing) == dict.fromkeys(failing, Outcome(failed=1))
    assert begun == []
    assert "not run, for model failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "names,begun",
    [
        (["unit"], {"unit"}),
        (["integration"], {"model", "integration", "integration/desk"}),
        (["integration/desk", "check"], {"integration/desk", "check"}),
        ([], {"model", "check", "frontend", *(part.name for part in PARTS)}),
    ],
)
def test_only_the_parts_named_are_run_and_a_model_is_trained_for_those_that_ask_it(
    names: list[str], begun: set[str]
) -> None:
    assert set(jobs_for(THIS, names)) == begun


def test_a_part_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    started = time.monotonic()
    command = ["sh", "-c", "sleep 600 & echo $! > child; wait"]
    assert run_limited(command, tmp_path, {"PATH": os.environ["PATH"]}, 1.0) == 1
    assert time.monotonic() - started < 10
    child = int((tmp_path / "child").read_text())
    eventually(lambda: not is_alive(child), "the child is gone, too")


def test_a_developers_own_settings_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HELPDESK_PORT", "BOT_MODEL", "DATABASE_URL"):
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("TEST_DATABASE_URL", "mine")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    seen = testrun.test_environment(THIS)
    assert "mine" not in [seen.get(name) for name in ("HELPDESK_PORT", "BOT_MODEL", "DATABASE_URL")]
    assert seen["TEST_DATABASE_URL"] == "mine"
    assert "PYTHONDONTWRITEBYTECODE" not in seen


def test_every_folder_with_tests_is_a_part() -> None:
    folders = {path.relative_to(THIS.root / "tests").parts[0] for path in (THIS.root / "tests").rglob("test_*.py")}
    assert folders - {part.name for part in PARTS} == set()
