"""A matter as it comes in, before it has a number: what kind, which facts, how urgent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from helpdesk.errors import InvalidInput
from helpdesk.model import field as field_values
from helpdesk.model import urgency
from helpdesk.model.field import State
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency

YES = frozenset({"yes", "true", "是", "有", "danger"})


class TicketLike(Protocol):
    """What is read of a ticket."""

    kind: Any
    category: Any
    urgency: Any
    fields: Any


@dataclass(frozen=True)
class Matter:
    """What a ticket will be made of. `hint` is how urgent the teller took it to be."""

    kind: Kind
    fields: Mapping[str, Any] = field(default_factory=dict)
    category: str | None = None
    hint: Urgency = Urgency.NORMAL
    summary: str | None = None

    @classmethod
    def parse(cls, payload: Mapping[str, Any]) -> Matter:
        """Read the payload of an `open_ticket` effect.

        Raises:
            InvalidInput: there is no such kind of ticket.
        """
        if payload.get("kind") not in set(Kind):
            raise InvalidInput("no_such_choice", value=str(payload.get("kind"))[:40], what="kind")
        fields = {name: value for name, value in (payload.get("fields") or {}).items() if value is not None}
        category = payload.get("category") or fields.get("category")
        if category:
            fields["category"] = category
        hint = urgency.parse(payload.get("urgency"))
        return cls(Kind(payload["kind"]), fields, category, hint, payload.get("summary"))

    @classmethod
    def of(cls, ticket: TicketLike) -> Matter:
        """The matter of a ticket that exists."""
        return cls(Kind(ticket.kind), ticket.fields, ticket.category, Urgency(ticket.urgency))

    def known(self, name: str) -> str | None:
        """A field's value as text when something can be looked up by it, else None."""
        value = field_values.known(self.fields.get(name))
        return str(value).strip() or None if value is not None else None

    @property
    def phone(self) -> str | None:
        """The number alone, without what it is for (白天)."""
        told = self.known("phone")
        return told.split("（", 1)[0] if told else None

    @property
    def text(self) -> str:
        """What the customer told, as one text."""
        return " ".join(filter(None, (self.known("description"), self.known("outcome"))))

    @property
    def is_dangerous(self) -> bool:
        """Somebody is hurt or in danger, whatever category was chosen."""
        return any((self.known(name) or "").lower() in YES for name in ("danger", "injured"))


def is_same_matter(matter: Matter, kind: str, category: str | None, fields: Mapping[str, Any]) -> bool:
    """Whether a customer's new complaint is about an open one of theirs: same order, else same phone and category.

    Two different orders are two matters, whatever else is alike, and so are two products. Where an order was
    withheld nothing tells that it is the same one: then the product has to.
    """
    if matter.kind is not Kind.COMPLAINT or kind != Kind.COMPLAINT:
        return False
    other = Matter(Kind.COMPLAINT, fields)
    order, other_order = matter.known("order"), other.known("order")
    if order and other_order:
        return order == other_order
    return matter.category == category and _same_phone(matter, other) and _same_product(matter, other)


def _same_phone(one: Matter, other: Matter) -> bool:
    return one.phone is not None and one.phone == other.phone


def _same_product(one: Matter, other: Matter) -> bool:
    mine, theirs = one.known("product"), other.known("product")
    if mine and theirs:
        return mine in theirs or theirs in mine
    return not any(field_values.state_of(each.fields.get("order")) is State.WITHHELD for each in (one, other))


def joined_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a ticket after the customer came again: nothing is lost, a new account is added to the old."""
    told_now = {name: value for name, value in new.items() if field_values.known(value) is not None}
    kept = {name: value for name, value in old.items() if field_values.known(value) is not None or name not in told_now}
    merged = {**new, **{name: value for name, value in kept.items() if value not in (None, "")}}
    told, again = (str(field_values.known(fields.get("description")) or "") for fields in (old, new))
    if again and again not in told:
        merged["description"] = f"{told}\n补充：{again}" if told else again
    shown = [one for one in (*_list(old.get("evidence")), *_list(new.get("evidence"))) if one]
    if len(shown) > 1:
        merged["evidence"] = list(dict.fromkeys(shown))
    return merged


def _list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]
