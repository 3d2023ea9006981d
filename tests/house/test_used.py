"""Nothing is kept that nobody uses: no function, constant or class without a caller, no key of company/ unread.

Read from the source by names: what is used anywhere in the product under its name counts as used, tests do not count.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.project import THIS

PRODUCT = ("actions", "bench", "bot", "demo", "helpdesk", "tools", "zhtext")
FOR_TESTS = {"helpdesk/testing.py", "helpdesk/clock.py"}
"""What ships for tests."""
USED_BY_TESTS = {"replay"}
"""What holds that a ticket's timeline tells all of it."""
LOOKED_UP = ("__", "_on_")
"""Names that Python, or the chat for an event, puts together itself."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    """The product's Python files but migrations, which Alembic reads."""
    files = [path for folder in PRODUCT for path in sorted((THIS.root / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax; read once."""
    return ast.parse(path.read_text("utf-8"))


def used(node: ast.AST) -> Iterator[str]:
    """The names that a piece of source uses; a word in a string may be one too (getattr, a table of names)."""
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str() as text) if text.isidentifier():
                yield text


@cache
def uses() -> Counter[str]:
    """How often each name is used; `__all__` is no use, nor is an import alone. Rasa finds what config.yml names."""
    found = Counter(re.findall(r"\w+", (THIS.root / "config.yml").read_text(encoding="utf-8")))
    for path in sources():
        for node in tree(path).body:
            if not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"):
                found.update(used(node))
    return found


def defined(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """What a module offers: functions, classes and constants that no framework takes up by itself."""
    for node in tree(path).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if not node.decorator_list:
                yield node.name, node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
    for class_ in (node for node in tree(path).body if isinstance(node, ast.ClassDef) and not node.bases):
        yield from ((m.name, m) for m in class_.body if isinstance(m, Function) and not m.decorator_list)


def test_whatever_is_defined_is_used() -> None:
    counted = uses()
    ours = [path for path in sources() if str(path.relative_to(THIS.root)) not in FOR_TESTS]
    unused = {
        f"{path.relative_to(THIS.root)}: {name}"
        for path in ours
        for name, node in defined(path)
        if not name.startswith(LOOKED_UP) and name not in USED_BY_TESTS and counted[name] <= Counter(used(node))[name]
    }
    assert not unused


def test_whatever_a_company_may_write_is_read() -> None:
    folder = THIS.root / "helpdesk" / "company"
    counted = uses()
    keys = {
        f"{path.name}: {class_.name}.{line.target.id}"
        for path in sorted(folder.glob("*.py"))
        for class_ in tree(path).body
        if isinstance(class_, ast.ClassDef)
        for line in class_.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and not counted[line.target.id]
    }
    assert not keys
