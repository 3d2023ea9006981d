"""A matter that is wanted: opened, put in another's place, or taken up after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from actions.clauses import denies, spans
from actions.decide import bounds
from actions.decide.reading import ACT_OF_INTENT, MATTERS
from actions.forms import start, submit
from actions.forms.accounts import account
from actions.forms.answers import named_choices
from actions.forms.flow import asked_for, recalled
from actions.forms.form import Form
from actions.forms.volunteered import volunteered
from actions.heard import Heard, Json
from actions.talk import complaint, faq, orders, own_orders, warranty
from actions.talk.handoff import open_service
from actions.turn import Turn
from helpdesk.model.ticket import Kind
from zhtext import normalise

DATA_ACTION = "data_action"
LONGEST_QUOTED = 60
ASKS_ON = frozenset({"utter_suggestion_recorded", "utter_praise_recorded"})
"""They end with the question what else is needed."""


async def wanted(turn: Turn) -> None:
    """The matter the message wants; a press may name another kind (a data request)."""
    if turn.reading.is_press and (kind := turn.heard.values.get("kind")):
        await open_service(turn, str(kind))
        return
    await _tell_old_case(turn)
    first = "callback" if turn.reading.is_press and turn.reading.says("callback") else str(turn.reading.wanted)
    await open_by_act(turn, first)
    _remember_second(turn, first)


def _remember_second(turn: Turn, first: str) -> None:
    """Another matter in a clause of its own comes after this one; a clause that says no to one wishes for none."""
    others = [(part, ACT_OF_INTENT.get(part["intent"])) for part in turn.heard.clauses if not denies(part["text"])]
    second = next(((part, act) for part, act in others if act in MATTERS and act != first), None)
    if turn.form and second:
        part, act = second
        turn.change(next={**asked_for(turn, str(act)), "text": part["text"]})
        turn.say("utter_next_later")


async def _tell_old_case(turn: Turn) -> None:
    """「别换了，直接退」 right after an exchange was registered: whoever deals with that one learns it."""
    registered = turn.before.registered or {}
    if turn.reading.denies_matter(registered.get("kind")) and turn.before.topic == "ticket":
        await turn.stage("ticket_note", {"number": registered["number"], "text": turn.heard.text.strip()})


async def data_request(turn: Turn) -> None:
    """「把我的信息都删了」: registered for whoever answers for personal data, with what is wished for.

    Of several things (「先查，再全部删掉」) the first is the action, and the words stand beside it.
    """
    named = named_choices(turn.company.fields[DATA_ACTION], turn.heard.plain)
    wished = [one for one in (*named[:1], turn.company.sayings.data_wish(turn.heard.plain)) if one]
    known = {DATA_ACTION: wished[0]} if wished else {}
    await open_service(turn, Kind.DATA_REQUEST, {**known, "description": turn.heard.text.strip()})
    _remember_second(turn, "")


async def open_by_act(turn: Turn, act: str) -> None:
    """The form of what an act wants, as the state of the order allows."""
    opener = OPENERS.get(act)
    if opener:
        await opener(turn)
    else:
        await open_service(turn, MATTERS[act])


async def repair(turn: Turn) -> None:
    """Somebody is to come and mend, whatever else was registered."""
    await open_by_act(turn, "repair")


UNDELIVERED = frozenset({"unpaid", "paid", "picking", "shipped"})
"""States of an order of which no money is owed back yet: 「不发就退款」 wants it stopped."""


async def refund(turn: Turn) -> None:
    """A return; money that is owed back and has not come is looked after instead."""
    from actions.talk import cases

    is_kept = turn.before.topic == "order" and turn.before.about.get("state") in UNDELIVERED
    if "refund_due" in turn.reading.shades and not is_kept:
        await cases.hurry(turn)
    else:
        await orders.refund(turn)


async def call_back(turn: Turn) -> None:
    """A call, about what was spoken of just now unless the message says what about: nothing is asked again."""
    told = None if _says_about(turn) else _spoken_of(turn)
    await open_service(turn, Kind.CALLBACK, {"description": told} if told else None)


def _says_about(turn: Turn) -> bool:
    """Whether the message itself tells what the call is about: more than who, which number and when."""
    text = turn.heard.text
    for entity in ("time", "name"):
        text = text.replace(turn.heard.words_for(entity) or "\n", "")
    return account(replace(turn.heard, text=text, entities=turn.heard.entities), turn.company) is not None


def _spoken_of(turn: Turn) -> str | None:
    """The question we could not answer, the matter set aside, or the one registered last."""
    waiting = (str(one["slots"].get("description") or "") for one in reversed(turn.frame.suspended))
    registered = turn.before.registered or {}
    kind = turn.company.kinds.get(str(registered.get("kind")))
    case = f"关于登记 {registered['number']}（{kind.title}）" if kind and turn.before.topic == "ticket" else ""
    asked = turn.pending.get("told") or turn.pending.get("text")
    return str(asked or "") or next(waiting, "") or case or None


OPENERS: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "callback": call_back,
    "complain": complaint.file,
    "refund": refund,
    "change_order": orders.change,
    "cancel_order": orders.cancel,
}


async def pick(turn: Turn) -> None:
    """One of the ways beside a person, named in words, with what was told already."""
    if turn.pending.get("way"):
        await complaint.file(turn)
        return
    await _call_about(turn, turn.pending.get("told"))


async def reach(turn: Turn) -> None:
    """「怎么告诉我，又没留电话」: a call about what nobody could answer; of these words only the values are kept."""
    told, heard = _spoken_of(turn), turn.heard
    for begin, end in spans(turn.heard.text):
        if told and not any(begin <= int(one.get("start") or 0) < end for one in turn.heard.entities):
            heard = heard.blanked(begin, end)
    await _call_about(turn.hearing(heard), told)


async def _call_about(turn: Turn, told: str | None) -> None:
    """A call, about what was asked before where something was."""
    if told is None:
        await open_service(turn, Kind.CALLBACK)
        return
    turn.say("utter_offer_registered")
    orders.begin(turn, Kind.CALLBACK, {"description": told})


async def take_offer(turn: Turn) -> None:
    """What an answer of ours offered: registered, or the order hurried, with what was told before."""
    offered = turn.pending
    is_call = offered.get("offers") == Kind.CALLBACK
    told = str(offered.get("told") or "") if is_call else own_orders.told_so_far(turn)
    if turn.before.looked_for or offered.get("offers", offered.get("otherwise")) == Kind.CALLBACK:
        turn.say("utter_offer_registered")
        orders.begin(turn, Kind.CALLBACK, {"description": told})
    elif offered.get("act"):
        turn.set(description=told)
        await open_by_act(turn, str(offered["act"]))
    elif offered["offers"] != faq.HURRY:
        kind = str(offered["offers"])
        await open_service(turn, kind, told_before(turn, kind, str(offered.get("told") or "")))
    elif turn.heard.values.get("order"):
        await orders.hurry(turn)
    else:
        own_orders.hurry_by_phone(turn, told)


async def write_down(turn: Turn) -> None:
    """「那你记下来吧」: what was told before is registered, as the matter it was told of."""
    told = turn.frame.told_of()
    act = next((str(one["act"]) for one in reversed(turn.frame.told) if one.get("act")), "") or _matter_in(turn, told)
    await open_by_act(turn, act)


def _matter_in(turn: Turn, told: tuple[str, ...]) -> str:
    """A fault of a thing is mended, whatever else went wrong is looked into."""
    plain = normalise("，".join(told))
    found = turn.company.complaints.find(plain)
    is_fault = any(one.get("product") for one in turn.frame.told) and (not found or found[0] == "quality")
    return "repair" if is_fault else "complain"


async def check(turn: Turn) -> None:
    """Not sure enough to begin: what was understood is said, and a yes begins it with everything that was told."""
    _check(turn, str(turn.reading.wanted))


async def check_repair(turn: Turn) -> None:
    """Something is broken, and nothing is said of what is wanted: a repair is offered."""
    _check(turn, "repair")


async def covered(turn: Turn) -> None:
    """Whether it is still covered, and then a repair, for it is broken."""
    warranty.told(turn)
    _check(turn, "repair")


async def check_complaint(turn: Turn) -> None:
    """Something went wrong and nothing is said of what is wanted: to look into it is offered."""
    _check(turn, "complain")


def _check(turn: Turn, act: str) -> None:
    kind = MATTERS[act]
    response = CHECKED_BY.get(kind, "utter_check_matter")
    told = turn.heard.text.strip()[:LONGEST_QUOTED]
    turn.say(response, title=turn.company.kinds[kind].title, told=told)
    turn.ask("offer_service", service=kind, **asked_for(turn, act))


async def tell_on(turn: Turn) -> None:
    """More of what was offered to be registered: it belongs to what a yes begins with."""
    offered = dict(turn.pending)
    kind = str(offered["service"])
    more = asked_for(turn, str(offered["act"]))
    told = f"{offered['text']}，{more['text']}"
    turn.say("utter_told_on", title=turn.company.kinds[kind].title)
    turn.ask(
        "offer_service",
        service=kind,
        act=offered["act"],
        text=told,
        entities=[*(offered.get("entities") or ()), *more["entities"]],
    )


CHECKED_BY: dict[str, str] = {Kind.REPAIR: "utter_sorry_broken", Kind.COMPLAINT: "utter_check_complaint"}
"""Matters that are asked about with a word of regret."""


async def offered(turn: Turn) -> None:
    """Yes to a service that was offered."""
    request = turn.pending
    if not turn.heard.is_press and turn.heard.values:
        turn.decided.frame = turn.frame.saying(turn.heard.text, turn.heard.entities)  # 「好，友好北路，周六上午」
    if not turn.heard.is_press and (told := account(turn.heard, turn.company)):
        turn.decided.frame = turn.frame.telling(told, str(turn.heard.values.get("product") or ""), "")
    if request.get("act"):
        await open_by_act(recalled(turn, dict(request)), str(request["act"]))
    else:
        await open_service(turn, str(request["service"]))


async def switch(turn: Turn) -> None:
    """「不修了要退」: another matter in the place of the one under way; a complaint is kept all the same."""
    if turn.before.kind == Kind.COMPLAINT and "wrong_matter" not in turn.reading.shades:
        told = {name: turn.slot(name) for name in start.SHARED_FIELDS if turn.slot(name)}
        start.put_aside(turn)
    else:
        told = start.give_up(turn)
    turn.set(**told)
    act = next(a for a in turn.reading.acts if MATTERS.get(a) not in (None, turn.before.kind) and turn.reading.says(a))
    await open_by_act(turn, act)
    if turn.form:
        kept = {name: value for name, value in told.items() if not turn.slot(name)}
        turn.set(**kept)


async def compensate(turn: Turn) -> None:
    """A loss is to be made good: a rule if one was asked for, else it is looked into; nothing is sent back for it."""
    if await faq.answer_part(turn):
        return
    if turn.reading.acts["compensate"] >= bounds.OPEN:
        await open_by_act(turn, "complain")
    else:
        _check(turn, "complain")


async def price_protection(turn: Turn) -> None:
    """A lower price is claimed: its own matter, with every price that was told, also in the question before."""
    told = str(turn.pending.get("told") or "") if turn.pending.get("offers") == Kind.PRICE_PROTECTION else ""
    await open_service(turn, Kind.PRICE_PROTECTION, told_before(turn, Kind.PRICE_PROTECTION, told) if told else None)


def told_before(turn: Turn, kind: str, told: str) -> Json:
    """What was told before the matter began: the account, and the values that its form reads in it."""
    form = Form(start.form_of(kind), kind, turn.company, {}, turn.now)
    return {"description": told, **volunteered(form, Heard(told, "inform", facts=turn.facts))}


async def submit_form(turn: Turn) -> None:
    """The form was confirmed: open the ticket; then the second of two wishes, or what gave way to this one."""
    kind = str(turn.slot("kind") or Kind.COMPLAINT)
    await submit.submit(turn)
    request = turn.frame.next
    if request and MATTERS.get(str(request["act"])) == kind:
        turn.change(next=None)  # it was changed to meanwhile, and is done
        request = None
    if request:
        turn.change(next=None)
        turn.say("utter_next_now")
        await open_by_act(recalled(turn, dict(request)), str(request["act"]))
    elif turn.frame.suspended:
        turn.say("utter_offer_put_aside", title=start.suspended_title(turn))
        turn.ask("resume_form")
    else:
        if turn.decided.said[-1] not in ASKS_ON:
            turn.say("utter_more_after")
        turn.ask("anything_else")
