"""A matter as it comes in, before it has a number: what kind, which facts, how urgent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from helpdesk.errors import InvalidInput
from helpdesk.model import urgency
from helpdesk.model.ticket import Kind
from helpdesk.model.urgency import Urgency

UNKNOWN = frozenset({"", "unknown", "none", "无", "没有", "记不清", "不知道", "找不到", "不清楚"})
"""Values that say "I cannot tell": accepted for a field, but nothing can be looked up by them."""

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
            raise InvalidInput(f"no kind of ticket {payload.get('kind')!r}")
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
        value = self.fields.get(name)
        text = str(value.get("text", "")) if isinstance(value, Mapping) else str(value or "")
        return None if text.strip().lower() in UNKNOWN else text.strip()

    @property
    def text(self) -> str:
        """What the customer told, as one text."""
        return " ".join(filter(None, (self.known("description"), self.known("outcome"))))

    @property
    def is_dangerous(self) -> bool:
        """Somebody is hurt or in danger, whatever category was chosen."""
        return any(str(self.fields.get(name, "")).lower() in YES for name in ("danger", "injured"))


def is_same_matter(matter: Matter, kind: str, category: str | None, fields: Mapping[str, Any]) -> bool:
    """Whether a customer's new complaint is about an open one of theirs: same order, else same phone and category.

    Two different orders are two matters, whatever else is alike.
    """
    if matter.kind is not Kind.COMPLAINT or kind != Kind.COMPLAINT:
        return False
    other = Matter(Kind.COMPLAINT, fields)
    order, other_order = matter.known("order"), other.known("order")
    if order and other_order:
        return order == other_order
    same_phone = matter.known("phone") is not None and matter.known("phone") == other.known("phone")
    return same_phone and matter.category == category


def joined_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a ticket after the customer came again: nothing is lost, a new account is added to the old."""
    merged = {**new, **{name: value for name, value in old.items() if value not in (None, "")}}
    told, again = str(old.get("description") or ""), str(new.get("description") or "")
    if again and again not in told:
        merged["description"] = f"{told}\n补充：{again}" if told else again
    shown = [one for one in (*_list(old.get("evidence")), *_list(new.get("evidence"))) if one]
    if len(shown) > 1:
        merged["evidence"] = list(dict.fromkeys(shown))
    return merged


def _list(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]
