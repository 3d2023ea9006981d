"""A form under way: which ticket it will open, what is known, what is asked next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.forms.answers import Asked
from actions.heard import Json
from actions.turn import COMPLAINT_FORM, CONTEXT_FIELDS, CUSTOMER_FIELDS, Turn
from helpdesk.company import Company, FieldSpec
from helpdesk.model import picture
from helpdesk.model.field import known, state_of
from helpdesk.model.frame import CONFIRM
from helpdesk.model.ticket import Kind
from helpdesk.text.fields import state_in_words
from helpdesk.text.masking import MASKS
from helpdesk.wording import Wording
from zhtext.values import ways

POST_ADDRESS = "post_address"
OF_EVERY_FORM = ("contact_way", POST_ADDRESS, "call_hours", "second_contact")
"""How, where and when somebody is reached: kept wherever it is told."""
FOR_ANOTHER = ("buyer", "contact_who")
"""Asked, and passed over easily, when somebody speaks for another person."""


@dataclass
class Form:
    """One filling. `known` holds only fields that have a value."""

    name: str
    kind: str
    company: Company
    known: Json
    now: datetime
    """When the message was sent, in the company's zone: days are read from there."""
    declined: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    """Filled in on another channel: shown only as far as their customer recognises them."""
    wording: Wording | None = None

    @classmethod
    def of(cls, turn: Turn, name: str) -> Form:
        kind = Kind.COMPLAINT if name == COMPLAINT_FORM else str(turn.slot("kind") or Kind.CALLBACK)
        known = {f: turn.slot(f) for f in turn.company.fields if turn.slot(f) not in (None, "", [])}
        return cls(name, str(kind), turn.company, known, turn.now, list(turn.slot("declined") or []),
                   list(turn.slot("masked") or []), turn.services.wording)  # fmt: skip

    @property
    def is_complaint(self) -> bool:
        return self.kind == Kind.COMPLAINT

    def spec(self, name: str) -> FieldSpec:
        return self.company.fields[name]

    def asked(self, name: str) -> Asked:
        return Asked(name, self.spec(name), self.company, self.now)

    def names(self) -> list[str]:
        """Every field this ticket may have, in the order of asking."""
        required = list(self.company.required_fields(self.kind, self.known))
        return _ordered([*required, *self._optional(), *_alternatives(self.company, required)], self._order())

    def next_field(self) -> str:
        """The next field to ask for, or `CONFIRM`."""
        missing = list(self.company.missing_fields(self.kind, self.known))
        open_offers = [f for f in self._offered() if f not in self.known and f not in self.declined]
        wanted = _ordered([*missing, *open_offers], self._order())
        return next(iter(wanted if self.is_complaint else _customer_last(wanted)), CONFIRM)

    def offers(self, name: str) -> bool:
        """Whether a field may be passed over."""
        return name not in self.company.required_fields(self.kind, self.known)

    def values(self) -> Json:
        """What the ticket will hold."""
        return {name: self.known[name] for name in self.names() if name in self.known}

    def summary(self) -> str:
        """Every value under its title, one a line (唱收唱付); a choice of which none fitted is none."""
        told = {name: value for name, value in self.values().items() if not self._is_left_open(name, value)}
        return "\n".join(self.line(name, value) for name, value in told.items())

    def _is_left_open(self, name: str, value: Any) -> bool:
        return self.spec(name).kind == "choice" and state_of(value) is not None

    def as_told(self) -> Json:
        """What the frame keeps of it once it is registered, to be told again when it is asked for."""
        return {"fields": self.values()}

    def line(self, name: str, value: Any) -> str:
        return f"· {self.spec(name).title}：{self.shown(name, value)}"

    def shown(self, name: str, value: Any) -> str:
        """A value as the customer would write it."""
        spec = self.spec(name)
        if (state := state_of(value)) is not None:
            return state_in_words(self.wording, name, state) if self.wording else state
        if name in self.masked:
            return hidden(name, str(value))
        if spec.kind == "category":
            return self.company.complaints.categories[value].title
        if spec.kind == "choice":
            return next((c.title for c in spec.choices if c.value == value), str(value))
        if spec.kind == "yes_no":
            return {"yes": "有", "no": "没有"}.get(str(value), str(value))
        if spec.kind == "evidence":
            return without_addresses(str(value))
        if spec.kind == "amount" and str(value).replace(".", "").isdigit():
            return f"{value} 元"
        return self._without_names(str(value)) if self.masked else str(value)

    def _without_names(self, text: str) -> str:
        """An account told on another channel, with the values hidden that are hidden beside it."""
        for name in self.masked:
            value = str(known(self.known.get(name)) or "")
            text = text.replace(value, hidden(name, value)) if value else text
        return text

    def _offered(self) -> tuple[str, ...]:
        by_post = (POST_ADDRESS,) if self.known.get("contact_way") == ways.POST and "address" not in self.known else ()
        if not self.is_complaint:
            return by_post
        second = ("second_contact",) if "wechat" in self.known and not {"phone", "email"} & set(self.known) else ()
        other = FOR_ANOTHER if "on_behalf_of" in self.known else ()
        return (*self.company.complaints.offered, *second, *other, *by_post)

    def _optional(self) -> tuple[str, ...]:
        if not self.is_complaint:
            return (*self.company.kinds[self.kind].optional, *OF_EVERY_FORM)
        category = str(self.known.get("category") or "other")
        offered = self.company.complaints.optional(category)
        return (*offered, "amount", "address", *OF_EVERY_FORM, "on_behalf_of", *FOR_ANOTHER)

    def _order(self) -> tuple[str, ...]:
        return self.company.complaints.ask_order if self.is_complaint else ()


def without_addresses(evidence: str) -> str:
    """A picture's address is nothing to read aloud."""
    return picture.without_addresses(evidence).strip(" ,，") or "图片"


def hidden(name: str, value: str) -> str:
    """Enough to be recognised by whom it belongs to, no more."""
    if name == "order":
        return f"尾号 {value[-4:]}"
    return MASKS[name](value) if name in MASKS else value


def without_value(fields: Mapping[str, Any]) -> list[str]:
    """Context that tells nothing: an order not found or not given is asked for again in the next matter."""
    return [name for name in CONTEXT_FIELDS if known(fields.get(name)) is None]


def _alternatives(company: Company, names: Iterable[str]) -> list[str]:
    return [other for name in names for other in company.fields[name].alternatives]


def _ordered(names: Iterable[str], order: tuple[str, ...]) -> list[str]:
    places = {name: place for place, name in reversed(tuple(enumerate(order)))}
    return sorted(dict.fromkeys(names), key=lambda name: places.get(name, len(order)))


def _customer_last(names: list[str]) -> list[str]:
    """The matter first, then who it is (fields that a first answer calls for come late otherwise)."""
    return sorted(names, key=lambda name: name in CUSTOMER_FIELDS)


def fields_of_forms(company: Company) -> list[str]:
    """Slots that a form fills and that its end empties."""
    return [name for name in company.fields if name not in (*CUSTOMER_FIELDS, *CONTEXT_FIELDS)]
