"""`python -m bot.read FILE`: reads turns with the trained model, one JSON line for each on standard output.

A line of FILE is {"asked", "topic", "bot", "said"}, where only `said` has to be there; its answer {"acts": {act: "+" | "-"}, "values": {slot: words}}, the
most important act first. Others score the reader with this.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot import startup
from bot.errors import BotError, ModelRefused, TurnUnreadable

Json = dict[str, Any]
Parse = Callable[[str, Json], Json]
_NAMES = ("asked", "topic", "bot", "said")


def turns(path: Path) -> Iterator[Json]:
    """The turns of a file of JSON lines; blank lines are passed over. Raises TurnUnreadable naming file and line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    turn = _turn(json.loads(line))
                except ValueError as error:
                    raise TurnUnreadable(f"{path}:{number}: {error}") from error
                yield turn


def _turn(given: object) -> Json:
    if not isinstance(given, dict):
        raise ValueError("a line is a JSON object")
    for name in _NAMES:
        if not isinstance(given.get(name, None if name == "said" else ""), str):
            raise ValueError(f"{name!r} is a string")
    if not given["said"].strip():
        raise ValueError("'said' is blank")
    return given


def answer(reading: Json) -> Json:
    """A reading as it is printed."""
    acts = {act: one["polarity"] for act, one in reading["acts"].items()}
    return {"acts": acts, "values": reading["values"]}


def parser(model: str) -> Parse:
    """Parses a text in a context, as the worker does. Raises ModelRefused where there is no model with a reader."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.model import get_latest_model

    path = get_latest_model(model) if Path(model).is_dir() else model
    if not path or not Path(path).is_file():
        raise ModelRefused(f"no trained model at {model}: run `make train`")
    processor = Agent.load(path).processor
    loop = asyncio.new_event_loop()

    def parse(said: str, context: Json) -> Json:
        text = "／" + said[1:] if said.startswith("/") else said  # Rasa would execute a command
        message = UserMessage(text, metadata={"context": context})
        return dict(loop.run_until_complete(processor.parse_message(message)))

    return parse


def read(path: Path, parse: Parse) -> Iterator[str]:
    """A JSON line for each turn of the file. Raises TurnUnreadable, ModelRefused."""
    for turn in turns(path):
        parsed = parse(turn["said"], {name: turn.get(name, "") for name in _NAMES[:-1]})
        if "reading" not in parsed:
            raise ModelRefused("the model was trained without a reader: run `make train`")
        yield json.dumps(answer(parsed["reading"]), ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """The command. What is wrong is one line on standard error and exit code 1."""
    model = os.environ.get("BOT_MODEL") or "models/"
    try:
        startup.prepare(model)
        path = Path(arguments[0])
        for _ in turns(path):  # a bad line is said before anything is printed
            pass
        for line in read(path, parser(model)):
            sys.stdout.write(line + "\n")
    except (BotError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
