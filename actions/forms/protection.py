"""Price protection: what the shop's records tell about the days, said once, as soon as the order is known."""

from __future__ import annotations

from actions.forms.form import Form
from actions.heard import Json
from actions.turn import Turn
from helpdesk.errors import NotAnswering
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import orders

SIGNED = ("delivered", "installed", "completed")
"""States of an order whose day counts from its signing."""


async def look_up(turn: Turn, kind: str) -> None:
    """The order a message brings, where its days are to be told; none where the shop does not answer."""
    number = turn.heard.values.get("order") or turn.known("order")
    if not number or kind != Kind.PRICE_PROTECTION:
        return
    try:
        turn.order_seen = (await orders.find(turn.services, str(number))).value
    except NotAnswering:
        turn.order_seen = None


def tell_days(turn: Turn, form: Form, given: Json) -> None:
    """How long ago the order just given was signed for, and whether that is in time; it is registered anyway."""
    order = turn.order_seen
    if form.kind != Kind.PRICE_PROTECTION or order is None or str(given.get("order")) != order.number:
        return
    if order.state not in SIGNED:
        return
    days, limit = (turn.now.date() - order.state_since).days, turn.company.limits.price_protection_days
    response = "utter_price_in_time" if days <= limit else "utter_price_late"
    turn.say(response, days=days, limit=limit, day=f"{order.state_since.month}月{order.state_since.day}日")
