"""`make read FILE=turns.jsonl`: what the trained reader makes of turns, one JSON line in, one out.

In: {"asked", "topic", "bot", "said"}. Out: {"acts": {act: "+" | "-"}, "values": {slot: words}}, the most important act
first. A line that is none of this ends the run with its number.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.startup import prepare

if TYPE_CHECKING:
    from bot.engine import Engine

ASKED_FIELDS = ("asked", "topic", "bot", "said")


class BadLine(ValueError):
    """A line that cannot be read; the message names it."""


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """The turns of a file. Raises BadLine."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            turn = {name: str(given.get(name) or "") for name in ASKED_FIELDS}
        except (ValueError, AttributeError) as error:
            raise BadLine(f"{path}:{number}: not a JSON object: {error}") from None
        if not turn["said"]:
            raise BadLine(f"{path}:{number}: nothing is said")
        yield turn


def reader(model: str) -> Engine:
    """What reads turns by this model, and answers none."""
    from bot.endpoint import ActionEndpoint
    from bot.engine import Engine

    return Engine.load(model, ActionEndpoint("http://127.0.0.1:9", token=""))


async def read_all(turns: list[dict[str, str]], engine: Engine) -> list[dict[str, Any]]:
    """A reading of each turn."""
    return [await engine.read(turn["said"], {name: turn[name] for name in ASKED_FIELDS[:3]}) for turn in turns]


def main() -> int:
    """Print one line a turn; an exit code."""
    model = os.environ.get("BOT_MODEL", "models/")
    try:
        turns = list(read_lines(Path(os.environ.get("FILE") or sys.argv[1])))
    except (BadLine, IndexError, OSError) as problem:
        print(f"read: {problem or 'FILE is not set'}", file=sys.stderr)
        return 2
    with contextlib.redirect_stdout(sys.stderr):
        prepare(model)
        readings = asyncio.run(read_all(turns, reader(model)))
    for reading in readings:
        acts = {act: one["polarity"] for act, one in reading["acts"].items()}
        print(json.dumps({"acts": acts, "values": reading["values"]}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
