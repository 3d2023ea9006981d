"""What proves whose a thing is, as it is said: the end of a phone, a surname."""

from __future__ import annotations

from actions.turn import Turn
from zhtext.values import phones
from zhtext.values.surnames import surname_of

LONGEST_NAME = 4
ASKED_FOR = ("ticket_digits", "order_digits")
"""Our questions for the end of a phone."""


def last_four(turn: Turn) -> str | None:
    """Four digits that can be the end of a phone number; where it was asked for, whatever is said beside them."""
    asked = turn.pending.get("kind") in ASKED_FOR
    return phones.last_four(turn.heard.plain) or (phones.only_four(turn.heard.plain) if asked else None)


def surname_said(turn: Turn) -> str:
    """As it was said, with a name or alone: 「姓欧阳」, 「王」."""
    said = str(
        turn.heard.values.get("name") or turn.heard.plain.strip(" ,，。.!").removeprefix("我").removeprefix("姓")
    )
    return surname_of(said) if "name" in turn.heard.values or len(said) <= LONGEST_NAME else ""


def surname_known(turn: Turn) -> str:
    """Said now, else with the name that was told before."""
    return surname_said(turn) or surname_of(str(turn.slot("name") or ""))
