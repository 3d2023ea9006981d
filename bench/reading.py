"""`make bench-reading`: how turns and shades of writers who taught nothing are read, by what was asked; CPU a turn."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.startup import prepare  # noqa: E402 - the project is put on the path first

prepare(os.environ.get("BOT_MODEL", "models/"))

from bot.nlu.reader.labels import NOTHING, STARTING  # noqa: E402 - Rasa comes after the preparation
from bot.nlu.reader.shades import Line, read_shades  # noqa: E402
from bot.nlu.reader.turns import Context, Turn, read_turns  # noqa: E402
from bot.read import read_all  # noqa: E402

Acts = dict[str, str]
HELD_OUT = ROOT / "tests" / "nlu"
GROUPS = {
    "Three writers, of everything": ("guan", "tai", "zang"),
    "One writer, of what is hard": ("mo",),
    "Two more, of dangers, what sounds like one, and names": ("ren", "yin"),
}


def f1(pairs: list[tuple[set[str], set[str]]]) -> float:
    """Over all labels at once: (meant, read) sets."""
    hits = sum(len(meant & read) for meant, read in pairs)
    return 2 * hits / max(1, sum(len(meant) + len(read) for meant, read in pairs))


def labels(acts: Acts) -> set[str]:
    return {act if polarity == "+" else f"{act}-" for act, polarity in acts.items()}


def report(turns: list[Turn], read: list[Acts]) -> str:
    """The table."""
    rows = Counter(turn.context.kind for turn in turns)
    right: Counter[str] = Counter()
    for turn, acts in zip(turns, read, strict=True):
        right[turn.context.kind] += next(iter(turn.acts), NOTHING) == next(iter(acts), NOTHING)
    pairs = [(labels(dict(turn.acts)), labels(acts)) for turn, acts in zip(turns, read, strict=True)]
    denied = [({a for a in m if a.endswith("-")}, {a for a in r if a.endswith("-")}) for m, r in pairs]
    lines = ["| asked | turns | first act right |", "|---|---|---|"]
    lines += [f"| {kind} | {count} | {right[kind] / count:.3f} |" for kind, count in rows.most_common()]
    lines.append(f"| all | {len(turns)} | {sum(right.values()) / len(turns):.3f} |")
    return "\n".join([*lines, f"\nF1 of acts {f1(pairs):.3f}, of denied acts {f1(denied):.3f}"])


def share(rows: list[bool]) -> str:
    """`.12 of 340`."""
    return f"{sum(rows) / max(1, len(rows)):.3f} of {len(rows)}"


def mistakes(turns: list[Turn], read: list[Acts], values: list[dict[str, str]]) -> str:
    """What does harm when it is read wrong."""
    pairs = list(zip(turns, read, strict=True))
    fields = [(turn, acts) for turn, acts in pairs if turn.context.kind == "field" and "answer" not in turn.acts]
    denied = [(act, acts) for turn, acts in pairs for act in STARTING if turn.acts.get(act) == "-"]
    named = [(turn, found) for turn, found in zip(turns, values, strict=True) if "name" in turn.values]
    danger = [(turn.acts.get("danger") == "+", acts.get("danger") == "+") for turn, acts in pairs]
    return "\n".join(
        [
            f"no answer, taken for one: {share(['answer' in acts for _, acts in fields])}",
            f"denied, started: {share([acts.get(act) == '+' for act, acts in denied])}",
            f"danger heard: {share([heard for real, heard in danger if real])}",
            f"danger invented: {share([heard for real, heard in danger if not real])}",
            f"names as written: {share([found.get('name') == turn.values['name'] for turn, found in named])}",
        ]
    )


def of_shades(lines: list[Line], read: list[dict[str, Any]]) -> str:
    """How many lines that have a shade are read so, and how many that only look like it."""
    table = ["| shade | heard | invented |", "|---|---|---|"]
    for shade in sorted({line.shade for line in lines}):
        own = [
            (line.is_meant, shade in one["shades"])
            for line, one in zip(lines, read, strict=True)
            if line.shade == shade
        ]
        heard, invented = ([has for meant, has in own if meant is wanted] for wanted in (True, False))
        table.append(f"| {shade} | {share(heard)} | {share(invented)} |")
    return "\n".join(table)


def asked(context: Context, said: str) -> dict[str, str]:
    """A turn as `make read` takes it."""
    return {"asked": context.asked, "topic": context.topic, "bot": context.bot, "said": said}


def main() -> None:
    """Read every held-out turn and line."""
    turns, lines = read_turns(HELD_OUT / "turns"), read_shades(HELD_OUT / "shades")
    given = [asked(one.context, one.said) for one in (*turns, *lines)]
    begun = time.process_time()
    found = asyncio.run(read_all(given, os.environ.get("BOT_MODEL", "models/")))
    spent = (time.process_time() - begun) / len(given) * 1000
    acts = [{act: one["polarity"] for act, one in reading["acts"].items()} for reading in found]
    values = [reading["values"] for reading in found]
    for title, writers in GROUPS.items():
        rows = [at for at, turn in enumerate(turns) if turn.writer in writers]
        theirs = [turns[at] for at in rows], [acts[at] for at in rows]
        print(f"\n{title}\n\n{report(*theirs)}\n{mistakes(*theirs, [values[at] for at in rows])}")
    print(f"\nShades of meaning, one writer\n\n{of_shades(lines, found[len(turns) :])}")
    print(f"{spent:.1f} ms CPU a turn, loading the model included")


if __name__ == "__main__":
    main()
