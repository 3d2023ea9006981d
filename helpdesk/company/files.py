"""How a file of company/ is read: what an administrator published in its place, else the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from helpdesk.company.shape import CompanyFileError

__all__ = ["Edits", "parse_yaml", "read_file", "read_yaml"]

Edits = Mapping[str, str]
"""Name of a file under company/, like `letters/progress.yml` -> the YAML that stands in its place."""

_Safe: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C it takes a tenth of the time


class _StrictLoader(_Safe):  # type: ignore[valid-type,misc]
    """Safe YAML that refuses the same key twice: the first would be lost without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key_node, key in zip((k for k, _ in node.value), keys, strict=True):
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} is given twice", problem_mark=key_node.start_mark)
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
    """The content of a text; `path` only names it in the error."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise CompanyFileError(path, _yaml_line(error), str(getattr(error, "problem", error))) from error


def _yaml_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark is not None else "(file)"
