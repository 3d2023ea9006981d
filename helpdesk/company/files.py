"""How a file of company/ is read: what an administrator published in its place, else the file itself."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from helpdesk.company.shape import CompanyFileError

__all__ = ["Edits", "parse_yaml", "read_file", "read_yaml"]

Edits = Mapping[str, str]
"""Name of a file under company/, like `letters/progress.yml` -> the YAML that stands in its place."""

DEEPEST, MOST_ALIASES = 40, 20
HARMLESS = 200  # characters: what is shorter can be neither deep nor unfold to much
_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C it takes a tenth of the time


class _StrictLoader(_Safe):  # type: ignore[valid-type,misc]
    """Safe YAML that refuses the same key twice: the first would be lost without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.MarkedYAMLError(problem="a list can be no key", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"{key} is given twice", problem_mark=key_node.start_mark)
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_file(root: Path, name: str, edits: Edits) -> Any:
    """The content of company/`name` as it counts now.

    Raises:
        CompanyFileError: it is missing, no text, no YAML, or has a key twice.
    """
    path = root / name
    return parse_yaml(path, edits[name]) if name in edits else read_yaml(path)


def read_yaml(path: Path) -> Any:
    """The content of one YAML file; a missing file, broken YAML or a key given twice is a `CompanyFileError`."""
    try:
        return parse_yaml(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CompanyFileError(path, "(file)", "is missing") from error
    except UnicodeDecodeError as error:
        raise CompanyFileError(path, "(file)", "is not UTF-8 text") from error


def parse_yaml(path: Path, text: str) -> Any:
    """The content of a text; `path` only names it in the error.

    Raises:
        CompanyFileError: no YAML, a key twice, a number or date that is none, deep nesting (which
            the parser in C does not survive), or so many aliases that they might unfold to gigabytes.
    """
    try:
        if len(text) > HARMLESS:
            _check_shape(path, text)
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise CompanyFileError(path, _yaml_line(error), str(getattr(error, "problem", error))) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:  # what a tag (!!timestamp x) makes of it
        raise CompanyFileError(path, "(file)", "holds a number, a date or a nesting that cannot be read") from error


def _check_shape(path: Path, text: str) -> None:
    """Look at the parser's events, which come one after the other however deep they nest."""
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_Safe):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST or aliases > MOST_ALIASES:
            raise CompanyFileError(path, "(file)", f"deeper than {DEEPEST} levels, or more than {MOST_ALIASES} aliases")


def _yaml_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark is not None else "(file)"
