"""Orders: where it is, change it, cancel it, send it back, have it mended, have it invoiced.

An order number alone tells state and date, never whose it is; whatever changes an order becomes a ticket.
"""

from __future__ import annotations

import asyncio
from datetime import date

from actions.clauses import denies, pieces
from actions.dates import spoken
from actions.forms import start
from actions.forms.accounts import opening
from actions.heard import Json
from actions.talk import own_orders
from actions.talk.handoff import open_service
from actions.turn import Turn
from helpdesk.errors import NotAnswering
from helpdesk.model.shop import Order, Told
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import orders as lookups
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import codes

REFUNDING, CANCELLED = "refunding", "cancelled"
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


async def order_of(turn: Turn) -> Order | None:
    """The order spoken of; None too where the system does not answer, for a request is registered all the same."""
    number = number_in(turn)
    try:
        return (await lookups.find(turn.services, number)).value if number else None
    except NotAnswering:
        return None


async def check(turn: Turn) -> None:
    """State and date of an order; the number is asked for when it is not known."""
    if waybill := waybill_in(turn):
        await tell_waybill(turn, waybill)
        return
    numbers = [str(e["value"]) for e in turn.heard.entities if e["entity"] == "order"][:MOST]
    number = number_in(turn) or next(iter(codes.numbers_in(_but_phone(turn))), None)
    number = number or await own_orders.the_only_one(turn)
    if number is not None:
        await tell(turn, *dict.fromkeys(numbers or [number]))


def _but_phone(turn: Turn) -> str:
    """What was said, without a phone: it is no number of an order."""
    phone = str(turn.heard.values.get("phone") or "")
    return turn.heard.plain.replace(phone, " ") if phone else turn.heard.plain


def waybill_in(turn: Turn) -> str | None:
    """A carrier's number, when no order of ours is named beside it."""
    found = next(codes.find_waybills(turn.heard.plain), None)
    return found.value if found and "order" not in turn.heard.values else None


async def tell_waybill(turn: Turn, number: str) -> None:
    """Its state; a parcel we do not find: the order is asked for, or a person finds it."""
    try:
        told = await lookups.parcel_told(turn.services, number)
    except NotAnswering:
        await own_orders.not_answering(turn, [number])
        return
    if told:
        turn.say("utter_waybill_state", number=number, told=told)
        turn.ask("anything_else")
    else:
        turn.say("utter_waybill", number=number, where=turn.company.order_numbers.where)
        turn.ask("order_number")


def asks_arrival(turn: Turn) -> bool:
    """Whether it is asked when it comes, right after the state of an order: 「大概几点到呢」."""
    clauses = [] if turn.heard.is_press or turn.before.topic != "order" else map(normalise, pieces(turn.heard.text))
    asks = turn.company.order_numbers.arrival
    return any(is_question(one) and asks.is_asked(one) for one in clauses)


async def tell_more(turn: Turn) -> bool:
    """More about the order spoken of than its state, or who can tell; False without an order."""
    order = await order_of(turn) if turn.before.topic == "order" else None
    if order is None:
        return False
    if not await own_orders.tell_more(turn, order):
        _say_no_more(turn, order)
    return True


def _say_no_more(turn: Turn, order: Order) -> None:
    _say_state(turn, order)
    turn.say("utter_order_detail")
    turn.ask("offer_human")


async def given(turn: Turn) -> None:
    """The number that was asked for: looked up, or hurried with."""
    if turn.pending.get("purpose") == "hurry" and "order" not in turn.heard.values and turn.heard.values.get("phone"):
        own_orders.hurry_by_phone(turn, own_orders.told_so_far(turn))
    elif turn.pending.get("purpose") == "hurry":
        await hurry(turn)
    elif turn.pending.get("phone") and "order" not in turn.heard.values:
        await _by_contact(turn)
    else:
        await check(turn)


async def _by_contact(turn: Turn) -> None:
    if number := await own_orders.the_only_one(turn):
        await tell(turn, number)


async def digits_given(turn: Turn) -> None:
    """The end of the phone that proves whose the order is."""
    number = str(turn.pending.get("number"))
    try:
        order = (await lookups.find(turn.services, number)).value
    except NotAnswering:
        await own_orders.not_answering(turn, [number])
        return
    if order is None:
        _unknown(turn, number)
    elif await own_orders.is_proved(turn, order) and not await own_orders.tell_more(turn, order):
        _say_no_more(turn, order)


async def tell(turn: Turn, *numbers: str) -> None:
    """What the system says of each order; what it does not say is noted, and promised."""
    found = await asyncio.gather(*(_found(turn, number) for number in numbers))
    for number, told in zip(numbers, found, strict=True):
        if told is not None:
            await _tell(turn, number, told, is_alone=len(numbers) == 1)
    silent = [number for number, told in zip(numbers, found, strict=True) if told is None]
    if silent:
        _take_up(turn, silent[0])
        await own_orders.not_answering(turn, silent)


async def _found(turn: Turn, number: str) -> Told[Order | None] | None:
    try:
        return await lookups.find(turn.services, number)
    except NotAnswering:
        return None


def _take_up(turn: Turn, number: str) -> None:
    if not turn.form or not turn.known("order"):  # a matter under way keeps the order it is about
        turn.set(order=number)
    turn.change(about={"kind": "order"})


async def _tell(turn: Turn, number: str, told: Told[Order | None], *, is_alone: bool) -> None:
    order = told.value
    if order is None:
        if not turn.form or not turn.known("order"):
            turn.set(order=number)
        _unknown(turn, number)
        return
    _take_up(turn, number)
    turn.change(about={**turn.frame.about, "state": order.state})
    if len(order.products) == 1:
        turn.change(about={**turn.frame.about, "product": order.products[0]})
    _say_state(turn, order)
    if told.is_old:
        turn.say("utter_order_as_of", at=spoken(told.at, turn.company.profile.zone))
    if is_alone:
        await own_orders.say_more(turn, order)
    if order.state == CANCELLED and contests_cancel(turn):
        turn.say("utter_cancelled_not_by_you")
        turn.ask("offer_complaint", told=turn.heard.text.strip())
        return
    turn.ask("offer_hurry" if is_overdue(turn, order) or order.state == REFUNDING else "anything_else")


def _say_state(turn: Turn, order: Order) -> None:
    is_expected = order.expected is not None and order.state in ON_THE_WAY
    if is_overdue(turn, order) and not _wants_no_hurry(turn):
        turn.say("utter_order_overdue")
    turn.say(
        f"utter_order_{order.state}_expected" if is_expected else f"utter_order_{order.state}",
        custom={"kind": "order_status", "order": order.number, "state": order.state},
        order=order.number,
        since=_day(order.state_since),
        expected=_day(order.expected) if order.expected and is_expected else "",
    )


def contests_cancel(turn: Turn) -> bool:
    """「我没点过取消，凭啥给我取消了」 beside a number: the customer did not cancel it."""
    if turn.heard.is_press or turn.form or "order" not in turn.heard.values:
        return False
    return turn.company.order_numbers.not_by_me.search(turn.heard.plain) is not None


def _wants_no_hurry(turn: Turn) -> bool:
    """「没有催你们的意思」: nothing is offered to be hurried."""
    told = (normalise(one) for one in pieces(turn.heard.text))
    return any(denies(one) and turn.company.sayings.hurries.search(one) for one in told)


def is_overdue(turn: Turn, order: Order) -> bool:
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
    turn.change(looked_for=number if numbers.is_ours(number) or numbers.is_foreign(number) else None)
    otherwise = {"otherwise": Kind.CALLBACK, "told": own_orders.told_so_far(turn)} if turn.frame.looked_for else {}
    turn.ask("order_number", **otherwise)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


async def hurry(turn: Turn) -> None:
    """「劳驾快一点」: the order is looked at, an apology where it is late, and a person's promise with an hour (E1)."""
    number = number_in(turn)
    told = await _found(turn, number) if number else None
    order = told.value if told else None
    is_to_hurry = order is not None and order.state in (*ON_THE_WAY, REFUNDING)
    if number is None or (told is not None and not is_to_hurry):
        await check(turn)
        return
    _take_up(turn, number)
    result = await turn.stage("hurry_order", {"order": number, "text": turn.heard.text.strip()})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "order_status", "order": number, "state": order.state} if order else None
    response = "utter_order_hurried_late" if order and is_overdue(turn, order) else "utter_order_hurried"
    turn.say(response, custom=custom, order=number, due=due)
    turn.ask("anything_else")


async def overdue(turn: Turn) -> None:
    """「说好昨天到的」, without a number: hurried where the order is known, else sorry, and which one it is."""
    if number_in(turn):
        await hurry(turn)
    elif turn.heard.values.get("phone"):
        own_orders.hurry_by_phone(turn, own_orders.told_so_far(turn))
    else:
        turn.say("utter_overdue_which", where=turn.company.order_numbers.where)
        turn.ask("order_number", purpose="hurry", told=own_orders.told_so_far(turn))


# ---------------------------------------------------------------- requests


async def cancel(turn: Turn) -> None:
    """Possible until it is sent; later it is a return, and that is offered."""
    order = await order_of(turn)
    if order and order.state in OVER:
        await tell(turn, str(number_in(turn)))
    elif order and order.state in ARRIVED:
        turn.set(order=number_in(turn))
        turn.say("utter_cancel_arrived", order=number_in(turn))
        turn.ask("offer_service", service=Kind.REFUND)
    else:
        _say_cancelling(turn, order)
        begin(turn, Kind.ORDER_CHANGE, _cancelling(turn))


def _say_cancelling(turn: Turn, order: Order | None) -> None:
    """What becomes of it, as far as the system says."""
    if order and order.state == "shipped" and not order.can_cancel:
        turn.say("utter_open_cancel_sent")
    elif order and order.can_cancel is False:
        turn.say("utter_open_cancel_unsure")
    else:
        turn.say("utter_open_cancel")


async def change(turn: Turn) -> None:
    order = await order_of(turn)
    moves = "moves_date" in turn.reading.shades
    if order and order.state in (OVER if moves else (*ARRIVED, *OVER)):  # what has arrived may still be installed
        await tell(turn, str(number_in(turn)))
        turn.say("utter_change_too_late")
        return
    turn.say("utter_open_change_sent" if order and order.state == "shipped" else "utter_open_order_change")
    is_only_time = moves and "place" not in turn.heard.values
    begin(turn, Kind.ORDER_CHANGE, {"change_kind": "time"} if is_only_time else None)


def _cancelling(turn: Turn) -> Json:
    """What is known of it at once: 「取消里面的净化器，电视留着」 cancels no whole order, and stands there so."""
    told = "" if turn.heard.is_press else opening(turn.heard, turn.company, Kind.ORDER_CHANGE)
    return {"change_kind": "cancel", **({"description": told} if told else {})}


async def refund(turn: Turn) -> None:
    """A return; of what was not sent yet a cancellation, unless the customer has it all the same."""
    order = await order_of(turn)
    is_unsent = order is not None and order.state in BEFORE_SENDING
    if order and order.state in OVER:
        await tell(turn, str(number_in(turn)))
    elif is_unsent and not _has_it(turn):
        turn.say("utter_open_cancel")
        begin(turn, Kind.ORDER_CHANGE, _cancelling(turn))
    elif is_unsent:
        turn.say("utter_open_refund_unsent", order=number_in(turn))
        begin(turn, Kind.REFUND)
    else:
        await open_service(turn, Kind.REFUND)


def _has_it(turn: Turn) -> bool:
    """「煲出来是生的，想退货」, 「不是取消，是退货」: the customer's word counts against the system's."""
    tells = turn.reading.says("story", "repair") or bool(HAS_IT & turn.reading.shades)
    return tells or turn.before.kind == Kind.ORDER_CHANGE or _told_fault(turn)


def _told_fault(turn: Turn) -> bool:
    """Whether a fault was told before the matter was wished for: 「这个锅老是夹生」, and then 「想退掉」."""
    told = [normalise(one) for one in turn.frame.told_of()]
    return any(turn.company.sayings.trouble.search(one) or turn.company.complaints.find(one) for one in told)


HAS_IT = frozenset({"bought", "tells_fault"})
"""What is said only of a thing that one has."""


def begin(turn: Turn, kind: str, known: Json | None = None) -> None:
    start.privacy(turn)
    start.start(turn, kind, known)
