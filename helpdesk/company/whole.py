"""All of it together, and what follows from several parts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from helpdesk.company.assignment import Assignment
from helpdesk.company.connectors import Connectors
from helpdesk.company.customer_files import CustomerFiles
from helpdesk.company.files import read_file
from helpdesk.company.joining import Joining
from helpdesk.company.matters import Clock, Complaints, FieldSpec, Kind, Limits
from helpdesk.company.notices import Notices
from helpdesk.company.personal import PersonalData, in_words
from helpdesk.company.profile import Department, OpeningHours, Profile, StaffMember, YearOfHolidays
from helpdesk.company.shape import Shape
from helpdesk.company.shop import DemoCustomer, DemoOrder, OrderNumbers, Product
from helpdesk.company.survey import Survey
from helpdesk.company.webhooks import Receiver, ReceiverName
from helpdesk.company.words import (
    AccountWords,
    Care,
    Chatter,
    Concepts,
    FollowUpWords,
    ForbiddenGroup,
    FormWords,
    MatterQuestion,
    Misdeeds,
    ProductQuestions,
    QueueWords,
    RedLines,
    Safety,
    Sayings,
    Urgency,
    WeChatKeys,
)

__all__ = ["Company"]

CODES = frozenset({"order", "waybill", "ticket", "credit_code", "choice", "category", "yes_no"})
"""Kinds of fields whose values are checked by their shape, so that nothing else can stand in them."""
DATA_ACTION = "data_action"
"""The field that says what a customer wants done with their data."""
_STRICTNESS: tuple[Clock, ...] = ("safety", "urgent", "ordinary", "contact_only", "none")


class Company(Shape):
    root: Path
    edits: Mapping[str, str] = {}
    """What administrators published in the place of files (`helpdesk.company.files`)."""
    profile: Profile
    opening_hours: OpeningHours
    holidays: Mapping[int, YearOfHolidays]
    departments: Mapping[str, Department]
    complaints: Complaints
    kinds: Mapping[str, Kind]
    fields: Mapping[str, FieldSpec]
    limits: Limits
    roster: Mapping[str, StaffMember]
    products: Mapping[str, Product]
    orders: Mapping[str, DemoOrder]
    customers: Mapping[str, DemoCustomer]
    connectors: Connectors
    order_numbers: OrderNumbers
    misdeeds: Misdeeds
    matter_questions: Mapping[str, MatterQuestion]
    forbidden: Mapping[str, ForbiddenGroup]
    safety: Safety
    care: Care
    red_lines: RedLines
    sayings: Sayings
    accounts: AccountWords
    form_words: FormWords
    queue: QueueWords
    assignment: Assignment
    customer_files: CustomerFiles
    urgency: Urgency
    concepts: Concepts
    follow_up: FollowUpWords
    chatter: Chatter
    product_questions: ProductQuestions
    wechat: WeChatKeys
    notices: Notices
    personal_data: PersonalData
    joining: Joining
    survey: Survey
    webhooks: Annotated[Mapping[ReceiverName, Receiver], Field(max_length=20), BeforeValidator(lambda told: told or {})]
    """A file that names nobody is no mapping."""

    def read(self, name: str) -> Any:
        """One of its files as it counts now; an unusable one is a `CompanyFileError`."""
        return read_file(self.root, name, self.edits)

    def names_in(self, folder: str) -> list[str]:
        """The YAML files of one of its folders, by name: `letters/frame.yml`."""
        return sorted(f"{folder}/{path.name}" for path in (self.root / folder).glob("*.yml"))

    @cached_property
    def told_of_personal_data(self) -> dict[str, str]:
        """What a text may name of how personal data is treated: how long it is kept, which wishes we register."""
        wishes = self.fields[DATA_ACTION].choices
        kept = {name: in_words(days) for name, days in self.personal_data.keep.model_dump().items()}
        return {
            "kept": in_words(self.personal_data.keep.longest),
            "kept_tickets": kept["tickets"],
            "rights": "、".join(one.title for one in wishes[:-1]) + f"或{wishes[-1].title}",
            "data_days": str(self.limits.urgent_working_days),
        }

    @cached_property
    def privacy_notice(self) -> str:
        """What is said before the first personal value is asked, in one line."""
        text = self.profile.privacy.text.format_map(self.told_of_personal_data)
        return "".join(text.split())

    @cached_property
    def privacy_version(self) -> str:
        """Which text it is: 12 hex characters, others as soon as a word of it changes."""
        return sha256(self.privacy_notice.encode()).hexdigest()[:12]

    @cached_property
    def personal(self) -> frozenset[str]:
        """The fields that hold personal data."""
        return frozenset(name for name, field in self.fields.items() if field.personal)

    @cached_property
    def legible(self) -> frozenset[str]:
        """The fields that hold a code or a choice: read by everybody, and searched for everybody."""
        return frozenset(name for name, field in self.fields.items() if field.kind in CODES and not field.personal)

    def department_of(self, kind: str, category: str | None = None) -> str:
        """Who gets a ticket: for a complaint its category decides."""
        if kind == "complaint" and category is not None and category in self.complaints.categories:
            return self.complaints.categories[category].department
        return self.kinds[kind].department

    def clock_of(self, kind: str, category: str | None = None, signs: Sequence[str] = ()) -> Clock:
        """The strictest clock that the kind, the category or a sign of urgency asks for."""
        clocks: list[Clock] = [self.kinds[kind].clock]
        if kind == "complaint" and category is not None and category in self.complaints.categories:
            clocks.append(self.complaints.categories[category].clock)
        clocks += [self.urgency.signs[name].clock for name in signs]
        return min(clocks, key=_STRICTNESS.index)

    def required_fields(self, kind: str, known: Mapping[str, Any]) -> tuple[str, ...]:
        """Every field a ticket of this kind must have, in the order of asking."""
        if kind == "complaint":
            category = str(known.get("category") or "other")
            return self.complaints.required(category if category in self.complaints.categories else "other", known)
        chosen = self.kinds[kind]
        extra = [rule.field for rule in chosen.conditional if rule.applies(known)]
        return (*chosen.required, *(field for field in extra if field not in chosen.required))

    def missing_fields(self, kind: str, known: Mapping[str, Any]) -> tuple[str, ...]:
        """Required fields that neither they nor an alternative of theirs have a value for."""
        return tuple(f for f in self.required_fields(kind, known) if not self._has(f, known))

    def _has(self, field: str, known: Mapping[str, Any]) -> bool:
        return any(known.get(name) for name in (field, *self.fields[field].alternatives))
