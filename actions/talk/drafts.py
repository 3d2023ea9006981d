"""Going on with what was begun: here, after another matter, or on another channel (C1)."""

from __future__ import annotations

from actions.forms import questions, start
from actions.forms.form import Form
from actions.talk import unclear
from actions.turn import Turn
from helpdesk.errors import TooManyTries
from helpdesk.usecases.turns import drafts

SHOWN_MASKED = ("name", "phone", "email", "wechat", "second_contact", "address", "order", "buyer")
AWAITED = "draft_phone"


async def resume(turn: Turn) -> None:
    """「继续刚才的登记」: what waits here, or what was begun on another channel: its full phone number opens it."""
    if start.resume_named(turn) or start.resume(turn):
        return
    if number := turn.facts.get("open_ticket_number"):
        turn.say("utter_nothing_waits", number=number)
        turn.ask("anything_else")
        return
    turn.say("utter_draft_phone")
    turn.ask(AWAITED)


async def by_phone(turn: Turn) -> None:
    """The phone number that was asked for to find it."""
    await _by_phone(turn, str(turn.heard.values["phone"]))


async def _by_phone(turn: Turn, phone: str) -> None:
    try:
        draft = await drafts.find_draft(turn.services, turn.ref, phone)
    except TooManyTries:
        unclear.too_many_tries(turn)
        return
    if draft is None:
        turn.say("utter_draft_not_found", phone=phone)
        turn.ask(AWAITED)
        return
    await turn.stage("take_draft", {"id": draft.id})
    _open(turn, draft)


def _open(turn: Turn, draft: drafts.DraftView) -> None:
    """The form goes on here; what was filled in elsewhere is shown masked."""
    masked = [name for name in draft.slots if name in SHOWN_MASKED]
    turn.set(**draft.slots, masked=masked, form_run=turn.new_form_run(), tries=0)
    turn.begin_form(draft.form)
    form = Form.of(turn, draft.form)
    title = turn.company.kinds[form.kind].title
    turn.say("utter_draft_found", title=title, noted=start.noted_values(form))
    questions.ask_next(turn, form)
