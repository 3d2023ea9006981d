"""The shapes that `POST /turn` takes. See README.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import BadRequest

STARTS = frozenset({"open", "subscribe", "return", "staff_released"})
TEXT_LIMIT = 10_000  # characters; the service cuts one message at 2,000 but may join several
NAME_LIMIT = 300  # characters of an identifier, an intent's name or an address

Json = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """The customer's own words."""

    text: str


@dataclass(frozen=True)
class Pressed:
    """A choice the bot offered earlier."""

    intent: str
    title: str
    entities: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Started:
    """Something happened before the customer said anything."""

    how: str


Input = Said | Pressed | Started


@dataclass(frozen=True)
class Turn:
    """One turn to be answered. `message_id` is `<message id>:<turn number>`; `actions`: where its actions run."""

    conversation: str
    message_id: str
    input: Input
    state: Json | None = None
    facts: Json = field(default_factory=dict)
    actions: str | None = None


def parse_turn(body: object) -> Turn:
    """Raises BadRequest naming the first field that is wrong."""
    fields = _mapping(body, "body")
    state = fields.get("state")
    return Turn(
        conversation=_name(fields, "conversation"),
        message_id=_name(fields, "message_id"),
        input=_input(_mapping(fields.get("input"), "input")),
        state=None if state is None else dict(_mapping(state, "state")),
        facts=dict(_mapping(fields.get("facts") or {}, "facts")),
        actions=None if fields.get("actions") is None else _address(fields, "actions"),
    )


def _input(given: Mapping[str, Any]) -> Input:
    if len(given) != 1:
        raise BadRequest("input has exactly one of text, press and start")
    if "text" in given:
        return Said(_text(given["text"]))
    if "press" in given:
        return _press(_mapping(given["press"], "input.press"))
    if isinstance(given.get("start"), str) and given["start"] in STARTS:
        return Started(given["start"])
    raise BadRequest(f"input.start is one of {', '.join(sorted(STARTS))}")


def _press(given: Mapping[str, Any]) -> Pressed:
    title = given.get("title")
    if not isinstance(title, str):
        raise BadRequest("input.press.title is a string")
    entities = _mapping(given.get("entities") or {}, "input.press.entities")
    return Pressed(_name(given, "intent"), title, dict(entities))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadRequest("input.text is a string that is not blank")
    if len(value) > TEXT_LIMIT:
        raise BadRequest(f"input.text has at most {TEXT_LIMIT} characters")
    return value.strip()


def _name(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LIMIT:
        raise BadRequest(f"{key} is a string of 1 to {NAME_LIMIT} characters")
    return value


def _address(given: Mapping[str, Any], key: str) -> str:
    value = _name(given, key)
    if not value.startswith(("http://", "https://")):
        raise BadRequest(f"{key} is an http or https address")
    return value


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest(f"{name} is an object")
    return value
