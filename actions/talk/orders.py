"""Orders: where it is, change it, cancel it, send it back, have it mended, have it invoiced.

An order number alone tells state and date, never whose it is; whatever changes an order becomes a ticket.
"""

from __future__ import annotations

from datetime import date

from actions.dates import spoken
from actions.forms import start
from actions.heard import Json
from actions.talk.handoff import open_service
from actions.turn import Turn
from helpdesk.company import DemoOrder
from helpdesk.model.ticket import Kind
from zhtext.values import codes

REFUNDING = "refunding"
MOST = 3
"""Orders told of in one reply."""
BEFORE_SENDING = ("unpaid", "paid", "picking")
ON_THE_WAY = ("paid", "picking", "shipped")
ARRIVED = ("delivered", "installed", "completed")
OVER = ("cancelled", "refunding", "refunded")


def number_in(turn: Turn) -> str | None:
    """The order spoken of: in this message, else the one before."""
    number = turn.heard.values.get("order") or turn.known("order")
    return str(number) if number and str(number).isdigit() else None


def order_of(turn: Turn) -> DemoOrder | None:
    number = number_in(turn)
    return turn.company.orders.get(number) if number else None


async def check(turn: Turn) -> None:
    """State and date of an order; the number is asked for when it is not known."""
    if waybill := waybill_in(turn):
        tell_waybill(turn, waybill)
        return
    numbers = [str(e["value"]) for e in turn.heard.entities if e["entity"] == "order"][:MOST]
    number = number_in(turn) or next(iter(codes.numbers_in(turn.heard.plain)), None)
    if number is None:
        turn.say("utter_order_which", where=turn.company.order_numbers.where)
        turn.ask("order_number", told=turn.heard.text.strip())
        return
    for one in dict.fromkeys(numbers or [number]):
        await tell(turn, one)


def waybill_in(turn: Turn) -> str | None:
    """A carrier's number, when no order of ours is named beside it."""
    found = next(codes.find_waybills(turn.heard.plain), None)
    return found.value if found and "order" not in turn.heard.values else None


def tell_waybill(turn: Turn, number: str) -> None:
    """We cannot look parcels up: the order is asked for, or a person finds it."""
    turn.say("utter_waybill", number=number, where=turn.company.order_numbers.where)
    turn.ask("order_number")


def tell_more(turn: Turn) -> bool:
    """More about the order spoken of than we know ourselves: its state, and who can tell; False without an order."""
    order, number = order_of(turn), number_in(turn)
    if order is None or number is None or turn.before.topic != "order":
        return False
    _say_state(turn, number, order)
    turn.say("utter_order_detail")
    turn.ask("offer_human")
    return True


async def given(turn: Turn) -> None:
    """The number that was asked for: looked up, or hurried with."""
    if turn.pending.get("purpose") == "hurry" and "order" not in turn.heard.values and turn.heard.values.get("phone"):
        hurry_by_phone(turn, told_so_far(turn))
    elif turn.pending.get("purpose") == "hurry":
        await hurry(turn)
    else:
        await check(turn)


async def tell(turn: Turn, number: str) -> None:
    order = turn.company.orders.get(number)
    if not turn.form or not turn.known("order"):  # a matter under way keeps the order it is about
        turn.set(order=number)
    if order is None:
        _unknown(turn, number)
        return
    turn.change(about={"kind": "order"})
    _say_state(turn, number, order)
    turn.ask("offer_hurry" if is_overdue(turn, order) or order.state == REFUNDING else "anything_else")


def _say_state(turn: Turn, number: str, order: DemoOrder) -> None:
    is_expected = order.expected is not None and order.state in ON_THE_WAY
    if is_overdue(turn, order):
        turn.say("utter_order_overdue")
    turn.say(
        f"utter_order_{order.state}_expected" if is_expected else f"utter_order_{order.state}",
        custom={"kind": "order_status", "order": number, "state": order.state},
        order=number,
        since=_day(order.state_since),
        expected=_day(order.expected) if order.expected and is_expected else "",
    )


def is_overdue(turn: Turn, order: DemoOrder) -> bool:
    """Whether the day it was expected is over."""
    today = turn.services.clock.now().astimezone(turn.company.profile.zone).date()
    return order.expected is not None and order.state in ON_THE_WAY and order.expected < today


def _unknown(turn: Turn, number: str) -> None:
    numbers = turn.company.order_numbers
    if not turn.form or turn.known("order") == number:
        turn.set(order=None)
    if numbers.is_foreign(number):
        turn.say("utter_order_foreign", order=number, digits=numbers.digits, where=numbers.where)
    elif numbers.is_ours(number):
        turn.say("utter_order_unknown", order=number, where=numbers.where)
    else:
        turn.say("utter_order_digits", digits=numbers.digits, count=len(number), where=numbers.where)
    is_ours = numbers.is_ours(number)
    turn.change(looked_for=number if is_ours else None)
    turn.ask("order_number", **({"otherwise": Kind.CALLBACK, "told": told_so_far(turn)} if is_ours else {}))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


async def hurry(turn: Turn) -> None:
    """「劳驾快一点」: the order is looked at, an apology where it is late, and a person's promise with an hour (E1)."""
    number = number_in(turn)
    order = turn.company.orders.get(number) if number else None
    if number is None or order is None or order.state not in (*ON_THE_WAY, REFUNDING):
        await check(turn)
        return
    turn.set(order=number)
    turn.change(about={"kind": "order"})
    result = await turn.stage("hurry_order", {"order": number, "text": turn.heard.text.strip()})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "order_status", "order": number, "state": order.state}
    response = "utter_order_hurried_late" if is_overdue(turn, order) else "utter_order_hurried"
    turn.say(response, custom=custom, order=number, due=due)
    turn.ask("anything_else")


def told_so_far(turn: Turn) -> str:
    """What was told when we asked for the number, and what is told now."""
    return "；".join(one for one in (str(turn.pending.get("told") or ""), turn.heard.text.strip()) if one)


def hurry_by_phone(turn: Turn, told: str) -> None:
    """No order to look at: a colleague finds it by the phone, hurries, and calls back."""
    turn.say("utter_hurry_callback")
    begin(turn, Kind.CALLBACK, {"description": told})


# ---------------------------------------------------------------- requests


async def cancel(turn: Turn) -> None:
    """Possible until it is sent; later it is a return, and that is offered."""
    order = order_of(turn)
    if order and order.state in OVER:
        await tell(turn, str(number_in(turn)))
    elif order and order.state in ARRIVED:
        turn.set(order=number_in(turn))
        turn.say("utter_cancel_arrived", order=number_in(turn))
        turn.ask("offer_service", service=Kind.REFUND)
    else:
        turn.say("utter_open_cancel_sent" if order and order.state == "shipped" else "utter_open_cancel")
        begin(turn, Kind.ORDER_CHANGE, {"change_kind": "cancel"})


async def change(turn: Turn) -> None:
    order = order_of(turn)
    if order and order.state in (*ARRIVED, *OVER):
        await tell(turn, str(number_in(turn)))
        turn.say("utter_change_too_late")
        return
    turn.say("utter_open_change_sent" if order and order.state == "shipped" else "utter_open_order_change")
    begin(turn, Kind.ORDER_CHANGE)


async def refund(turn: Turn) -> None:
    order = order_of(turn)
    if order and order.state in OVER:
        await tell(turn, str(number_in(turn)))
    elif order and order.state in BEFORE_SENDING:
        turn.say("utter_open_cancel")
        begin(turn, Kind.ORDER_CHANGE, {"change_kind": "cancel"})
    else:
        await open_service(turn, Kind.REFUND)


def begin(turn: Turn, kind: str, known: Json | None = None) -> None:
    start.privacy(turn)
    start.start(turn, kind, known)
