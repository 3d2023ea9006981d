"""What lies behind a conversation: its tags, the customer's earlier talks and tickets; and writing to them again."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from helpdesk.desk import views
from helpdesk.desk.access import AtWork, Given, Id, Who
from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.tables import Ticket
from helpdesk.usecases.queue import history, lookup, tags, talks, write_again

WORDS = 80

router = APIRouter(tags=["conversations"])


class EarlierView(views.View):
    """An earlier talk; `first_seq` to `last_seq` of its conversation's messages are it."""

    conversation_id: str
    session_no: int
    channel: str
    began: datetime
    ended: datetime
    first_seq: int
    last_seq: int
    words: str
    staff_ids: list[str]
    rating: int | None


class EarlierTicket(views.View):
    """One of the customer's tickets, done or not."""

    number: str
    kind: str
    kind_title: str
    status: str
    status_title: str
    category: str | None
    created_at: datetime
    closed_at: datetime | None


class HistoryView(views.View):
    """What lies behind a conversation. `shut`: why nothing can be written to the customer of a closed one."""

    tags: list[str]
    talks: list[EarlierView]
    tickets: list[EarlierTicket]
    shut: str | None


@router.get("/conversations/{conversation_id}/history")
async def history_of(conversation_id: Id, services: Given, who: Who) -> HistoryView:
    """The customer's earlier talks on every channel and their tickets, the newest first, twenty of each."""
    async with services.db.read(much=True) as uow:
        found, _, _ = await lookup.conversation(uow.session, conversation_id)
        eyes = await talks.eyes_of(uow.session, who.staff)
        earlier = await history.talks(uow.session, eyes.reads, found.customer_id, but=found)
        tickets = await history.tickets(uow.session, found.customer_id)
        named = await tags.of(uow.session, conversation_id)
        is_over = found.state == State.CLOSED
        why = await write_again.shut(uow.session, found, services.clock.now()) if is_over else None
    return HistoryView(
        tags=named,
        talks=[earlier_view(one) for one in earlier],
        tickets=[ticket_view(services, one) for one in tickets],
        shut=services.wording.render(why) if why else None,
    )


def earlier_view(one: history.Earlier) -> EarlierView:
    """A talk that was."""
    return EarlierView(
        conversation_id=one.conversation.id,
        session_no=one.session_no,
        channel=one.conversation.channel,
        began=one.began,
        ended=one.ended,
        first_seq=one.first_seq,
        last_seq=one.last_seq,
        words=one.words[:WORDS],
        staff_ids=list(one.staff_ids),
        rating=one.rating,
    )


def ticket_view(services: Services, ticket: Ticket) -> EarlierTicket:
    """A ticket among a customer's."""
    return EarlierTicket(
        number=ticket.number,
        kind=ticket.kind,
        kind_title=services.wording.render(f"kind_{ticket.kind}"),
        status=ticket.status,
        status_title=services.wording.render(f"status_{ticket.status}"),
        category=ticket.category,
        created_at=ticket.created_at,
        closed_at=ticket.closed_at,
    )


@router.post("/conversations/{conversation_id}/write-again")
async def write(conversation_id: Id, services: Given, who: AtWork) -> views.MovedView:
    """Open a closed conversation to write to its customer, who is told who writes."""
    return views.moved_view(await write_again.write_again(services, conversation_id, who.staff))
