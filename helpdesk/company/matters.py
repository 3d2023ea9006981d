"""What a ticket asks for, who gets it and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any, Literal

from pydantic import Field, model_validator

from helpdesk.company.shape import Shape
from helpdesk.model.compensation import Authority

__all__ = ["Asks", "Category", "Choice", "Clock", "Complaints", "Conditional", "FieldSpec", "Kind", "Limits"]

Clock = Literal["safety", "urgent", "ordinary", "contact_only", "none"]
"""Which limits a ticket runs on; see `Limits` and company/limits.yml."""


class Conditional(Shape):
    """A field asked only when another one has one of some values."""

    field: str
    when: str
    values: tuple[str, ...]

    def applies(self, known: Mapping[str, Any]) -> bool:
        return str(known.get(self.when, "")) in self.values


class Asks(Shape):
    """What is common to complaint categories and ticket kinds: the fields they ask for."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    conditional: tuple[Conditional, ...] = ()

    def names(self) -> Iterator[str]:
        yield from self.required
        yield from self.optional
        for rule in self.conditional:
            yield from (rule.field, rule.when)


class Category(Asks):
    """One kind of complaint. `required` is beyond `Complaints.common`."""

    title: str
    department: str
    clock: Clock = "ordinary"
    button: bool = True
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """What customers tell of it, in their own words; the category of an account is learnt from them."""


class Complaints(Shape):
    common: tuple[str, ...]
    offered: tuple[str, ...]
    """Asked once, may be passed over: evidence."""
    ask_order: tuple[str, ...]
    categories: Mapping[str, Category]

    def required(self, category: str, known: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """Every required field of a complaint, in the order of asking; `known` decides the conditional ones."""
        chosen = self.categories[category]
        wanted = {*self.common, *chosen.required}
        wanted |= {rule.field for rule in chosen.conditional if rule.applies(known or {})}
        return tuple(name for name in self.ask_order if name in wanted)

    def optional(self, category: str) -> tuple[str, ...]:
        return (*self.offered, *(f for f in self.categories[category].optional if f not in self.offered))

    def buttons(self) -> Mapping[str, str]:
        """The categories that are offered where nothing was told yet, with their titles."""
        return {name: one.title for name, one in self.categories.items() if one.button}

    def find(self, text: str) -> tuple[str, ...]:
        """Ids of the categories that a (normalised) text speaks of, the best first, none for no sign.

        A title or alias counts as said when the text is it; else the longest keyword wins.
        """
        for name, category in self.categories.items():
            if text in {name, category.title, *category.aliases}:
                return (name,)
        scores = {name: _keyword_score(text, c) for name, c in self.categories.items()}
        return tuple(sorted((n for n, s in scores.items() if s), key=lambda n: -scores[n]))


def _keyword_score(text: str, category: Category) -> int:
    words = {*category.aliases, *category.keywords, category.title}
    return sum(len(word) for word in words if word in text)


class Kind(Asks):
    """One kind of ticket (design.md section 4); for complaints the category adds to it."""

    title: str
    department: str
    clock: Clock
    offered_by: tuple[str, ...] = ()
    """Articles whose answer offers to register this."""
    article: str | None = None
    """What short questions beside it are about: 「那收不收钱」 while a repair is registered."""
    called: tuple[str, ...] = ()
    """Words by which it is wished for in the place of another one, spoken of, and denied."""
    known_by: tuple[str, ...] = ()
    """Words that point at a registered one: 「删除的那个」."""
    becomes: tuple[str, ...] = ()
    """Kinds that a running case of this one may be changed to."""


FieldKind = Literal[
    "name", "phone", "email", "wechat", "order", "waybill", "ticket", "product", "amount", "when", "future",
    "text", "yes_no", "choice", "category", "credit_code", "address", "evidence",
]  # fmt: skip


class Choice(Shape):
    value: str
    title: str
    aliases: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    """Wordings that mean it only where no other choice is spoken of: 「没有危险」 tells nothing of the use."""
    shade: str = ""
    """What the reader learnt (data/shades) that means this choice, in whatever words."""


class FieldSpec(Shape):
    """One thing we ask for: how it is called, how it is checked, and why we ask (C1: explained when asked)."""

    title: str
    called: tuple[str, ...] = ()
    """Other words by which a customer speaks of it when putting it right."""
    kind: FieldKind
    why: str
    ask: str
    """The question in the words of a shop assistant; responses may vary it."""
    example: str = ""
    takes_anything: bool = False
    """Whatever is answered is the value, a name or a number too."""
    may_be_unknown: bool = False
    """「记不清」「找不到」 is an acceptable answer; it is recorded as such."""
    already_happened: bool = False
    """A time that lies ahead cannot be it: 「明天」 is no day on which something occurred."""
    alternatives: tuple[str, ...] = ()
    """Any of these fields serves instead (an e-mail for the phone, a waybill for the order)."""
    choices: tuple[Choice, ...] = ()
    endings: tuple[str, ...] = ()
    """Words that end so are a value of it, in whatever message they stand: 材料费, 上门费."""
    no_endings: tuple[str, ...] = ()
    """Words that end so and are none."""
    named: tuple[str, ...] = ()
    """Words that are its value in whatever message they stand, where only one of them does: 师傅, 门店."""
    min_length: int = 1
    max_length: int = 2000
    personal: bool = False
    """Personal data: masked for staff who are not in charge."""

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every word that means this field."""
        return (*self.called, self.title)

    def named_in(self, text: str) -> str | None:
        """Its value by a word that can hardly mean anything else, as far as the text holds one."""
        said = [word for word in self.named if word in text]
        return said[0] if len(said) == 1 else self.ending_in(text)

    def ending_in(self, text: str) -> str | None:
        """The first word of two or three signs that ends as this field's values do."""
        for ending in self.endings:
            for found in re.finditer(rf"[\u4e00-\u9fff]{{2}}{ending}", text):
                if not found.group().endswith(self.no_endings):
                    return found.group()
        return None


class Limits(Shape):
    """Time limits of C3; days are working or calendar days as the name says."""

    first_contact_working_days: int = Field(ge=0)
    urgent_working_days: int = Field(ge=1)
    ordinary_calendar_days: int = Field(ge=1)
    ordinary_max_calendar_days: int = Field(ge=1)
    safety_minutes: int = Field(ge=1)
    callback_open_minutes: int = Field(ge=1)
    internal_working_days: int = Field(ge=1)
    appeal_days: int = Field(ge=1)
    wait_limit_minutes: int = Field(ge=1)
    queue_receipt_seconds: int = Field(ge=1)
    parallel_conversations: int = Field(ge=1)
    quiet_from: time
    quiet_until: time
    warn_first_contact_hours: float = Field(gt=0)
    warn_result_hours: float = Field(gt=0)
    remind_promise_minutes: int = Field(ge=1)
    safety_accept_minutes: int = Field(ge=1)
    postpone_result_minutes: int = Field(ge=1)
    postpone_call_minutes: int = Field(ge=1)
    postpone_calendar_days: int = Field(ge=1)
    postpone_working_days: int = Field(ge=1)
    pause_reminder_days: int = Field(ge=1)
    idle_close_minutes: int = Field(ge=1)
    idle_close_staff_minutes: int = Field(ge=1)
    repeat_cause_days: int = Field(ge=1)
    repeat_cause_count: int = Field(ge=2)
    compensation_agent: int = Field(ge=0)
    compensation_supervisor: int = Field(ge=0)
    compensation_admin: int = Field(ge=0)
    price_protection_days: int = Field(ge=1)
    return_days: int = Field(ge=7)
    exchange_days: int = Field(ge=7)
    compensation_own: int = Field(ge=0)
    compensation_day_agent: int = Field(ge=0)
    compensation_day_supervisor: int = Field(ge=0)
    compensation_day_admin: int = Field(ge=0)

    def compensation(self, role: str) -> Authority:
        """How far somebody of this role may approve compensation; nothing for a role that is not known."""
        yuan = {
            "agent": (self.compensation_agent, self.compensation_day_agent),
            "supervisor": (self.compensation_supervisor, self.compensation_day_supervisor),
            "admin": (self.compensation_admin, self.compensation_day_admin),
        }
        ticket, day = yuan.get(role, (0, 0))
        return Authority(ticket * 100, day * 100, self.compensation_own * 100)

    @model_validator(mode="after")
    def _ordinary_fits(self) -> Limits:
        if self.ordinary_calendar_days > self.ordinary_max_calendar_days:
            raise ValueError("ordinary_calendar_days is above ordinary_max_calendar_days")
        return self
