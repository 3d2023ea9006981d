"""The value of a ticket's field: known, unknown to the customer, or withheld by them.

Stored in JSON as itself when it is known, else as what it is: `{"state": "unknown"}` or `{"state": "withheld"}`, never
as words. How that is said stands in company/messages/values.yml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

STATE = "state"


class State(StrEnum):
    """Why there is no value."""

    UNKNOWN = "unknown"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Known:
    """A value."""

    value: Any


@dataclass(frozen=True)
class Unknown:
    """The customer cannot tell: 「记不清」, 「找不到」. It is not asked again, and nothing can be looked up by it."""


@dataclass(frozen=True)
class Withheld:
    """The customer would rather not say: 「不便提供」."""


Field = Known | Unknown | Withheld

UNKNOWN: Mapping[str, str] = {STATE: State.UNKNOWN.value}
WITHHELD: Mapping[str, str] = {STATE: State.WITHHELD.value}


def read(stored: Any) -> Field | None:
    """What is stored under a field's name; None for nothing."""
    if stored in (None, "", []):
        return None
    if isinstance(stored, Mapping) and STATE in stored:
        return Unknown() if stored[STATE] == State.UNKNOWN else Withheld()
    return Known(stored)


def store(field: Field) -> Any:
    """As it stands in JSON."""
    if isinstance(field, Known):
        return field.value
    return dict(UNKNOWN if isinstance(field, Unknown) else WITHHELD)


def known(stored: Any) -> Any | None:
    """The value itself, where there is one."""
    field = read(stored)
    return field.value if isinstance(field, Known) else None


def state_of(stored: Any) -> State | None:
    """Why there is no value; None where there is one, or nothing was said."""
    return State(stored[STATE]) if isinstance(stored, Mapping) and STATE in stored else None
