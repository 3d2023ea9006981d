"""Which of the matters registered in this conversation is spoken of, by how it is spoken of.

By its number, kind or thing; what is asked of somebody who comes is of no praise and no invoice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.clauses import pieces
from actions.decide.reading import MATTERS
from actions.talk.things import is_told, names_of
from actions.talk.usable import asks
from actions.turn import Turn
from helpdesk.model.field import known
from helpdesk.model.ticket import VISITS, Kind
from zhtext import normalise

Case = Mapping[str, Any]
TOLD_AND_DONE = (Kind.PRAISE, Kind.SUGGESTION)
"""Kinds that nothing comes of which could be asked after."""
OF_ANOTHER = ("callback", "change_order")
"""Wishes that may be said of a matter that is registered."""
OF_A_CASE = ("ask_own", "status", "hurry", "withdraw", "correct")
"""Acts that are about something registered, whatever else they sound like."""
POINTS = ("那个", "那件", "那事", "的事", "那边", "那单", "那台", "的那", "那份", "那次")
"""What follows a name that points at something: 「报修那个」, 「修的事」."""
NAMES_NONE = (
    "修改", "换个", "换到", "换成", "换时间", "换日", "换天", "换地址", "换电话", "换零件", "换件", "换配件", "打电话",
    "打个电话", "回电话", "退出",
)  # fmt: skip
"""Words that hold the name of a kind and point at no matter of it."""


def turn_to_meant(turn: Turn) -> None:
    """Speak of the matter that is meant, where that is not the last one."""
    frame = turn.before
    if turn.form or turn.heard.is_press or frame.registered is None:
        return
    meant = _meant(turn, [*frame.earlier, frame.registered])
    if meant and meant.get("number") != frame.registered.get("number"):
        turn.turn_to(str(meant["number"]))
    if points_at_case(turn):
        kind = (turn.before.registered or {}).get("kind")
        turn.reading = turn.reading.without(*(act for act, opened in MATTERS.items() if opened == kind))


def points_at_case(turn: Turn) -> bool:
    """Whether the registered matter spoken of is pointed at by the name of its kind, and no other is wished."""
    spec = turn.company.kinds.get(str((turn.before.registered or {}).get("kind")))
    words = (spec.known_by or (spec.title,)) if spec and not turn.heard.is_press else ()
    return any(f"{word}{points}" in turn.heard.plain for word in words for points in POINTS)


def _meant(turn: Turn, cases: Sequence[Case]) -> Case | None:
    last = cases[-1]
    if number := str(turn.heard.values.get("ticket") or "").upper():
        return next((one for one in cases if one.get("number") == number), None)
    wishes = turn.reading.is_sure and turn.reading.wanted not in OF_ANOTHER
    if wishes and not turn.reading.says(*OF_A_CASE) and not any(one in turn.heard.plain for one in POINTS):
        return None
    kinds, names = _kinds_named(turn), names_of(turn)
    if kinds or names:
        fitting = [one for one in cases if _fits(one, kinds, names)]
        return last if last in fitting or not fitting else fitting[-1]
    if last.get("kind") in VISITS or not _is_of_visit(turn, last):
        return last
    return next((one for one in reversed(cases) if one.get("kind") in VISITS), last)


def _kinds_named(turn: Turn) -> frozenset[str]:
    plain = turn.heard.plain
    for word in NAMES_NONE:
        plain = plain.replace(word, " ")
    kinds = turn.company.kinds.items()
    return frozenset(kind for kind, one in kinds if any(word in plain for word in one.known_by or (one.title,)))


def _fits(case: Case, kinds: frozenset[str], names: frozenset[str]) -> bool:
    fields = case.get("fields") or {}
    told = f"{known(fields.get('product')) or ''}{known(fields.get('description')) or ''}"
    return (not kinds or case.get("kind") in kinds) and (not names or is_told(names, told) or bool(kinds and not told))


def _is_of_visit(turn: Turn, last: Case) -> bool:
    """Whether whoever comes is spoken of; where one of ours was praised, only what is asked is not about them."""
    speaks = turn.company.sayings.of_worker.search(turn.heard.plain) is not None
    is_asked = any(asks(normalise(one)) for one in pieces(turn.heard.text))
    return speaks and (is_asked or last.get("kind") not in TOLD_AND_DONE)
