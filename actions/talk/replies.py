"""A bare yes, no or value: it means what the open question makes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from actions.forms import start
from actions.forms.form import STATE_SLOTS, fields_of_forms
from actions.forms.lexicon import TROUBLE, WISH
from actions.forms.volunteered import account
from actions.heard import Json
from actions.talk import closing, complaint, faq, feelings, handoff, orders, products, safety, tickets, unclear
from actions.turn import Handler, Turn

Reply = Callable[[Turn, Json], Awaitable[None]]


async def affirm(turn: Turn) -> None:
    """Yes to what was asked last."""
    await _YES.get(turn.pending.get("kind", ""), _yes_to_nothing)(turn, turn.pending)


async def deny(turn: Turn) -> None:
    """No to what was asked last."""
    await _NO.get(turn.pending.get("kind", ""), _no_to_nothing)(turn, turn.pending)


async def _yes_to_nothing(turn: Turn, open_: Json) -> None:
    turn.say("utter_go_on_in_form" if turn.form else "utter_go_on")


async def _no_to_nothing(turn: Turn, open_: Json) -> None:
    """No further wish: in a form it is the form's matter, else ask once whether that was all."""
    if turn.form:
        turn.say("utter_go_on_in_form")
        return
    turn.say("utter_anything_else")
    turn.ask("anything_else")


async def _what_else(turn: Turn, open_: Json) -> None:
    turn.say("utter_what_else")


async def _that_was_all(turn: Turn, open_: Json) -> None:
    await closing.farewell(turn)


async def _to_person(turn: Turn, open_: Json) -> None:
    await handoff.hand_over(turn, reason=str(open_.get("reason") or "offered"))


async def _no_person(turn: Turn, open_: Json) -> None:
    turn.set(misses=0)
    turn.say("utter_no_person_in_form" if turn.form else "utter_no_person")


async def _resume(turn: Turn, open_: Json) -> None:
    if turn.slot("parked_form"):
        start.resume(turn)
    else:
        await _yes_to_nothing(turn, open_)


async def _drop(turn: Turn, open_: Json) -> None:
    """A parked form is no longer wanted."""
    turn.clear(["parked_form", *fields_of_forms(turn.company), *STATE_SLOTS])
    turn.say("utter_dropped")
    turn.ask("anything_else")


async def _kept(turn: Turn, open_: Json) -> None:
    turn.say("utter_kept")
    turn.ask("anything_else")


async def _service(turn: Turn, open_: Json) -> None:
    await handoff.open_service(turn, str(open_["service"]))


async def _withdraw(turn: Turn, open_: Json) -> None:
    await tickets.do_withdraw(turn, str(open_["number"]))


async def _not_withdrawn(turn: Turn, open_: Json) -> None:
    turn.say("utter_not_withdrawn", number=open_["number"])
    turn.ask("anything_else")


async def _satisfied(turn: Turn, open_: Json) -> None:
    await tickets.satisfied(turn, str(open_["number"]))


async def _not_satisfied(turn: Turn, open_: Json) -> None:
    await tickets.with_number(turn, tickets.DISPUTE, str(open_["number"]), None)


async def _no_suggestion(turn: Turn, open_: Json) -> None:
    await faq.none_of_these(turn, open_)


async def _complaint(turn: Turn, open_: Json) -> None:
    await feelings.begin_complaint(turn)


_YES: dict[str, Reply] = {
    "anything_else": _what_else,
    "offer_human": _to_person,
    "resume_form": _resume,
    "keep_form": _kept,
    "offer_service": _service,
    "offer_complaint": _complaint,
    "withdraw": _withdraw,
    "satisfied": _satisfied,
    "advice": _what_else,
}
_NO: dict[str, Reply] = {
    "anything_else": _that_was_all,
    "offer_human": _no_person,
    "resume_form": _drop,
    "keep_form": _drop,
    "offer_service": _no_to_nothing,
    "offer_complaint": _no_to_nothing,
    "withdraw": _not_withdrawn,
    "satisfied": _not_satisfied,
    "faq_suggestions": _no_suggestion,
    "praise_who": _no_to_nothing,
}


# ---------------------------------------------------------------- values


async def inform(turn: Turn) -> None:
    """A value alone: the answer to an open question, else what it is usually said for."""
    said = turn.heard.values
    kept: Json = {name: said[name] for name in ("name", "phone", "email", "wechat") if name in said}
    turn.set(**kept)
    handler = _VALUES.get(turn.pending.get("kind", ""))
    if handler and await handler(turn, turn.pending):
        return
    request = _request_in(turn)
    if request:
        await request(turn)
    else:
        await _by_value(turn, said, kept)


def _request_in(turn: Turn) -> Handler | None:
    """What somebody wants who gives his values and tells the matter in one message, whatever it sounds like."""
    plain = turn.heard.plain
    if turn.form or not account(turn.heard):
        return None
    if orders.INSTALL.search(plain) and not orders.BROKEN.search(plain):
        return orders.repair
    is_grieved = WISH.search(plain) or TROUBLE.search(plain) or orders.tells_of_a_fault(turn)
    has_contact = {"phone", "email", "name"} & set(turn.heard.values)
    return complaint.file if is_grieved and has_contact else None


async def _by_value(turn: Turn, said: Json, kept: Json) -> None:
    if "ticket" in said:
        await tickets.check(turn)
    elif "order" in said:
        await orders.tell(turn, str(said["order"]))
    elif kept:
        await turn.stage("save_customer", {n: kept.get(n) for n in ("name", "phone", "email")})
        turn.say("utter_value_kept", values="、".join(str(v) for v in kept.values()))
    elif "product" in said:
        turn.set(product=said["product"])
        turn.say("utter_product_what", product=said["product"])
    elif turn.slot("parked_form") and turn.pending.get("kind") in ("resume_form", "keep_form"):
        start.resume(turn)
    elif not await faq.try_answer(turn):
        unclear.not_understood(turn)


async def _ticket_number(turn: Turn, open_: Json) -> bool:
    if "ticket" not in turn.heard.values:
        return False
    digits = tickets.last_four(turn)
    await tickets.with_number(turn, str(open_["purpose"]), str(turn.heard.values["ticket"]), digits)
    return True


async def _ticket_digits(turn: Turn, open_: Json) -> bool:
    number = str(turn.heard.values.get("ticket") or open_["number"])
    phone = str(turn.heard.values.get("phone") or "")
    digits = tickets.last_four(turn) or (phone[-4:] if phone else None)
    if digits is None and "ticket" not in turn.heard.values:
        return False
    await tickets.with_number(turn, str(open_["purpose"]), number, digits)
    return True


async def _safety_contact(turn: Turn, open_: Json) -> bool:
    if not turn.heard.values.get("phone"):
        return False
    await safety.add_contact(turn, str(open_["description"]))
    return True


async def _praise_who(turn: Turn, open_: Json) -> bool:
    if not turn.heard.text:
        return False
    await feelings.praised_person(turn, str(open_["number"]))
    return True


async def _rating(turn: Turn, open_: Json) -> bool:
    if feelings.score_of(turn.heard.plain) is None:
        return False
    await feelings.rate(turn)
    return True


async def _advice(turn: Turn, open_: Json) -> bool:
    """The situation of somebody who is being advised; a number or a name is not one."""
    if set(turn.heard.values) & {"order", "ticket", "phone", "name", "email"} or turn.heard.is_press:
        return False
    if products.kind_in(turn) is None:
        return False
    await products.advise(turn)
    return True


_VALUES: dict[str, Callable[[Turn, Json], Awaitable[bool]]] = {
    "ticket_number": _ticket_number,
    "ticket_digits": _ticket_digits,
    "safety_contact": _safety_contact,
    "praise_who": _praise_who,
    "rating": _rating,
    "advice": _advice,
}


async def not_understood(turn: Turn) -> None:
    """Nothing recognised: perhaps the open question makes sense of it, perhaps an article does."""
    handler = _VALUES.get(turn.pending.get("kind", ""))
    if handler and await handler(turn, turn.pending):
        return
    if not await faq.try_answer(turn):
        unclear.not_understood(turn)


async def correct(turn: Turn) -> None:
    """Outside a form: a name or phone of the customer is put right, also on the open ticket."""
    said = turn.heard.values
    right = {name: said[name] for name in ("name", "phone", "email", "wechat") if name in said}
    if not right:
        turn.say("utter_correct_what")
        return
    turn.set(**right)
    values = "、".join(f"{turn.company.fields[n].title} {v}" for n, v in right.items())
    await turn.stage("save_customer", {n: right.get(n) for n in ("name", "phone", "email")})
    if turn.slot("last_ticket"):
        await turn.stage("ticket_note", {"number": turn.slot("last_ticket"), "text": f"客户更正：{values}"})
    turn.say("utter_corrected_after", values=values)
    turn.ask("anything_else")


async def stop(turn: Turn) -> None:
    """Not now: the form is put aside at once, nothing is lost, nobody is pressed."""
    if not turn.form:
        await _no_to_nothing(turn, {})
        return
    name = turn.form
    fields = {f: turn.slot(f) for f in turn.company.fields if turn.slot(f)}
    turn.leave_form(park=True)
    turn.say("utter_stopped")
    turn.ask("keep_form")
    if fields.get("description"):
        await turn.stage("abandoned", {"form": name, "fields": fields})
