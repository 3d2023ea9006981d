"""A complaint is taken up at once: sorry first, then the form for what is still missing (C1)."""

from __future__ import annotations

from actions.forms import start
from actions.forms.form import Form
from actions.turn import COMPLAINT_FORM, Turn
from helpdesk.model.ticket import Kind


async def file(turn: Turn) -> None:
    """Begin, or go on with, a complaint."""
    if turn.slot("parked_form") == COMPLAINT_FORM and turn.slot("kind") == Kind.COMPLAINT:
        start.resume(turn)
        return
    signs = turn.company.urgency.detect(turn.heard.plain)
    rights = any(sign in ("authority", "media") for sign in signs)
    turn.say("utter_open_complaint_rights" if rights else "utter_open_complaint")
    start.privacy(turn)
    form = start.start(turn, Kind.COMPLAINT)
    _say_what_is_noted(turn, form)


def _say_what_is_noted(turn: Turn, form: Form) -> None:
    """Name, numbers and dates of the first message are repeated back (唱收唱付)."""
    noted = start.noted(form)
    if noted and not turn.heard.is_press:
        turn.say("utter_noted", noted=noted)
