"""How well turns are read in their context, on writers that nothing was learnt from: `make bench-reading`.

    python bench/reading.py [--turns tests/nlu/turns] [--model models/] [--wrong FILE]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot import startup
from bot.nlu.reader.labels import STARTING
from bot.nlu.reader.turns import Turn, read_turns

HELD_OUT = Path("tests/nlu/turns")
# At a field these answer it, or say that there is nothing to answer.
ANSWERING = frozenset({"answer", "affirm", "deny", "has_none", "choose"})

Acts = Mapping[str, str]
Read = Callable[[Turn], tuple[Acts, Mapping[str, str]]]


@dataclass(frozen=True)
class Heard:
    """A turn and what was read: `acts` act -> polarity, the most important first."""

    turn: Turn
    acts: Acts
    values: Mapping[str, str]

    @property
    def is_right(self) -> bool:
        """Whether the most important act is, with its polarity; nothing where nothing is meant."""
        return next(iter(self.acts.items()), None) == next(iter(self.turn.acts.items()), None)

    @property
    def is_no_answer(self) -> bool:
        """Whether something else was said where a field was asked for."""
        return self.turn.context.kind == "field" and not ANSWERING & self.turn.acts.keys()

    def starts_denied(self) -> Iterator[str]:
        """The matters that would be started although they were denied."""
        yield from (act for act in STARTING if self.turn.acts.get(act) == "-" and self.acts.get(act) == "+")


@dataclass(frozen=True)
class Figures:
    """What is measured; shares are 0..1, `denied` and `taken` are (mistakes, chances)."""

    primary: float
    micro: float
    macro: float
    negation: float
    taken: tuple[int, int]
    denied: tuple[int, int]
    danger_recall: float
    danger_invented: float
    names: float

    def __str__(self) -> str:
        return (
            f"primary act {self.primary:.3f} · acts micro F1 {self.micro:.3f}, macro {self.macro:.3f}, "
            f"denied {self.negation:.3f}\n"
            f"non-answers taken {self.taken[0]} of {self.taken[1]} · denied matters started "
            f"{self.denied[0]} of {self.denied[1]}\n"
            f"danger recall {self.danger_recall:.3f}, invented {self.danger_invented:.4f} · names exact {self.names:.3f}"
        )


def measure(heard: Sequence[Heard]) -> Figures:
    """All figures of these turns."""
    counts = {label: _count(heard, label) for label in _labels(heard)}
    denials = [count for (_, polarity), count in counts.items() if polarity == "-"]
    no_answers = [one for one in heard if one.is_no_answer]
    dangers = [one for one in heard if one.turn.acts.get("danger") == "+"]
    harmless = [one for one in heard if one.turn.acts.get("danger") != "+"]
    return Figures(
        primary=_share(one.is_right for one in heard),
        micro=_f1(counts.values()),
        macro=sum(_f1([count]) for count in counts.values()) / max(len(counts), 1),
        negation=_f1(denials),
        taken=(sum("answer" in one.acts for one in no_answers), len(no_answers)),
        denied=(sum(1 for one in heard for _ in one.starts_denied()), _denied(heard)),
        danger_recall=_share(one.acts.get("danger") == "+" for one in dangers),
        danger_invented=_share(one.acts.get("danger") == "+" for one in harmless),
        names=exact(heard, "name"),
    )


def exact(heard: Sequence[Heard], slot: str) -> float:
    """Of the values of a slot, the share that was found as written."""
    given = [one for one in heard if slot in one.turn.values]
    return _share(one.values.get(slot) == one.turn.values[slot] for one in given)


def _labels(heard: Sequence[Heard]) -> set[tuple[str, str]]:
    return {label for one in heard for label in one.turn.acts.items()}


def _count(heard: Sequence[Heard], label: tuple[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in heard:
        meant, read = label in one.turn.acts.items(), label in one.acts.items()
        found.update(both=meant and read, either=meant + read)
    return found


def _f1(counts: Iterable[Mapping[str, int]]) -> float:
    rows = list(counts)
    return 2 * sum(row["both"] for row in rows) / max(sum(row["either"] for row in rows), 1)


def _denied(heard: Sequence[Heard]) -> int:
    return sum(one.turn.acts.get(act) == "-" for one in heard for act in STARTING)


def _share(rows: Iterable[bool]) -> float:
    all_ = list(rows)
    return sum(all_) / max(len(all_), 1)


def by_asked(heard: Sequence[Heard]) -> Iterator[str]:
    """A line for each kind of question, and for each field."""
    groups: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        groups[one.turn.context.kind].append(one)
        if one.turn.context.subject:
            groups[one.turn.context.asked].append(one)
    for name, rows in sorted(groups.items()):
        yield f"| {name} | {len(rows)} | {_share(one.is_right for one in rows):.3f} |"


def reader_of(model: str) -> Read:
    """Reads a turn as the worker does."""
    from bot.read import answer, parser

    parse = parser(model)

    def read(turn: Turn) -> tuple[Acts, Mapping[str, str]]:
        context = {"asked": turn.context.asked, "topic": turn.context.topic, "bot": turn.context.bot}
        said = answer(parse(turn.said, context)["reading"])
        return said["acts"], said["values"]

    return read


def hear(turns: Sequence[Turn], read: Read) -> list[Heard]:
    """All turns read."""
    return [Heard(turn, *read(turn)) for turn in turns]


def _wrong(heard: Sequence[Heard], path: Path) -> None:
    lines = [
        f"{one.turn.context.asked}\t{one.turn.said}\t{dict(one.turn.acts)}\t{dict(one.acts)}"
        for one in heard
        if not one.is_right
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=Path, default=HELD_OUT)
    parser.add_argument("--model", default=os.environ.get("BOT_MODEL") or "models/")
    parser.add_argument("--wrong", type=Path, help="where to write what was misread")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = _arguments()
    startup.prepare(options.model)
    turns, read = read_turns(options.turns), reader_of(options.model)
    read(turns[0])
    started = time.process_time()
    heard = hear(turns, read)
    spent = (time.process_time() - started) / len(turns) * 1000
    print(f"{len(turns)} turns of {len({turn.writer for turn in turns})} writers\n{measure(heard)}")
    print(f"CPU {spent:.1f} ms a message, the whole pipeline\n\n| asked | turns | primary act |\n|---|---|---|")
    print("\n".join(by_asked(heard)))
    slots = sorted({slot for turn in turns for slot in turn.values})
    print("\n| value | given | exact |\n|---|---|---|")
    for slot in slots:
        print(f"| {slot} | {sum(slot in turn.values for turn in turns)} | {exact(heard, slot):.3f} |")
    if options.wrong:
        _wrong(heard, options.wrong)


if __name__ == "__main__":
    main()
