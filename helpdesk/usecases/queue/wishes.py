"""Whom a customer asks for: a colleague by name or 工号, or whoever served them last (D2: the same person)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from helpdesk.model import dialogue
from helpdesk.model.conversation import Author
from helpdesk.model.matter import Matter
from helpdesk.model.say import Say
from helpdesk.model.ticket import Kind
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import customer_of
from helpdesk.store.tables import Conversation, Message, Staff
from helpdesk.usecases.people.duty import bare, is_complained_of, is_on_duty
from helpdesk.usecases.queue.stays import Wanted, open_stay

LATELY = 3
"""So many of the customer's last messages may say whom they want."""


async def wanted(services: Services, uow: UnitOfWork, conversation: Conversation) -> Wanted:
    """Which department and skill the matter at hand needs, whom the customer asks for, whom it is about."""
    told = dialogue.told(conversation.dialogue)
    kind = _kind(services, conversation, told)
    category = str(told["category"]) if told.get("category") else None
    staff = (await uow.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id))).all()
    matter = Matter(Kind.COMPLAINT, told)
    barred = [one.id for one in staff if is_complained_of(one, matter)]
    wished = await _wished(services, uow, conversation, staff)
    department = services.company.department_of(kind, category) if kind else None
    return Wanted(department, category, wished if wished not in barred else None, barred)


def _kind(services: Services, conversation: Conversation, told: dict[str, object]) -> str | None:
    """The kind of the ticket that is being filled in, or was just now."""
    form = dialogue.active_form(conversation.dialogue) or dialogue.suspended_form(conversation.dialogue)
    kind = str(told.get("kind") or (Kind.COMPLAINT if form and form.startswith(Kind.COMPLAINT) else ""))
    return kind if form and kind in services.company.kinds else None


async def _wished(
    services: Services, uow: UnitOfWork, conversation: Conversation, staff: Sequence[Staff]
) -> str | None:
    words = services.company.assignment
    own = bare((await customer_of(uow.session, conversation)).name or "")
    for text in await _last_words(uow, conversation):
        for one in staff:
            named = [bare(one.name)] if bare(one.name) != own else []
            if any(words.wishes(text, name) for name in (*named, bare(one.number))):
                return one.id
        if conversation.last_staff_id and words.wishes_same(text):
            return conversation.last_staff_id
    return None


async def _last_words(uow: UnitOfWork, conversation: Conversation) -> list[str]:
    """What the customer wrote since anybody answered, the newest first; at least their last message."""
    query = (
        select(Message.text, Message.processed_at)
        .where(Message.conversation_id == conversation.id, Message.author == Author.CUSTOMER, Message.text != "")
        .order_by(Message.seq.desc())
        .limit(LATELY)
    )
    rows = (await uow.session.execute(query)).all()
    return [bare(text) for place, (text, processed_at) in enumerate(rows) if place == 0 or processed_at is None]


async def answered(services: Services, uow: UnitOfWork, wished_id: str | None, seed: str) -> list[Say]:
    """Who asks for somebody is told whether they are there."""
    wished = await uow.session.get(Staff, wished_id) if wished_id else None
    if wished is None:
        return []
    key = "queue_wished" if is_on_duty(wished, uow.now) else "queue_wished_away"
    return [Say(services.wording.render(key, variant_seed=seed, name=wished.name, number=wished.number))]


async def heard_in_queue(services: Services, uow: UnitOfWork, conversation: Conversation) -> list[Say]:
    """Somebody who waits already asks for a colleague: from now on it is they who are asked first."""
    stay = await open_stay(uow.session, conversation.id)
    found = await wanted(services, uow, conversation)
    if stay is None or found.wished_id in (None, stay.wished_id):
        return []
    stay.wished_id = found.wished_id
    uow.announce("queue")
    return await answered(services, uow, found.wished_id, f"{conversation.id}:{conversation.last_seq}")
