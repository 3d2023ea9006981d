"""Unfinished forms (C1): kept when a turn ends, so that their customer can go on days later or on another channel.

In the same conversation the dialogue itself remembers its form. From another channel a draft is found by
the full phone number that was filled in, and tries are counted like those for ticket numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from helpdesk.model import dialogue
from helpdesk.model.conversation import TurnRef
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Draft
from helpdesk.usecases.journal import attempts
from helpdesk.usecases.journal.attempts import Throttle

LASTS = timedelta(days=30)
WRONG_PHONE = Throttle("draft_phone")
PROVED = "draft_proof"
PROOF_LASTS = timedelta(hours=1)
OWN_STATE = ("kind", "declined", "answered")
"""What a form knows of itself beside the fields."""
_DRAFTS = select(Draft).where(Draft.conversation_id == bindparam("conversation"))


@dataclass(frozen=True)
class DraftView:
    """An unfinished form as it can be taken up again; `slots` holds its fields and what it knows of itself."""

    id: str
    form: str
    kind: str
    slots: Mapping[str, Any]


async def keep(services: Services, uow: UnitOfWork, conversation: Conversation, *, has_some: bool) -> None:
    """Save what is unfinished at a turn's end; what no longer is has been submitted or given up.

    `has_some`: there were drafts of this conversation when the turn began; nobody else makes any.
    """
    unfinished = {
        which: kept
        for which, values in dialogue.unfinished(conversation.dialogue).items()
        if (kept := _worth_keeping(services, values))
    }
    if not has_some and not unfinished:
        return
    with uow.session.no_autoflush:  # nothing before this in a turn's end makes one
        found = (await uow.session.scalars(_DRAFTS, {"conversation": conversation.id})).all()
    rows = {(row.form, row.kind): row for row in found}
    for which, row in rows.items():
        if which not in unfinished and row.closed_at is None:
            row.closed_at = uow.now
    for which, kept in unfinished.items():
        row = rows.get(which) or _new(uow, conversation, *which)
        row.slots, row.phone, row.at, row.closed_at = kept, _digits(kept.get("phone")), uow.now, None


def _worth_keeping(services: Services, values: Mapping[str, Any]) -> dict[str, Any]:
    """The form's slots; none when no field of it has a value yet."""
    fields = {name: value for name, value in values.items() if name in services.company.fields and value}
    own = {name: values[name] for name in OWN_STATE if values.get(name)}
    return {**own, **fields} if set(fields) - set(dialogue.CUSTOMER_SLOTS) else {}


def _new(uow: UnitOfWork, conversation: Conversation, form: str, kind: str) -> Draft:
    row = Draft(conversation_id=conversation.id, customer_id=conversation.customer_id, form=form, kind=kind)
    uow.session.add(row)
    return row


def _digits(phone: Any) -> str | None:
    return re.sub(r"\D", "", str(phone or "")) or None


# ---------------------------------------------------------------- from another channel


async def find_draft(services: Services, turn: TurnRef, phone: str) -> DraftView | None:
    """The latest draft of another conversation with this full phone number; None when there is none.

    Raises:
        TooManyTries: five numbers without a draft within an hour.
    """
    async with services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        await WRONG_PHONE.check(uow.session, conversation.identity_id, uow.now, "too_many_tries")
        found = await _latest(uow, conversation, phone)
        if found:
            attempts.note(uow, PROVED, _proof(conversation, found.id))
        else:
            WRONG_PHONE.note(uow, conversation.identity_id)
        await uow.commit()
    return DraftView(found.id, found.form, found.kind, found.slots) if found else None


async def _latest(uow: UnitOfWork, conversation: Conversation, phone: str) -> Draft | None:
    digits = _digits(phone)
    if digits is None:
        return None
    query = (
        select(Draft)
        .where(Draft.phone == digits, Draft.closed_at.is_(None), Draft.at > uow.now - LASTS)
        .where(Draft.conversation_id != conversation.id)
        .order_by(Draft.at.desc())
        .limit(1)
    )
    return (await uow.session.scalars(query)).first()


def _proof(conversation: Conversation, draft_id: str) -> str:
    return f"{conversation.identity_id}:{draft_id}"


async def take_over(
    services: Services,
    uow: UnitOfWork,
    conversation: Conversation,
    payload: dict[str, Any],
    result: dict[str, Any],
) -> list[Say]:
    """The effect `take_draft` {"id"}: the form goes on here, so it no longer waits where it was begun.

    Only for whom `find_draft` gave it. A conversation that is being answered at this moment keeps its form.
    """
    draft = await uow.session.get(Draft, str(payload["id"]))
    if draft is None or draft.closed_at is not None:
        return []
    if not await attempts.count(uow.session, PROVED, _proof(conversation, draft.id), uow.now - PROOF_LASTS):
        return []
    draft.closed_at = uow.now
    other = await uow.session.get_one(Conversation, draft.conversation_id)
    if other.turn_until is None:
        other.dialogue = dialogue.without_form(other.dialogue, draft.form, draft.kind)
    return []
