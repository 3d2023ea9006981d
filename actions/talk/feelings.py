"""Praise, suggestions, anger, ratings (A5, D1)."""

from __future__ import annotations

from actions.clauses import affirmed
from actions.dates import spoken
from actions.forms.accounts import account
from actions.forms.form import Form
from actions.forms.start import form_of
from actions.heard import Json
from actions.talk import products
from actions.talk.handoff import hand_over, open_service
from actions.turn import Turn
from helpdesk.model.conversation import Priority
from helpdesk.model.ticket import Kind
from zhtext import normalise
from zhtext.values import scores


async def praise(turn: Turn) -> None:
    """Modest thanks; praise of a person is recorded for them."""
    if products.is_objection(turn):
        await products.advise(turn)
        return
    of_staff = turn.company.sayings.praises_staff.search(normalise(affirmed(turn.heard.text)))
    if turn.form or turn.heard.is_press or not of_staff:
        turn.say("utter_praise_in_form" if turn.form else "utter_praise")
        _anything_else(turn)
        return
    fields = {"description": turn.heard.text.strip(), "name": turn.known("name"), "phone": turn.known("phone")}
    if turn.heard.values.get("name"):
        fields["staff_name"] = turn.heard.values["name"]
    result = await turn.stage("open_ticket", {"kind": Kind.PRAISE, "fields": fields})
    opened = {"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")}
    _spoken_of(turn, Kind.PRAISE, result["number"], fields)
    if turn.company.sayings.names_staff.search(turn.heard.plain):
        turn.say("utter_praise_recorded", custom=opened)
        _anything_else(turn)
    else:
        turn.say("utter_praise_who", custom=opened)
        turn.ask("praise_who", number=result["number"])


async def praised_person(turn: Turn) -> None:
    """Who it was: added to the recorded praise."""
    await turn.stage("ticket_note", {"number": turn.pending["number"], "text": turn.heard.text.strip()})
    turn.say("utter_praise_recorded")
    _anything_else(turn)


async def suggest(turn: Turn) -> None:
    """Thanked and recorded at once; asked for when only announced."""
    is_announced = turn.company.sayings.will_suggest.match(turn.heard.plain)
    if turn.heard.is_press or is_announced or not account(turn.heard, turn.company):
        await open_service(turn, Kind.SUGGESTION)
        return
    fields = {"description": turn.heard.text.strip(), "name": turn.known("name"), "phone": turn.known("phone")}
    result = await turn.stage("open_ticket", {"kind": Kind.SUGGESTION, "fields": fields})
    opened = {"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")}
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    turn.say("utter_suggestion_recorded", custom=opened, number=result["number"], due=due)
    _spoken_of(turn, Kind.SUGGESTION, result["number"], fields)
    _anything_else(turn)


def _spoken_of(turn: Turn, kind: Kind, number: str, fields: Json) -> None:
    """What was recorded is what is spoken of: it can be read out and added to."""
    told = {name: value for name, value in fields.items() if value}
    form = Form(form_of(kind), kind, turn.company, told, turn.now, wording=turn.services.wording)
    turn.change(about={"kind": "ticket"}, registered={"number": number, "kind": kind, **form.as_told()})


async def anger(turn: Turn) -> None:
    """Sorry first, no cheer; a person or a complaint is offered, in a form without leaving it."""
    was_angry = turn.before.mood == "angry"
    turn.change(mood="angry")
    if was_angry and turn.facts.get("staff_on_duty") and turn.facts.get("hours") == "open":
        turn.say("utter_anger_again")
        await hand_over(turn, reason="angry", priority=Priority.URGENT)
    else:
        turn.say("utter_anger")
        turn.ask("offer_human", told=account(turn.heard, turn.company), way="file_complaint")


async def rate(turn: Turn) -> None:
    """A rating in words or digits; a low one is followed up (G2)."""
    score = scores.read(str(turn.heard.values.get("score") or turn.heard.plain))
    if score is None:
        turn.say("utter_rate_ask")
        turn.ask("rating")
        return
    await turn.stage("rate", {"score": score, "comment": turn.heard.text.strip() or None})
    turn.say("utter_rated_low" if score <= 2 else "utter_rated", score=score)
    turn.ask("offer_human" if score <= 2 else "anything_else")


def _anything_else(turn: Turn) -> None:
    if not turn.form:
        turn.ask("anything_else")
