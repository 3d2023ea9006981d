"""`make check-connector`: recorded answers of a company's systems, read as the service would read them.

Each file of company/connector_examples is one answer as it came, named after its question: order.json,
order.unpaid.json, orders_by_phone.json ... What does not fit is named with the file, our field and theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpdesk.company.connectors import QUESTIONS, Connectors
from helpdesk.connectors.reading import Misfit, one, several

EXAMPLES = "connector_examples"


@dataclass(frozen=True)
class Replayed:
    """What came of one example: the lines to print, and whether it fits."""

    name: str
    lines: tuple[str, ...]
    fits: bool = True


def replay(rules: Connectors, folder: Path) -> Iterator[Replayed]:
    """Every example in the folder, by name."""
    for path in sorted(folder.glob("*.json")):
        try:
            yield Replayed(path.name, tuple(_read(rules, path)))
        except Misfit as problem:
            yield Replayed(path.name, (str(problem),), fits=False)


def _read(rules: Connectors, path: Path) -> Iterator[str]:
    question = path.name.partition(".")[0]
    asked, call = QUESTIONS.get(question), rules.calls.get(question)
    if asked is None or call is None:
        raise Misfit(f"{question} is no question of connectors.yml")
    answer = _json(path)
    things = several(asked.kind, call, answer) if asked.for_several else [one(asked.kind, call, answer)]
    return (str(thing) for thing in things)


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as problem:
        raise Misfit(f"it is no JSON: {problem}") from None
