"""Danger: the instruction before everything, then a ticket of the same hour and a person, day and night."""

from __future__ import annotations

from dataclasses import replace

from actions.clauses import pieces
from actions.dates import spoken
from actions.decide import bounds
from actions.forms import flow, start
from actions.heard import Json
from actions.talk import faq, matters, usable
from actions.turn import Turn
from helpdesk.company import SafetyInstruction
from helpdesk.model.conversation import Priority
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import lookups

SAFETY_CATEGORY = "safety"
UNNAMED = "unnamed"
"""The danger of company/safety.yml for what was read as one and bears none of the signs."""


def danger_in(turn: Turn) -> str | None:
    """Which danger: by the company's words, else the one that what the reader alone heard is most like; None without
    any."""
    named = turn.company.safety.detect(turn.heard.plain)
    if named not in (None, UNNAMED):
        return named
    if named is None and max(turn.reading.acts.get(act, 0.0) for act in ("danger", "injury")) < bounds.DANGER:
        return None
    if turn.reading.says("injury"):
        return next((name for name, one in turn.company.safety.dangers.items() if one.is_injury), UNNAMED)
    return _likest(turn) if named or turn.reading.says("danger") else None


def is_guess(turn: Turn) -> bool:
    """Whether no sign of the company's tells of a danger: heard between the words, if at all."""
    return turn.company.safety.detect(turn.heard.plain) is None


def _likest(turn: Turn) -> str:
    """The danger that was told before, or the one that this was learnt to be; nobody is hurt by a likeness alone."""
    of = turn.company.safety.dangers.get(turn.reading.danger)
    return usable.danger_told(turn) or (turn.reading.danger if of and not of.is_injury else UNNAMED)


async def attend(turn: Turn) -> None:
    """Deal with a danger the message speaks of."""
    danger = danger_in(turn) or UNNAMED
    is_known = turn.noted(f"danger:{danger}")
    turn.note(f"danger:{danger}")
    turn.note("danger")
    turn.note("safety")
    number = (turn.before.registered or {}).get("number")
    if is_known and number:
        await _add(turn, str(number))
        return
    use = usable.safe_side(turn, danger) if usable.asking(turn) else ""
    turn.say("utter_safety", instruction=use + _instructions(turn, danger))
    result = await _register(turn, danger)
    _remember(turn, result)
    start.put_aside(turn)
    if not await _to_person(turn):
        _without_person(turn, result, "care" if turn.company.safety.dangers[danger].hand_over else "safety")


def _remember(turn: Turn, result: Json) -> None:
    """The matter that is spoken of from here on; what was told of it is told in whatever is registered next."""
    product = turn.heard.values.get("product") or turn.slot("product")
    if product:
        turn.note(f"{usable.DANGER_OF}{product}")
    turn.decided.frame = turn.frame.telling(turn.heard.text.strip())
    known = {**_known(turn), "category": SAFETY_CATEGORY, "description": turn.heard.text.strip()}
    of = {"number": result["number"], "kind": Kind.COMPLAINT, "fields": known, DANGER: True}
    turn.change(about={"kind": "ticket"}, registered=of)


async def safe_side(turn: Turn) -> None:
    """「还能不能用」 where something is wrong: not before it was looked at. What else is asked is answered, too."""
    danger = usable.danger_told(turn) or turn.company.safety.detect(turn.heard.plain)
    number = (turn.before.registered or {}).get("number")
    if number and turn.before.topic == "ticket":
        await turn.stage("ticket_note", {"number": number, "text": turn.heard.text.strip()})
    if danger is None and not turn.form:
        turn.decided.frame = turn.frame.telling(turn.heard.text.strip())
    turn.say("utter_not_before_looked_at", use=usable.safe_side(turn, danger))
    await _go_on(turn, is_told=bool(number) or danger is not None)


async def _go_on(turn: Turn, *, is_told: bool) -> None:
    """The rest of the message, then the question that was open; a fault nothing is done about yet can be mended."""
    rest = _rest(turn)
    answered = bool(rest) and await faq.answer_question(turn.hearing(replace(turn.heard, text=rest), turn.reading))
    if turn.form:
        flow.ask_on(turn, *flow.keep_beside(turn))
    elif turn.facts.get("queue") or answered:
        return
    elif turn.reading.is_sure:
        await matters.wanted(turn)
    elif turn.pending.get("kind") in (None, "open", "anything_else") and not is_told:
        await matters.check_repair(turn)
    else:
        turn.leave_asked()


def _rest(turn: Turn) -> str:
    """The message without the clauses that ask whether it may be used, and without mere 「咋办」."""
    asked = usable.asking(turn)
    return "，".join(one for one in pieces(turn.heard.text) if one not in asked and len(one) >= faq.REAL_QUESTION)


async def all_clear(turn: Turn) -> None:
    """There is no danger after all: said so to whoever was alarmed, and on with what was meant."""
    number = (turn.before.registered or {}).get("number")
    if number:
        await turn.stage("ticket_note", {"number": number, "text": turn.heard.text.strip()})
    leaves = bool(turn.facts.get("queue")) and turn.noted(IN_QUEUE)
    if leaves:
        await turn.stage("leave_queue", {})  # the queue itself asks what else can be done
    turn.say("utter_all_clear")
    kept = tuple(said for said in turn.frame.said_once if said not in ALARMS and not said.startswith("danger"))
    turn.change(said_once=kept)
    if turn.frame.suspended:
        start.resume(turn)
    elif not await faq.answer_question(turn) and not leaves:
        turn.say("utter_anything_else")
        turn.ask("anything_else")


DANGER = "danger"
"""How the frame marks the registered matter that is one."""
IN_QUEUE = "safety:queue"
ALARMS = frozenset({"danger", "safety", IN_QUEUE})


async def _add(turn: Turn, number: str) -> None:
    """The same danger once more: whoever is at it learns what is new; what to do was said, and is not pasted again."""
    await turn.stage("ticket_note", {"number": number, "text": turn.heard.text.strip()})
    if turn.facts.get("queue"):
        await turn.stage("raise_in_queue", {})
    of = _told(turn)
    turn.say("utter_safety_again", number=number, use=of.use + of.call)


def _told(turn: Turn) -> SafetyInstruction:
    """What to do in the danger that was told before."""
    return turn.company.safety.dangers[usable.danger_told(turn) or UNNAMED]


def _instructions(turn: Turn, danger: str) -> str:
    """What to do at once: of the gravest danger, and for who is hurt by it."""
    dangers = turn.company.safety.dangers
    spoken_of = [danger, *turn.company.safety.words.spoken_of(turn.heard.plain)]
    hurt = [name for name in spoken_of if dangers[name].is_injury and name != danger]
    return "".join(dangers[name].instruction for name in dict.fromkeys([*hurt[:1], danger]))


async def _register(turn: Turn, danger: str) -> Json:
    """An urgent ticket with what is known; in danger nobody is asked for fields."""
    fields = {**_known(turn), "description": turn.heard.text.strip()}
    summary = turn.company.safety.dangers[danger].title
    payload = {
        "kind": Kind.COMPLAINT,
        "category": SAFETY_CATEGORY,
        "urgency": "safety",
        "fields": fields,
        "summary": summary,
    }
    turn.set(**{name: value for name, value in turn.heard.values.items() if name in fields})
    return await turn.stage("open_ticket", payload)


def _known(turn: Turn) -> Json:
    """Who it is and what it is of, as far as that was told."""
    before = {name: turn.slot(name) for name in (*OF_WHOM, "wechat")}
    said = {name: turn.heard.values.get(name) for name in OF_WHOM}
    return {name: said.get(name) or value for name, value in {**said, **before}.items() if said.get(name) or value}


OF_WHOM = ("name", "phone", "email", "order", "product")


async def what_next(turn: Turn) -> None:
    """「阀关了，下一步呢」, 「扔哪儿呀」: what to do, told once more; whoever is at it learns what was asked."""
    of = _told(turn)
    number = str((turn.before.registered or {}).get("number"))
    await turn.stage("ticket_note", {"number": number, "text": turn.heard.text.strip()})
    turn.say("utter_safety_next", instruction=of.instruction + of.call, number=number)
    turn.leave_asked()


async def _to_person(turn: Turn) -> bool:
    if turn.facts.get("queue"):
        await turn.stage("raise_in_queue", {})
        turn.say("utter_handoff_safety")
        return True
    options = await lookups.handoff_options(turn.services)
    if not (options["open"] and options["staff_online"]):
        return False
    result = await turn.stage("join_queue", {"reason": "safety", "priority": str(Priority.SAFETY)})
    if result.get("state") == "offline":
        return False
    turn.note(IN_QUEUE)
    turn.say("utter_handoff_safety")
    return True


def _without_person(turn: Turn, result: Json, tone: str) -> None:
    """Nobody is on line: the duty line has it, with a time; a phone is asked for if we have none."""
    due = spoken(result.get("first_contact_at") or result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")}
    if turn.known("phone"):
        turn.say(f"utter_{tone}_registered", custom=custom, number=result["number"], due=due)
        _ask_what_else(turn, may_go_on=tone == "safety")
    else:
        turn.say(f"utter_{tone}_registered_phone", custom=custom, number=result["number"], due=due)
        turn.ask("safety_contact", description=turn.heard.text.strip())


async def add_contact(turn: Turn) -> None:
    """The phone for a safety ticket that was opened without one."""
    description = str(turn.pending["description"])
    turn.set(phone=turn.heard.values.get("phone"))
    fields = {"description": description, "phone": turn.known("phone"), "name": turn.known("name")}
    payload = {"kind": Kind.COMPLAINT, "category": SAFETY_CATEGORY, "urgency": "safety", "fields": fields}
    result = await turn.stage("open_ticket", payload)
    due = spoken(result.get("first_contact_at"), turn.company.profile.zone)
    turn.say("utter_safety_contact_added", phone=turn.known("phone"), number=result["number"], due=due)
    if (registered := turn.before.registered) and registered.get(DANGER):
        turn.change(registered={**registered, "fields": {**registered.get("fields", {}), "phone": turn.known("phone")}})
    _ask_what_else(turn)


def _ask_what_else(turn: Turn, *, may_go_on: bool = True) -> None:
    """On with what the danger interrupted, if the customer likes, else whatever is needed."""
    if turn.frame.suspended and may_go_on:
        turn.say("utter_offer_put_aside", title=start.suspended_title(turn))
        turn.ask("resume_form")
    else:
        turn.ask("anything_else")
