"""What every tracked file holds to: no registry's address, no machine's path, short YAML, a rule for each folder."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.house.reading import ROOT, tracked

YAML_LINES = 150
YAML_SLACK = 10
MEASURED = ("tests", "bench")
# Rasa wants one list of all intents, entities and slots; one pattern a line is easier to edit than several.
LONGER = {"domain.yml": 250, "sayings.yml": 200}
FOLDERS_WITH_A_RULE = (
    "actions",
    "bot",
    "helpdesk/model",
    "helpdesk/store",
    "helpdesk/usecases",
    "helpdesk/channels",
    "tests/house",
    "tools",
    "zhtext",
    *sorted(path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "helpdesk/usecases").glob("*/__init__.py")),
)
# Written in two pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        [
            r"pypi" + r"\.org",
            r"pythonhosted" + r"\.org",
            r"registry\.npm" + r"js\.org",
            r"registry\.npm" + r"mirror\.com",
            r"mirrors?\.[a-z0-9-]+\." + r"(edu\.cn|com|org)",
            r"--(extra-)?index" + r"-url",
            r"--find" + r"-links",
        ]
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}/-])/(work|root|home/\w+|Users/\w+|tmp)" + r"/[\w.-]+")


@cache
def texts() -> list[tuple[Path, str]]:
    """Tracked files that are text; read once."""
    contents = [(path, path.read_bytes()) for path in tracked()]
    return [(path, content.decode("utf-8", "replace")) for path, content in contents if b"\0" not in content]


def hits(pattern: re.Pattern[str]) -> list[str]:
    """`file:line: match` of every place where the pattern is found."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def test_no_file_names_a_registry() -> None:
    allowed = ("tools/lock.py:", "tests/house/test_files.py:")
    assert [hit for hit in hits(REGISTRIES) if not hit.startswith(allowed)] == []


def test_no_file_names_a_path_of_a_machine() -> None:
    assert hits(MACHINE_PATHS) == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements/*.txt")), ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(path: Path) -> None:
    requirements = re.split(r"\n(?=\S)", path.read_text("utf-8"))
    wanted = [entry for entry in requirements if not entry.startswith("#") and entry.strip()]
    assert wanted
    assert [entry.splitlines()[0] for entry in wanted if not re.match(r"[\w.\[\],-]+==\S+", entry)] == []
    assert [entry.splitlines()[0] for entry in wanted if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements/*.in")), ids=lambda path: path.name)
def test_every_requirement_file_was_locked(path: Path) -> None:
    names = {_plain(name) for name in re.findall(r"^([A-Za-z][\w.-]*)", path.read_text("utf-8"), re.MULTILINE)}
    locked = {_plain(name) for name in re.findall(r"^([\w.-]+)", path.with_suffix(".txt").read_text(), re.MULTILINE)}
    assert names <= locked


@pytest.mark.parametrize("name", ["bot", "helpdesk"])
def test_a_dev_file_pins_the_versions_of_the_file_it_extends(name: str) -> None:
    plain, dev = (_pins(ROOT / "requirements" / f"{name}{kind}.txt") for kind in ("", "-dev"))
    assert {package: dev.get(package) for package in plain} == plain


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;]+)", path.read_text("utf-8"), re.MULTILINE))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_lock_file_of_npm_has_hashes_and_no_address() -> None:
    locks = [path for path in tracked() if path.name == "package-lock.json"]
    packages = {f"{path}:{name}": entry for path in locks for name, entry in _npm_packages(path).items()}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("link") and "integrity" not in entry] == []


def test_a_lock_file_of_npm_holds_every_platforms_packages() -> None:
    """`npm ci` refuses a lock file that knows only the platform that it was made on."""
    for path in (path for path in tracked() if path.name == "package-lock.json"):
        packages = _npm_packages(path)
        optional = {name for entry in packages.values() for name in entry.get("optionalDependencies") or {}}
        assert optional - {name.rpartition("node_modules/")[2] for name in packages} == set()


def _npm_packages(path: Path) -> dict[str, dict[str, Any]]:
    entries = json.loads(path.read_text("utf-8"))["packages"]
    return {name: entry for name, entry in entries.items() if "node_modules/" in name and not entry.get("inBundle")}


def test_yaml_files_are_short_enough_to_read() -> None:
    """Lists of sentences to measure with are read by programs only."""
    read_by_people = ((path, text) for path, text in texts() if path.relative_to(ROOT).parts[0] not in MEASURED)
    lengths = {path: text.count("\n") for path, text in read_by_people if path.suffix in {".yml", ".yaml"}}
    limits = {path: LONGER.get(path.name, YAML_LINES + YAML_SLACK) for path in lengths}
    too_long = [f"{path.relative_to(ROOT)}: {lengths[path]}" for path in lengths if lengths[path] > limits[path]]
    assert too_long == []


@pytest.mark.parametrize("folder", FOLDERS_WITH_A_RULE)
def test_a_folder_with_a_rule_says_it(folder: str) -> None:
    rule = [line for line in (ROOT / folder / "README.md").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert any(len(line) > 40 for line in rule)


def test_nothing_built_or_secret_is_tracked() -> None:
    ignored = re.compile(r"(^|/)(node_modules|__pycache__|dist|\.envs|\.tools|var|models)/|(^|/)\.env$|\.pyc$")
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if ignored.search(name)] == []
