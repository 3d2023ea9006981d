"""A registered matter: how far it is, please hurry, I take it back, the result does not satisfy.

A number tells its state to its own customer, or with the last four digits of its phone; an unknown and a
foreign number are answered alike.
"""

from __future__ import annotations

import re

from actions.dates import spoken
from actions.forms.questions import button
from actions.talk import orders
from actions.turn import Turn
from helpdesk.errors import TooManyTries
from helpdesk.usecases import consult
from helpdesk.usecases.consult import TicketView

CHECK, URGE, WITHDRAW, DISPUTE = "check", "urge", "withdraw", "dispute"
LISTED = 5
PROMISED = re.compile(r"答应|承诺|说好|什么时候.{0,4}(?:给|有|能|处理|答复|解决|回复)|多久.{0,4}(?:给|有|答复|回复)")
HURRY = re.compile(r"催|快|急|抓紧|怎么还|还不|还没|几天了|拖")
OVER = ("satisfied", "concluded", "withdrawn")


async def check(turn: Turn) -> None:
    await about(turn, CHECK)


async def urge(turn: Turn) -> None:
    """Please hurry; only asking what was promised is not urging."""
    asks = PROMISED.search(turn.heard.plain) and not HURRY.search(turn.heard.plain)
    await about(turn, CHECK if asks else URGE)


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
    tickets = await consult.open_tickets(turn.services, turn.ref)
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
        ticket = await consult.find_ticket(turn.services, turn.ref, number, digits)
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
    turn.say("utter_withdrawn", number=number)
    turn.ask("anything_else")


async def _dispute(turn: Turn, ticket: TicketView) -> None:
    """Not satisfied with a result: investigated again by somebody else; too late, a new complaint (C6, C7)."""
    reason = turn.heard.text.strip()
    result = await turn.stage("dispute_ticket", {"number": ticket.number, "reason": reason})
    due = spoken(result.get("promised_at"), turn.company.profile.zone)
    custom = {"kind": "ticket_status", "number": result["number"], "status": result["status"]}
    response = {"reinvestigating": "utter_disputed", "noted": "utter_dispute_noted"}.get(
        result["outcome"], "utter_dispute_new"
    )
    turn.say(response, custom=custom, number=result["number"], old=ticket.number, owner=ticket.owner_name, due=due)
    turn.ask("anything_else")


async def satisfied(turn: Turn, number: str) -> None:
    """The customer is content with a result that was told."""
    await turn.stage("satisfy_ticket", {"number": number})
    turn.say("utter_satisfied", number=number)
    turn.ask("anything_else")


_PURPOSES = {CHECK: _tell, URGE: _urge, WITHDRAW: _ask_withdraw, DISPUTE: _dispute}
