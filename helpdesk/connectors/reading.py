"""Their JSON as our values: where each field stands and what their words mean is the company's mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from helpdesk.company.connectors import QUESTIONS, Call

ADAPTERS: Mapping[type[Any], TypeAdapter[Any]] = {one.kind: TypeAdapter(one.kind) for one in QUESTIONS.values()}
MOST = 50
"""Things of one answer that are looked at."""
DAYS = frozenset({"state_since", "since", "expected"})
DAY = 10  # characters of 2026-11-24


class Misfit(Exception):
    """An answer that cannot be used; says which field of ours, and why, without its value."""


def one(kind: type[Any], call: Call, answer: Any) -> Any:
    """The thing in an answer.

    Raises:
        Misfit.
    """
    return _read(kind, call, _inside(call, answer))


def several(kind: type[Any], call: Call, answer: Any) -> Sequence[Any]:
    """The things in an answer, at most `MOST`.

    Raises:
        Misfit.
    """
    found = _inside(call, answer)
    if not isinstance(found, list):
        raise Misfit(f"{call.inside or 'the answer'} is no list")
    return [_read(kind, call, part) for part in found[:MOST]]


def _inside(call: Call, answer: Any) -> Any:
    found = at(answer, call.inside) if call.inside else answer
    if found is None:
        raise Misfit(f"there is no {call.inside or 'content'} in the answer")
    return found


def _read(kind: type[Any], call: Call, thing: Any) -> Any:
    if not isinstance(thing, dict):
        raise Misfit("what is told is no object")
    told = {name: _meant(call, name, at(thing, path)) for name, path in call.fields.items()}
    try:
        return ADAPTERS[kind].validate_python({name: value for name, value in told.items() if value is not None})
    except ValidationError as error:
        raise Misfit(_first(call, error)) from None


def _first(call: Call, error: ValidationError) -> str:
    """Our field, theirs, and what is wrong; never the value, which may be somebody's."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    return f"{name} (their {call.fields.get(name, '?')}): {first['msg']}"


def at(thing: Any, path: str) -> Any:
    """What stands at `a.b.c`; `*` goes through a list. None where there is nothing."""
    head, _, rest = path.partition(".")
    if head == "*":
        return [at(part, rest) if rest else part for part in thing] if isinstance(thing, list) else None
    found = thing.get(head) if isinstance(thing, dict) else None
    return at(found, rest) if rest and found is not None else found


def _meant(call: Call, name: str, value: Any) -> Any:
    """Their value in our words; a number counts as its digits, of a moment where we want a day its day."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if value == "":
        return None
    if name in DAYS and isinstance(value, str):
        value = value[:DAY]
    words = call.values.get(name, {})
    return words.get(str(value), value)
