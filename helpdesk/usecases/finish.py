"""The end of a turn: one transaction that makes everything of it happen, or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from helpdesk.errors import MoveRefused
from helpdesk.model.conversation import State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import staged_effects
from helpdesk.store.tables import Conversation, Effect
from helpdesk.usecases.claims import Claim, give_up
from helpdesk.usecases.effects import EFFECTS
from helpdesk.usecases.speak import say
from helpdesk.usecases.stage import APPLIED

log = structlog.get_logger(__name__)

PERSON_ANSWERS = frozenset({State.WAITING, State.STAFF})
REFUSED = "refused"  # the conversation had moved on; nothing came of it

Writer = Callable[[UnitOfWork, Conversation, datetime], Awaitable[Sequence[Say] | None]]


async def finish(services: Services, held: Claim, write: Writer, understood: dict[str, Any] | None = None) -> None:
    """Give the claim up and, in the same transaction, store what `write` does and says.

    `write` may return None: the messages are then left for the next claim. It is called anew when the
    database refuses the transaction because of another one (a deadlock, the same new row twice).

    Raises:
        TurnLost: the claim has passed on; nothing was written.
    """
    for is_last in (False, False, True):
        try:
            await _finish(services, held, write, understood)
            return
        except (IntegrityError, OperationalError):
            if is_last:
                raise
            log.warning("finish_repeated", conversation=held.conversation_id, turn=held.turn_no)


async def _finish(services: Services, held: Claim, write: Writer, understood: dict[str, Any] | None) -> None:
    now = services.clock.now()
    async with services.db.write() as uow:
        conversation = await give_up(uow, held)
        says = await write(uow, conversation, now)
        if says is not None:
            await say(uow, conversation, says, answers=held.first, in_reply_to=held.external_ids, now=now)
            await _mark_processed(uow, conversation, held, understood, now)
        await uow.commit()


async def _mark_processed(
    uow: UnitOfWork, conversation: Conversation, held: Claim, understood: dict[str, Any] | None, now: datetime
) -> None:
    for message in held.messages:
        mine = await uow.session.merge(message)
        mine.processed_at = now
        if message is held.first:
            mine.understood = understood
        else:
            mine.answers = held.first.id
        uow.announce(f"processed:{message.id}")
    conversation.last_customer_at = held.messages[-1].at


async def apply_effects(
    services: Services, uow: UnitOfWork, conversation: Conversation, held: Claim, now: datetime, *, of_any_try: bool
) -> tuple[list[Say], list[Effect]]:
    """Make staged effects happen; what they say, and which they were.

    An earlier claim on the same message may have staged something this one did not. Unless
    `of_any_try`, that is dropped: the answer that is stored now knows nothing of it.
    """
    says: list[Say] = []
    applied: list[Effect] = []
    for effect in await staged_effects(uow.session, conversation.id):
        if effect.turn_no != held.turn_no and not of_any_try:
            await uow.session.delete(effect)
        elif await _apply(services, uow, conversation, effect, says, now):
            applied.append(effect)
    return says, applied


async def _apply(
    services: Services, uow: UnitOfWork, conversation: Conversation, effect: Effect, says: list[Say], now: datetime
) -> bool:
    """Whether the effect happened; a move that is no longer possible is refused and leaves no trace."""
    handler = EFFECTS[effect.kind]
    effect.applied_at = now
    try:
        async with uow.session.begin_nested():
            said = await handler.apply(services, uow, conversation, effect.payload, effect.result or {}, now)
    except MoveRefused as refusal:
        log.warning("effect_refused", conversation=conversation.id, kind=effect.kind, reason=str(refusal))
        effect.status = REFUSED
        return False
    effect.status = APPLIED
    says.extend(said)
    return True


async def drop_effects(uow: UnitOfWork, conversation: Conversation) -> None:
    """Forget what is staged: it could not be made to happen."""
    for effect in await staged_effects(uow.session, conversation.id):
        log.error("effect_dropped", conversation=conversation.id, key=effect.key)
        effect.status = REFUSED
