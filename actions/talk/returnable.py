"""May it still be returned? Worked out for the day that was told, or that the order spoken of was signed for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from actions.clauses import affirmed
from actions.forms.protection import SIGNED
from actions.talk.faq import asked_in
from actions.turn import Turn
from helpdesk.errors import NotAnswering
from helpdesk.usecases.turns import orders
from zhtext import normalise
from zhtext.values import ages

ABOUT_RETURNS = frozenset({"returns.seven_days", "returns.opened", "returns.exchange"})
"""Articles whose answer depends on the day."""
CAME = ("收", "到", "买", "拿", "签", "送", "装")
"""One of these tells that a day is the one on which the thing came."""


async def answered(turn: Turn) -> bool:
    """Say how it stands for the customer's own thing; whether that was asked and can be told."""
    if turn.heard.is_press or not _asks(turn):
        return False
    days = _told(turn.heard.text, turn) if turn.heard.text else None
    days = days if days is not None else await _by_order(turn)
    if days is None or days < 0:
        return False
    limits = turn.company.limits
    late = "utter_returnable_as_faulty" if days <= limits.exchange_days else "utter_returnable_no_more"
    response = "utter_returnable" if days <= limits.return_days else late
    turn.say(response, days=days, limit=limits.return_days, faulty=limits.exchange_days)
    turn.change(about={"kind": "faq", "faq_id": "returns.seven_days"})
    if not turn.form:
        turn.ask("anything_else", after="faq", told=turn.heard.text.strip(), offers="refund")
    return True


def _asks(turn: Turn) -> bool:
    found = (turn.services.knowledge.outcome(said).article for said in _questions(turn))
    return any(one is not None and one.id in ABOUT_RETURNS for one in found)


def _questions(turn: Turn) -> Iterator[str]:
    said = affirmed(turn.heard.text)
    yield from asked_in(turn, said)
    yield said


def _told(text: str, turn: Turn) -> int | None:
    """How many days ago it came, by what was said: a number of days, or the day."""
    plain = normalise(text)
    found = ages.days(plain)
    told = str(turn.heard.values.get("time") or "")[:10]
    if found is not None or not any(sign in plain for sign in CAME):
        return found
    try:
        return (turn.now.date() - date.fromisoformat(told)).days
    except ValueError:
        return None


async def _by_order(turn: Turn) -> int | None:
    """By the order under way, or the one that is spoken of."""
    number = turn.heard.values.get("order") or turn.known("order")
    if not number:
        return None
    try:
        order = (await orders.find(turn.services, str(number))).value
    except NotAnswering:
        return None
    is_there = order is not None and order.state in SIGNED
    return (turn.now.date() - order.state_since).days if is_there and order else None
