"""After the second failure: an apology, and a person instead of the bot. Never silence.

What an action had staged still happens: a customer who confirmed a complaint gets its number. With nobody
on duty the customer is not put into a queue that nobody serves; the message becomes a ticket instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from helpdesk.errors import TurnLost
from helpdesk.model import dialogue
from helpdesk.model.conversation import Author, State
from helpdesk.model.moments import in_words
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Effect
from helpdesk.usecases.conversations.locks import Claim
from helpdesk.usecases.turns.effects import EFFECTS
from helpdesk.usecases.turns.finish import apply_effects, drop_effects, finish
from helpdesk.usecases.turns.lookups import handoff_options

log = structlog.get_logger(__name__)

REASON = "worker_failed"
OPEN_TICKET = "open_ticket"
CONTACTS = ("name", "phone", "email", "wechat", "order")


async def apologise(services: Services, held: Claim) -> bool:
    """Store the apology; if even what was staged cannot be done, apologise without it. Returns as `finish` does.

    Raises:
        TurnLost: somebody else answers this message now.
    """
    options = await handoff_options(services)
    try:
        return await _apologise(services, held, is_staffed=options["open"] and options["staff_online"] > 0)
    except TurnLost:
        raise
    except Exception:
        log.exception("apology_failed", conversation=held.conversation_id, message=held.first.id)
        return await _apologise_bare(services, held)


async def _apologise(services: Services, held: Claim, *, is_staffed: bool) -> bool:
    async def write(uow: UnitOfWork, conversation: Conversation) -> list[Say]:
        told, applied = await apply_effects(services, uow, conversation, held, of_any_try=True)
        ticket = _opened(applied)
        if conversation.state != State.BOT:  # a person has it, or is being waited for
            return [_sorry(services, held, ticket), *told]
        if is_staffed:
            return [_sorry(services, held, ticket), *told, *await _queue(services, uow, conversation)]
        ticket = ticket or await _leave_message(services, uow, conversation, held)
        return [_sorry_offline(services, held, ticket), *told]

    return await finish(services, held, write)


async def _apologise_bare(services: Services, held: Claim) -> bool:
    async def write(uow: UnitOfWork, conversation: Conversation) -> list[Say]:
        await drop_effects(uow, conversation)
        says = [_sorry(services, held, None)]
        if conversation.state != State.BOT:
            return says
        return [*says, *await _queue(services, uow, conversation)]

    return await finish(services, held, write)


def _opened(applied: Sequence[Effect]) -> dict[str, Any] | None:
    """What was reserved for the ticket of this turn, if there is one."""
    return next((effect.result for effect in applied if effect.kind == OPEN_TICKET), None)


def _sorry(services: Services, held: Claim, ticket: dict[str, Any] | None) -> Say:
    if ticket is None:
        return Say(services.wording.render("apology", variant_seed=held.first.id), Author.BOT)
    text = services.wording.render("apology_with_ticket", variant_seed=held.first.id, number=ticket["number"])
    return Say(text, Author.BOT)


def _sorry_offline(services: Services, held: Claim, ticket: dict[str, Any]) -> Say:
    due = ticket.get("promised_at") or ticket["first_contact_at"]
    local = datetime.fromisoformat(due).astimezone(services.company.profile.zone)
    text = services.wording.render(
        "apology_offline", variant_seed=held.first.id, number=ticket["number"], due=in_words(local)
    )
    return Say(text, Author.BOT)


async def _queue(services: Services, uow: UnitOfWork, conversation: Conversation) -> list[Say]:
    return await _do(services, uow, conversation, "join_queue", {"reason": REASON})


async def _leave_message(
    services: Services, uow: UnitOfWork, conversation: Conversation, held: Claim
) -> dict[str, Any]:
    """A ticket that holds what the customer said; what it was promised."""
    known = dialogue.told(conversation.dialogue)
    fields = {name: known[name] for name in CONTACTS if known.get(name)}
    payload = {"kind": "offline_message", "fields": {**fields, "description": held.text}}
    result = await EFFECTS[OPEN_TICKET].reserve(services, uow, conversation, payload)
    await EFFECTS[OPEN_TICKET].apply(services, uow, conversation, payload, result)
    return result


async def _do(
    services: Services, uow: UnitOfWork, conversation: Conversation, kind: str, payload: dict[str, Any]
) -> list[Say]:
    result = await EFFECTS[kind].reserve(services, uow, conversation, payload)
    return await EFFECTS[kind].apply(services, uow, conversation, payload, result)
