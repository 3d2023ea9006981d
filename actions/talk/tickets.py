"""A registered matter: how far it is, please hurry, I take it back, the result does not satisfy.

A number tells its state to its own customer, or with the last four digits of its phone; an unknown and a
foreign number are answered alike.
"""

from __future__ import annotations

import re

from actions.dates import spoken
from actions.forms.questions import button
from actions.talk import faq, orders
from actions.turn import Turn
from helpdesk.errors import TooManyTries
from helpdesk.usecases.turns import lookups
from helpdesk.usecases.turns.lookups import TicketView

CHECK, URGE, WITHDRAW, DISPUTE, RESUME = "check", "urge", "withdraw", "dispute", "resume"
LISTED = 5
HURRY = re.compile(r"催|快|急|抓紧|怎么还|还不|还没|几天了|拖")
OVER = ("satisfied", "concluded", "withdrawn")
BEFORE_RESULT = ("registered", "accepted", "investigating")
NO_REASON = re.compile(
    r"(?:我|对|你们|这个|那个|处理|这次|就是|还是|真的|非常|很|太|一点(?:都|也)|完全|根本|要求|请|请你们)|(?:结果|方案|答复)|不(?:太|是很)?(?:满意|认可|接受|认同|服|行|好)|没法接受|申诉|重新(?:核查|调查|处理)|再查"
)
REASON = 5
"""Characters beside that which make a reason."""


async def check(turn: Turn) -> None:
    await about(turn, CHECK)


async def urge(turn: Turn) -> None:
    await about(turn, URGE)


async def withdraw(turn: Turn) -> None:
    """Asked once more before it is done; said again in answer to that, it is meant."""
    if turn.pending.get("kind") == "withdraw":
        await do_withdraw(turn, str(turn.pending["number"]))
    else:
        await about(turn, WITHDRAW)


async def dispute(turn: Turn) -> None:
    await about(turn, DISPUTE)


async def about(turn: Turn, purpose: str) -> None:
    """Find the ticket that is meant, then do what was asked."""
    number = turn.heard.values.get("ticket")
    digits = last_four(turn)
    if number:
        await with_number(turn, purpose, str(number), digits)
        return
    tickets = await lookups.open_tickets(turn.services, turn.ref)
    if not tickets and turn.form and await faq.answer_if_sure(turn):
        return
    if not tickets and purpose == URGE and orders.tells_of_a_fault(turn):
        await orders.repair(turn)
    elif not tickets:
        turn.say(f"utter_{purpose}_which")
        turn.ask("ticket_number", purpose=purpose)
    elif len(tickets) == 1:
        await _do(turn, purpose, tickets[0])
    else:
        _choose(turn, purpose, tickets[:LISTED])


def last_four(turn: Turn) -> str | None:
    """Four digits that can be the end of a phone number."""
    found = re.search(r"(?:尾号|后四位|末四位|最后四位)\D{0,4}(\d{4})(?!\d)", turn.heard.plain)
    found = found or re.fullmatch(r"\D{0,6}(\d{4})\D{0,3}", turn.heard.plain)
    return found.group(1) if found else None


async def with_number(turn: Turn, purpose: str, number: str, digits: str | None) -> None:
    try:
        ticket = await lookups.find_ticket(turn.services, turn.ref, number, digits)
    except TooManyTries:
        turn.say("utter_too_many_tries")
        turn.ask("offer_human")
        return
    if ticket is None:
        turn.say("utter_ticket_digits_again" if digits else "utter_ticket_digits", number=number.upper())
        turn.ask("ticket_digits", purpose=purpose, number=number)
    else:
        await _do(turn, purpose, ticket)


def _choose(turn: Turn, purpose: str, tickets: list[TicketView]) -> None:
    listed = "\n".join(f"· {t.number} {t.kind_title}：{t.status_title}" for t in tickets)
    buttons = [button(t.number, "inform", ticket=t.number) for t in tickets]
    turn.say("utter_which_ticket", listed=listed, buttons=buttons)
    turn.ask("ticket_number", purpose=purpose)


async def _do(turn: Turn, purpose: str, ticket: TicketView) -> None:
    turn.set(last_ticket=ticket.number)
    await _PURPOSES[purpose](turn, ticket)


async def _tell(turn: Turn, ticket: TicketView) -> None:
    due = spoken(ticket.promised_at, turn.company.profile.zone)
    response = "utter_ticket_status" if ticket.last_note_for_customer is None else "utter_ticket_answered"
    if not due or ticket.status in OVER:
        response = "utter_ticket_closed" if ticket.last_note_for_customer is None else "utter_ticket_answered"
    turn.say(
        response,
        custom={"kind": "ticket_status", "number": ticket.number, "status": ticket.status},
        number=ticket.number,
        title=ticket.kind_title,
        status=ticket.status_title,
        owner=ticket.owner_name,
        due=due,
        note=ticket.last_note_for_customer or "",
    )
    if ticket.status == "answered":
        turn.ask("satisfied", number=ticket.number)
    else:
        turn.ask("anything_else")


async def _urge(turn: Turn, ticket: TicketView) -> None:
    if ticket.status in OVER:
        await _tell(turn, ticket)
        return
    result = await turn.stage("urge_ticket", {"number": ticket.number, "note": turn.heard.text or None})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": ticket.number, "status": ticket.status}
    turn.say("utter_urged", custom=custom, number=ticket.number, owner=ticket.owner_name, due=due)
    turn.ask("anything_else")


async def _ask_withdraw(turn: Turn, ticket: TicketView) -> None:
    turn.say("utter_withdraw_sure", number=ticket.number, title=ticket.kind_title)
    turn.ask("withdraw", number=ticket.number)


async def do_withdraw(turn: Turn, number: str) -> None:
    await turn.stage("withdraw_ticket", {"number": number, "reason": None})
    custom = {"kind": "ticket_status", "number": number, "status": "withdrawn"}
    turn.say("utter_withdrawn", custom=custom, number=number)
    _anything_else(turn)


async def _dispute(turn: Turn, ticket: TicketView) -> None:
    """Not satisfied with a result: what is wrong with it is asked once, unless it was said (C6)."""
    has_result = ticket.status not in BEFORE_RESULT
    if has_result and not gives_reason(turn.heard.plain):
        turn.say("utter_dispute_why", number=ticket.number)
        turn.ask("dispute_reason", number=ticket.number)
    else:
        await dispute_for(turn, ticket.number, turn.heard.text.strip())


def gives_reason(plain: str) -> bool:
    """Whether more is said than that one is not satisfied."""
    return len(re.sub(r"[\W_]", "", NO_REASON.sub("", plain))) >= REASON


async def dispute_for(turn: Turn, number: str, reason: str) -> None:
    """Investigated again by somebody else; too late, a new complaint (C6, C7)."""
    ticket = await lookups.find_ticket(turn.services, turn.ref, number)
    if ticket is None:
        turn.say("utter_dispute_which")
        return
    payload = {"number": number, "reason": reason or turn.heard.text.strip() or None}
    result = await turn.stage("dispute_ticket", payload)
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": result["number"], "status": result["status"]}
    response = {"reinvestigating": "utter_disputed", "noted": "utter_dispute_noted"}.get(
        result["outcome"], "utter_dispute_new"
    )
    turn.say(response, custom=custom, number=result["number"], old=number, owner=ticket.owner_name, due=due)
    if result["outcome"] == "noted":
        turn.ask("anything_else")
    else:
        _anything_else(turn)


def _anything_else(turn: Turn) -> None:
    """A message of its own: the letter about the matter stands before it."""
    turn.say("utter_more_after")
    turn.ask("anything_else")


async def tell_promises(turn: Turn) -> bool:
    """Everything we owe this customer, with its date (E1); False when nothing is owed."""
    owed = await lookups.promises(turn.services, turn.ref)
    if not owed:
        return False
    zone = turn.company.profile.zone
    lines = [
        f"· {one['number'] or ''} {one['text']}：{spoken(one['due_at'], zone)}前".replace("·  ", "· ") for one in owed
    ]
    first = next(
        (t for t in await lookups.open_tickets(turn.services, turn.ref) if t.number == owed[0]["number"]), None
    )
    custom = {"kind": "ticket_status", "number": first.number, "status": first.status} if first else None
    turn.say("utter_promises", custom=custom, listed="\n".join(lines[:LISTED]))
    if not turn.form:
        turn.ask("anything_else")
    return True


async def take_back_withdrawal(turn: Turn) -> bool:
    """A withdrawn matter goes on after all; False when none was withdrawn."""
    withdrawn = await lookups.withdrawn_tickets(turn.services, turn.ref)
    if not withdrawn:
        return False
    if len(withdrawn) > 1:
        _choose(turn, RESUME, withdrawn[:LISTED])
    else:
        await _take_back(turn, withdrawn[0])
    return True


async def _take_back(turn: Turn, ticket: TicketView) -> None:
    if ticket.status != "withdrawn":
        await _tell(turn, ticket)
        return
    result = await turn.stage("resume_ticket", {"number": ticket.number, "reason": turn.heard.text.strip() or None})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": ticket.number, "status": result["status"]}
    turn.say("utter_resumed_ticket", custom=custom, number=ticket.number, due=due)
    _anything_else(turn)


async def satisfied(turn: Turn, number: str) -> None:
    """The customer is content with a result that was told."""
    await turn.stage("satisfy_ticket", {"number": number})
    turn.say("utter_satisfied", number=number)
    turn.ask("anything_else")


_PURPOSES = {CHECK: _tell, URGE: _urge, WITHDRAW: _ask_withdraw, DISPUTE: _dispute, RESUME: _take_back}
