"""Programs: they come with a key of their own, which has scopes and an end, and are nobody of staff."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from helpdesk.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn, Reason
from helpdesk.services import Services
from helpdesk.store.tables import ApiKey, Staff
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import news
from helpdesk.usecases.people.sessions import SEEN_EVERY
from helpdesk.usecases.people.tokens import digest

PREFIX = "ssk_"
"""By it a key is told from a session's token, and found in a text where it should not be."""
SCOPES = (
    "conversations:read", "tickets:read", "tickets:write", "knowledge:read", "knowledge:write",
    "people:read", "people:write",
)  # fmt: skip
ANY = "any"
"""What every key may read: the company's titles."""
NAME_LIMIT = 40  # characters
LONGEST = timedelta(days=730)
PROGRAM = "program"
"""The role of a program: no more may be seen or done than its scopes say, and personal data is masked."""
EDITS_AS = {"knowledge": "admin", "people": "admin"}
"""Where a scope allows to write what only these may write, the program may."""


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: the token is shown this once."""

    key: ApiKey
    token: str


async def make(services: Services, name: str, scopes: Collection[str], expires_at: datetime, actor: str) -> NewKey:
    """A key for a program.

    Raises:
        InvalidInput: no name, no or unknown scopes, an end that is past or more than two years away.
    """
    now = services.clock.now()
    _check(name.strip(), scopes, expires_at, now)
    token = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        name=name.strip(),
        token_hash=digest(token),
        hint=token[: len(PREFIX) + 4],
        scopes=[scope for scope in SCOPES if scope in scopes],
        made_by=actor,
        made_at=now,
        expires_at=expires_at,
    )
    async with services.db.write(now) as uow:
        uow.session.add(key)
        await uow.session.flush()
        audit.note(uow, actor, "key_made", key.id, name=key.name, scopes=key.scopes)
        await uow.commit()
    return NewKey(key, token)


def _check(name: str, scopes: Collection[str], expires_at: datetime, now: datetime) -> None:
    reasons = {
        "name": None if 0 < len(name) <= NAME_LIMIT else Reason("key_name_wrong", most=NAME_LIMIT),
        "scopes": None if scopes and set(scopes) <= set(SCOPES) else Reason("key_scopes_wanted"),
        "expires_at": None if now < expires_at <= now + LONGEST else Reason("key_end_wrong"),
    }
    found = {field: reason for field, reason in reasons.items() if reason}
    if found:
        raise InvalidInput.at(found)


async def keys(services: Services) -> Sequence[ApiKey]:
    """Every key that was not revoked, the newest first."""
    query = select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.made_at.desc(), ApiKey.id)
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


async def revoke(services: Services, key_id: str, actor: str) -> None:
    """A key opens nothing any more.

    Raises:
        NotFound: there is no such key that holds.
    """
    async with services.db.write() as uow:
        key = await uow.session.get(ApiKey, key_id, with_for_update=True)
        if key is None or key.revoked_at is not None:
            raise NotFound("key_not_found")
        key.revoked_at = uow.now
        audit.note(uow, actor, "key_revoked", key_id, name=key.name)
        await news.changed(services, uow)
        await uow.commit()


async def program_of(services: Services, token: str, scope: str | None) -> Staff:
    """Whoever comes with a key, as a stand-in that has no row: its id is what the audit names.

    Raises:
        NotSignedIn: the key is none, revoked, or past its end. NotAllowed: it has not this scope; None is for
        people only.
    """
    now = services.clock.now()
    async with services.db.read() as uow:
        key = await uow.session.scalar(select(ApiKey).where(ApiKey.token_hash == digest(token)))
    if key is None or key.revoked_at is not None:
        raise NotSignedIn("key_void")
    if key.expires_at <= now:
        raise NotSignedIn("key_over")
    if scope is None or (scope not in key.scopes and scope != ANY):
        raise NotAllowed("key_without_scope" if scope else "key_never", scope=scope, scopes=key.scopes)
    await _note_seen(services, key, now)
    area, _, deed = scope.partition(":")
    role = EDITS_AS.get(area, PROGRAM) if deed == "write" else PROGRAM
    name = f"{PROGRAM}:{key.name}"
    return Staff(
        id=name,
        name=key.name,
        number=name,
        role=role,
        department="",
        skills=[],
        capacity=0,
        presence="away",
        active=True,
    )


async def _note_seen(services: Services, key: ApiKey, now: datetime) -> None:
    if key.seen_at is not None and now - key.seen_at < SEEN_EVERY:
        return
    async with services.db.write() as uow:
        await uow.session.execute(update(ApiKey).where(ApiKey.id == key.id).values(seen_at=now))
        await uow.commit()
