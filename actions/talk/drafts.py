"""Going on with what was begun: here, after another matter, or on another channel (C1)."""

from __future__ import annotations

from actions.forms import start
from actions.forms.form import Form
from actions.forms.moves import SPEAKS_OF_A_DRAFT, goes_on
from actions.turn import Turn
from helpdesk.errors import TooManyTries
from helpdesk.usecases.turns import drafts

SHOWN_MASKED = ("name", "phone", "email", "wechat", "second_contact", "address", "order", "buyer")
AWAITED = "draft_phone"


async def take_up(turn: Turn) -> bool:
    """「继续刚才的登记」, or the phone number that was asked for to find it; whether the message was that."""
    if turn.pending.get("kind") == AWAITED and turn.heard.values.get("phone"):
        await _by_phone(turn, str(turn.heard.values["phone"]))
        return True
    if turn.heard.is_press or not goes_on(turn.heard.plain):
        return False
    if turn.form:
        return _swap(turn)
    return _here(turn) or _elsewhere(turn)


def _here(turn: Turn) -> bool:
    if turn.slot("shelf") and not turn.slot("parked_form"):
        start.take_from_shelf(turn)
    if not turn.slot("parked_form"):
        return False
    start.resume(turn)
    return True


def _swap(turn: Turn) -> bool:
    """The matter that gave way is asked for while its successor is under way: they change places."""
    shelf = turn.slot("shelf") or {}
    if not shelf or "投诉" not in turn.heard.plain or shelf["form"] == turn.form:
        return False
    turn.set(shelf=None)
    start.put_aside(turn)
    successor = turn.slot("shelf")
    turn.set(shelf=shelf)
    start.take_from_shelf(turn)
    turn.set(shelf=successor)
    start.resume(turn)
    return True


def _elsewhere(turn: Turn) -> bool:
    """Perhaps it was begun on another channel: its full phone number opens it."""
    if not SPEAKS_OF_A_DRAFT.search(turn.heard.plain) or turn.facts.get("open_ticket_number"):
        return False
    turn.say("utter_draft_phone")
    turn.ask(AWAITED)
    return True


async def _by_phone(turn: Turn, phone: str) -> None:
    try:
        draft = await drafts.find_draft(turn.services, turn.ref, phone)
    except TooManyTries:
        turn.say("utter_too_many_tries")
        turn.ask("offer_human")
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
    turn.set(**draft.slots, masked=masked, form_run=turn.new_form_run(), pending=None, misses=0)
    form = Form.of(turn, draft.form)
    title = turn.company.kinds[form.kind].title
    turn.say("utter_draft_found", title=title, noted=start.noted(form))
    turn.follow(draft.form)
