"""What is shown beside whoever waits: whom they ask for, who is being asked, by when they should hear a word."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.services import Services
from helpdesk.store.tables import Handoff, Offer
from helpdesk.usecases.queue import offers, stays


@dataclass(frozen=True)
class Waits:
    """Stays and offers by conversation."""

    stays: Mapping[str, Handoff]
    offers: Mapping[str, Offer]
    limit: timedelta

    def wished(self, conversation_id: str) -> str | None:
        """The id of whom the customer asks for."""
        stay = self.stays.get(conversation_id)
        return stay.wished_id if stay else None

    def offered_to(self, conversation_id: str) -> str | None:
        """The id of who is being asked."""
        offer = self.offers.get(conversation_id)
        return offer.staff_id if offer else None

    def answer_by(self, conversation_id: str) -> datetime | None:
        """By when a person should have said something; None when one has, or nobody wished for one."""
        stay = self.stays.get(conversation_id)
        if stay is None or stay.first_word_at is not None or stay.reason == stays.BY_STAFF:
            return None
        return stay.wished_at + self.limit


async def waits_of(services: Services, session: AsyncSession, conversation_ids: Collection[str]) -> Waits:
    """Those of these conversations."""
    limit = timedelta(seconds=services.company.assignment.answer_seconds)
    return Waits(await stays.open_stays(session, conversation_ids), await offers.open_offers(session), limit)
