"""Stage an effect: an action says what is to happen, the turn's end makes it happen.

Nothing a person can see changes here. What may have to be told at once (a ticket's number, the place in
the queue) is reserved, and the same key always gets the same reservation, whichever attempt asks.
"""

from __future__ import annotations

from typing import Any

from helpdesk.errors import TurnLost
from helpdesk.model.conversation import EffectStatus, TurnRef
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Effect
from helpdesk.usecases.turns.effects import EFFECTS


async def stage(
    services: Services, turn: TurnRef, kind: str, payload: dict[str, Any], form_run: str | None = None
) -> dict[str, Any]:
    """Stage an effect of the live turn and return what was reserved for it.

    `form_run` names one filling of a form; without it the effect belongs to the message.

    Raises:
        TurnLost: `turn` no longer holds the conversation's claim.
        HelpdeskError: the effect cannot be accepted (see its `reserve`).
    """
    now = services.clock.now()
    key = f"{turn.conversation_id}:{kind}:{form_run or turn.message_id}"
    async with services.db.write(now) as uow:
        conversation = await _live(uow, turn)
        effect = await uow.session.get(Effect, key)
        if effect is None:
            staged = {"key": key, "turn_no": turn.turn_no, "kind": kind, "payload": payload, "staged_at": uow.now}
            effect = Effect(conversation_id=conversation.id, status=EffectStatus.STAGED, **staged)
            await _reserve(services, uow, conversation, effect)
        elif effect.status == EffectStatus.STAGED:
            effect.payload, effect.turn_no = payload, turn.turn_no
        await uow.commit()
    return effect.result or {}


async def _live(uow: UnitOfWork, turn: TurnRef) -> Conversation:
    conversation = await lock_conversation(uow.session, turn.conversation_id)
    if conversation.turn_no != turn.turn_no or conversation.turn_until is None:
        raise TurnLost(why=f"turn {turn.turn_no} of {turn.conversation_id} is over")
    return conversation


async def _reserve(services: Services, uow: UnitOfWork, conversation: Conversation, effect: Effect) -> None:
    """Reserve what is promised with a new effect, and keep both in the caller's unit of work."""
    effect.result = await EFFECTS[effect.kind].reserve(services, uow, conversation, effect.payload)
    uow.session.add(effect)
    await uow.session.flush()
