"""Where a customer can be reached, and whether they have seen what stands in the chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.model.conversation import Author
from helpdesk.model.matter import Matter
from helpdesk.model.notice import CARRIED, Way
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Customer, Identity, Letter, Message, Outbox, ReadMark, Ticket
from helpdesk.text.mobile import mobile

WECHAT = "wechat"
ARRIVED = "delivered"


async def addresses(services: Services, session: AsyncSession, ticket: Ticket) -> Mapping[Way, str]:
    """The ways that are open now, each with its address; a way that nothing carries is not."""
    customer = await session.get_one(Customer, ticket.customer_id)
    matter = Matter.of(ticket)
    phone = matter.phone or customer.phone
    known = {
        Way.WECHAT: await _open_id(session, ticket.customer_id),
        Way.SMS: mobile(phone),
        Way.EMAIL: matter.known("email") or customer.email,
        Way.CALL: phone,
    }
    return {
        way: address for way, address in known.items() if address and (way not in CARRIED or way in services.couriers)
    }


async def _open_id(session: AsyncSession, customer_id: str) -> str | None:
    query = select(Identity.sender).where(Identity.customer_id == customer_id, Identity.channel == WECHAT)
    return await session.scalar(query.order_by(Identity.created_at.desc()).limit(1))


async def wrote_on_wechat(session: AsyncSession, customer_id: str) -> datetime | None:
    """When the customer last wrote to the Official Account."""
    query = select(func.max(Conversation.last_customer_at)).where(
        Conversation.customer_id == customer_id, Conversation.channel == WECHAT
    )
    return await session.scalar(query)


# ---------------------------------------------------------------- the chat


async def seen_in_chat(uow: UnitOfWork, letter: Letter) -> datetime | None:
    """When the customer had the letter in the chat: they wrote or read on after it, or its channel delivered it.

    None while nothing tells so. Of reading only the place is known, so that it counts from when it is noticed.
    """
    message = await uow.session.get(Message, letter.message_id) if letter.message_id else None
    if message is None:
        return None
    wrote = await uow.session.scalar(
        select(func.min(Message.at)).where(
            Message.conversation_id == message.conversation_id,
            Message.author == Author.CUSTOMER,
            Message.external_id.is_not(None),
            Message.seq > message.seq,
        )
    )
    if wrote is not None:
        return wrote
    mark = await uow.session.get(ReadMark, message.conversation_id)
    is_read = mark is not None and mark.customer_seq >= message.seq
    return uow.now if is_read or await _carried(uow.session, message) == ARRIVED else None


async def is_stuck(session: AsyncSession, letter: Letter) -> bool:
    """Whether the chat's own channel has refused the letter, or cannot take it before the customer writes again."""
    query = select(Outbox.waits, Outbox.status).where(Outbox.message_id == letter.message_id)
    row = (await session.execute(query)).first()
    return row is not None and (row.waits or row.status == "failed")


async def _carried(session: AsyncSession, message: Message) -> str | None:
    return await session.scalar(select(Outbox.status).where(Outbox.message_id == message.id))
