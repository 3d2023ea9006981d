"""The end of a turn: one transaction that makes everything of it happen, or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError, OperationalError

from helpdesk.errors import MoveRefused
from helpdesk.model.conversation import EffectStatus, State
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import MESSAGES
from helpdesk.store.queries import is_pending, staged_effects
from helpdesk.store.tables import Conversation, Effect
from helpdesk.usecases.conversations.locks import Claim, give_up
from helpdesk.usecases.conversations.speak import processed, say
from helpdesk.usecases.turns.effects import EFFECTS

log = structlog.get_logger(__name__)

_PROCESSED = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message"))
    .values(processed_at=bindparam("now"), understood=bindparam("what"), answers=bindparam("first"))
)
PERSON_ANSWERS = frozenset({State.WAITING, State.STAFF})

Writer = Callable[[UnitOfWork, Conversation], Awaitable[Sequence[Say] | None]]


async def finish(services: Services, held: Claim, write: Writer, understood: dict[str, Any] | None = None) -> bool:
    """Give the claim up and, in the same transaction, store what `write` does and says.

    Returns whether more messages are pending. The conversation's row is locked by then, so a message that is
    not seen here is stored after the claim is free, and whoever stores it gets the claim.
    `write` may return None: the messages are then left for the next claim. It is called anew when the
    database refuses the transaction because of another one (a deadlock, the same new row twice).

    Raises:
        TurnLost: the claim has passed on; nothing was written.
    """
    for is_last in (False, False, True):
        try:
            return await _finish(services, held, write, understood)
        except (IntegrityError, OperationalError):
            if is_last:
                raise
            log.warning("finish_repeated", conversation=held.conversation_id, turn=held.turn_no)
    raise AssertionError  # the last try returned or raised


async def _finish(services: Services, held: Claim, write: Writer, understood: dict[str, Any] | None) -> bool:
    async with services.db.write() as uow:
        conversation = await give_up(uow, held)
        says = await write(uow, conversation)
        if says is not None:
            conversation.last_customer_at = held.messages[-1].at
            told = await say(uow, conversation, says, answers=held.first, in_reply_to=held.external_ids)
            await _mark_processed(uow, held, understood)
            for message in held.messages:
                uow.announce(processed(message.id), answer=told)
        is_more = await is_pending(uow.session, conversation.id)
        await uow.commit()
    return is_more


async def _mark_processed(uow: UnitOfWork, held: Claim, understood: dict[str, Any] | None) -> None:
    """The first message is the one that was answered; those taken together with it refer to it."""
    for message in held.messages:
        is_first = message is held.first
        given = {
            "message": message.id,
            "now": uow.now,
            "what": understood if is_first else None,
            "first": None if is_first else held.first.id,
        }
        await uow.session.execute(_PROCESSED, given)


async def apply_effects(
    services: Services, uow: UnitOfWork, conversation: Conversation, held: Claim, *, of_any_try: bool
) -> tuple[list[Say], list[Effect]]:
    """Make staged effects happen; what they say, and which they were.

    An earlier claim on the same message may have staged something this one did not. Unless
    `of_any_try`, that is dropped: the answer that is stored now knows nothing of it.
    """
    says: list[Say] = []
    applied: list[Effect] = []
    with uow.session.no_autoflush:  # effects are staged in units of their own; the row is written once, at the end
        staged = await staged_effects(uow.session, conversation.id)
    for effect in staged:
        if effect.turn_no != held.turn_no and not of_any_try:
            await uow.session.delete(effect)
        elif await _apply(services, uow, conversation, effect, says):
            applied.append(effect)
    return says, applied


async def _apply(
    services: Services, uow: UnitOfWork, conversation: Conversation, effect: Effect, says: list[Say]
) -> bool:
    """Whether the effect happened; a move that is no longer possible is refused and leaves no trace."""
    handler = EFFECTS[effect.kind]
    effect.applied_at = uow.now
    try:
        async with uow.session.begin_nested():
            said = await handler.apply(services, uow, conversation, effect.payload, effect.result or {})
    except MoveRefused as refusal:
        log.warning("effect_refused", conversation=conversation.id, kind=effect.kind, reason=str(refusal))
        effect.status = EffectStatus.REFUSED
        await uow.session.refresh(conversation)  # what was changed in it on the way is taken back
        return False
    effect.status = EffectStatus.APPLIED
    says.extend(said)
    return True


async def drop_effects(uow: UnitOfWork, conversation: Conversation) -> None:
    """Forget what is staged: it could not be made to happen."""
    for effect in await staged_effects(uow.session, conversation.id):
        log.error("effect_dropped", conversation=conversation.id, key=effect.key)
        effect.status = EffectStatus.REFUSED
