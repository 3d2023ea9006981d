"""Registered matters: how far they are, please hurry, I take it back, I am not content.

A number tells its state to its own customer, or with the last four digits of its phone; without one, phone and
surname do. An unknown and a foreign number are answered alike. The matter just registered or looked up is the one that
is meant, unless another number is said.
"""

from __future__ import annotations

from actions.clauses import pieces
from actions.dates import spoken
from actions.forms.accounts import for_call
from actions.forms.questions import button
from actions.forms.start import suspended_title
from actions.talk import orders, own_orders, unclear, whose
from actions.talk.described import Described, described
from actions.turn import Turn
from helpdesk.errors import TooManyTries
from helpdesk.usecases.turns import lookups
from helpdesk.usecases.turns.lookups import TicketView

CHECK, URGE, WITHDRAW, DISPUTE, RESUME = "check", "urge", "withdraw", "dispute", "resume"
LISTED = 5
OVER = ("satisfied", "concluded", "withdrawn")
BEFORE_RESULT = ("registered", "accepted", "investigating")
WITHDRAWN = "withdrawn"
"""A ticket's status, and how the frame marks that the matter spoken of has it."""
REASON = 9
"""Characters from which an objection says why."""


# ---------------------------------------------------------------- which one


async def about(turn: Turn, purpose: str) -> None:
    """Find the ticket that is meant, then do what was asked."""
    if number := turn.heard.values.get("ticket"):
        await with_number(turn, purpose, str(number), whose.last_four(turn))
        return
    every = await lookups.open_tickets(turn.services, turn.ref)
    named = described(turn)
    tickets = named.among(every)
    if named and every and not tickets:
        not_found(turn, purpose, named, every)
        return
    if purpose == CHECK and not named and len(tickets) > 1:
        turn.say("utter_cases_listed", listed=listed(turn, tickets))
        turn.ask("anything_else")
        return
    meant = _spoken_of(turn, tickets)
    if meant and not (purpose == URGE and len(tickets) > 1):
        await _do(turn, purpose, meant)
    elif not tickets and (phone := turn.heard.values.get("phone")):
        await by_contact(turn, purpose, str(phone))
    elif not tickets:
        turn.say(f"utter_{purpose}_which")
        turn.ask("ticket_number", purpose=purpose)
    elif len(tickets) == 1:
        await _do(turn, purpose, tickets[0])
    else:
        _choose(turn, purpose, tickets[:LISTED])


def not_found(turn: Turn, purpose: str, named: Described, tickets: list[TicketView]) -> None:
    """Nothing of theirs is what they speak of: what there is, and how else it may be found."""
    turn.say("utter_case_not_found", named=named.words, listed=listed(turn, tickets))
    turn.ask("ticket_number", purpose=purpose)


def listed(turn: Turn, tickets: list[TicketView]) -> str:
    """Matters one a line: number, kind and thing, how far, and until when or when somebody comes."""
    return "\n".join(_line(turn, ticket) for ticket in tickets[:LISTED])


def _line(turn: Turn, ticket: TicketView) -> str:
    due = spoken(ticket.promised_at, turn.company.profile.zone)
    when = ticket.visit_time or ticket.callback_time
    until = f"{due}前答复" if due and ticket.status not in OVER else ""
    thing = f"（{ticket.product}）" if ticket.product else ""
    told = "，".join(one for one in (ticket.status_title, when, until) if one)
    return f"· {ticket.number} {ticket.kind_title}{thing}：{told}"


def _spoken_of(turn: Turn, tickets: list[TicketView]) -> TicketView | None:
    """The matter under discussion, if it is still open."""
    number = (turn.before.registered or {}).get("number") if turn.before.topic == "ticket" else None
    return next((ticket for ticket in tickets if ticket.number == number), None)


async def with_number(turn: Turn, purpose: str, number: str, digits: str | None) -> None:
    try:
        ticket = await lookups.find_ticket(turn.services, turn.ref, number, digits)
    except TooManyTries:
        unclear.too_many_tries(turn)
        return
    if ticket is None:
        turn.say("utter_ticket_digits_again" if digits else "utter_ticket_digits", number=number.upper())
        turn.ask("ticket_digits", purpose=purpose, number=number)
    else:
        await _do(turn, purpose, ticket)


async def by_contact(turn: Turn, purpose: str, phone: str) -> None:
    """Without a number: the full phone it was registered under, and the surname."""
    surname = whose.surname_known(turn)
    if not surname:
        turn.say("utter_ticket_surname")
        turn.ask("ticket_number", purpose=purpose, phone=phone)
        return
    try:
        found = await lookups.find_tickets_of(turn.services, turn.ref, phone, surname)
    except TooManyTries:
        unclear.too_many_tries(turn)
        return
    if not found:
        turn.say("utter_ticket_not_under_phone", phone=phone)
        turn.ask("offer_human")
    elif len(found) == 1:
        await _do(turn, purpose, found[0])
    else:
        _choose(turn, purpose, found[:LISTED])


def _choose(turn: Turn, purpose: str, tickets: list[TicketView]) -> None:
    turn.say(
        "utter_which_ticket",
        listed=listed(turn, tickets),
        buttons=[button(t.number, "inform", ticket=t.number) for t in tickets],
    )
    turn.ask("ticket_choice", purpose=purpose)


async def _do(turn: Turn, purpose: str, ticket: TicketView) -> None:
    before = turn.before.registered or {}
    same = before if before.get("number") == ticket.number else {}
    turn.change(about={"kind": "ticket"}, registered={**same, "number": ticket.number, "kind": ticket.kind})
    await _PURPOSES[purpose](turn, ticket)


async def given(turn: Turn) -> None:
    """The number, or the end of the phone, that was asked for."""
    open_ = turn.pending
    purpose = str(open_.get("purpose") or CHECK)
    phone = str(turn.heard.values.get("phone") or open_.get("phone") or "")
    number = str(turn.heard.values.get("ticket") or open_.get("number") or "")
    if number or not phone:
        await with_number(turn, purpose, number, whose.last_four(turn) or (phone[-4:] if phone else None))
    else:
        await by_contact(turn, purpose, phone)


async def again(turn: Turn) -> None:
    """「不是撤删除的，是空调那个」: what was asked for is looked for once more, by what is said now."""
    await about(turn, str(turn.pending.get("purpose") or CHECK))


# ---------------------------------------------------------------- how far


async def tell(turn: Turn) -> None:
    await about(turn, CHECK)


async def hurry_or_tell(turn: Turn) -> None:
    await about(turn, URGE if turn.reading.says("hurry") else CHECK)


async def _tell(turn: Turn, ticket: TicketView) -> None:
    due = spoken(ticket.promised_at, turn.company.profile.zone)
    note = ticket.last_note_for_customer
    is_over = not due or ticket.status in OVER
    under_way = f"utter_ticket_status{agreed(ticket)}"
    response = "utter_ticket_answered" if note else "utter_ticket_closed" if is_over else under_way
    turn.say(
        response,
        custom={"kind": "ticket_status", "number": ticket.number, "status": ticket.status},
        number=ticket.number,
        title=ticket.kind_title,
        status=ticket.status_title,
        owner=ticket.owner_name,
        due=due,
        note=note or "",
        when=ticket.visit_time or ticket.callback_time,
    )
    if ticket.status == "answered":
        turn.ask("satisfied", number=ticket.number)
    else:
        turn.ask("anything_else")


def agreed(ticket: TicketView) -> str:
    """Which wording tells what we promise beside the hour the customer wished for, so that they do not contradict."""
    return "_visit" if ticket.visit_time else "_call" if ticket.callback_time else ""


async def tell_promises(turn: Turn) -> bool:
    """Everything we owe this customer, with its date (E1); False when nothing is owed."""
    owed = await lookups.promises(turn.services, turn.ref)
    if not owed:
        return False
    zone = turn.company.profile.zone
    lines = [
        f"· {one['number'] or ''} {one['text']}：{spoken(one['due_at'], zone)}前".replace("·  ", "· ") for one in owed
    ]
    open_ = await lookups.open_tickets(turn.services, turn.ref)
    first = next((t for t in open_ if t.number == owed[0]["number"]), None)
    custom = {"kind": "ticket_status", "number": first.number, "status": first.status} if first else None
    turn.say("utter_promises", custom=custom, listed="\n".join(lines[:LISTED]))
    turn.ask("anything_else")
    return True


# ---------------------------------------------------------------- hurry


async def hurry(turn: Turn) -> None:
    """Please hurry: with the matter or the order that is spoken of, with a person's promise, never asked twice."""
    if turn.heard.values.get("ticket") or turn.before.topic == "ticket":
        await about(turn, URGE)
    elif turn.heard.values.get("order") or (turn.before.topic == "order" and turn.slot("order")):
        await orders.hurry(turn)
    elif await lookups.open_tickets(turn.services, turn.ref):
        await about(turn, URGE)
    elif orders.number_in(turn):
        await orders.hurry(turn)
    elif turn.heard.values.get("phone"):
        own_orders.hurry_by_phone(turn, own_orders.told_so_far(turn))
    else:
        turn.say("utter_hurry_which", where=turn.company.order_numbers.where)
        turn.ask("order_number", purpose="hurry", told=for_call(turn.heard, turn.company))


async def _urge(turn: Turn, ticket: TicketView) -> None:
    if ticket.status in OVER:
        await _tell(turn, ticket)
        return
    result = await turn.stage("urge_ticket", {"number": ticket.number, "note": turn.heard.text or None})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": ticket.number, "status": ticket.status}
    turn.say("utter_urged", custom=custom, number=ticket.number, owner=ticket.owner_name, due=due)
    turn.ask("anything_else")


# ---------------------------------------------------------------- withdrawn


async def withdraw(turn: Turn) -> None:
    """Asked once more before it is done; said again in answer to that, it is meant."""
    if turn.pending.get("kind") == "withdraw":
        await do_withdraw(turn)
    else:
        await about(turn, WITHDRAW)


async def _ask_withdraw(turn: Turn, ticket: TicketView) -> None:
    turn.say("utter_withdraw_sure", number=ticket.number, title=ticket.kind_title)
    turn.ask("withdraw", number=ticket.number)


async def do_withdraw(turn: Turn) -> None:
    number = str(turn.pending["number"])
    await turn.stage("withdraw_ticket", {"number": number, "reason": None})
    custom = {"kind": "ticket_status", "number": number, "status": WITHDRAWN}
    turn.say("utter_withdrawn", custom=custom, number=number)
    if (turn.before.registered or {}).get("number") == number:
        turn.change(registered={**(turn.before.registered or {}), WITHDRAWN: True})
    _anything_else(turn)


async def keep(turn: Turn) -> None:
    """Not withdrawn after all: asked just now, or taken back that it was."""
    if turn.pending.get("kind") == "withdraw":
        turn.say("utter_not_withdrawn", number=turn.pending["number"])
        turn.ask("anything_else")
        return
    every = await lookups.withdrawn_tickets(turn.services, turn.ref)
    withdrawn = described(turn).among(every) or every
    if not withdrawn:
        await tell(turn)
    elif len(withdrawn) > 1:
        _choose(turn, RESUME, withdrawn[:LISTED])
    else:
        await _take_back(turn, withdrawn[0])


async def _take_back(turn: Turn, ticket: TicketView) -> None:
    if ticket.status != WITHDRAWN:
        await _tell(turn, ticket)
        return
    result = await turn.stage("resume_ticket", {"number": ticket.number, "reason": turn.heard.text.strip() or None})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": ticket.number, "status": result["status"]}
    turn.change(registered={**(turn.frame.registered or {}), WITHDRAWN: False})
    turn.say("utter_resumed_ticket", custom=custom, number=ticket.number, due=due)
    _anything_else(turn)


# ---------------------------------------------------------------- the opinion of a result


async def dispute(turn: Turn) -> None:
    number = turn.facts.get("answered_ticket_number")
    if number and not turn.heard.values.get("ticket"):
        await with_number(turn, DISPUTE, str(number), None)
    else:
        await about(turn, DISPUTE)


async def _dispute(turn: Turn, ticket: TicketView) -> None:
    """Not satisfied with a result: what is wrong with it is asked once, unless it was said (C6)."""
    tells = turn.reading.says("story", "grumble", "anger", "sarcasm") or len(pieces(turn.heard.text)) > 1
    is_told = len(turn.heard.plain) >= REASON and tells
    if ticket.status in BEFORE_RESULT or is_told:
        await _dispute_for(turn, ticket.number, ticket.owner_name)
    else:
        turn.say("utter_dispute_why", number=ticket.number)
        turn.ask("dispute_reason", number=ticket.number)


async def reason(turn: Turn) -> None:
    """Why the result does not satisfy."""
    ticket = await lookups.find_ticket(turn.services, turn.ref, str(turn.pending["number"]))
    if ticket is None:
        turn.say("utter_dispute_which")
        return
    await _dispute_for(turn, ticket.number, ticket.owner_name)


async def _dispute_for(turn: Turn, number: str, owner: str) -> None:
    """Investigated again by somebody else; too late, a new complaint (C6, C7)."""
    result = await turn.stage("dispute_ticket", {"number": number, "reason": turn.heard.text.strip() or None})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": result["number"], "status": result["status"]}
    said = {"reinvestigating": "utter_disputed", "noted": "utter_dispute_noted"}
    response = said.get(result["outcome"], "utter_dispute_new")
    turn.say(response, custom=custom, number=result["number"], old=number, owner=owner, due=due)
    if result["outcome"] == "noted":
        turn.ask("anything_else")
    else:
        _anything_else(turn)


async def satisfied(turn: Turn) -> None:
    """The customer is content with a result that was told."""
    number = str(turn.pending.get("number") or turn.facts.get("answered_ticket_number"))
    await turn.stage("satisfy_ticket", {"number": number})
    turn.say("utter_satisfied", number=number)
    turn.ask("anything_else")


async def not_satisfied(turn: Turn) -> None:
    await with_number(turn, DISPUTE, str(turn.pending["number"]), None)


async def answer_offer(turn: Turn) -> None:
    """Yes or no to a compensation that was offered; nothing depends on it (C11)."""
    offer, accepts = turn.facts["offer"], turn.reading.says("affirm")
    await turn.stage("answer_compensation", {"id": offer["id"], "accept": accepts})
    response = "utter_offer_accepted" if accepts else "utter_offer_refused"
    turn.say(response, number=offer["number"], amount=offer["amount"])
    turn.ask("anything_else")


def _anything_else(turn: Turn) -> None:
    """A message of its own: the letter about the matter stands before it; what waited is offered again."""
    if turn.frame.suspended:
        turn.say("utter_offer_put_aside", title=suspended_title(turn))
        turn.ask("resume_form")
        return
    turn.say("utter_more_after")
    turn.ask("anything_else")


_PURPOSES = {CHECK: _tell, URGE: _urge, WITHDRAW: _ask_withdraw, DISPUTE: _dispute, RESUME: _take_back}
