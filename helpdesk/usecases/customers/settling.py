"""A follow-up has come to its end."""

from __future__ import annotations

from sqlalchemy import select

from helpdesk.model.follow_up import Occasion, State
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import FollowUp, Staff
from helpdesk.usecases.journal import audit


def settle(uow: UnitOfWork, made: FollowUp, state: State, by: Staff) -> None:
    """It is done, or given up; who did it is in the audit."""
    made.state, made.settled_at, made.settled_by = state, uow.now, by.id
    audit.note(uow, audit.by_staff(by.id), f"follow_up_{state}", made.customer_id)


async def close_reviews(uow: UnitOfWork, customer_id: str, by: Staff) -> None:
    """The file was looked through: nobody has to any more."""
    query = select(FollowUp).where(FollowUp.customer_id == customer_id, FollowUp.occasion == Occasion.REVIEW)
    for made in (await uow.session.scalars(query.where(FollowUp.state == State.OPEN).with_for_update())).all():
        settle(uow, made, State.DONE, by)
