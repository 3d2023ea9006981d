"""A person, from anywhere, by any wording (D1); outside hours a message that is answered at a promised time (D5)."""

from __future__ import annotations

from actions.dates import spoken
from actions.forms import protection, questions, start
from actions.forms.form import Form
from actions.forms.volunteered import volunteered
from actions.heard import Json
from actions.turn import Turn
from helpdesk.model.conversation import Priority
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import lookups


async def handoff(turn: Turn) -> None:
    """Queue for a person, or take a message when nobody is there."""
    await hand_over(turn, reason="customer_asked")


async def hand_over(turn: Turn, *, reason: str, priority: Priority | None = None) -> None:
    """Queue for a person; what the message tells of the form's matter is kept. Else take a message."""
    if turn.form:
        form = Form.of(turn, turn.form)
        turn.set(**volunteered(form, turn.heard))
    options = await lookups.handoff_options(turn.services)
    if options["open"] and options["staff_online"] and await _join(turn, reason, priority):
        return
    _take_message(turn, is_open=options["open"], next_open=options["next_open"])


async def in_english(turn: Turn) -> None:
    """Who writes English gets a courteous line in it and a person; with nobody there, a call (D5)."""
    turn.note("english")
    options = await lookups.handoff_options(turn.services)
    if not (options["open"] and options["staff_online"]):
        turn.say("utter_english_nobody")
    else:
        turn.say("utter_english")
    await hand_over(turn, reason="language")


async def try_to_hand_over(turn: Turn, *, reason: str, priority: Priority) -> bool:
    """Queue for a person if one is there; whether that was so."""
    options = await lookups.handoff_options(turn.services)
    return bool(options["open"] and options["staff_online"]) and await _join(turn, reason, priority)


async def _join(turn: Turn, reason: str, priority: Priority | None) -> bool:
    payload: Json = {"reason": reason, "mood": turn.frame.mood}
    if priority:
        payload["priority"] = str(priority)
    result = await turn.stage("join_queue", payload)
    if result.get("state") == "offline":
        return False
    start.put_aside(turn)
    turn.change(failures=0)
    turn.say("utter_handoff_safety" if priority is Priority.SAFETY else "utter_handoff")
    return True


def _take_message(turn: Turn, *, is_open: bool, next_open: str | None) -> None:
    """Say honestly that nobody is there, and begin a message with a promised call-back."""
    custom = {"kind": "handoff", "state": "offline"}
    hours = turn.company.opening_hours.text
    if turn.form:
        turn.say("utter_offline_in_form", custom=custom, hours=hours)
        questions.ask_again(turn, Form.of(turn, turn.form), str(turn.slot("requested_slot")))
        return
    opens = spoken(next_open, turn.company.profile.zone)
    response = "utter_nobody_on_duty" if is_open else "utter_offline" if opens else "utter_offline_unknown"
    turn.say(response, custom=custom, hours=hours, opens=opens)
    start.privacy(turn)
    start.start(turn, Kind.CALLBACK if is_open else Kind.OFFLINE_MESSAGE, _message_so_far(turn))


def _message_so_far(turn: Turn) -> Json:
    """What a parked complaint already tells need not be told again."""
    told = next((one["slots"].get("description") for one in reversed(turn.frame.suspended)), None)
    return {"description": told} if told else {}


async def open_service(turn: Turn, kind: str, known: Json | None = None) -> None:
    """Begin a service request of a kind whose opening words are `utter_open_<kind>`."""
    if not turn.form and not known and start.resume(turn, kind):
        return
    turn.say(f"utter_open_{kind}")
    start.privacy(turn)
    await protection.look_up(turn, kind)
    start.start(turn, kind, known)
