"""What the database knows that every turn is told: of the customer, of us, of what was said last. One question for all.

Most customers have no open matter; what there is to say of one is looked up only then (`turns/facts.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, literal_column, select

from helpdesk.model.conversation import Author
from helpdesk.model.ticket import CLOSED, Kind
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import CAN_TAKE, IS_PENDING
from helpdesk.store.tables import Conversation, Customer, Draft, Message, Staff, Ticket

NOT_OWED = (Kind.INTERNAL, Kind.PRAISE)  # tasks among ourselves, and what asks for no answer
OWED = and_(Ticket.status.not_in(CLOSED), Ticket.kind.not_in(NOT_OWED))
"""The condition on a ticket that its customer waits for."""
_OF_THIS = Message.conversation_id == bindparam("conversation")
_LAST_SAID = (
    select(Message.custom)
    .where(_OF_THIS, Message.author != Author.CUSTOMER)
    .order_by(Message.seq.desc())
    .limit(literal_column("1"))
)
_STANDING = select(
    Customer.name,
    Customer.tier,
    Customer.user_id,
    Customer.phone,
    Customer.proved_phone,
    select(func.count()).select_from(Staff).where(CAN_TAKE).scalar_subquery().label("on_duty"),
    _LAST_SAID.scalar_subquery().label("last_said"),
    exists().where(Ticket.customer_id == bindparam("customer"), OWED).label("is_owed"),
    exists().where(Draft.conversation_id == bindparam("conversation")).label("has_drafts"),
    exists().where(_OF_THIS, IS_PENDING, Message.seq < bindparam("before")).label("is_more"),
).where(Customer.id == bindparam("customer"))


@dataclass(frozen=True)
class Standing:
    """How things stood when a turn was claimed."""

    name: str | None = None
    tier: str = "normal"
    user_id: str | None = None  # of a signed identity
    phone: str | None = None
    proved_phone: str | None = None
    on_duty: int = 0  # members of staff who can take a customer
    last_said: dict[str, Any] | None = None  # `custom` of the last message the customer was told
    is_owed: bool = False  # the customer has an open matter
    has_drafts: bool = True  # forms were left unfinished here once
    is_more: bool = False  # something older waits for an answer


async def look(uow: UnitOfWork, conversation: Conversation, before: int) -> Standing:
    """How things stand; `before` is the place of the message that is about to be answered."""
    given = {"customer": conversation.customer_id, "conversation": conversation.id, "before": before, "now": uow.now}
    with uow.session.no_autoflush:  # nothing of what is asked was changed in this unit
        return Standing(*(await uow.session.execute(_STANDING, given)).one())
