"""Finding a Python: candidates are run before they are believed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.house.reading import program
from tools.errors import ToolError
from tools.pythons import DIALOGUE, SERVICE, Want, behind, find_python, probe

HERE = (sys.version_info[0], sys.version_info[1])


def pretended(path: Path, version: tuple[int, int]) -> Path:
    """A program that answers the probe like a Python of this version."""
    return program(path, f"""echo '[[{version[0]}, {version[1]}], "{path}"]'""")


def no_uv() -> Path:
    raise AssertionError("uv is asked only when nothing else fits")


def uv_with_nothing(folder: Path) -> Path:
    return program(folder / "uv", "exit 1")


def test_a_working_interpreter_tells_its_version_and_its_real_path() -> None:
    found = probe(sys.executable)
    assert found is not None
    assert found[0] == HERE
    assert found[1].exists()


@pytest.mark.parametrize(
    "script", ["echo 'command not found' >&2; exit 127", "echo Python 3.10.1", "echo '[3]'; exit 1"]
)
def test_what_does_not_answer_like_a_python_is_none(tmp_path: Path, script: str) -> None:
    assert probe(str(program(tmp_path / "python3.10", script))) is None


def test_a_shim_that_fails_is_passed_over_for_the_next_on_the_path(tmp_path: Path) -> None:
    program(tmp_path / "shims" / "python3.10", "exit 127")
    good = pretended(tmp_path / "good" / "python3.10", (3, 10))
    env = {"PATH": f"{tmp_path / 'shims'}:{tmp_path / 'good'}", "HOME": str(tmp_path)}
    assert find_python(DIALOGUE, no_uv, tmp_path / "store", env) == good


def test_a_name_that_lies_about_its_version_is_passed_over(tmp_path: Path) -> None:
    pretended(tmp_path / "liar" / "python3.11", (3, 9))
    good = pretended(tmp_path / "good" / "python3.13", (3, 13))
    env = {"PATH": f"{tmp_path / 'liar'}:{tmp_path / 'good'}", "HOME": str(tmp_path)}
    assert find_python(SERVICE, no_uv, tmp_path / "store", env) == good


def test_pyenv_is_looked_through_newest_first(tmp_path: Path) -> None:
    for version in ("3.10.2", "3.10.13", "3.11.7"):
        numbers = version.split(".")
        pretended(tmp_path / "versions" / version / "bin" / "python", (int(numbers[0]), int(numbers[1])))
    env = {"PATH": "", "PYENV_ROOT": str(tmp_path), "HOME": str(tmp_path / "empty")}
    assert find_python(DIALOGUE, no_uv, tmp_path / "store", env).parts[-3] == "3.10.13"


@pytest.mark.parametrize(
    "version, is_behind",
    [("3 11 7", True), ("3 11 10", False), ("3 12 5", True), ("3 12 6", False), ("3 13 0", False), ("rubbish", False)],
)
def test_an_interpreter_with_the_slow_cookie_parser_is_named(tmp_path: Path, version: str, is_behind: bool) -> None:
    advice = behind(program(tmp_path / "python", f"echo {version}"))
    assert ("CVE-2024-7592" in advice) is is_behind
    assert advice.count("\n") == 0


def test_the_finders_own_choice_comes_first(tmp_path: Path) -> None:
    good = pretended(tmp_path / "mine", (3, 10))
    pretended(tmp_path / "path" / "python3.10", (3, 10))
    env = {"PATH": str(tmp_path / "path"), DIALOGUE.setting: str(good)}
    assert find_python(DIALOGUE, no_uv, tmp_path / "store", env) == good


def test_a_choice_that_does_not_fit_is_said_and_not_worked_around(tmp_path: Path) -> None:
    pretended(tmp_path / "path" / "python3.10", (3, 10))
    env = {"PATH": str(tmp_path / "path"), DIALOGUE.setting: str(pretended(tmp_path / "mine", (3, 12)))}
    with pytest.raises(ToolError, match=r"HELPDESK_PYTHON310=.* is Python 3\.12: set it to a Python 3\.10"):
        find_python(DIALOGUE, no_uv, tmp_path / "store", env)


def test_what_uv_knows_of_is_believed_only_when_it_runs(tmp_path: Path) -> None:
    good = pretended(tmp_path / "known", (9, 9))
    uv = program(tmp_path / "uv", f'[ "$2" = find ] && echo {good}')
    want = Want("HELPDESK_PYTHON_NEW", (9, 9), (9, 10), ("python9.9",))
    env = {"PATH": "", "HOME": str(tmp_path)}
    assert find_python(want, lambda: uv, tmp_path / "store", env) == good
    pretended(good, (3, 8))
    with pytest.raises(ToolError):
        find_python(want, lambda: uv, tmp_path / "store", env)


def test_a_python_that_is_nowhere_is_fetched_into_the_project(tmp_path: Path) -> None:
    store = tmp_path / "store"
    fetched = store / "cpython-9.9.1" / "bin" / "python9.9"
    pretended(tmp_path / "ready", (9, 9))
    script = f'[ "$2" = install ] && mkdir -p {fetched.parent} && cp {tmp_path / "ready"} {fetched}'
    uv = program(tmp_path / "uv", script)
    want = Want("HELPDESK_PYTHON_NEW", (9, 9), (9, 10), ("python9.9",))
    answer = find_python(want, lambda: uv, store, {"PATH": "", "HOME": str(tmp_path)})
    assert answer.name == "ready"  # the copy names itself as it was told to
    assert fetched.exists()


def test_without_any_one_line_says_what_to_do(tmp_path: Path) -> None:
    want = Want("HELPDESK_PYTHON_NEW", (9, 9), (9, 10), ("python9.9",))
    with pytest.raises(ToolError, match=r"^no Python 9\.9 .* install it and set HELPDESK_PYTHON_NEW=its path$"):
        find_python(want, lambda: uv_with_nothing(tmp_path), tmp_path / "store", {"PATH": "", "HOME": str(tmp_path)})
