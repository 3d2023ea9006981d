"""What was written down of the matter just registered: read out, put right, added to, struck out, made another matter.

Whoever deals with it sees the change on the ticket itself, and in a note that tells what the customer said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.dates import spoken
from actions.forms import hours, start
from actions.forms.accounts import to_add
from actions.forms.corrections import corrections
from actions.forms.form import Form
from actions.forms.rechosen import rechosen
from actions.forms.revisions import revised
from actions.forms.start import form_of
from actions.forms.struck import struck
from actions.forms.values import retold
from actions.forms.volunteered import CONTACT_WAY, TO_COME, volunteered
from actions.heard import Json
from actions.talk import cases, faq
from actions.talk.described import described
from actions.turn import CUSTOMER_FIELDS, Turn
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import lookups
from zhtext.questions import is_question
from zhtext.values import ways

STORY = "description"
CHANGED_ANY_TIME = TO_COME | {CONTACT_WAY}
STILL_MISSING = "case_fields"
"""Our question for what a matter needs that the registered one was changed to."""


def form_in(turn: Turn) -> Form | None:
    """The matter spoken of as the form it was; None when nothing of it is known here."""
    registered = turn.before.registered or {}
    kind = str(registered.get("kind") or "")
    if kind not in turn.company.kinds:
        return None
    fields = dict(registered.get("fields") or {})
    return Form(form_of(kind), kind, turn.company, fields, turn.now, wording=turn.services.wording)


def is_near(turn: Turn) -> bool:
    """Whether the matter registered last is what is spoken of, or was until a rule of the shop was told."""
    return turn.before.topic == "ticket" or turn.before.topic.startswith("faq:")


# ---------------------------------------------------------------- read out


async def read_out(turn: Turn) -> None:
    """What was written down of the matter just registered, and when what comes of it (唱收唱付).

    A matter that was set aside was not submitted: that is said of it.
    """
    if _is_of_the_shop(turn) and await faq.answer_part(turn):
        return
    registered = turn.before.registered or {}
    if await _one_of_several(turn):
        return
    if (waiting := draft_meant(turn)) is not None:
        turn.say("utter_not_submitted")
        start.resume(turn, str(waiting["slots"].get("kind") or Kind.COMPLAINT))
        return
    if not registered and not turn.heard.values.get("ticket"):
        await _tell_or_nothing(turn)
        return
    ticket = await lookups.find_ticket(turn.services, turn.ref, str(registered.get("number") or ""))
    form = form_in(turn)
    if ticket is None or form is None or not form.known:
        await cases.tell(turn)
        return
    due = spoken(ticket.promised_at, turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": ticket.number, "status": ticket.status}
    facts: Json = {"number": ticket.number, "title": ticket.kind_title, "noted": form.summary(), "due": due}
    response = f"utter_case{cases.agreed(ticket)}" if ticket.promised_at else "utter_case_recorded"
    turn.say(response, custom=custom, owner=ticket.owner_name, when=ticket.callback_time, **facts)
    turn.change(about={"kind": "ticket"})
    turn.ask("anything_else")


async def _one_of_several(turn: Turn) -> bool:
    """Whether all matters of this customer, or another one than the last, was asked after, and told.

    What was withdrawn is told as withdrawn; one that was set aside is none of them.
    """
    if turn.heard.values.get("ticket") or turn.frame.suspended:
        return False
    every = [
        *await lookups.open_tickets(turn.services, turn.ref),
        *await lookups.withdrawn_tickets(turn.services, turn.ref),
    ]
    named = described(turn)
    found = named.among(every)
    if named and every and not found:
        cases.not_found(turn, cases.CHECK, named, every)
        return True
    spoken_of = next((one for one in every if one.number == (turn.before.registered or {}).get("number")), None)
    is_last = spoken_of is not None and spoken_of.status != cases.WITHDRAWN and (not named or spoken_of in found)
    asks_all = turn.company.sayings.asks_all.search(turn.heard.plain) is not None and not named
    if not every or (is_last and not (asks_all and len(every) > 1)):
        return False
    turn.say("utter_cases_listed", listed=cases.listed(turn, found))
    turn.ask("anything_else")
    return True


def draft_meant(turn: Turn) -> Mapping[str, Any] | None:
    """The matter set aside that is spoken of: the one that is named, else the last where none was registered."""
    kind = str((turn.before.registered or {}).get("kind") or "")
    if not turn.frame.suspended or _is_named(turn, kind):
        return None
    named = [one for one in turn.frame.suspended if _is_named(turn, str(one["slots"].get("kind") or ""))]
    return next(reversed(named), None) or (None if kind else turn.frame.suspended[-1])


def _is_named(turn: Turn, kind: str) -> bool:
    spec = turn.company.kinds.get(kind)
    agreed = kind in (Kind.REPAIR, Kind.INSTALLATION) and turn.company.sayings.of_worker.search(turn.heard.plain)
    return spec is not None and bool(agreed or any(word in turn.heard.plain for word in (spec.title, *spec.called)))


def draft_of(turn: Turn, waiting: Mapping[str, Any]) -> Form:
    """A matter that was set aside, as the form it was."""
    kind = str(waiting["slots"].get("kind") or Kind.COMPLAINT)
    known = {name: turn.slot(name) for name in CUSTOMER_FIELDS if turn.slot(name)}
    told = {name: value for name, value in waiting["slots"].items() if name in turn.company.fields}
    return Form(form_of(kind), kind, turn.company, {**known, **told}, turn.now, wording=turn.services.wording)


async def agreed(turn: Turn) -> None:
    """When somebody comes or calls, and what our own hour beside it means."""
    number = (turn.before.registered or {}).get("number")
    ticket = await lookups.find_ticket(turn.services, turn.ref, str(number)) if number else None
    if ticket is None or not cases.agreed(ticket) or draft_meant(turn) is not None:
        await read_out(turn)
        return
    due, when = spoken(ticket.promised_at, turn.company.profile.zone), ticket.visit_time or ticket.callback_time
    custom = {"kind": "ticket_status", "number": ticket.number, "status": ticket.status}
    turn.say(f"utter_agreed{cases.agreed(ticket)}", custom=custom, number=ticket.number, when=when, due=due)
    turn.change(about={"kind": "ticket"})
    turn.ask("anything_else")


def _is_of_the_shop(turn: Turn) -> bool:
    """A question any customer may ask, beside a matter that was registered: 「积分能抵钱吗」."""
    sayings, plain = turn.company.sayings, turn.heard.plain
    is_asked = turn.reading.says("ask") or turn.reading.sounds_asked
    if "visit_time" in ((turn.before.registered or {}).get("fields") or {}) and sayings.asks_visit.search(plain):
        return False
    return is_asked and not turn.asks_record and not sayings.promised.search(plain)


async def _tell_or_nothing(turn: Turn) -> None:
    """How far their matters are; that there is none, where there is none."""
    if await lookups.open_tickets(turn.services, turn.ref):
        await cases.tell(turn)
        return
    turn.say("utter_nothing_registered")
    turn.ask("anything_else")


# ---------------------------------------------------------------- put right, added to, struck out


async def change(turn: Turn) -> None:
    """「后天不在家，换大后天下午」: what was registered is put right, and whoever deals with it sees it."""
    form = form_in(turn)
    if form is None:
        await cases.tell(turn)
        return
    told = volunteered(form, turn.heard)
    agreed_upon = (
        told if turn.pending.get("kind") == STILL_MISSING else {n: v for n, v in told.items() if n in CHANGED_ANY_TIME}
    )
    put_right = corrections(form, turn.heard, turn.reading.words) or revised(form, turn.heard).values
    values = {**agreed_upon, **put_right}
    if not values and turn.heard.is_press:
        turn.say("utter_correct_what")
        turn.ask("anything_else")
        return
    if not values:
        await add(turn)  # what no field holds is not lost: whoever deals with it reads it
        return
    said = "、".join(f"{form.spec(name).title} {form.shown(name, value)}" for name, value in values.items())
    if (account := retold(form, values)) != str(form.known.get(STORY) or ""):
        values = {**values, STORY: account}
    await _amend(turn, form, values, f"客户更正：{said}")
    await turn.stage("save_customer", {name: values.get(name) for name in CUSTOMER_FIELDS[:3]})
    turn.set(**{name: value for name, value in values.items() if name in CUSTOMER_FIELDS})
    turn.say("utter_corrected_after", values=said)
    if turn.pending.get("kind") == STILL_MISSING:
        _ask_on(turn, form)
    else:
        turn.ask("anything_else")


async def change_hours(turn: Turn) -> None:
    """「下午四点以后打」 after something was registered: when to call for it."""
    form = form_in(turn)
    if form is None:
        return
    words = hours.told(form, turn.heard)
    await _amend(turn, form, {hours.CALL_HOURS: words}, f"客户更正：{form.spec(hours.CALL_HOURS).title} {words}")
    turn.say("utter_hours_changed", number=_number(turn), hours=words)
    turn.ask("anything_else")


async def change_way(turn: Turn) -> None:
    """「别打电话，发短信」 outside a form: it holds for what is registered and for whatever will be."""
    told = ways.read(hours.without(turn.company, turn.heard.text))
    way = ways.renewed(turn.slot(CONTACT_WAY), str(told))
    turn.set(contact_way=way)
    form = form_in(turn)
    if form is not None and is_near(turn):
        await _amend(
            turn, form, {CONTACT_WAY: way}, f"客户更正：{form.spec(CONTACT_WAY).title} {form.shown(CONTACT_WAY, way)}"
        )
        turn.say("utter_way_changed", number=_number(turn))
        turn.ask("anything_else")
    elif turn.pending:
        turn.say("utter_way_noted")
        turn.leave_asked()
    else:
        turn.say("utter_way_noted_first")
        turn.ask("open")


async def add(turn: Turn) -> None:
    """「再补一条，水箱底下还渗水」: whoever deals with the matter just registered finds it there."""
    form = form_in(turn)
    more = to_add(turn.heard, turn.company) or _asked_before(turn)
    if not more and is_question(turn.heard.plain):
        await read_out(turn)
        return
    if not more:
        turn.say("utter_anything_else")  # 「知道了」 is nothing to be written down
        turn.ask("anything_else")
        return
    told = str((form.known.get(STORY) if form else "") or "")
    values = {STORY: f"{told}；{more}"} if form and isinstance(form.known.get(STORY), str) else {}
    await _amend(turn, form, values, f"客户补充：{more}")
    turn.say("utter_added_to_case", number=_number(turn), more=more)
    turn.ask("anything_else")


def _asked_before(turn: Turn) -> str:
    """「不用转，你记下来」: the question that we could not answer, where a person or a call was offered for it."""
    is_offered = turn.pending.get("kind") in ("offer_human", "offer_callback")
    return str(turn.pending.get("told") or "") if is_offered else ""


async def strike(turn: Turn) -> None:
    """「把「他骂我」那句去掉」: taken out of what was registered, and what stands there now is told."""
    form = form_in(turn)
    found = struck(form, turn.heard) if form else None
    if form is None or found is None or not found.rest:
        turn.say("utter_strike_what", noted=form.summary() if form else "")
        turn.ask("anything_else")
        return
    await _amend(turn, form, {found.field: found.rest}, f"客户要求删去：{found.words}")
    turn.say("utter_struck", words=found.words, line=form.line(found.field, found.rest))
    turn.ask("anything_else")


# ---------------------------------------------------------------- another matter


async def change_kind(turn: Turn) -> None:
    """「算了，不退了，换一台吧」 after a return was registered: the same case is an exchange from now on."""
    form = form_in(turn)
    kind = rechosen(turn.company, form.kind, turn.heard.text) if form else None
    if form is None or kind is None:
        await change(turn)
        return
    old, new = form.company.kinds[form.kind].title, form.company.kinds[kind].title
    form.kind = kind
    said = turn.heard.text.strip()
    result = await _amend(turn, form, volunteered(form, turn.heard), f"客户要求由{old}改为{new}：{said}", kind=kind)
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    turn.say("utter_kind_changed", number=_number(turn), old=old, title=new, due=due)
    _ask_on(turn, form)


def _ask_on(turn: Turn, form: Form) -> None:
    """What the matter needs and does not have yet, if it was changed; else what else is needed."""
    missing = form.company.missing_fields(form.kind, form.known)
    if not missing:
        turn.ask("anything_else")
        return
    turn.say("utter_case_needs", needed="、".join(form.spec(name).title for name in missing))
    turn.ask(STILL_MISSING)


async def _amend(turn: Turn, form: Form | None, values: Json, note: str, **more: Json | str) -> Json:
    """The ticket has these values from now on, and a note that tells so; so has the frame."""
    result = await turn.stage("ticket_note", {"number": _number(turn), "text": note, "fields": values, **more})
    if form is not None:
        form.known.update(values)
        registered = {**(turn.before.registered or {}), "kind": form.kind, **form.as_told()}
        turn.change(registered=registered, about={"kind": "ticket"})
    return result


def _number(turn: Turn) -> str:
    return str((turn.before.registered or {}).get("number"))
