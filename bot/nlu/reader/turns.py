"""Reads files of turns (data/turns/README.md) and says where a line is wrong.

# asked: field:phone
# topic: repair
# bot: 请留一个电话。
13800138000，下午打 | answer | phone=13800138000 ; time=下午
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Iterator, Mapping, Sequence, TypeVar

from bot.nlu.reader.labels import ACTS, VALUES, is_asked, is_topic

T = TypeVar("T")

_CONTEXT = ("asked", "topic", "bot")
MADE = Path(__file__).with_name("made")


class TurnFileError(ValueError):
    """A line that cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Context:
    """What the bot asked, what it is about, and the bot's words."""

    asked: str = "none"
    topic: str = "none"
    bot: str = ""

    @classmethod
    def of(cls, given: Mapping[str, object] | None) -> Context:
        """From a message's metadata; what is missing is none."""
        known = {name: str(value) for name, value in (given or {}).items() if name in _CONTEXT and value}
        return cls(**known)

    @property
    def kind(self) -> str:
        """`field` of `field:phone`."""
        return self.asked.partition(":")[0]

    @property
    def subject(self) -> str:
        """`phone` of `field:phone`; empty where there is none."""
        return self.asked.partition(":")[2]


@dataclass(frozen=True)
class Turn:
    """One message in its context: `acts` act -> polarity, the most important first; `values` slot -> words."""

    context: Context
    said: str
    acts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    writer: str = ""


def read_turns(folder: Path) -> list[Turn]:
    """All turns of a folder's writers (folder/<writer>/*.txt), in the order of their paths."""
    return [turn for path in sorted(folder.glob("*/*.txt")) for turn in read_file(path)]


def read_made() -> list[Turn]:
    """Turns that no writer said: dangers, what only sounds like one, and names, where writers have few."""
    return [turn for path in sorted(MADE.glob("*.txt")) for turn in read_file(path)]


def read_file(path: Path) -> Iterator[Turn]:
    """The turns of one file; raises TurnFileError."""
    context: dict[str, str] = {}
    complete = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            if line.startswith("#"):
                context, complete = _next_context({} if complete else context, line), False
            elif line.strip():
                complete = True
                yield _turn(_context(context), line, path.parent.name)
        except ValueError as error:
            raise TurnFileError(f"{path}:{number}: {error}") from None


def lines_below(
    path: Path, names: Sequence[str], made: Callable[[Mapping[str, str], str], T], anew: str = ""
) -> Iterator[T]:
    """What `made` makes of each line, with the headers that stand above it; the header `anew` begins new ones.

    Raises:
        TurnFileError: naming file and line, where `made` or a header raises ValueError.
    """
    above: dict[str, str] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            if text.startswith("#"):
                name, value = header(text, names)
                above = {**({} if name == anew else above), name: value}
            elif text.strip():
                yield made(above, text)
        except ValueError as error:
            raise TurnFileError(f"{path}:{number}: {error}") from None


def header(line: str, names: Sequence[str]) -> tuple[str, str]:
    """Name and value of a line `# asked: field:phone`; raises ValueError for a name that is none of these."""
    name, colon, value = line.lstrip("# ").partition(":")
    if not colon or name.strip() not in names:
        raise ValueError(f"a line with # is one of {', '.join(names)}")
    return name.strip(), value.strip()


def check_complete(above: Mapping[str, str], names: Sequence[str]) -> None:
    """Raises ValueError for the first of the headers that does not stand above."""
    missing = [name for name in names if name not in above]
    if missing:
        raise ValueError(f"no `# {missing[0]}:` stands above")


def _next_context(so_far: dict[str, str], line: str) -> dict[str, str]:
    name, value = header(line, _CONTEXT)
    return {**so_far, name: value}


def _context(lines: Mapping[str, str]) -> Context:
    check_complete(lines, _CONTEXT)
    return checked_context(Context(**lines))


def checked_context(context: Context) -> Context:
    """The context; raises ValueError for a question or a topic that nobody asks."""
    if not is_asked(context.asked):
        raise ValueError(f"unknown asked {context.asked!r}")
    if not is_topic(context.topic):
        raise ValueError(f"unknown topic {context.topic!r}")
    return context


def _turn(context: Context, line: str, writer: str) -> Turn:
    said, acts, values = _columns(line)
    return Turn(context, said, _acts(acts), _values(values, said), writer)


def _columns(line: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in line.split("|")]
    if not parts[0]:
        raise ValueError("nothing is said")
    if len(parts) > 3:
        raise ValueError("more than words | acts | values")
    said, acts, values = (*parts, "", "")[:3]
    return said, acts, values


def _acts(column: str) -> dict[str, str]:
    acts: dict[str, str] = {}
    for word in column.split():
        act = word.removesuffix("-")
        if act not in ACTS:
            raise ValueError(f"unknown act {word!r}")
        acts[act] = "-" if word.endswith("-") else "+"
    return acts


def _values(column: str, said: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in column.split(" ; "))):
        slot, equals, words = (part.strip() for part in pair.partition("="))
        if not equals or slot not in VALUES:
            raise ValueError(f"unknown value {pair!r}")
        if words not in said:
            raise ValueError(f"{words!r} was not said")
        values[slot] = words
    return values
