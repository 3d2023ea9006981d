"""A complaint is taken up at once: sorry first, then the form for what is still missing (C1).

About a matter that is open already nothing is asked again: what is new is added to it, and it goes faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.dates import spoken
from actions.forms import start
from actions.forms.accounts import account
from actions.forms.form import Form
from actions.forms.volunteered import volunteered
from actions.heard import Heard, Json
from actions.turn import COMPLAINT_FORM, Turn
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import lookups


async def file(turn: Turn) -> None:
    """Begin, or go on with, a complaint."""
    if not turn.form and await _joins(turn):
        return
    if not turn.form and start.resume(turn, Kind.COMPLAINT):
        return
    signs = turn.company.urgency.detect(turn.heard.plain)
    rights = any(sign in ("authority", "media") for sign in signs)
    turn.say("utter_open_complaint_rights" if rights else "utter_open_complaint")
    start.privacy(turn)
    start.start(turn, Kind.COMPLAINT, _told_before(turn))


def offer_beside(turn: Turn) -> None:
    """Who tells of a wrong while asking about it is offered to have it looked into: 「多收了我80块，这叫什么事」."""
    tells = turn.reading.says("story", "grumble", "anger", "sarcasm")
    if turn.form or not tells or not turn.company.complaints.find(turn.heard.plain):
        return
    turn.say("utter_offer_complaint")
    turn.ask("offer_complaint", told=turn.heard.text.strip())


def _told_before(turn: Turn) -> Json:
    """What was told in anger just before need not be told again."""
    told = turn.pending.get("told") or "；".join(turn.frame.told_of())
    if not told or account(turn.heard, turn.company):
        return {}
    words = volunteered(_empty(turn), Heard(str(told), "inform", facts=turn.facts))
    return {"description": str(told), **words}


def _empty(turn: Turn) -> Form:
    form = Form.of(turn, COMPLAINT_FORM)
    form.known = {}
    return form


async def _joins(turn: Turn) -> bool:
    """A further account of an open complaint: of the same order, or of the only one there is."""
    told = None if turn.heard.is_press else account(turn.heard, turn.company)
    if told is None:
        return False
    open_ = await lookups.open_complaints(turn.services, turn.ref)
    same = [fields for fields in open_ if _is_meant(turn, fields, len(open_))]
    if len(same) != 1:
        return False
    await _join(turn, same[0], told)
    return True


def _is_meant(turn: Turn, fields: Mapping[str, Any], count: int) -> bool:
    order = turn.heard.values.get("order")
    if order:
        return str(fields.get("order") or "") == str(order)
    return count == 1 and bool(turn.company.sayings.again.search(turn.heard.plain))


async def _join(turn: Turn, fields: Mapping[str, Any], told: str) -> None:
    payload = {
        "kind": Kind.COMPLAINT,
        "category": fields.get("category"),
        "fields": {**fields, "description": told},
        "summary": told[:120],
    }
    result = await turn.stage("open_ticket", payload)
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")}
    turn.say("utter_ticket_joined", custom=custom, number=result["number"], due=due)
    turn.say("utter_more_after")
    turn.set(order=fields.get("order"))
    turn.change(about={"kind": "ticket"}, registered={"number": result["number"], "kind": Kind.COMPLAINT})
    turn.ask("anything_else")
