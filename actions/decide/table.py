"""The decision: the first row that holds, from the most urgent down."""

from __future__ import annotations

from actions.decide.acts import Rows
from actions.decide.asked import OPEN_QUESTION, OPINION
from actions.decide.at_any_time import PERSON, URGENT
from actions.decide.registering import IN_FORM
from actions.decide.seen import Move, Seen
from actions.decide.talking import TALK
from actions.decide.waiting import IN_QUEUE


def decide(seen: Seen) -> Move:
    """The move to make; there always is one."""
    for rows in _tables(seen):
        for move, when in rows:
            if when(seen):
                return Move(move, _before(seen, move))
    raise AssertionError("the last row of the last table always holds")


def _tables(seen: Seen) -> tuple[Rows, ...]:
    if seen.in_queue:
        return WAITING
    return REGISTERING if seen.in_form else TALKING


def _before(seen: Seen, move: str) -> tuple[str, ...]:
    """A question beside what is done is answered first, if an article is sure of it."""
    asks = seen.reading.says("ask", "ask_own") or seen.own_question or seen.asks_beside or seen.reading.sounds_asked
    if move in ("anger", "grumble", "check_matter") and "order" in seen.reading.values:
        return ("order_aside",)
    if move == "form_answer" and seen.reading.says("status") and "order" in seen.reading.values:
        return ("order_aside",)
    if move == "form_soothe" and seen.awaits_answer and seen.asks_beside:
        return ("aside",)  # 「先说管不管！店里说是我磕的，扯皮」
    is_beside = move in BESIDES and asks and not (seen.reading.is_press or _tells_new_day(seen, move))
    return ("aside",) if is_beside else ()


def _tells_new_day(seen: Seen, move: str) -> bool:
    """「后天改到周六行不行」 waits for no rule: it is done."""
    return move == "matter" and seen.moves_date and "time" in seen.reading.values


WAITING = (URGENT, IN_QUEUE)
REGISTERING = (URGENT, PERSON, IN_FORM)
TALKING = (URGENT, PERSON, OPINION, OPEN_QUESTION, TALK)
"""The tables that are gone through, in this order."""
BESIDES = frozenset(
    {
        "person",
        "praise",
        "form_answer",
        "form_values",
        "form_submit",
        "form_correct",
        "form_revise",
        "complain",
        "matter",
        "check_matter",
        "hurry",
        "yes",
    }
)
"""Moves before which a question of the same message is answered."""
