"""What a company edits, as typed values: everything in company/ but the articles, messages and lexicon.

`load_company(root)` reads the YAML files under `root` into frozen models. An edit that cannot be used
raises `CompanyFileError` naming the file and the key, so that whoever edited it can mend it; nothing is
half loaded. Articles (company/knowledge) are read by `helpdesk.knowledge.articles`, messages and letters
by `helpdesk.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from helpdesk.errors import HelpdeskError

__all__ = [
    "Category",
    "Chatter",
    "Clock",
    "Company",
    "CompanyFileError",
    "Complaints",
    "Concepts",
    "Conditional",
    "DemoOrder",
    "Department",
    "FieldSpec",
    "FollowUpWords",
    "ForbiddenGroup",
    "Holidays",
    "Kind",
    "Limits",
    "OpeningHours",
    "OrderItem",
    "OrderNumbers",
    "Period",
    "PrivacyNotice",
    "Product",
    "Profile",
    "QueueWords",
    "Role",
    "Safety",
    "SafetyInstruction",
    "StaffMember",
    "Urgency",
    "UrgencySign",
    "YearOfHolidays",
    "load_company",
    "read_yaml",
]

Clock = Literal["safety", "urgent", "ordinary", "contact_only", "none"]
"""Which limits a ticket runs on; see `Limits` and company/limits.yml."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class CompanyFileError(HelpdeskError):
    """A file under company/ cannot be used as it stands."""

    code: ClassVar[str] = "company_file"

    def __init__(self, file: Path, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}", file=str(file), key=key)
        self.file = file
        self.key = key


class Shape(BaseModel):
    """The base of everything here: unknown keys are errors (they are usually typing slips)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------- who we are and when we are open


class PrivacyNotice(Shape):
    """Who, why, what, how long, rights: said before the first personal value is asked (PIPL 17)."""

    who: str
    purposes: str
    data: str
    recipients: str
    retention: str
    rights: str
    contact: str
    text: str
    """The notice in one short message, as it is said in chat."""


class Profile(Shape):
    name: str
    short_name: str
    assistant: str
    slogan: str
    hotline: str
    website: str
    email: str
    address: str
    brand_colour: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    time_zone: str
    privacy: PrivacyNotice

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _zone_exists(self) -> Profile:
        try:
            ZoneInfo(self.time_zone)
        except Exception as error:
            raise ValueError(f"time_zone: unknown time zone {self.time_zone!r}") from error
        return self


class Period(Shape):
    """Part of a day, `opens` included and `closes` not; written 「9:00-12:00」. 24:00 is the day's end."""

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return _parse_period(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.opens >= self.closes:
            raise ValueError("a period must end after it begins")
        return self


def _parse_period(text: str) -> dict[str, time]:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", text.strip())
    if found is None:
        raise ValueError(f"not a period like 9:00-21:00: {text!r}")
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    end = time.max if (h2, m2) == (24, 0) else time(h2, m2)
    return {"opens": time(h1, m1), "closes": end}


Periods = tuple[Period, ...]


class Holidays(Shape):
    """`as_usual`: the weekday decides. `closed`: nobody serves. Otherwise the periods given."""

    rule: Literal["as_usual", "closed", "periods"] = "as_usual"
    periods: Periods = ()


class OpeningHours(Shape):
    """When staff serve. Not the legal working calendar, which `helpdesk.calendar` keeps for due times."""

    text: str
    weekly: Mapping[Weekday, Periods]
    holidays: Holidays = Holidays()
    special: Mapping[date, Periods] = {}

    @model_validator(mode="after")
    def _week_is_whole(self) -> OpeningHours:
        missing = [day for day in WEEKDAYS if day not in self.weekly]
        if missing:
            raise ValueError(f"weekly: no entry for {', '.join(missing)}")
        return self

    def on_weekday(self, weekday: int) -> Periods:
        """Periods of a weekday, 0 = Monday."""
        return self.weekly[WEEKDAYS[weekday]]


class YearOfHolidays(Shape):
    """Holidays and make-up working days of a year that chinesecalendar does not know yet."""

    announced: bool
    """False while only what the law itself fixes is known: due dates of that year are provisional."""
    holidays: tuple[date, ...]
    working_days: tuple[date, ...] = ()


class Department(Shape):
    title: str
    escalates_to: str
    mission: str = ""


# ---------------------------------------------------------------- what a ticket asks for


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


FieldKind = Literal[
    "name", "phone", "email", "wechat", "order", "waybill", "ticket", "product", "amount", "when", "future",
    "text", "yes_no", "choice", "category", "credit_code", "address", "evidence",
]  # fmt: skip


class Choice(Shape):
    value: str
    title: str
    aliases: tuple[str, ...] = ()


class FieldSpec(Shape):
    """One thing we ask for: how it is called, how it is checked, and why we ask (C1: explained when asked)."""

    title: str
    kind: FieldKind
    why: str
    ask: str
    """The question in the words of a shop assistant; responses may vary it."""
    example: str = ""
    may_be_unknown: bool = False
    """「记不清」「找不到」 is an acceptable answer; it is recorded as such."""
    alternatives: tuple[str, ...] = ()
    """Any of these fields serves instead (an e-mail for the phone, a waybill for the order)."""
    choices: tuple[Choice, ...] = ()
    min_length: int = 1
    max_length: int = 2000
    personal: bool = False
    """Personal data: masked for staff who are not in charge, deleted on request."""


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
    repeat_complaint_days: int = Field(ge=1)
    wait_limit_minutes: int = Field(ge=1)
    queue_receipt_seconds: int = Field(ge=1)
    parallel_conversations: int = Field(ge=1)
    presence_minutes: int = Field(ge=1)
    new_session_hours: int = Field(ge=1)
    quiet_from: time
    quiet_until: time

    @model_validator(mode="after")
    def _ordinary_fits(self) -> Limits:
        if self.ordinary_calendar_days > self.ordinary_max_calendar_days:
            raise ValueError("ordinary_calendar_days is above ordinary_max_calendar_days")
        return self


# ---------------------------------------------------------------- people


Role = Literal["agent", "supervisor", "admin"]


class StaffMember(Shape):
    """A person of the demo roster; `number` is the 工号 that customers are told."""

    name: str
    number: str
    role: Role
    department: str
    skills: tuple[str, ...] = ()
    duty: Mapping[Weekday, Periods] = {}


# ---------------------------------------------------------------- what we sell


class Product(Shape):
    """A catalogue entry, argued by feature, advantage, benefit (B3)."""

    name: str
    kind: str
    price: Annotated[Decimal, Field(gt=0)]
    aliases: tuple[str, ...] = ()
    feature: str
    advantage: str
    benefit: str
    suits: tuple[str, ...]
    warranty: str
    needs_installation: bool = False
    in_stock: bool = True


class OrderItem(Shape):
    product: str
    quantity: int = Field(default=1, ge=1)


OrderState = Literal[
    "unpaid", "paid", "picking", "shipped", "delivered", "installed", "completed", "cancelled", "refunding",
    "refunded",
]  # fmt: skip


def _digits(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


Digits = Annotated[str, BeforeValidator(_digits), Field(pattern=r"^\d+$")]


class DemoOrder(Shape):
    state: OrderState
    placed: datetime
    items: tuple[OrderItem, ...]
    price: Decimal
    state_since: date
    expected: date | None = None
    carrier: str = ""
    waybill: str = ""
    buyer_name: str
    buyer_phone: Digits
    city: str
    invoiced: bool = False


class OrderNumbers(Shape):
    digits: int = Field(ge=6, le=24)
    other_platforms: tuple[int, int]
    """Lengths, first and last, that other platforms use: recognised and explained, not refused."""
    where: str

    def is_ours(self, number: str) -> bool:
        return number.isdigit() and len(number) == self.digits

    def is_foreign(self, number: str) -> bool:
        low, high = self.other_platforms
        return number.isdigit() and low <= len(number) <= high and len(number) != self.digits


# ---------------------------------------------------------------- words to look out for


class ForbiddenGroup(Shape):
    """Words that must not be said to a customer, why, and what to say instead."""

    title: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Harmless wordings that contain one of the words."""
    instead: str
    severity: Literal["block", "warn"] = "block"

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile("|".join([*map(re.escape, self.words), *self.patterns]))

    @model_validator(mode="after")
    def _patterns_compile(self) -> ForbiddenGroup:
        if not (self.words or self.patterns):
            raise ValueError("neither words nor patterns")
        try:
            self.regex  # noqa: B018
        except re.error as error:
            raise ValueError(f"patterns: {error}") from error
        return self

    def find(self, text: str) -> str | None:
        """The first forbidden wording in a text, or None."""
        for harmless in self.unless:
            text = text.replace(harmless, "□")
        found = self.regex.search(text)
        return found.group() if found else None


class SafetyInstruction(Shape):
    """What to do at once. `signs` alone suffice; `things` count only together with one of `troubles`."""

    title: str
    instruction: str
    signs: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    hand_over: bool = False

    def is_spoken_of(self, text: str) -> bool:
        for harmless in self.unless:
            text = text.replace(harmless, "□")
        if any(sign in text for sign in self.signs):
            return True
        return any(t in text for t in self.things) and any(t in text for t in self.troubles)


class Safety(Shape):
    """Dangers, the gravest first; an instruction comes before any form and nothing is sold after it."""

    dangers: Mapping[str, SafetyInstruction]
    negations: tuple[str, ...] = ()

    def detect(self, text: str) -> str | None:
        """Id of the gravest danger that a (normalised) text speaks of, or None."""
        for harmless in self.negations:
            text = text.replace(harmless, "□")
        for name, danger in self.dangers.items():
            if danger.is_spoken_of(text):
                return name
        return None


class QueueWords(Shape):
    """Exact wordings (after normalisation) that a waiting customer leaves the queue with."""

    leave_title: str
    leave: tuple[str, ...]
    particles: tuple[str, ...] = ()

    def leaves(self, text: str) -> bool:
        bare = re.sub(r"[\s,，。.!！?？~、…]+", "", text)
        while bare and bare not in self.leave:
            shorter = next((bare[: -len(p)] for p in self.particles if bare.endswith(p)), None)
            if not shorter:
                return False
            bare = shorter
        return bare in self.leave


_LONG_NUMBER = re.compile(r"\d{6,}")
"""A phone or an order number may hold 12345 and names no authority by it."""


class UrgencySign(Shape):
    """A reason to put a matter first; never a reason to judge the customer (E3)."""

    title: str
    words: tuple[str, ...]
    clock: Clock
    queue_priority: int = Field(ge=0, le=9)
    offer_person: bool = False


class Urgency(Shape):
    signs: Mapping[str, UrgencySign]

    def detect(self, text: str) -> tuple[str, ...]:
        """Ids of the signs in a (normalised) text, the most pressing first."""
        text = _LONG_NUMBER.sub("", text)
        found = [name for name, sign in self.signs.items() if any(word in text for word in sign.words)]
        return tuple(sorted(found, key=lambda name: self.signs[name].queue_priority))


# ---------------------------------------------------------------- how questions are ranked


class Concepts(Shape):
    """Words of one meaning; see company/concepts.yml and `helpdesk.knowledge.features`."""

    thing: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]


class Chatter(Shape):
    """Texts that are no question for the shop."""

    chatter: tuple[str, ...]


class FollowUpWords(Shape):
    """How a question without a subject looks and where it leads; see company/follow_up.yml."""

    openers: tuple[str, ...]
    endings: tuple[str, ...]
    longest: int = Field(ge=1)
    fillers: tuple[str, ...]
    open_questions: tuple[str, ...]
    leads: Mapping[str, Mapping[str, tuple[str, ...]]]


# ---------------------------------------------------------------- the whole


class Company(Shape):
    root: Path
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
    order_numbers: OrderNumbers
    forbidden: Mapping[str, ForbiddenGroup]
    safety: Safety
    queue: QueueWords
    urgency: Urgency
    concepts: Concepts
    follow_up: FollowUpWords
    chatter: Chatter

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


_STRICTNESS: tuple[Clock, ...] = ("safety", "urgent", "ordinary", "contact_only", "none")

_FILES = {
    "profile": "profile.yml",
    "opening_hours": "opening_hours.yml",
    "holidays": "holidays.yml",
    "departments": "departments.yml",
    "complaints": "complaints.yml",
    "kinds": "kinds.yml",
    "fields": "fields",
    "limits": "limits.yml",
    "roster": "roster.yml",
    "products": "products",
    "orders": "orders",
    "order_numbers": "order_numbers.yml",
    "forbidden": "forbidden.yml",
    "safety": "safety.yml",
    "queue": "queue.yml",
    "urgency": "urgency.yml",
    "concepts": "concepts.yml",
    "follow_up": "follow_up.yml",
    "chatter": "chatter.yml",
}  # fmt: skip
"""Part of `Company` -> its file, or the folder whose files are read as one mapping."""


def load_company(root: Path) -> Company:
    """Read and check everything under `root`; raises `CompanyFileError` for the first thing that is wrong."""
    data: dict[str, Any] = {part: _read_part(root / name) for part, name in _FILES.items()}
    try:
        company = Company(root=root, **data)
    except ValidationError as error:
        raise _located(root, data, error) from error
    _check_references(company)
    return company


def read_yaml(path: Path) -> Any:
    """The content of one YAML file; a missing file, broken YAML or a key given twice is a `CompanyFileError`."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except FileNotFoundError as error:
        raise CompanyFileError(path, "(file)", "is missing") from error
    except UnicodeDecodeError as error:
        raise CompanyFileError(path, "(file)", "is not UTF-8 text") from error
    except yaml.YAMLError as error:
        raise CompanyFileError(path, _yaml_line(error), str(getattr(error, "problem", error))) from error


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses the same key twice: the first would be lost without a word."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key_node, key in zip((k for k, _ in node.value), keys, strict=True):
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} is given twice", problem_mark=key_node.start_mark)
        return super().construct_mapping(node, deep)


def _yaml_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark is not None else "(file)"


def _read_part(path: Path) -> Any:
    if not path.is_dir():
        return read_yaml(path)
    merged: dict[str, Any] = {}
    for file in sorted(path.glob("*.yml")):
        for key, value in (read_yaml(file) or {}).items():
            if key in merged:
                raise CompanyFileError(file, str(key), "is already in another file of this folder")
            merged[str(key)] = value
    return merged


def _located(root: Path, data: Mapping[str, Any], error: ValidationError) -> CompanyFileError:
    first = error.errors()[0]
    part, *rest = (str(step) for step in first["loc"])
    path = root / _FILES.get(part, part)
    if path.is_dir() and rest:
        path = _file_holding(path, rest[0])
    return CompanyFileError(path, ".".join(rest) or "(file)", first["msg"])


def _file_holding(folder: Path, key: str) -> Path:
    for file in sorted(folder.glob("*.yml")):
        if key in {str(k) for k in (read_yaml(file) or {})}:
            return file
    return folder


def _check_references(company: Company) -> None:
    """Names used in one file must be declared in another; pydantic cannot see across them."""
    root = company.root
    for file, key, name, known, what in _references(company):
        if name not in known:
            raise CompanyFileError(root / file, key, f"{name!r} is no {what}")


Reference = tuple[str, str, str, Mapping[str, Any] | Sequence[str], str]


def _references(company: Company) -> Iterator[Reference]:
    yield from _department_references(company)
    yield from _field_references(company)
    for number, order in company.orders.items():
        for item in order.items:
            yield "orders", f"{number}.items", item.product, company.products, "product"


def _department_references(company: Company) -> Iterator[Reference]:
    departments = company.departments
    for name, department in departments.items():
        yield "departments.yml", f"{name}.escalates_to", department.escalates_to, departments, "department"
    for name, category in company.complaints.categories.items():
        yield "complaints.yml", f"categories.{name}.department", category.department, departments, "department"
    for name, kind in company.kinds.items():
        yield "kinds.yml", f"{name}.department", kind.department, departments, "department"
    for name, member in company.roster.items():
        yield "roster.yml", f"{name}.department", member.department, departments, "department"


def _field_references(company: Company) -> Iterator[Reference]:
    fields = company.fields
    complaints = company.complaints
    for field in (*complaints.common, *complaints.offered, *complaints.ask_order):
        yield "complaints.yml", "common, offered, ask_order", field, fields, "field"
    for name, category in complaints.categories.items():
        for field in category.names():
            yield "complaints.yml", f"categories.{name}", field, fields, "field"
        for field in (*complaints.common, *category.required, *(c.field for c in category.conditional)):
            yield "complaints.yml", "ask_order", field, complaints.ask_order, "entry of ask_order"
    for name, kind in company.kinds.items():
        for field in kind.names():
            yield "kinds.yml", name, field, fields, "field"
    for name, spec in fields.items():
        for field in spec.alternatives:
            yield "fields", f"{name}.alternatives", field, fields, "field"
