"""Tags: words of staff by which conversations are found again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import InvalidInput
from helpdesk.services import Services
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import ConversationTag, Staff
from helpdesk.usecases.journal import audit

LONGEST = 20
MOST = 10
"""Tags of one conversation."""
LISTED = 200


async def put(services: Services, conversation_id: str, name: str, by: Staff) -> list[str]:
    """Tag a conversation; all its tags. One that is there already stays.

    Raises:
        NotFound: there is no such conversation. InvalidInput: too many.
    """
    async with services.db.write() as uow:
        await lock_conversation(uow.session, conversation_id)
        names = await of(uow.session, conversation_id)
        if name not in names:
            if len(names) >= MOST:
                raise InvalidInput("tags_too_many", most=MOST, field="name")
            uow.session.add(ConversationTag(conversation_id=conversation_id, name=name, by=by.id, at=uow.now))
            audit.note(uow, audit.by_staff(by.id), "conversation_tagged", conversation_id)
            uow.announce("conversation", conversation_id=conversation_id)
            await uow.commit()
    return sorted({*names, name})


async def take_off(services: Services, conversation_id: str, name: str, by: Staff) -> list[str]:
    """Take a tag off a conversation; those that are left.

    Raises:
        NotFound: there is no such conversation.
    """
    async with services.db.write() as uow:
        await lock_conversation(uow.session, conversation_id)
        one = (ConversationTag.conversation_id == conversation_id, ConversationTag.name == name)
        await uow.session.execute(delete(ConversationTag).where(*one))
        audit.note(uow, audit.by_staff(by.id), "conversation_untagged", conversation_id)
        uow.announce("conversation", conversation_id=conversation_id)
        await uow.commit()
        return await of(uow.session, conversation_id)


async def of(session: AsyncSession, conversation_id: str) -> list[str]:
    """The tags of a conversation."""
    query = select(ConversationTag.name).where(ConversationTag.conversation_id == conversation_id)
    return sorted((await session.scalars(query)).all())


async def used(session: AsyncSession) -> Sequence[tuple[str, int]]:
    """All tags there are, and on how many conversations each; the most used first."""
    count = func.count().label("count")
    query = select(ConversationTag.name, count).group_by(ConversationTag.name)
    rows = (await session.execute(query.order_by(count.desc(), ConversationTag.name).limit(LISTED))).all()
    return [(name, number) for name, number in rows]
