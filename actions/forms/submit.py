"""A confirmed form becomes a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from actions.dates import spoken
from actions.forms.form import Form, without_value
from actions.forms.start import drop, form_of
from actions.heard import Json
from actions.talk import usable
from actions.turn import CUSTOMER_FIELDS, Turn
from helpdesk.model.field import known
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency

NO_DATE = frozenset({Kind.SUGGESTION, Kind.PRAISE})
CALLS = frozenset({Kind.CALLBACK, Kind.OFFLINE_MESSAGE})
AGREED = ("visit_time", "callback_time")
"""When somebody comes or calls, as the customer wished."""


async def submit(turn: Turn) -> None:
    """Stage the ticket and tell its number; a complaint's dates and how to follow it are its letter's (C2)."""
    kind = str(turn.slot("kind") or Kind.COMPLAINT)
    form = Form.of(turn, form_of(kind))
    marked = {"urgency": Urgency.SAFETY} if usable.is_marked(turn, form) else {}
    payload = _payload(form, turn.frame.wonders) | marked
    result = await turn.stage("open_ticket", payload, str(turn.slot("form_run") or "") or None)
    await turn.stage("save_customer", {name: known(form.known.get(name)) for name in CUSTOMER_FIELDS[:3]})
    tell(turn, form, result)
    drop(turn)
    turn.clear(without_value(form.known))
    turn.change(about={"kind": "ticket"}, registered=_registered(form, result), failures=0)


def _payload(form: Form, wonders: Sequence[str]) -> Json:
    fields = form.values()
    payload: Json = {
        "kind": form.kind,
        "fields": {**fields, **_asked_beside(wonders, fields)},
        "summary": _summary(form),
    }
    if form.is_complaint:
        payload["category"] = fields.get("category")
    return payload


def _asked_beside(wonders: Sequence[str], fields: Json) -> Json:
    """What nobody could answer, behind the account: whoever deals with the matter was promised to tell it."""
    told = str(known(fields.get("description")) or "")
    return (
        {"description": "；".join([*filter(None, [told]), *(f"客户问：{one}" for one in wonders)])} if wonders else {}
    )


def _registered(form: Form, result: Json) -> Json:
    """What was written down, to be told again when it is asked for."""
    return {"number": result["number"], "kind": form.kind, "due": result.get("promised_at"), **form.as_told()}


def _summary(form: Form) -> str:
    return f"{form.company.kinds[form.kind].title}：{str(known(form.known.get('description')) or '')[:120]}"


def tell(turn: Turn, form: Form, result: Json) -> None:
    """The registration in words and as a fact."""
    zone = turn.company.profile.zone
    when = next((form.shown(name, form.known[name]) for name in AGREED if known(form.known.get(name))), "")
    turn.say(
        _response(form.kind, result, is_agreed=bool(when)),
        when=when,
        custom={"kind": "ticket_opened", "number": result["number"], "promised_at": result.get("promised_at")},
        number=result["number"],
        title=turn.company.kinds[form.kind].title,
        about=_about(form),
        due=spoken(result.get("promised_at"), zone),
        first=spoken(result.get("first_contact_at"), zone),
    )


def _about(form: Form) -> str:
    """The numbers of the matter, said back once more (唱收唱付)."""
    told = [f"{form.spec(n).title} {form.shown(n, form.known[n])}" for n in ("order", "amount") if _is_number(form, n)]
    return f"（{'，'.join(told)}）" if told else ""


def _is_number(form: Form, name: str) -> bool:
    return name in form.names() and any(sign.isdigit() for sign in str(known(form.known.get(name)) or ""))


def _response(kind: str, result: Json, *, is_agreed: bool) -> str:
    if result.get("joined"):
        return "utter_ticket_joined"
    if kind in NO_DATE:
        return f"utter_{kind}_recorded"
    if kind in CALLS:
        return "utter_call_booked_at" if is_agreed else "utter_call_booked"
    if kind == Kind.COMPLAINT:
        return "utter_ticket_opened"
    return "utter_visit_opened" if is_agreed else "utter_service_opened"
