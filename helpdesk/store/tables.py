"""Every table. Ids are 32 hex characters unless said otherwise; every datetime is aware and stored in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates
from sqlalchemy.types import TypeDecorator

PENDING = "author = 'customer' AND processed_at IS NULL"
UNKEPT = "keeper_id IS NULL AND merged_into IS NULL AND (name IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL)"
WAITS = "until IS NULL"
LASTS = "ended_at IS NULL"
OPEN = "settled_at IS NULL"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> str:
    """A fresh random id of 32 hex characters."""
    return uuid4().hex


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in Python, UTC in the database; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base; JSON columns hold plain dicts and lists."""

    type_annotation_map = {
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        datetime: UtcDateTime,
        str: String(255),
    }


class Customer(Base):
    """A person, known by one or more identities."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_recent", "last_seen_at", "id"),
        Index("ix_customers_keeper", "keeper_id", "last_seen_at"),
        Index("ix_customers_unkept", "created_at", sqlite_where=text(UNKEPT), postgresql_where=text(UNKEPT)),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    tier: Mapped[str] = mapped_column(default="normal")  # normal | key
    reach_by: Mapped[str | None] = mapped_column(String(8))  # the way (model/notice.py) they asked to be told by
    user_id: Mapped[str | None] = mapped_column(unique=True, index=True)  # the company's own, by a signed identity
    proved_phone: Mapped[str | None] = mapped_column(String(16), index=True)  # they read a code that was sent to it
    proved_at: Mapped[datetime | None]
    class_said: Mapped[str | None] = mapped_column(String(16))  # referred | prospective, while nothing has happened yet
    keeper_id: Mapped[str | None] = mapped_column(String(64))  # the member of staff who keeps the file
    kept_since: Mapped[datetime | None]
    reach_from: Mapped[str | None] = mapped_column(String(5))  # "09:00": they wish to be reached from then
    reach_until: Mapped[str | None] = mapped_column(String(5))  # until then
    may_follow_up: Mapped[bool | None]  # whether they agreed to be asked afterwards; None: nobody asked them
    remark: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None]  # when somebody last made sure that the file is right
    changed_at: Mapped[datetime | None]  # when staff last changed it
    merged_into: Mapped[str | None] = mapped_column(String(32))  # the file that this one became part of
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class CustomerMerge(Base):
    """Two files that staff made one, and what it takes to take them apart again; forgotten once nobody may any more."""

    __tablename__ = "customer_merges"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    into_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    from_id: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]]  # {"from": values, "into": values}: both files as they were
    moved: Mapped[dict[str, Any]]  # table -> keys of the rows that followed
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_at: Mapped[datetime | None]


class FollowUp(Base):
    """A customer is to be asked afterwards whether all is well, or a file is to be looked through (F6)."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_follow_ups_due", "state", "due_at"),
        Index("ix_follow_ups_owner", "owner_id", "state", "due_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str]  # one a cause: the occasion with a ticket's number, a rating's id or a day
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    occasion: Mapped[str] = mapped_column(String(16))
    number: Mapped[str | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"))
    way: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="open")
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime]
    moves: Mapped[int] = mapped_column(default=0)  # how often it was put off
    note: Mapped[str | None] = mapped_column(Text)
    report: Mapped[dict[str, Any] | None]  # model/follow_up.py, and the number of the ticket that came of it
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by: Mapped[str | None] = mapped_column(String(64))


class Identity(Base):
    """A customer's address on one channel: (channel, sender) is who they are."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "sender"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(16))  # rest | web | wechat
    sender: Mapped[str]
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    created_at: Mapped[datetime]


class WeChatPermit(Base):
    """How many subscription messages of a template a customer still allows us to send; none after they refused."""

    __tablename__ = "wechat_permits"
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    permits: Mapped[int]
    at: Mapped[datetime]  # of the last answer


class Conversation(Base):
    """One a channel identity; `session_no` counts the times it was opened again."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_queue", "state", "queued_at"),
        Index("ix_conversations_idle", "state", "last_customer_at"),
        Index("ix_conversations_recent", "last_customer_at", "id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="bot")
    session_no: Mapped[int] = mapped_column(default=1)
    last_seq: Mapped[int] = mapped_column(default=0)
    turn_no: Mapped[int] = mapped_column(default=0)
    turn_until: Mapped[datetime | None]
    dialogue: Mapped[dict[str, Any] | None]  # the worker's state, opaque but for helpdesk/model/dialogue.py
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    last_staff_id: Mapped[str | None]  # who served last: the same person when possible
    queued_at: Mapped[datetime | None]
    queue_reason: Mapped[str | None]
    held_until: Mapped[datetime | None]  # on hold: until then the customer was asked to wait
    hold_reason: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(String(16), default="normal")
    handoff_note: Mapped[dict[str, Any] | None] = mapped_column("packet")  # what staff gets at hand-over
    opened_at: Mapped[datetime]
    last_customer_at: Mapped[datetime | None]
    receipt_at: Mapped[datetime | None]  # the last acknowledgement while waiting
    closed_at: Mapped[datetime | None]


class Message(Base):
    """Whatever was said, by anybody; `seq` orders a conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "author", "external_id"),
        Index(
            "ix_messages_pending", "conversation_id", "seq", sqlite_where=text(PENDING), postgresql_where=text(PENDING)
        ),
        Index("ix_messages_at", "at", "id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    session_no: Mapped[int]
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[str | None]
    external_id: Mapped[str | None]  # the client's own id; unique per conversation and author
    text: Mapped[str] = mapped_column(Text, default="")
    input: Mapped[dict[str, Any] | None]  # a customer's press or start; None = plain text
    buttons: Mapped[list[Any] | None]  # [{"title", "payload": "b:........", "press"}]
    image: Mapped[str | None] = mapped_column(Text)
    custom: Mapped[dict[str, Any] | None]
    in_reply_to: Mapped[list[Any] | None]  # the customer's own message ids (external)
    answers: Mapped[str | None] = mapped_column(String(32), index=True)  # id of the customer message answered
    understood: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]
    processed_at: Mapped[datetime | None]  # set for a customer's message once it is answered or handed to staff


class Handoff(Base):
    """One stay with people: a customer wished for a person, got one, heard the first word, and it ended.

    One open row a conversation; who is handed on begins another. Nothing of what was said stands here.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "ix_handoffs_open", "conversation_id", unique=True, sqlite_where=text(LASTS), postgresql_where=text(LASTS)
        ),
        Index("ix_handoffs_staff", "staff_id", "wished_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    session_no: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    wished_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str]  # why a person was wished for; `staff`: nobody did, somebody took the customer from the bot
    priority: Mapped[str] = mapped_column(String(16))
    department: Mapped[str | None]  # whose matter it is, or to whom it was handed on
    category: Mapped[str | None]  # of complaint; also the skill it needs
    wished_id: Mapped[str | None]  # whom the customer asked for
    barred: Mapped[list[Any]]  # whom the customer complains of
    staff_id: Mapped[str | None]
    why: Mapped[str | None] = mapped_column(
        String(16)
    )  # model/assignment.py; pulled: they took the customer themselves
    taken_at: Mapped[datetime | None]
    first_word_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]  # no word came in time
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))  # left | released | closed | transferred | lost


class Offer(Base):
    """Somebody was asked to serve a customer; one open offer a customer and one a person."""

    __tablename__ = "offers"
    __table_args__ = (
        Index(
            "ix_offers_of_customer",
            "conversation_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_offers_of_staff", "staff_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_offers_lately", "offered_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    why: Mapped[str] = mapped_column(String(16))
    offered_at: Mapped[datetime]
    until: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))  # accepted | passed | lapsed | withdrawn


class ConversationTag(Base):
    """A word by which staff find a conversation again."""

    __tablename__ = "conversation_tags"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True, index=True)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Effect(Base):
    """What an action wants to happen, staged until its turn is finished."""

    __tablename__ = "effects"
    key: Mapped[str] = mapped_column(primary_key=True)  # conversation:kind:form_run or message
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    turn_no: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]  # what the action was told: ticket number, promised dates
    status: Mapped[str] = mapped_column(String(16), default="staged")  # staged | applied | refused
    staged_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class Counter(Base):
    """Running numbers, one row a day and kind."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(primary_key=True)  # ticket:20261121
    value: Mapped[int]


class Ticket(Base):
    """A matter that somebody owns until the customer is satisfied."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_list", "status", "kind", "created_at"),
        Index("ix_tickets_closed", "closed_at"),
        Index("ix_tickets_created", "created_at"),
        Index("ix_tickets_contacted", "first_contact_at"),
        Index("ix_tickets_updated", "updated_at"),
        Index("ix_tickets_owned", "owner_id", "created_at", "number"),
        Index("ix_tickets_work", "owner_id", "status"),
    )
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(16), default="registered")
    level: Mapped[str] = mapped_column(String(16), default="department")
    round: Mapped[int] = mapped_column(default=1)
    urgency: Mapped[str] = mapped_column(String(16), default="normal")  # normal | urgent | safety
    category: Mapped[str | None]
    department: Mapped[str]
    source: Mapped[str] = mapped_column(String(16), default="chat", server_default="chat")  # how it came in
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)  # never empty: first contact owns it
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    fields: Mapped[dict[str, Any]]
    first_contact_due: Mapped[datetime | None]
    result_due: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # raised by every change: two staff cannot overwrite each other


class TicketEvent(Base):
    """A ticket's timeline; append-only."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_at", "at"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # customer | bot | system | staff:<id>
    action: Mapped[str] = mapped_column(String(32))
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any] | None]


class Promise(Base):
    """Something we said we would do, by when, and who answers for it."""

    __tablename__ = "promises"
    __table_args__ = (
        Index("ix_promises_look", "state", "look_at"),
        Index("ix_promises_owner", "owner_id", "state", "due_at"),
        Index("ix_promises_settled", "settled_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    ticket_number: Mapped[str | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(32))  # first_contact | result | callback | staff | order
    text: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)  # open | kept | broken
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    look_at: Mapped[datetime] = mapped_column(server_default="1970-01-01 00:00:00")  # when time acts on it next

    @validates("due_at")
    def _look_anew(self, _name: str, due_at: datetime) -> datetime:
        """A date that was set, to whatever it may be, is looked at by the next timer."""
        self.look_at = LONG_AGO
        return due_at


class Outbox(Base):
    """A message on its way to a channel that has to be called; pull channels need no row."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "status", "next_at"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default="queued")  # queued|sent|unknown|delivered|failed
    via: Mapped[str | None] = mapped_column(String(16))  # decided once, by compare-and-set
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]  # when `via` was decided last
    parts: Mapped[int] = mapped_column(default=0, server_default="0")  # API messages that the channel accepted for it
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())  # cannot go until the customer writes
    carried_by: Mapped[str | None] = mapped_column(String(32))  # passive: the customer's message whose reply took it


class ChannelToken(Base):
    """An access token of a channel's API, shared by all processes; whoever holds the lease fetches a new one."""

    __tablename__ = "channel_tokens"
    name: Mapped[str] = mapped_column(primary_key=True)  # wechat:<AppId>
    value: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]  # from then on it is replaced
    refreshing_until: Mapped[datetime | None]


class Staff(Base):
    """A member of staff; the id is the user name."""

    __tablename__ = "staff"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    number: Mapped[str] = mapped_column(String(16))  # 工号
    role: Mapped[str] = mapped_column(String(16))  # agent | supervisor | admin
    department: Mapped[str] = mapped_column(default="service")
    skills: Mapped[list[Any]]
    capacity: Mapped[int] = mapped_column(default=5)
    duty: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # {"mon": ["9:00-18:00"]}
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    totp_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    totp_secret: Mapped[str | None]  # sealed with the secret key; None = no second factor
    totp_offered: Mapped[str | None]  # sealed; shown and not confirmed yet
    totp_step: Mapped[int] = mapped_column(default=0, server_default="0")  # the last one used: no code counts twice
    presence: Mapped[str] = mapped_column(String(16), default="away")  # online | away
    present_until: Mapped[datetime | None]  # presence lapses without heartbeat
    active: Mapped[bool] = mapped_column(default=True)  # False: locked


class StaffSession(Base):
    """A signed-in browser or program; only the token's hash is kept."""

    __tablename__ = "staff_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    agent: Mapped[str] = mapped_column(default="", server_default="")  # what the browser calls itself


class OwnItem(Base):
    """What somebody at the desk keeps for themselves under a title."""

    __tablename__ = "own_items"
    __table_args__ = (UniqueConstraint("staff_id", "kind", "title"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(8))  # reply | talks | tickets
    title: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]]  # {"text"} of a reply, {"filters"} of a view
    at: Mapped[datetime]


class DeskSeat(Base):
    """A process holds open desks of this person until then, unless it says so again."""

    __tablename__ = "desk_seats"
    process: Mapped[str] = mapped_column(String(32), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    until: Mapped[datetime]


class StaffInvitation(Base):
    """A link by which somebody chooses a password, once; only the hash of its token is kept."""

    __tablename__ = "staff_invitations"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(Base):
    """A program's way into the staff API; only the key's hash is kept."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))  # its first characters, by which people tell keys apart
    scopes: Mapped[list[Any]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class WebSession(Base):
    """A browser that the web chat knows again; only the hash of the id it was given is kept."""

    __tablename__ = "web_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sender: Mapped[str] = mapped_column(String(32), unique=True)  # of the identity on channel `web`
    user_id: Mapped[str | None]  # who signed in: the session is opened for nobody else any more
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # moved on by every use


class ReadMark(Base):
    """Up to which `seq` each side of a conversation has read it."""

    __tablename__ = "read_marks"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    customer_seq: Mapped[int] = mapped_column(default=0)
    staff_seq: Mapped[int] = mapped_column(default=0)


class Attempt(Base):
    """Tries that are counted against a limit: logins, ticket numbers."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_key", "scope", "key", "at"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    scope: Mapped[str] = mapped_column(String(32))
    key: Mapped[str]
    at: Mapped[datetime]


class Rating(Base):
    """What a customer thought of a conversation."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("conversation_id", "session_no"),
        Index("ix_ratings_low", "score", "at"),
        Index("ix_ratings_at", "at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    session_no: Mapped[int]
    score: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    staff_id: Mapped[str | None]
    at: Mapped[datetime]


class Unanswered(Base):
    """A question the knowledge base could not answer, for an editor."""

    __tablename__ = "unanswered"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    group_id: Mapped[str | None] = mapped_column(
        ForeignKey("question_groups.id", name="fk_unanswered_group"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    suggested: Mapped[list[Any] | None]
    at: Mapped[datetime]


class QuestionGroup(Base):
    """Unanswered questions that mean the same, under the first wording of them."""

    __tablename__ = "question_groups"
    __table_args__ = (Index("ix_question_groups_list", "state", "count"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    text: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open")  # open | answered | dismissed
    faq_id: Mapped[str | None] = mapped_column(String(80))  # the article that answers it now


class ArticleVersion(Base):
    """What an editor wrote of an article; without a row the file in company/ holds.

    Append-only but for the state; one draft an article, which is written over until it is published.
    """

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("faq_id", "version"), Index("ix_article_versions_state", "state"))
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    faq_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))  # draft | published | replaced
    content: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None]


class AnswerRating(Base):
    """Whether an answer of the knowledge base helped the customer who got it."""

    __tablename__ = "answer_ratings"
    __table_args__ = (UniqueConstraint("message_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    faq_id: Mapped[str] = mapped_column(String(80), index=True)
    helpful: Mapped[bool]
    at: Mapped[datetime]


class TicketPause(Base):
    """A span in which a ticket waited for its customer; `until` is empty while it does, which is once a ticket."""

    __tablename__ = "ticket_pauses"
    __table_args__ = (
        Index("ix_ticket_pauses_open", "number", unique=True, sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class Investigator(Base):
    """A member of the group that investigates a ticket beside its owner (C4)."""

    __tablename__ = "investigators"
    __table_args__ = (UniqueConstraint("number", "staff_id"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    department: Mapped[str]
    added_by: Mapped[str]
    at: Mapped[datetime]


class Letter(Base):
    """A letter to a customer about a ticket (C5): kept as it was written, sent once, at a permitted hour."""

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("key"), Index("ix_letters_unsent", "sent_at", "send_at"))
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str]  # one letter a cause: number, kind, round or date
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    round: Mapped[int]
    version: Mapped[int] = mapped_column(default=0)  # the ticket's when it was written: orders letters of one moment
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[Any] | None]  # [{"title", "press"}], as in helpdesk/model/say.py
    custom: Mapped[dict[str, Any] | None]
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    send_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(32), index=True)
    voided_at: Mapped[datetime | None]  # a corrected result took its place; both are kept


class Notice(Base):
    """A letter's way to its customer (helpdesk/model/notice.py): one way at a time, each a row of `NoticeTry`."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_look", "state", "look_at"),)
    letter_id: Mapped[str] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    way: Mapped[str | None] = mapped_column(String(8))  # the last one that was tried
    look_at: Mapped[datetime]  # when to see whether another way is needed
    created_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None] = mapped_column(String(8))  # the way it was received by


class NoticeTry(Base):
    """One way of a notice, stored before anything is sent; what carries it is called once."""

    __tablename__ = "notice_tries"
    __table_args__ = (
        UniqueConstraint("letter_id", "way"),
        Index("ix_notice_tries_due", "state", "next_at"),
        Index("ix_notice_tries_receipt", "external_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    letter_id: Mapped[str] = mapped_column(ForeignKey("notices.letter_id"))
    way: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)  # refusals that passed; calls that nobody took
    next_at: Mapped[datetime]  # not sent earlier; a call: when it is due
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]  # delivered, opened or failed
    external_id: Mapped[str | None]  # what receipts call it
    error: Mapped[str | None] = mapped_column(Text)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the link's token
    link_until: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


class Compensation(Base):
    """What a customer is offered for a loss: proposed, approved within a role's limit, accepted or refused."""

    __tablename__ = "compensations"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"), index=True)
    form: Mapped[str] = mapped_column(String(16))  # money | coupon | goods | service
    cents: Mapped[int]  # its worth, in 分
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="proposed")
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class Once(Base):
    """What was done once: a warning, a reminder, an escalation; each key one time, whichever process did it."""

    __tablename__ = "fired"
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Draft(Base):
    """An unfinished form, so that its customer can go on with it days later or on another channel."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("conversation_id", "form", "kind"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    form: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32), server_default="")
    phone: Mapped[str | None] = mapped_column(index=True)
    slots: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # finished, given up, or taken over by another conversation


class PhoneCode(Base):
    """A code that was sent to a mobile number, to be typed by who asked for it; only its hash is kept."""

    __tablename__ = "phone_codes"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    phone: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Picture(Base):
    """A picture that was sent to us, seen only in its conversation; its id is random and not to be guessed.

    It is a conversation's, or a ticket's where the customer added it on the follow-up page: never both.
    """

    __tablename__ = "pictures"
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    number: Mapped[str | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    content_type: Mapped[str] = mapped_column(String(32))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime]


class SeenNonce(Base):
    """A signed request that was accepted, so that the same one is not accepted again, by any process."""

    __tablename__ = "seen_nonces"
    __table_args__ = (Index("ix_seen_nonces_at", "at"),)
    key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(64))  # digest of what was signed: a repeat of the same is no replay
    at: Mapped[datetime]


class PrivacyText(Base):
    """A privacy notice as it was worded; customers who were told it refer to its version."""

    __tablename__ = "privacy_texts"
    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    first_told_at: Mapped[datetime]


class SettingVersion(Base):
    """A version of a file of company/ that an administrator published at the desk."""

    __tablename__ = "setting_versions"
    __table_args__ = (UniqueConstraint("name", "version"), Index("ix_setting_versions_state", "state"))
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(80))  # under company/: letters/progress.yml
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))  # published | replaced
    content: Mapped[str] = mapped_column(Text)  # YAML
    note: Mapped[str | None] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]


class Delivery(Base):
    """An event on its way to one of the company's own systems; written with what it tells of, or not at all.

    `data` holds codes, numbers and moments (helpdesk/model/event.py), nobody's words.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "receiver"),
        Index("ix_deliveries_due", "receiver", "state", "next_at"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    event_id: Mapped[str] = mapped_column(String(36))  # the same at every receiver and every call
    receiver: Mapped[str] = mapped_column(String(40))  # its name in company/webhooks.yml
    type: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))  # queued | sending | delivered | dead
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # when it was called last
    settled_at: Mapped[datetime | None]
    status: Mapped[int | None]  # HTTP, of the last answer
    error: Mapped[str | None]


class Consent(Base):
    """A customer was told a privacy notice and went on; taken back when they say so."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("customer_id", "version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    version: Mapped[str] = mapped_column(ForeignKey("privacy_texts.version"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Deletion(Base):
    """A person's data that is to be erased, or was: who wanted it and when, and nothing of the person."""

    __tablename__ = "deletions"
    __table_args__ = (Index("ix_deletions_due", "state", "erase_at"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), index=True)  # of the data request
    customer_ids: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(16))  # due | done | called_off
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    erase_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]  # {"messages": 12, ...}


class Survey(Base):
    """What a customer was asked about the service after a case, and what they answered (helpdesk/model/survey.py)."""

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_surveys_customer", "customer_id", "asked_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(ForeignKey("tickets.number"))  # each case is asked about once
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))  # whose case it was when it was asked
    department: Mapped[str]
    channel: Mapped[str] = mapped_column(String(16))
    category: Mapped[str]  # the case's, else its kind
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the link's token
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    until: Mapped[datetime]
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    scores: Mapped[dict[str, Any] | None]  # {dimension: [expected, perceived]}
    comment: Mapped[str | None] = mapped_column(Text)


class ReportDay(Base):
    """A day of the company's zone whose figures were made, and when."""

    __tablename__ = "report_days"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)  # 2026-11-21
    built_at: Mapped[datetime]


class ReportCell(Base):
    """A day's figures of one person, department, channel or category, or of all; made of the other tables, nobody's."""

    __tablename__ = "report_cells"
    by: Mapped[str] = mapped_column(String(12), primary_key=True)  # helpdesk/model/report.py; day: of all
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(Text)  # JSON: {measure: values}


class Audit(Base):
    """Who did or looked at what; append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "action", "subject"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str]
    detail: Mapped[dict[str, Any] | None]
