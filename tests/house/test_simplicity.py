"""How much a function decides, reads by patterns and has to be told: ceilings that only come down.

What is meant is read by the trained reader and decided in actions/decide/; a function with many branches or
another pattern is mostly a decision that was put beside the table. Ways are counted as McCabe does (ruff's C901), with
`a if b else c` counted too; `and`, `or` and comprehensions are not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.project import THIS

MOST_BRANCHES = 10
"""Ways through one function."""
MOST_PATTERNS = 20
"""Calls of `re.` in actions/: how values are written is zhtext's, how customers put things the company's."""
MOST_PARAMETERS = 5
"""Of one use-case: what a unit of work knows (when) or what belongs together is one value."""

BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def ways(node: ast.AST) -> int:
    """How many more ways than one a piece of code has; those of functions inside it are theirs."""
    inside = (child for child in ast.iter_child_nodes(node) if not isinstance(child, Function))
    return int(isinstance(node, BRANCHES)) + sum(ways(child) for child in inside)


def counted() -> dict[str, int]:
    """Function of actions/ -> the ways through it."""
    return {f"{where}:{node.name}": 1 + ways(node) for where, node in nodes("actions") if isinstance(node, Function)}


def nodes(folder: str) -> Iterator[tuple[str, ast.AST]]:
    for path in sorted((THIS.root / folder).rglob("*.py")):
        where = path.relative_to(THIS.root).as_posix()
        yield from ((where, node) for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))))


@pytest.mark.parametrize(
    "code,number",
    [
        ("def f(): return 1", 1),
        ("def f(a):\n if a: return 1\n elif not a: return 2\n return 3", 3),
        ("def f(a, b, c): return a and b or c", 1),
        ("def f(a): return [x for x in a if x] if a else []", 2),
        ("def f(a):\n def g(): return 1 if a else 2\n return g", 1),
        ("def f():\n try: return 1\n except ValueError: return 2", 2),
    ],
)
def test_ways_are_counted(code: str, number: int) -> None:
    assert 1 + ways(ast.parse(code).body[0]) == number


def test_no_function_decides_too_much() -> None:
    assert {name: ways for name, ways in counted().items() if ways > MOST_BRANCHES} == {}


def test_what_is_meant_is_not_read_by_more_patterns() -> None:
    calls = [node.func for _, node in nodes("actions") if isinstance(node, ast.Call)]
    owners = [call.value for call in calls if isinstance(call, ast.Attribute)]
    patterns = [owner for owner in owners if isinstance(owner, ast.Name) and owner.id == "re"]
    assert len(patterns) <= MOST_PATTERNS


def told(function: Function) -> list[str]:
    """What a function has to be told, itself aside."""
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs) if one.arg not in {"self", "cls"}]


def test_no_use_case_has_to_be_told_too_much() -> None:
    functions = [(where, node) for where, node in nodes("helpdesk/usecases") if isinstance(node, Function)]
    assert [f"{where}:{node.name}" for where, node in functions if len(told(node)) > MOST_PARAMETERS] == []
