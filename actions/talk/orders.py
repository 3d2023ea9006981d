"""Orders: where it is, change it, cancel it, send it back, have it mended, have it invoiced.

An order number alone tells state and date, never whose it is; whatever changes an order becomes a ticket.
"""

from __future__ import annotations

import re
from datetime import date

from actions.forms import start
from actions.forms.lexicon import TROUBLE
from actions.heard import Json
from actions.talk import complaint
from actions.talk.handoff import open_service
from actions.turn import Turn
from helpdesk.company import DemoOrder
from helpdesk.model.ticket import Kind

BEFORE_SENDING = ("unpaid", "paid", "picking")
ON_THE_WAY = ("paid", "picking", "shipped")
ARRIVED = ("delivered", "installed", "completed")
OVER = ("cancelled", "refunding", "refunded")
INSTALL = re.compile(r"安装|上门装|装(?:一下|个|空调|热水器|机)|预约装|帮我装|来装")
DEMAND = re.compile(r"要求|必须|强烈|说法|投诉|赔")
BROKEN = re.compile(r"坏|修|故障|不(?:制冷|制热|转|通电|工作|加热|出水)|漏|响|维修")


def number_in(turn: Turn) -> str | None:
    """The order spoken of: in this message, else the one before."""
    number = turn.heard.values.get("order") or turn.known("order")
    return str(number) if number and str(number).isdigit() else None


def order_of(turn: Turn) -> DemoOrder | None:
    number = number_in(turn)
    return turn.company.orders.get(number) if number else None


async def check(turn: Turn) -> None:
    """State and date of an order; the number is asked for when it is not known."""
    written = re.search(r"\d{6,}", turn.heard.plain)
    number = number_in(turn) or (written.group() if written else None)
    if number is None:
        turn.say("utter_order_which", where=turn.company.order_numbers.where)
        turn.ask("order_number")
        return
    await tell(turn, number)


async def tell(turn: Turn, number: str) -> None:
    order = turn.company.orders.get(number)
    if not turn.form or not turn.known("order"):  # a matter under way keeps the order it is about
        turn.set(order=number)
    if order is None:
        _unknown(turn, number)
        return
    is_expected = order.expected is not None and order.state in ON_THE_WAY
    turn.say(
        f"utter_order_{order.state}_expected" if is_expected else f"utter_order_{order.state}",
        custom={"kind": "order_status", "order": number, "state": order.state},
        order=number,
        since=_day(order.state_since),
        expected=_day(order.expected) if order.expected and is_expected else "",
    )
    turn.ask("anything_else")


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
    turn.ask("order_number")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# ---------------------------------------------------------------- requests


async def cancel(turn: Turn) -> None:
    """Possible until it is sent; later it is a return, and that is offered."""
    order = order_of(turn)
    if order and order.state in OVER:
        await tell(turn, str(number_in(turn)))
        turn.stay()
    elif order and order.state in ARRIVED:
        turn.set(order=number_in(turn))
        turn.say("utter_cancel_arrived", order=number_in(turn))
        turn.ask("offer_service", service=Kind.REFUND)
        turn.stay()
    else:
        turn.say("utter_open_cancel_sent" if order and order.state == "shipped" else "utter_open_cancel")
        begin(turn, Kind.ORDER_CHANGE, {"change_kind": "cancel"})


async def change(turn: Turn) -> None:
    order = order_of(turn)
    if order and order.state in (*ARRIVED, *OVER):
        await tell(turn, str(number_in(turn)))
        turn.say("utter_change_too_late")
        turn.stay()
        return
    turn.say("utter_open_change_sent" if order and order.state == "shipped" else "utter_open_order_change")
    begin(turn, Kind.ORDER_CHANGE)


async def refund(turn: Turn) -> None:
    order = order_of(turn)
    if order and order.state in OVER:
        await tell(turn, str(number_in(turn)))
        turn.stay()
        return
    if order and order.state in BEFORE_SENDING:
        turn.say("utter_open_cancel")
        begin(turn, Kind.ORDER_CHANGE, {"change_kind": "cancel"})
        return
    await request(turn, Kind.REFUND)


async def exchange(turn: Turn) -> None:
    await request(turn, Kind.EXCHANGE)


async def repair(turn: Turn) -> None:
    """A repair, or an appointment to install."""
    plain = turn.heard.plain
    installs = INSTALL.search(plain) and not BROKEN.search(plain)
    await request(turn, Kind.INSTALLATION if installs else Kind.REPAIR)


def tells_of_a_fault(turn: Turn) -> bool:
    """A product of ours and something wrong with it, in one message."""
    words = {word for p in turn.company.products.values() for word in (p.kind, *p.aliases)}
    return bool(BROKEN.search(turn.heard.plain)) and any(word in turn.heard.plain for word in words)


async def invoice(turn: Turn) -> None:
    await request(turn, Kind.INVOICE)


def demands(turn: Turn) -> bool:
    """Something is wrong, something is demanded, and it is said who demands it: a complaint in all but name."""
    plain = turn.heard.plain
    return bool(
        not turn.form and DEMAND.search(plain) and (BROKEN.search(plain) or TROUBLE.search(plain))
        and {"name", "phone", "email"} & set(turn.heard.values)
    )  # fmt: skip


async def request(turn: Turn, kind: str) -> None:
    """Open a service form. The product of a known order is not filled in: the number alone must not tell it."""
    if demands(turn):
        await complaint.file(turn)
    else:
        await open_service(turn, kind)


def begin(turn: Turn, kind: str, known: Json | None = None) -> None:
    start.privacy(turn)
    start.start(turn, kind, known)
