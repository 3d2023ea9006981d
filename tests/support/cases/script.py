"""Conversations as their files tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "dialogues" / "cases"
KINDS = ("say", "finish", "agree", "staff", "look")


@dataclass(frozen=True)
class Step:
    """One step: what kind, with what (words, answers by field, nothing), and what must then hold."""

    kind: str
    given: Any
    expect: Sequence[str]

    @property
    def answers(self) -> Mapping[str, str]:
        """What the customer answers to which field."""
        return {field: str(answer) for field, answer in (self.given or {}).items()}


@dataclass(frozen=True)
class Conversation:
    """A short conversation aimed at one phenomenon."""

    name: str
    phenomenon: str
    steps: Sequence[Step]


def read_all(paths: Iterable[Path]) -> list[Conversation]:
    """The conversations of these files, in their order.

    Raises:
        ValueError: a conversation that cannot be played, named.
    """
    return [_conversation(one, path) for path in paths for one in yaml.safe_load(path.read_text("utf-8"))]


def given_files() -> list[Path]:
    """The files whose conversations say what the project is asked for."""
    return sorted(FOLDER.glob("*.yml"))


def own_files() -> list[Path]:
    """The files of conversations written since."""
    return sorted((FOLDER / "own").glob("*.yml"))


def _conversation(told: Mapping[str, Any], path: Path) -> Conversation:
    where = f"{path.name}: {told.get('name')}"
    if set(told) != {"name", "phenomenon", "steps"}:
        raise ValueError(f"{where}: a conversation has name, phenomenon and steps")
    return Conversation(told["name"], told["phenomenon"], [_step(one, where) for one in told["steps"]])


def _step(told: Mapping[str, Any], where: str) -> Step:
    (kind, *others) = [name for name in told if name != "expect"] or ["nothing"]
    if others or kind not in KINDS:
        raise ValueError(f"{where}: a step is one of {', '.join(KINDS)}, not {list(told)}")
    expect = [str(check) for check in told.get("expect") or ()]
    for check in expect:
        _check_readable(check, where)
    return Step(kind, told[kind], expect)


def _check_readable(check: str, where: str) -> None:
    """A pattern that cannot be read is found before anything is said; placeholders stand for digits meanwhile."""
    try:
        re.compile(re.sub(r"\{[a-z][^{}]*\}", "1", check))
    except re.error as error:
        raise ValueError(f"{where}: {check}: {error}") from error
