"""A yes, a no, a choice, a value: it means what the open question makes of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from actions.clauses import pieces
from actions.decide import bounds
from actions.decide.reading import ACT_OF_INTENT
from actions.forms import start
from actions.forms.accounts import account
from actions.heard import Json
from actions.talk import (
    cases,
    closing,
    complaint,
    drafts,
    faq,
    feelings,
    handoff,
    matters,
    mistaken,
    named,
    orders,
    own_orders,
    products,
    registered,
    safety,
    unclear,
)
from actions.turn import Handler, Turn
from helpdesk.model.ticket import Kind
from zhtext import normalise, ordinal
from zhtext.questions import is_question


async def affirm(turn: Turn) -> None:
    """Yes to what was asked last."""
    if turn.pending.get("after") in (faq.FAQ, faq.AGAIN) and turn.company.care.is_helped(turn.heard.plain):
        await faq.rate_answer(turn, helpful=True)
        return
    await _YES.get(str(turn.pending.get("kind") or ""), _yes_to_nothing)(turn)


async def deny(turn: Turn) -> None:
    """No to what was asked last."""
    kind = str(turn.pending.get("kind") or "")
    takes_leave = turn.reading.says("thank", "bye") or "谢" in turn.heard.plain
    await _NO.get(kind, closing.farewell if takes_leave and not turn.form else _no_to_nothing)(turn)


async def _yes_to_nothing(turn: Turn) -> None:
    turn.say("utter_go_on")


async def _no_to_nothing(turn: Turn) -> None:
    """No further wish: asked once whether that was all."""
    turn.say("utter_anything_else")
    turn.ask("anything_else")


async def _what_else(turn: Turn) -> None:
    """A yes to "anything else?": go on, please; 「好」 after an answer only takes note of it."""
    if turn.pending.get("after") in (faq.FAQ, faq.AGAIN) and not turn.reading.says("resume"):
        turn.say("utter_anything_else")
        turn.ask("anything_else")
    else:
        turn.say("utter_what_else")
        turn.leave_asked()


async def _to_person(turn: Turn) -> None:
    await handoff.hand_over(turn, reason=str(turn.pending.get("reason") or "offered"))


async def _no_person(turn: Turn) -> None:
    turn.change(failures=0)
    turn.say("utter_no_person_in_form" if turn.form else "utter_no_person")
    if turn.form:
        from actions.forms import flow, questions

        form, asked = flow.under_way(turn)
        questions.ask_again(turn, form, asked)


async def _resume(turn: Turn) -> None:
    if not start.resume(turn):
        await _yes_to_nothing(turn)


async def _no_call(turn: Turn) -> None:
    """「我问的是双十二」 says no to nothing: we still know no more than that."""
    if turn.company.sayings.asks_again.search(turn.heard.plain):
        faq.nothing_more(turn)
    else:
        await _take_leave(turn)


async def drop(turn: Turn) -> None:
    """What waited is no longer wanted."""
    _, turn.decided.frame = turn.frame.popping()
    turn.say("utter_dropped")
    turn.ask("anything_else")


async def _kept(turn: Turn) -> None:
    turn.say("utter_kept")
    turn.ask("anything_else")


async def none_of_these(turn: Turn) -> None:
    """None of what was listed fits, or nothing more is needed: 「先不用，没啥了，谢谢」."""
    if _closes(turn):
        await _take_leave(turn)
    else:
        await faq.none_of_these(turn)


async def number_later(turn: Turn) -> None:
    """「知道了」 where a number was asked for: it can be told whenever it is found."""
    if turn.reading.says("thank") or "谢" in turn.heard.plain:
        await closing.thank(turn)
        return
    turn.say("utter_number_later")
    turn.leave_asked()


def _closes(turn: Turn) -> bool:
    """Whether one of the clauses says that nothing more is needed."""
    closes = turn.company.sayings.closes
    return not turn.heard.is_press and any(closes.search(normalise(one)) for one in pieces(turn.heard.text))


async def _take_leave(turn: Turn) -> None:
    """Nothing more of this: farewell to whoever thanks, else what else is needed is asked."""
    is_farewell = turn.reading.says("thank", "bye") or "谢" in turn.heard.plain
    await (closing.farewell if is_farewell else _no_to_nothing)(turn)


_YES: dict[str, Handler] = {
    "anything_else": _what_else,
    "offer_human": _to_person,
    "resume_form": _resume,
    "keep_form": _kept,
    "offer_service": matters.offered,
    "offer_hurry": orders.hurry,
    "offer_complaint": complaint.file,
    "withdraw": cases.do_withdraw,
    "offer_callback": matters.pick,
    "satisfied": cases.satisfied,
    "advice": _what_else,
    mistaken.WHICH: mistaken.chosen,
}
_NO: dict[str, Handler] = {
    "anything_else": closing.farewell,
    "offer_human": _no_person,
    "offer_callback": _no_call,
    "offer_hurry": closing.farewell,
    "resume_form": drop,
    "keep_form": drop,
    "withdraw": cases.keep,
    "satisfied": cases.not_satisfied,
    mistaken.WHICH: mistaken.kept,
    "faq_suggestions": none_of_these,
}

# ---------------------------------------------------------------- choices


async def choose(turn: Turn) -> None:
    """「第二个」: the choice that stood there, as if it had been pressed."""
    chosen = _chosen(turn)
    if chosen is None:
        unclear.not_understood(turn)
        return
    picked = _pressed(turn, chosen)
    if picked.heard.intent == "ask_faq":
        await faq.answer(picked)
    elif turn.pending.get("kind") == "ticket_choice":
        await cases.given(picked)
    elif "order" in picked.heard.values:
        await orders.tell(picked, str(picked.heard.values["order"]))
    else:
        await products.advise(picked)


def as_pressed(turn: Turn) -> Turn:
    """「第三类」, 「最上面那项」 where a form has listed what may be meant: as if that one had been pressed."""
    spec = turn.company.fields.get(turn.before.form or "")
    is_listed = turn.form is not None and spec is not None and spec.kind in LISTED
    if not is_listed or turn.heard.is_press or len(turn.heard.plain) > LONGEST_PICK:
        return turn
    number = ordinal(turn.heard.plain, len(turn.before.choices))
    return _pressed(turn, turn.before.choices[number - 1]) if number else turn


LISTED = ("category", "choice")
"""Kinds of field whose values are listed."""
LONGEST_PICK = 10
"""Characters of words that only point at one of a list."""


def _pressed(turn: Turn, choice: Mapping[str, Any]) -> Turn:
    """The same turn as if a choice had been pressed."""
    intent, entities = _payload(choice)
    heard = replace(turn.heard, text="", intent=intent, entities=entities, clauses=())
    for made in ("values", "plain", "made"):
        heard.__dict__.pop(made, None)
    act = ACT_OF_INTENT.get(intent)
    reading = replace(turn.reading, acts={act: 1.0} if act else {}, intent=intent, values=heard.values, is_press=True)
    return turn.hearing(heard, reading)


def _chosen(turn: Turn) -> Mapping[str, Any] | None:
    choices = turn.before.choices
    number = ordinal(turn.heard.plain, len(choices))
    if number is not None:
        return choices[number - 1]
    return next((one for one in choices if turn.heard.plain.strip(" ,。.!?") in str(one["title"])), None)


def _payload(choice: Mapping[str, Any]) -> tuple[str, tuple[Json, ...]]:
    intent, brace, rest = str(choice["payload"]).removeprefix("/").partition("{")
    entities = json.loads(brace + rest) if brace else {}
    return intent, tuple({"entity": name, "value": value} for name, value in entities.items())


# ---------------------------------------------------------------- values


async def value(turn: Turn) -> None:
    """The value that was asked for."""
    await _VALUES[str(turn.pending["kind"])](turn)


async def not_helped(turn: Turn) -> None:
    """What we said was no help: an answer is rated so, and a person is offered."""
    if turn.pending.get("after") in (faq.FAQ, faq.AGAIN):
        await faq.rate_answer(turn, helpful=False)
        return
    unclear.fail(turn)
    unclear.offer_person(turn)


async def no_value(turn: Turn) -> None:
    """The number that was asked for cannot be told: we find a matter by phone and surname, a person does an order."""
    open_ = turn.pending
    if _closes(turn):
        await _take_leave(turn)
        return
    if open_["kind"] == "ticket_number" and not open_.get("tried"):
        turn.say("utter_ticket_by_contact")
        turn.ask("ticket_number", purpose=open_.get("purpose"), tried=True)
        return
    if open_.get("purpose") == "hurry":
        own_orders.hurry_by_phone(turn, str(open_.get("told") or turn.heard.text.strip()))
        return
    turn.say("utter_no_number")
    turn.ask("offer_human", told=open_.get("told"))


_VALUES: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "ticket_number": cases.given,
    "ticket_digits": cases.given,
    "order_number": orders.given,
    "order_digits": orders.digits_given,
    "safety_contact": safety.add_contact,
    "draft_phone": drafts.by_phone,
    "dispute_reason": cases.reason,
    "case_fields": registered.change,
    "praise_who": feelings.praised_person,
}


async def values(turn: Turn) -> None:
    """A value nobody asked for: read back, and what it is usually said for is offered."""
    said = turn.heard.values
    kept: Json = {name: said[name] for name in ("name", "phone", "email", "wechat") if name in said}
    turn.set(**kept)
    if "ticket" in said:
        await cases.tell(turn)
    elif "order" in said:
        await orders.tell(turn, str(said["order"]))
    elif "phone" not in kept and _tells_of_wrong(turn):
        await matters.check_complaint(turn)
    elif "phone" in kept and account(turn.heard, turn.company):
        turn.say("utter_offer_registered")
        orders.begin(turn, Kind.CALLBACK, {"description": turn.heard.text.strip()})
    elif kept:
        await turn.stage("save_customer", {n: kept.get(n) for n in ("name", "phone", "email")})
        _read_back(turn, "、".join(str(v) for v in kept.values()))
    elif "product" in said:
        await _product_named(turn, str(said["product"]))
    elif "place" in said:
        turn.say("utter_place_what", place=said["place"])
        turn.ask("open", place=said["place"])
    elif waybill := orders.waybill_in(turn):
        await orders.tell_waybill(turn, waybill)
    elif not await faq.try_answer(turn):
        unclear.not_understood(turn)


def _read_back(turn: Turn, told: str) -> None:
    """Values as they were heard; where it was just asked what a place is for, that is still to be told."""
    if place := turn.pending.get("place"):
        turn.say("utter_place_and", values=told, place=place)
        turn.leave_asked()
    else:
        turn.say("utter_value_kept", values=told)


def _tells_of_wrong(turn: Turn) -> bool:
    """「硬多收我80块搬运费，这叫什么事」: a sum or a thing is named in what went wrong."""
    sayings, plain = turn.company.sayings, turn.heard.plain
    asks = is_question(plain) and sayings.asks_why.search(plain) is None
    return not asks and bool(turn.company.complaints.find(plain)) and account(turn.heard, turn.company) is not None


async def _product_named(turn: Turn, product: str) -> None:
    """A thing of ours: what is asked about it is answered, else what is wanted with it is asked."""
    if turn.pending.get("kind") == "advice":
        await products.advise(turn)
    elif not await _asks_about_product(turn):
        turn.set(product=product)
        turn.say("utter_product_what", product=product)


async def _asks_about_product(turn: Turn) -> bool:
    """A thing is named in a question: of the catalogue, or of the shop's rules."""
    is_answered = is_question(turn.heard.plain) and await products.answered(turn)
    return is_answered or await faq.try_answer(turn)


async def correct(turn: Turn) -> None:
    """Outside a form: what we misread is answered, or a name or phone of the customer is put right."""
    said = turn.heard.values
    right = {name: said[name] for name in ("name", "phone", "email", "wechat") if name in said}
    if not right and await faq.try_answer(turn):
        return
    if not right and turn.before.topic.startswith("faq:"):
        faq.nothing_more(turn)
        return
    if not right and unclear.fail(turn) >= bounds.OFFER_PERSON_AFTER:
        unclear.offer_person(turn)
        return
    if not right:
        turn.say("utter_correct_what")
        return
    if not turn.before.registered:
        await values(turn)
        return
    turn.set(**right)
    told = "、".join(f"{turn.company.fields[n].title} {v}" for n, v in right.items())
    await turn.stage("save_customer", {n: right.get(n) for n in ("name", "phone", "email")})
    await turn.stage("ticket_note", {"number": turn.before.registered["number"], "text": f"客户更正：{told}"})
    turn.say("utter_corrected_after", values=told)
    turn.ask("anything_else")


async def denied(turn: Turn) -> None:
    """Only that something is not wanted: it is not done, and what is wanted is asked."""
    if await faq.answer_part(turn):
        return
    if is_question(turn.heard.plain):
        await faq.unanswered(turn)
        return
    if turn.reading.denies("cancel_order") and (order := turn.slot("order")):
        turn.say("utter_order_kept", order=order)
    else:
        turn.say("utter_not_done")
    turn.ask("anything_else")


async def _goes_on_about_product(turn: Turn) -> bool:
    goes_on = is_question(turn.heard.plain) or named.names_one(turn)
    return turn.before.about.get("kind") == "product" and goes_on and await products.answered(turn)


async def _goes_on_about_order(turn: Turn) -> bool:
    """「当时用的微信」 after the order was told: something of it, which a person can look at."""
    tells = turn.reading.intent == "inform" and not is_question(turn.heard.plain)
    return tells and await orders.tell_more(turn)


async def out_of_scope(turn: Turn) -> None:
    """Declined in one sentence; whatever an article is sure of is none of it."""
    if await _goes_on_about_product(turn) or await faq.answer_part(turn):
        return
    if faq.is_of_a_matter(turn) and is_question(turn.heard.plain):
        await faq.unanswered(turn)  # nothing is foreign that is asked about one's own matter
        return
    if unclear.fail(turn) >= bounds.OFFER_PERSON_AFTER:
        unclear.offer_person(turn)
        return
    turn.say("utter_out_of_scope")
    turn.ask("anything_else")


async def not_understood(turn: Turn) -> None:
    """Nothing recognised: perhaps it goes on about a product, or an article makes sense of it."""
    goes_on = await _goes_on_about_product(turn) or await _goes_on_about_order(turn)
    if not goes_on and not await faq.try_answer(turn):
        await faq.unanswered(turn)


async def take_time(turn: Turn) -> None:
    """Later, or a moment: nobody is pressed."""
    turn.say("utter_put_off" if turn.frame.suspended else "utter_take_time_talk")


async def grumble(turn: Turn) -> None:
    """What is complained of in passing is taken seriously, once, and the two ways on are named."""
    if await faq.answer_part(turn):
        return
    await feelings.anger(turn)


async def offer_person(turn: Turn) -> None:
    """Who finds it hard to write is offered a person or a call, once and unasked (A6)."""
    turn.note("help")
    turn.say("utter_gentle_help")
    turn.ask("offer_human", reason="needs_help")
