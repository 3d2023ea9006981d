"""What an administrator is shown of people, and everybody of their own sessions and second factor."""

from __future__ import annotations

from datetime import datetime

from helpdesk.desk.views import View
from helpdesk.store.tables import ApiKey, StaffSession
from helpdesk.usecases.people.invitations import Invitation
from helpdesk.usecases.people.listing import Entry
from helpdesk.usecases.people.programs import NewKey
from helpdesk.usecases.people.sessions import id_of


class PersonView(View):
    """One account. `state`: invited (no password yet), active, locked."""

    id: str
    name: str
    number: str
    role: str
    department: str
    skills: list[str]
    capacity: int
    duty: dict[str, list[str]]
    state: str
    must_change_password: bool
    second_factor: bool
    second_factor_required: bool
    online: bool
    serving: int
    open_tickets: int
    sessions: int
    last_seen_at: datetime | None
    invited_until: datetime | None


class InvitationView(View):
    """A link to be handed to its person; the path is shown this once."""

    staff_id: str
    path: str
    expires_at: datetime


class InvitedView(View):
    """Whom a link is for, as they see it."""

    id: str
    name: str
    number: str


class NewPersonView(View):
    """An account that was made, and its link."""

    person: PersonView
    invitation: InvitationView


class StaffSessionView(View):
    """A signed-in browser or program; `current`: the one that asks."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str
    current: bool


class HandedOnView(View):
    """What passed to others."""

    tickets: list[str]
    promises: int


class LockedView(View):
    """A locked account, how many customers went back into the queue, and what passed to others."""

    person: PersonView
    requeued: int
    handed_on: HandedOnView | None


class OfferView(View):
    """A secret for an authenticator: to type, as an address, as a picture (an SVG data address)."""

    secret: str
    uri: str
    picture: str


class KeyView(View):
    """A program's key; `hint` is how it begins."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    made_by: str
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None


class NewKeyView(View):
    """A key that was made; the token is shown this once."""

    key: KeyView
    token: str


def person_view(entry: Entry) -> PersonView:
    """One account in the list."""
    staff = entry.staff
    return PersonView(
        **{name: getattr(staff, name) for name in _AS_THEY_ARE},
        state="locked" if not staff.active else "active" if staff.password_hash else "invited",
        second_factor=staff.totp_secret is not None,
        second_factor_required=staff.totp_required,
        online=entry.is_on_duty,
        serving=entry.serving,
        open_tickets=entry.open_tickets,
        sessions=entry.sessions,
        last_seen_at=entry.last_seen_at,
        invited_until=entry.invited_until,
    )


_AS_THEY_ARE = (
    "id", "name", "number", "role", "department", "skills", "capacity", "duty", "must_change_password",
)  # fmt: skip
"""Columns of an account that are shown under their own names."""


def invitation_view(made: Invitation) -> InvitationView:
    """A link."""
    return InvitationView(staff_id=made.staff_id, path=made.path, expires_at=made.expires_at)


def session_view(session: StaffSession, token_hash: str) -> StaffSessionView:
    """A session; `token_hash` is that of whoever asks."""
    return StaffSessionView(
        id=id_of(session),
        created_at=session.created_at,
        seen_at=session.seen_at or session.created_at,
        expires_at=session.expires_at,
        address=session.address,
        agent=session.agent,
        current=session.token_hash == token_hash,
    )


def key_view(key: ApiKey) -> KeyView:
    """A key, without its token."""
    return KeyView(
        id=key.id,
        name=key.name,
        hint=key.hint,
        scopes=key.scopes,
        made_by=key.made_by,
        made_at=key.made_at,
        expires_at=key.expires_at,
        seen_at=key.seen_at,
    )


def new_key_view(made: NewKey) -> NewKeyView:
    """A key with its token."""
    return NewKeyView(key=key_view(made.key), token=made.token)
