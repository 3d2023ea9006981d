"""Orders without a number, and what only their buyer is told.

Whose an order is proves a signed identity, the end of its phone, or the full phone and the surname.
"""

from __future__ import annotations

from collections.abc import Sequence

from actions.clauses import pieces
from actions.dates import spoken
from actions.forms import start
from actions.forms.accounts import for_call
from actions.forms.questions import button
from actions.talk import unclear, whose
from actions.turn import Turn
from helpdesk.errors import NotAnswering, TooManyTries
from helpdesk.model.shop import Order
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import orders as lookups
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values.unsaid import says_unknown

LISTED = 5
"""Orders that are offered to choose from."""


async def the_only_one(turn: Turn) -> str | None:
    """The number of the order that can be meant; None once the customer was asked, or told, something else."""
    if turn.heard.values.get("phone") or (turn.pending.get("phone") and whose.surname_said(turn)):
        return await _by_contact(turn)
    try:
        found = await lookups.own(turn.services, turn.ref)
    except NotAnswering:
        await not_answering(turn, [])
        return None
    if found is None:
        turn.say("utter_order_which", where=turn.company.order_numbers.where)
        turn.ask("order_number", told=for_call(turn.heard, turn.company))
        return None
    if not found:
        turn.say("utter_orders_none")
        turn.ask("order_number", told=for_call(turn.heard, turn.company))
        return None
    return _chosen(turn, found)


def lacks_number(turn: Turn) -> bool:
    """「买的洗衣机啥时候到，短信删了没单号」: an order is asked after, and its number cannot be told."""
    clauses = [] if turn.heard.is_press or turn.form else [normalise(one) for one in pieces(turn.heard.text)]
    lacks = [one for one in clauses if any(word in one for word in NUMBER) and (says_unknown(one) or NONE & set(one))]
    asks = any(is_question(one) for one in clauses if one not in lacks) or turn.reading.says("status")
    return bool(lacks) and asks and not {"order", "phone"} & set(turn.heard.values)


NUMBER, NONE = ("单号", "号码", "订单号", "号"), frozenset("没删找丢无冇不")
"""What is lacking, and the signs that say so."""


def say_without_number(turn: Turn) -> None:
    """No number is asked for again: by the phone it was bought under, or a person finds it."""
    turn.say("utter_order_without_number")
    turn.ask("order_number", told=for_call(turn.heard, turn.company))


async def _by_contact(turn: Turn) -> str | None:
    """Without a number: the full phone it was bought under, and the surname."""
    phone, surname = str(turn.heard.values.get("phone") or turn.pending.get("phone")), whose.surname_known(turn)
    if not surname:
        turn.say("utter_order_surname")
        turn.ask("order_number", phone=phone)
        return None
    try:
        found = await lookups.by_contact(turn.services, turn.ref, phone, surname)
    except TooManyTries:
        unclear.too_many_tries(turn)
        return None
    except NotAnswering:
        await not_answering(turn, [])
        return None
    if not found:
        _not_under_phone(turn, phone)
        return None
    return _chosen(turn, found)


def _not_under_phone(turn: Turn, phone: str) -> None:
    """Who wants it hurried or registered gets that with what was told; anybody else is offered it."""
    told = told_so_far(turn)
    wishes = turn.reading.says("hurry") or turn.takes_offer
    if wishes and not turn.form:
        hurry_by_phone(turn, told)
        return
    turn.say("utter_orders_not_under_phone", phone=phone)
    turn.ask("order_number", otherwise=Kind.CALLBACK, told=told)


def told_so_far(turn: Turn) -> str:
    """What was told when we asked for the number, and what is told now."""
    return "；".join(one for one in (str(turn.pending.get("told") or ""), for_call(turn.heard, turn.company)) if one)


def hurry_by_phone(turn: Turn, told: str) -> None:
    """No order to look at: a colleague finds it by the phone, hurries, and calls back."""
    turn.say("utter_hurry_callback")
    start.privacy(turn)
    start.start(turn, Kind.CALLBACK, {"description": told})


def _chosen(turn: Turn, found: Sequence[Order]) -> str | None:
    if len(found) == 1:
        return found[0].number
    numbers = [order.number for order in found[:LISTED]]
    listed = "\n".join(f"· {one.number} {'、'.join(one.products)}" for one in found[:LISTED])
    turn.say("utter_orders_yours", listed=listed, buttons=[button(one, "inform", order=one) for one in numbers])
    turn.ask("order_number")
    return None


async def not_answering(turn: Turn, numbers: Sequence[str]) -> None:
    """Said honestly, and noted: somebody finds out and tells, by an hour that is named."""
    number = "、".join(numbers)
    result = await turn.stage("check_order", {"order": number, "text": turn.heard.text.strip()})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    if number:
        turn.say("utter_order_not_answering", order=number, due=due)
    else:
        turn.say("utter_orders_not_answering", due=due)
    turn.ask("anything_else")


# ---------------------------------------------------------------- what only the buyer is told


async def say_more(turn: Turn, order: Order) -> None:
    """Parcels and progress beside the state, to whom the order belongs."""
    is_provable = order.customer is not None or order.phone_last4 is not None
    if is_provable and await lookups.is_theirs(turn.services, turn.ref, order):
        _say(turn, await _details(turn, order))


async def tell_more(turn: Turn, order: Order) -> bool:
    """The same where it is asked for: whose it is has to be proved first. False where we know no more."""
    lines = await _details(turn, order)
    if not lines:
        return False
    if await lookups.is_theirs(turn.services, turn.ref, order):
        _say(turn, lines)
        turn.ask("anything_else")
    elif order.phone_last4:
        turn.say("utter_order_prove", order=order.number)
        turn.ask("order_digits", number=order.number)
    else:
        return False
    return True


async def is_proved(turn: Turn, order: Order) -> bool:
    """Whether the digits that were asked for are right; wrong ones are asked for again."""
    digits = whose.last_four(turn) or str(turn.heard.values.get("phone") or "")[-4:]
    try:
        is_right = await lookups.prove(turn.services, turn.ref, order, digits)
    except TooManyTries:
        unclear.too_many_tries(turn)
        return False
    if not is_right:
        turn.say("utter_order_prove_again", order=order.number)
        turn.ask("order_digits", number=order.number)
    return is_right


async def _details(turn: Turn, order: Order) -> list[str]:
    try:
        return await lookups.details(turn.services, order.number)
    except NotAnswering:
        return []


def _say(turn: Turn, lines: Sequence[str]) -> None:
    if lines:
        turn.say("utter_order_details", listed="\n".join(f"· {line}" for line in lines))
