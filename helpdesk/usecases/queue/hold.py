"""On hold (挂起): a person needs a few minutes, the customer is told how many, and neither is forgotten (B4, D4).

The conversation stays with whoever serves it. The hold ends when the customer writes, when staff replies or ends
it, and when the conversation passes on; when its time runs out, who serves is reminded and it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.errors import InvalidInput
from helpdesk.model.conversation import State
from helpdesk.model.rights import Deed
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Once, Staff
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.courtesy import blocking, check_reply
from helpdesk.usecases.queue.queueing import announce, forget_hold, seed

SHORTEST, LONGEST = 1, 60
"""Minutes. Who needs longer makes a promise with a date instead."""
ENDS = "。！？!?"
DATED_BY_US = "undated_promise"
"""The sentence about the minutes is ours, so the reason before it needs no time of its own."""


async def hold(services: Services, conversation_id: str, minutes: int, text: str | None, staff: Staff) -> Conversation:
    """Put a customer on hold, or ask for more time; they are told what for (`text`) and how long.

    Raises:
        InvalidInput: too short or too long, or the language of `text` must be mended (details.findings).
        NotFound, Conflict, NotAllowed: see `served.own`.
    """
    _check(services, minutes, text)
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.HOLD)
        conversation.held_until = uow.now + timedelta(minutes=minutes)
        conversation.hold_reason = text
        audit.note(uow, audit.by_staff(staff.id), "hold_began", conversation.id, minutes=minutes, reason=text)
        await say(uow, conversation, [_asked_to_wait(services, conversation, staff, minutes)],
                  answers=None, in_reply_to=[])  # fmt: skip
        announce(uow, conversation)
        await uow.commit()
    return conversation


def _check(services: Services, minutes: int, text: str | None) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise InvalidInput("hold_minutes", least=SHORTEST, most=LONGEST, field="minutes")
    found = check_reply(services, text, greeted=True) if text else []
    to_mend = [asdict(finding) for finding in blocking(found) if finding.code != DATED_BY_US]
    if to_mend:
        raise InvalidInput("words_to_mend", field="text", findings=to_mend)


def _asked_to_wait(services: Services, conversation: Conversation, staff: Staff, minutes: int) -> Say:
    reason = conversation.hold_reason or ""
    sentence = reason if not reason or reason[-1] in ENDS else f"{reason}。"
    key, fields = ("hold_because", {"reason": sentence}) if sentence else ("hold_begins", {})
    text = services.wording.render(key, variant_seed=seed(conversation), minutes=minutes, **fields)
    until = conversation.held_until.isoformat() if conversation.held_until else None
    return Say(text, custom={"kind": "hold", "minutes": minutes, "until": until}, staff_id=staff.id)


async def unhold(services: Services, conversation_id: str, staff: Staff) -> Conversation:
    """End a hold; one that has ended already is no error.

    Raises:
        NotFound, Conflict, NotAllowed: see `served.own`.
    """
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.PASS_CUSTOMER)
        lift(uow, conversation, audit.by_staff(staff.id))
        await uow.commit()
    return conversation


def lift(uow: UnitOfWork, conversation: Conversation, actor: str) -> None:
    """The hold is over, because of `actor`; nothing happens where there is none."""
    if conversation.held_until is None:
        return
    audit.note(uow, actor, "hold_ended", conversation.id, late=uow.now > conversation.held_until)
    forget_hold(conversation)
    announce(uow, conversation)


async def remind(services: Services, now: datetime) -> None:
    """Who let a hold run out is told so, once a hold."""
    for conversation_id in await _run_out(services, now):
        async with services.db.write(now) as uow:
            conversation = await lock_conversation(uow.session, conversation_id)
            if await _is_new(uow, conversation):
                audit.note(uow, audit.SYSTEM, "hold_run_out", conversation.id, staff=conversation.staff_id)
                uow.announce("hold_over", conversation_id=conversation.id)
                await uow.commit()


async def _run_out(services: Services, now: datetime) -> Sequence[str]:
    query = select(Conversation).where(Conversation.state == State.STAFF, Conversation.held_until <= now)
    async with services.db.read() as uow:
        found = (await uow.session.scalars(query)).all()
        keys = select(Once.key).where(Once.key.in_([_key(one) for one in found]))
        told = set((await uow.session.scalars(keys)).all()) if found else set()
    return [one.id for one in found if _key(one) not in told]


def _key(conversation: Conversation) -> str:
    return f"hold:{conversation.id}:{conversation.held_until:%Y%m%dT%H%M%S}"


async def _is_new(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether it still stands, and nobody was told yet: then it is written down that they are now."""
    if conversation.held_until is None or conversation.held_until > uow.now:
        return False
    if await uow.session.get(Once, _key(conversation)) is not None:
        return False
    uow.session.add(Once(key=_key(conversation), at=uow.now))
    return True
