"""Danger: the instruction before everything, then a ticket of the same hour and a person, day and night."""

from __future__ import annotations

from actions.dates import spoken
from actions.decide import bounds
from actions.forms import start
from actions.heard import Json
from actions.talk import faq
from actions.turn import Turn
from helpdesk.model.conversation import Priority
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import lookups

SAFETY_CATEGORY = "safety"
UNNAMED = "unnamed"
"""The danger of company/safety.yml for what was read as one and bears none of the signs."""


def danger_in(turn: Turn) -> str | None:
    """Which danger: by the company's words, else the one for what the reader alone heard; None without any."""
    known = turn.company.safety.detect(turn.heard.plain)
    if known:
        return known
    if max(turn.reading.acts.get(act, 0.0) for act in ("danger", "injury")) < bounds.DANGER:
        return None
    if turn.reading.says("injury"):
        return next((name for name, one in turn.company.safety.dangers.items() if one.is_injury), UNNAMED)
    return UNNAMED if turn.reading.says("danger") else None


async def attend(turn: Turn) -> None:
    """Deal with a danger the message speaks of."""
    danger = danger_in(turn) or UNNAMED
    is_known = turn.noted(f"danger:{danger}")
    turn.note(f"danger:{danger}")
    turn.note("danger")
    turn.note("safety")
    turn.say("utter_safety", instruction=_instructions(turn, danger))
    number = (turn.before.registered or {}).get("number")
    if is_known and number:
        await _add(turn, str(number))
        return
    result = await _register(turn, danger)
    start.put_aside(turn)
    if not await _to_person(turn):
        _without_person(turn, result, "care" if turn.company.safety.dangers[danger].hand_over else "safety")


async def all_clear(turn: Turn) -> None:
    """There is no danger after all: said so to whoever was alarmed, and on with what was meant."""
    number = (turn.before.registered or {}).get("number")
    if number:
        await turn.stage("ticket_note", {"number": number, "text": turn.heard.text.strip()})
    leaves = bool(turn.facts.get("queue")) and turn.noted(IN_QUEUE)
    if leaves:
        await turn.stage("leave_queue", {})  # the queue itself asks what else can be done
    turn.say("utter_all_clear")
    kept = tuple(said for said in turn.frame.said_once if said not in ALARMS and not said.startswith("danger:"))
    turn.change(said_once=kept)
    if turn.frame.suspended:
        start.resume(turn)
    elif not await faq.answer_question(turn) and not leaves:
        turn.say("utter_anything_else")
        turn.ask("anything_else")


IN_QUEUE = "safety:queue"
ALARMS = frozenset({"danger", "safety", IN_QUEUE})


async def _add(turn: Turn, number: str) -> None:
    """The same danger once more: what to do is said again, and whoever is at it learns what is new."""
    await turn.stage("ticket_note", {"number": number, "text": turn.heard.text.strip()})
    if turn.facts.get("queue"):
        await turn.stage("raise_in_queue", {})
    turn.say("utter_safety_again", number=number)


def _instructions(turn: Turn, danger: str) -> str:
    """What to do at once: of the gravest danger, and for who is hurt by it."""
    dangers = turn.company.safety.dangers
    spoken_of = [danger, *turn.company.safety.words.spoken_of(turn.heard.plain)]
    hurt = [name for name in spoken_of if dangers[name].is_injury and name != danger]
    return "".join(dangers[name].instruction for name in dict.fromkeys([*hurt[:1], danger]))


async def _register(turn: Turn, danger: str) -> Json:
    """An urgent ticket with what is known; in danger nobody is asked for fields."""
    known = {f: turn.slot(f) for f in ("name", "phone", "email", "wechat", "order", "product") if turn.slot(f)}
    said = {f: v for f, v in turn.heard.values.items() if f in ("name", "phone", "email", "order", "product")}
    fields = {**known, **said, "description": turn.heard.text.strip()}
    summary = turn.company.safety.dangers[danger].title
    payload = {
        "kind": Kind.COMPLAINT,
        "category": SAFETY_CATEGORY,
        "urgency": "safety",
        "fields": fields,
        "summary": summary,
    }
    turn.set(**said)
    return await turn.stage("open_ticket", payload)


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
    turn.change(about={"kind": "ticket"}, registered={"number": result["number"], "kind": Kind.COMPLAINT})
    if turn.known("phone"):
        turn.say(f"utter_{tone}_registered", custom=custom, number=result["number"], due=due)
        turn.ask("anything_else")
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
    turn.ask("anything_else")
