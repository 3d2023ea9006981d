"""Where everything stands that is held of a customer: one entry a table, from which all else follows.

A person is exported, erased and forgotten by this list and no other; a test compares it with the tables, column by
column, so that a new one has to say what it holds before it can hold anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.store import tables as t
from helpdesk.store.tables import Base


class Owner(Enum):
    """What a column names by which a row is somebody's."""

    CUSTOMER = auto()
    IDENTITY = auto()
    CONVERSATION = auto()
    TICKET = auto()
    LETTER = auto()
    MESSAGE = auto()
    WEB_SENDER = auto()
    SUBJECT = auto()
    """Any of these: what an audit line is about."""


class Blank(Enum):
    """What is left of a column that held words."""

    NOTHING = auto()
    CODES = auto()
    """Of a JSON object what names a state, a moment or a colleague."""
    TICKET_CODES = auto()
    """Of a ticket's fields what is a code or a choice of ours."""
    NAME = auto()
    """A name that is nobody's, for a column that must have one."""


NOTHING, CODES = Blank.NOTHING, Blank.CODES


@dataclass(frozen=True)
class Holding:
    """A table with rows of customers. `words` hold what they said or what is said of them; `plain` does not.

    `goes`: a row without its words is worth nothing and is deleted.
    """

    table: type[Base]
    by: Mapping[Owner, str]
    words: Mapping[str, Blank] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    goes: bool = False

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)

    def column(self, name: str) -> InstrumentedAttribute[object]:
        """One of the table's columns."""
        found: InstrumentedAttribute[object] = getattr(self.table, name)
        return found


_ENDS = {Owner.CONVERSATION: "conversation_id"}
_OF_TICKET = {Owner.TICKET: "number"}

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        t.Customer,
        {Owner.CUSTOMER: "id"},
        {
            "name": NOTHING,
            "phone": NOTHING,
            "email": NOTHING,
            "user_id": NOTHING,
            "proved_phone": NOTHING,
            "reach_from": NOTHING,
            "reach_until": NOTHING,
            "remark": NOTHING,
        },
        ("tier", "reach_by", "class_said", "keeper_id", "merged_into"),
    ),
    Holding(
        t.CustomerMerge,
        {Owner.CUSTOMER: "into_id"},
        {"before": NOTHING, "moved": NOTHING, "reason": NOTHING},
        ("from_id", "by", "undone_by"),
        goes=True,
    ),
    Holding(t.Identity, {Owner.CUSTOMER: "customer_id"}, {"sender": Blank.NAME}, ("channel",)),
    Holding(t.WeChatPermit, {Owner.IDENTITY: "identity_id"}, {}, ("template_id",), goes=True),
    Holding(t.Consent, {Owner.CUSTOMER: "customer_id"}, {}, ("version",)),
    Holding(
        t.Conversation,
        {Owner.CUSTOMER: "customer_id"},
        {"dialogue": NOTHING, "handoff_note": NOTHING, "hold_reason": NOTHING, "queue_reason": NOTHING},
        ("channel", "state", "last_staff_id", "priority"),
    ),
    Holding(
        t.Message,
        _ENDS,
        {
            "text": NOTHING,
            "input": NOTHING,
            "buttons": NOTHING,
            "image": NOTHING,
            "custom": NOTHING,
            "in_reply_to": NOTHING,
            "understood": NOTHING,
            "external_id": NOTHING,
        },
        ("author", "staff_id", "answers"),
    ),
    Holding(
        t.Handoff,
        _ENDS,
        {},
        (
            "channel",
            "reason",
            "priority",
            "department",
            "category",
            "wished_id",
            "barred",
            "staff_id",
            "why",
            "outcome",
        ),
    ),
    Holding(t.Offer, _ENDS, {}, ("why", "outcome")),
    Holding(t.PhoneCode, _ENDS, {"phone": NOTHING, "code_hash": NOTHING}, goes=True),
    Holding(t.ConversationTag, _ENDS, {"name": NOTHING}, ("by",), goes=True),
    Holding(t.Picture, {**_ENDS, **_OF_TICKET}, {"content": NOTHING}, ("content_type",), goes=True),
    Holding(
        t.Ticket,
        {Owner.CUSTOMER: "customer_id"},
        {"fields": Blank.TICKET_CODES},
        ("kind", "status", "level", "urgency", "category", "department", "source"),
    ),
    Holding(
        t.TicketEvent,
        _OF_TICKET,
        {"note": NOTHING, "detail": CODES},
        ("actor", "action", "from_status", "to_status"),
    ),
    Holding(
        t.Letter,
        _OF_TICKET,
        {"text": NOTHING, "buttons": NOTHING, "custom": NOTHING},
        (
            "key",
            "kind",
            "written_by",
            "message_id",
        ),
    ),
    Holding(t.Notice, _OF_TICKET, {}, ("state", "way", "received_by")),
    Holding(
        t.NoticeTry,
        {Owner.LETTER: "letter_id"},
        {"external_id": NOTHING, "error": NOTHING, "link_hash": NOTHING},
        ("way", "state"),
    ),
    Holding(
        t.Compensation,
        _OF_TICKET,
        {"text": NOTHING, "reason": NOTHING},
        (
            "form",
            "state",
            "proposed_by",
            "decided_by",
        ),
    ),
    Holding(t.TicketPause, _OF_TICKET, {"reason": NOTHING}),
    Holding(t.Investigator, _OF_TICKET, {}, ("department", "added_by")),
    Holding(
        t.Promise,
        {Owner.CUSTOMER: "customer_id", Owner.TICKET: "ticket_number"},
        {"text": NOTHING},
        ("kind", "state", "made_by"),
    ),
    Holding(
        t.FollowUp,
        {Owner.CUSTOMER: "customer_id", Owner.TICKET: "number"},
        {"note": NOTHING, "report": NOTHING},
        ("key", "occasion", "way", "state", "made_by", "settled_by"),
    ),
    Holding(
        t.Survey,
        {Owner.CUSTOMER: "customer_id", Owner.TICKET: "number"},
        {"comment": NOTHING, "link_hash": NOTHING},
        ("department", "channel", "category", "asked_by", "scores"),
    ),
    Holding(t.Rating, _ENDS, {"comment": NOTHING}, ("staff_id",)),
    Holding(t.AnswerRating, {Owner.MESSAGE: "message_id"}, {}, ("faq_id",)),
    Holding(
        t.Draft,
        {Owner.CUSTOMER: "customer_id", Owner.CONVERSATION: "conversation_id"},
        {"phone": NOTHING, "slots": NOTHING},
        ("form", "kind"),
        goes=True,
    ),
    Holding(t.Unanswered, _ENDS, {"text": NOTHING, "suggested": NOTHING}, goes=True),
    Holding(t.Effect, _ENDS, {"payload": NOTHING, "result": NOTHING}, ("key", "kind", "status"), goes=True),
    Holding(t.Outbox, _ENDS, {"error": NOTHING}, ("channel", "status", "via", "carried_by"), goes=True),
    Holding(t.WebSession, {Owner.WEB_SENDER: "sender"}, {}, ("token_hash", "sender", "user_id"), goes=True),
    Holding(t.ReadMark, _ENDS),
    Holding(t.Audit, {Owner.SUBJECT: "subject"}, {"detail": CODES}, ("actor", "action", "subject")),
)
"""In the order in which a person reads them."""
SWEPT: Mapping[type[Base], tuple[str, ...]] = {
    t.QuestionGroup: ("text",),
    t.Attempt: ("key",),
    t.OwnItem: ("title", "content"),
}
"""Tables that are nobody's and may quote somebody all the same."""
SWEPT_AWAY = frozenset({t.OwnItem})
"""Of these a row that quotes somebody is of no use without: a search for a name, a reply to one customer."""
Customers = Collection[str] | None
"""Ids of customers; None stands for all of them."""


def belongs(holding: Holding, customers: Customers) -> ColumnElement[bool]:
    """The rows of a holding that are these customers'."""
    return or_(*(holding.column(name).in_(ids(owner, customers)) for owner, name in holding.by.items()))


def ids(owner: Owner, customers: Customers) -> Select[str]:
    """What these customers' rows are named by."""
    match owner:
        case Owner.CUSTOMER:
            return select(t.Customer.id).where(_one_of(t.Customer.id, customers))
        case Owner.IDENTITY:
            return select(t.Identity.id).where(_one_of(t.Identity.customer_id, customers))
        case Owner.CONVERSATION:
            return select(t.Conversation.id).where(_one_of(t.Conversation.customer_id, customers))
        case Owner.TICKET:
            return select(t.Ticket.number).where(_one_of(t.Ticket.customer_id, customers))
        case Owner.LETTER:
            return letters_of(ids(Owner.TICKET, customers))
        case Owner.MESSAGE:
            return select(t.Message.id).where(t.Message.conversation_id.in_(ids(Owner.CONVERSATION, customers)))
        case Owner.WEB_SENDER:
            return select(t.Identity.sender).where(
                and_(t.Identity.channel == "web", _one_of(t.Identity.customer_id, customers))
            )
        case Owner.SUBJECT:
            return _subjects(customers)


def letters_of(numbers: Select[str] | Collection[str]) -> Select[str]:
    """The ids of the letters about these tickets."""
    return select(t.Letter.id).where(t.Letter.number.in_(numbers))


def _one_of(column: InstrumentedAttribute[str], customers: Customers) -> ColumnElement[bool]:
    return true() if customers is None else column.in_(customers)


def _subjects(customers: Customers) -> Select[str]:
    """Everything of theirs that an audit line may be about."""
    tickets = ids(Owner.TICKET, customers)
    parts = (
        ids(Owner.CUSTOMER, customers),
        ids(Owner.CONVERSATION, customers),
        ids(Owner.MESSAGE, customers),
        tickets,
        select(t.Promise.id).where(_one_of(t.Promise.customer_id, customers)),
        select(t.Letter.id).where(t.Letter.number.in_(tickets)),
        select(t.Compensation.id).where(t.Compensation.number.in_(tickets)),
        select(t.Draft.id).where(_one_of(t.Draft.customer_id, customers)),
    )
    return select(union_all(*parts).subquery().c[0])
