"""Is it still covered? How long the guarantee is, and what that means for the age that was told."""

from __future__ import annotations

from actions.clauses import pieces
from actions.heard import Json
from actions.talk.usable import asks
from actions.turn import Turn
from helpdesk.model.field import known
from zhtext import normalise
from zhtext.values import ages

COVERED = "covered"
"""The question of company/matter_questions.yml."""
WHOLE, PARTS = "整机", "主要部件"
YEAR = 12
OF_A_REPAIR = frozenset("修换")


def asked(turn: Turn) -> bool:
    """Whether it is asked if a thing of ours is covered whose age was told."""
    question = turn.company.matter_questions[COVERED]
    clauses = [] if turn.heard.is_press else [normalise(one) for one in pieces(turn.heard.text)]
    return any(question.is_asked(one) for one in clauses if asks(one)) and _verdict(turn) is not None


def told(turn: Turn) -> bool:
    """Say how it stands with the guarantee; whether that was asked and can be told."""
    found = _verdict(turn) if asked(turn) else None
    if found is None:
        return False
    response, fields = found
    turn.say(response, **fields)
    return True


def _age(turn: Turn) -> int | None:
    """The age in months, by this message, else by what was told of the matter."""
    story = str(known(turn.slot("description")) or "") if turn.form else ""
    now = ages.months(_of_buying(turn.heard.text))
    return now if now is not None else ages.months(_of_buying(story))


def _of_buying(text: str) -> str:
    """Without the clauses that tell of a repair: 「修了才一个月」 is no age of the thing."""
    return "，".join(one for piece in pieces(text) if not OF_A_REPAIR & set(one := normalise(piece)))


def _verdict(turn: Turn) -> tuple[str, Json] | None:
    age, kind = _age(turn), _kind(turn)
    sheets = [ages.guaranteed(one.warranty) for one in turn.company.products.values() if one.kind == kind]
    whole = min((sheet[WHOLE] for sheet in sheets if WHOLE in sheet), default=0)
    parts = min((sheet[PARTS] for sheet in sheets if PARTS in sheet), default=0)
    if age is None or not whole:
        return None
    fields: Json = {"product": kind, "years": whole, "parts": parts}
    if age <= whole * YEAR:
        return "utter_covered", fields
    return ("utter_covered_in_part" if age <= parts * YEAR else "utter_not_covered"), fields


def _kind(turn: Turn) -> str:
    return str(turn.heard.values.get("product") or turn.known("product") or "")
