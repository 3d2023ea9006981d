"""What customers think of a conversation; a bad rating becomes somebody's task, never only a number (G1, G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from helpdesk.errors import InvalidInput
from helpdesk.model.conversation import Author
from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Message, Rating
from helpdesk.usecases.journal import audit
from helpdesk.usecases.tickets.internal import open_internal
from helpdesk.usecases.tickets.register import Opening

LOWEST, HIGHEST = 1, 5
BAD = 2


def check_score(score: object) -> int:
    """A score of 1 to 5.

    Raises:
        InvalidInput: anything else.
    """
    if isinstance(score, bool) or not isinstance(score, int) or not LOWEST <= score <= HIGHEST:
        raise InvalidInput("score_wrong", score=str(score))
    return score


async def rate_and_thank(
    services: Services, uow: UnitOfWork, conversation: Conversation, payload: Mapping[str, Any]
) -> list[Say]:
    """Store `{score, comment?}`. Thanks are the service's, whether the score was pressed or said."""
    score = check_score(payload.get("score"))
    is_new = await rate(services, uow, conversation, score, payload.get("comment"))
    return [thanks(services, conversation, score, is_new=is_new)]


async def rate(
    services: Services, uow: UnitOfWork, conversation: Conversation, score: int, comment: str | None
) -> bool:
    """Store the rating of this session; False when it replaced an earlier one."""
    query = select(Rating).where(
        Rating.conversation_id == conversation.id, Rating.session_no == conversation.session_no
    )
    rating = await uow.session.scalar(query)
    was_bad = rating is not None and rating.score <= BAD
    is_new = rating is None
    if rating is None:
        rating = Rating(conversation_id=conversation.id, session_no=conversation.session_no, score=score, at=uow.now)
        uow.session.add(rating)
    rating.score, rating.at = score, uow.now
    rating.comment = comment or rating.comment
    rating.staff_id = await _served_by(uow, conversation)
    if score <= BAD and not was_bad:
        await _follow_up(services, uow, conversation, score, comment)
    return is_new


async def _served_by(uow: UnitOfWork, conversation: Conversation) -> str | None:
    """The person who last spoke in this session; None when the bot served alone."""
    query = (
        select(Message.staff_id)
        .where(
            Message.conversation_id == conversation.id,
            Message.session_no == conversation.session_no,
            Message.author == Author.STAFF,
        )
        .order_by(Message.seq.desc())
    )
    return await uow.session.scalar(query.limit(1))


async def _follow_up(
    services: Services, uow: UnitOfWork, conversation: Conversation, score: int, comment: str | None
) -> None:
    text = services.wording.render("task_low_rating", score=score, comment=comment or "—")
    matter = Matter(Kind.INTERNAL, {"description": text}, category="low_rating")
    await open_internal(services, uow, matter, Opening(conversation.customer_id, audit.SYSTEM), about=conversation.id)


def thanks(services: Services, conversation: Conversation, score: int, *, is_new: bool) -> Say:
    """What the customer is told after pressing a score."""
    key = "rating_thanks_low" if score <= BAD else "rating_thanks" if is_new else "rating_again"
    return Say(services.wording.render(key, variant_seed=conversation.id))
