"""A file of settings as the desk shows it: its first level key by key, each with its remark, and put together again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent, indent

_KEY = re.compile(r"(?P<key>[^\s#:][^:]*):(?:\s+(?P<rest>.*))?")
_REMARK = re.compile(r"\s+#\s*(?P<remark>[^\"']*)$")


@dataclass(frozen=True)
class Entry:
    """A key of the first level, its value in YAML, and what the file remarks on it."""

    key: str
    value: str
    remark: str = ""


def entries_of(text: str) -> list[Entry]:
    """The first level of a file, in its order; remarks are those above a key and the one behind it."""
    found: list[Entry] = []
    above: list[str] = []
    for block in _blocks(text):
        if block[0].startswith("#"):
            above.append(block[0].lstrip("# ").rstrip())
            continue
        found.append(_entry(block, above if found or len(above) == 0 else above[-1:]))
        above = []
    return found


def _blocks(text: str) -> list[list[str]]:
    """Lines that belong together: a remark of the first level, or a key with all that is below it."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line[0].isspace() or (line.startswith("- ") and blocks):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _entry(block: Sequence[str], above: Sequence[str]) -> Entry:
    head = _KEY.match(block[0])
    if head is None:
        return Entry(block[0].strip(), "", " ".join(above))
    rest, remarks = head["rest"] or "", list(above)
    behind = _REMARK.search(f" {rest}") if not rest.startswith(("'", '"')) or "#" in rest else None
    if behind is not None:
        rest = f" {rest}"[: behind.start()].strip()
        remarks.append(behind["remark"].strip())
    value = "\n".join([*([rest] if rest else []), dedent("\n".join(block[1:]))]).strip("\n")
    return Entry(head["key"].strip("\"' "), value, " ".join(one for one in remarks if one))


def text_of(values: Mapping[str, str], before: Sequence[Entry]) -> str:
    """The file with these values; keys in the order they had, new ones last, remarks kept."""
    remarks = {entry.key: entry.remark for entry in before}
    order = [*(key for key in remarks if key in values), *(key for key in values if key not in remarks)]
    return "".join(_written(key, values[key], remarks.get(key, "")) for key in order)


def _written(key: str, value: str, remark: str) -> str:
    told = f"# {remark}\n" if remark else ""
    value = value.strip("\n")
    head = re.match(r"[>|][-+]?$", value.split("\n", 1)[0].strip())
    if head:
        first, _, rest = value.partition("\n")
        return f"{told}{key}: {first.strip()}\n{indent(rest, '  ')}\n"
    if "\n" in value or _is_nested(value):
        return f"{told}{key}:\n{indent(value, '  ')}\n"
    return f"{told}{key}: {value}\n"


def _is_nested(value: str) -> bool:
    return value.startswith("- ") or bool(re.match(r"[\w-]+:(\s|$)", value))
