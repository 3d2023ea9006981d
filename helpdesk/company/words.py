"""Words to look out for: dangers, urgency, leaving the queue, what must not be said, what a question means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from helpdesk.company.matters import Clock
from helpdesk.company.shape import Shape
from zhtext.danger import Dangers
from zhtext.questions import is_question

__all__ = [
    "AccountWords",
    "Care",
    "Chatter",
    "Concepts",
    "FollowUpWords",
    "ForbiddenGroup",
    "FormWords",
    "ProductQuestions",
    "QueueWords",
    "RedLine",
    "RedLines",
    "Safety",
    "SafetyInstruction",
    "Sayings",
    "Urgency",
    "UrgencySign",
    "WeChatKeys",
]


class ForbiddenGroup(Shape):
    """Words that must not be said to a customer, why, and what to say instead."""

    title: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    """Harmless wordings that contain one of the words."""
    swaps: Mapping[str, str] = {}
    """Words that another word can stand for, where no other sentence is needed."""
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
        span = self.spot(text)
        return text[slice(*span)] if span else None

    def spot(self, text: str) -> tuple[int, int] | None:
        """Where the first forbidden wording stands, or None."""
        for harmless in self.unless:
            text = text.replace(harmless, "□" * len(harmless))
        found = self.regex.search(text)
        return found.span() if found else None


class ReadTogether(Shape):
    """Things that are dangerous in one of these states."""

    things: tuple[str, ...] = Field(min_length=1)
    states: tuple[str, ...] = Field(min_length=1)


class SafetyInstruction(Shape):
    """What to do at once. How the words of a danger are read stands in zhtext/danger.py."""

    title: str
    instruction: str
    use: str = ""
    """What is answered to whether such a thing may be used; empty where there is none."""
    call: str = ""
    """Whom to call, and when."""
    calm: str = ""
    """What holds as well where the worst of it is denied: 「没着火，要打119吗」."""
    signs: tuple[str, ...] = ()
    together: tuple[ReadTogether, ...] = ()
    unless: tuple[str, ...] = ()
    is_injury: bool = False
    hand_over: bool = False


class Doubt(Shape):
    """What to do with a thing that something is wrong with, until somebody has looked at it."""

    use: str
    signs: tuple[str, ...] = ()


class Health(Shape):
    """What is answered to whether something that was eaten, drunk or breathed in does harm."""

    answer: str
    signs: tuple[str, ...] = Field(min_length=1)
    asks: tuple[str, ...] = Field(min_length=1)


class Safety(Shape):
    """Dangers, the gravest first; an instruction comes before any form and nothing is sold after it."""

    dangers: Mapping[str, SafetyInstruction]
    denials: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    supposed: tuple[str, ...] = ()
    all_clear: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()
    not_appliances: tuple[str, ...] = ()
    health: Health
    doubts: tuple[Doubt, ...] = Field(min_length=1)

    @field_validator("doubts")
    @classmethod
    def _the_last_one_is_for_all(cls, doubts: tuple[Doubt, ...]) -> tuple[Doubt, ...]:
        if doubts[-1].signs:
            raise ValueError("the last of `doubts` has signs, so that nothing is answered to what has none of them")
        return doubts

    @cached_property
    def words(self) -> Dangers:
        return Dangers.of(self.model_dump())

    def asks_of_health(self, text: str, told: str = "") -> bool:
        """Whether a (normalised) text asks if what was taken in does harm; `told`: what was said before it."""
        is_taken_in = any(sign in text or sign in told for sign in self.health.signs)
        return is_taken_in and any(words in text for words in self.health.asks)

    def detect(self, text: str) -> str | None:
        """Id of the gravest danger that a (normalised) text speaks of, or None."""
        return next(self.words.spoken_of(text), None)

    def is_all_clear(self, text: str) -> bool:
        """Whether the customer says that there is no danger: 没着火, 人没事, 登记错了，没有任何安全问题.

        What is asked is no all-clear (没有危险吧), nor is anything while something of the danger is left.
        """
        if self.words.leaves(text):
            return False
        told = [one for one in self.words.clauses(text) if not (is_question(one) or one.endswith(("吧", "嘛")))]
        return any(word in one for one in told for word in self.all_clear) or self.words.is_denied(text)

    def doubt(self, text: str) -> Doubt | None:
        """The doubt that has a sign in a normalised text, or None."""
        return next((one for one in self.doubts if any(sign in text for sign in one.signs)), None)


class RedLine(Shape):
    """A pattern of `alone` suffices; a pattern of `demands` counts only beside one of `threats`."""

    title: str
    alone: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    threats: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _patterns_compile(self) -> RedLine:
        if not (self.alone or (self.demands and self.threats)):
            raise ValueError("neither `alone` nor both `demands` and `threats`")
        for pattern in (*self.alone, *self.demands):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern}: {error}") from error
        return self

    def is_spoken_of(self, text: str, *, rightful: bool) -> bool:
        """`rightful`: a right is named too, and then a demand with a threat beside it is that."""
        if any(re.search(pattern, text) for pattern in self.alone):
            return True
        threatens = not rightful and any(threat in text for threat in self.threats)
        return threatens and any(re.search(pattern, text) for pattern in self.demands)


class RedLines(Shape):
    """What nobody is promised anything for (E3); invoking a right is never part of it."""

    rights: tuple[str, ...]
    signs: Mapping[str, RedLine]

    def detect(self, text: str) -> str | None:
        """Id of the first sign in a (normalised) text, or None."""
        rightful = any(right in text for right in self.rights)
        return next((name for name, sign in self.signs.items() if sign.is_spoken_of(text, rightful=rightful)), None)


class QueueWords(Shape):
    """Exact wordings (after normalisation) that a waiting customer leaves the queue with."""

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


class Urgency(Shape):
    signs: Mapping[str, UrgencySign]

    def detect(self, text: str) -> tuple[str, ...]:
        """Ids of the signs in a (normalised) text, the most pressing first."""
        text = _LONG_NUMBER.sub("", text)
        found = [name for name, sign in self.signs.items() if any(word in text for word in sign.words)]
        return tuple(sorted(found, key=lambda name: self.signs[name].queue_priority))


class Concepts(Shape):
    """Words of one meaning; see company/concepts.yml and `helpdesk.knowledge.features`."""

    thing: tuple[str, ...]
    concepts: Mapping[str, tuple[str, ...]]


class Chatter(Shape):
    """Texts that no article answers: no question for the shop, or one that only shares words with an article."""

    chatter: tuple[str, ...]
    beside: tuple[str, ...]

    @property
    def unanswered(self) -> tuple[str, ...]:
        """All of them."""
        return self.chatter + self.beside


class DetailQuestion(Shape):
    """How one detail of a product's sheet is asked for; see company/product_questions.yml."""

    words: re.Pattern[str]
    asked: tuple[str, ...]


_OF_PRODUCTS = ("stock", "compare", "suits", "range", "others", "ability", "part_price")


class ProductQuestions(Shape):
    """What customers ask of a product that is sold, in their words."""

    details: Mapping[str, DetailQuestion]
    in_stock: str
    out_of_stock: str
    stock: tuple[str, ...]
    compare: tuple[str, ...]
    suits: tuple[str, ...]
    range: tuple[str, ...]
    others: tuple[str, ...]
    ability: tuple[str, ...]
    part_price: tuple[str, ...]

    @property
    def wordings(self) -> dict[str, tuple[str, ...]]:
        """All of them, by what they ask for."""
        others = {name: getattr(self, name) for name in _OF_PRODUCTS}
        return {name: one.asked for name, one in self.details.items() if one.asked} | others


class FollowUpWords(Shape):
    """How a question without a subject looks and where it leads; see company/follow_up.yml."""

    openers: tuple[str, ...]
    endings: tuple[str, ...]
    longest: int = Field(ge=1)
    fillers: tuple[str, ...]
    open_questions: tuple[str, ...]
    leads: Mapping[str, Mapping[str, tuple[str, ...]]]


class Care(Shape):
    """Signs that somebody finds it hard to write, see or hear (A6)."""

    signs: tuple[str, ...]
    unless: tuple[str, ...] = ()
    """Harmless wordings that contain a sign."""
    not_helped: tuple[str, ...] = ()
    """What is said of an answer that was none."""

    helped: tuple[str, ...] = ()
    """What is said of an answer that was one."""

    def is_helped(self, text: str) -> bool:
        """Whether a normalised text says that our answer helped."""
        return any(words in text for words in self.helped) and not self.is_unhelped(text)

    def is_unhelped(self, text: str) -> bool:
        """Whether a normalised text says that our answer was none."""
        return any(words in text for words in self.not_helped)

    def detect(self, text: str) -> str | None:
        """The first sign in a normalised text, or None."""
        for harmless in self.unless:
            text = text.replace(harmless, "□")
        return next((sign for sign in self.signs if sign in text), None)


class WeChatKeys(Shape):
    """What is set in WeChat's console: a menu button says these words, a scene is where one came from."""

    menu: Mapping[str, str] = Field(default_factory=dict)
    scenes: Mapping[str, str] = Field(default_factory=dict)
    template: Mapping[str, str] = Field(default_factory=dict)
    subscription: Mapping[str, str] = Field(default_factory=dict)
    """The fields of the template message and of the subscription message for notices; `{news}`, `{time}` and
    `{company}` are filled in."""

    @model_validator(mode="after")
    def _templates_fit(self) -> WeChatKeys:
        told = {"template": self.template, "subscription": self.subscription}
        for kind, name, text in ((kind, *pair) for kind, fields in told.items() for pair in fields.items()):
            try:
                text.format_map({"news": "", "time": "", "company": ""})
            except (KeyError, ValueError, IndexError) as error:
                raise ValueError(f"{kind}.{name}: only {{news}}, {{time}} and {{company}} are filled in") from error
        return self


def _either(wordings: Any) -> Any:
    """A list of words and patterns as one pattern; a broken one is told by pydantic."""
    return "|".join(map(str, wordings)) if isinstance(wordings, list) and wordings else wordings


Wordings = Annotated[re.Pattern[str], BeforeValidator(_either)]
"""Words and patterns, any of them."""


class AccountWords(Shape):
    """What belongs into the account of a matter, clause by clause; see company/accounts.yml."""

    leads: Wordings
    tails: Wordings
    to_clerk: Wordings
    of_talk: Wordings
    of_queue: Wordings
    of_value: Wordings
    told_already: Wordings
    persists: Wordings
    """A trouble that goes on: 「还是跑」."""
    is_free: Wordings
    happened: Wordings
    later: Wordings
    passed_over: Wordings
    evidence: Wordings


class FormWords(Shape):
    """How customers steer what is being registered, clause by clause; see company/form_words.yml."""

    controls: Wordings
    submits: Wordings
    stands: Wordings
    all_stands: Wordings
    changes_mind: Wordings
    adds_on: Wordings
    door: Wordings
    needs_no_door: Wordings
    leads_address: Wordings
    points_first: Wordings
    points_second: Wordings
    points_part: Wordings
    not_that: Wordings
    names_that_ask: Wordings
    call_hours: Wordings
    call_reasons: Wordings
    """Why not to call at other hours: no value of any field."""
    no_call: Wordings
    """No call is wished for, by an order: 「别打电话」."""
    called_before: Wordings
    goes_off: Wordings


class Sayings(Shape):
    """How customers put what is told by its words alone; see company/sayings.yml."""

    yes: Wordings
    no: Wordings
    any_time: Wordings
    of_call: Wordings
    of_visit: Wordings
    asks_when: Wordings
    set_phrases: Wordings
    asks_mending: Wordings
    wants_repair: Wordings
    """Somebody is wished for to mend a thing: 「我要师傅上门修」."""
    starts_with_yes: Wordings
    """How a yes to what was offered to be registered begins a sentence without marks."""
    nothing_more: Wordings
    asks_visit: Wordings
    asks_record: Wordings
    wants_record: Wordings
    writes_down: Wordings
    asks_still: Wordings
    asks_all: Wordings
    goes_unchanged: Wordings
    to_worker: Wordings
    no_denial: Wordings
    not_registered: Wordings
    calls_self: Wordings
    outright: Mapping[str, Wordings]
    """Act -> how it is wished for by its own name."""
    rewrites: Wordings
    removes: Wordings
    writes_outright: Wordings
    misses: Wordings
    stands_wrong: Wordings
    contrasts: tuple[re.Pattern[str], ...]
    asks_if_suits: Wordings
    asks_valid: Wordings
    of_worker: Wordings
    asks_change: Wordings
    gives_up: Wordings
    not_this: Wordings
    supposes: Wordings
    asks_again: Wordings
    asks_leave: Wordings
    asks_why: Wordings
    trouble: Wordings
    restores: Wordings
    goes_on: Wordings
    points_back: Wordings
    finishes: Wordings
    adds: Wordings
    again: Wordings
    praises_staff: Wordings
    names_staff: Wordings
    wants_praise: Wordings
    dispraises: Wordings
    undone: Wordings
    will_suggest: Wordings
    promised: Wordings
    after_sales: Wordings
    asks_price: Wordings
    too_dear: Wordings
    compares: Wordings
    wants_advice: Wordings
    asks_for_sale: Wordings
    asks_others: Wordings
    overdue: Wordings
    asks_reach: Wordings
    closes: Wordings
    no_product: Wordings
    adds_words: Wordings
    picks: Mapping[str, Wordings]
    asks_use: Wordings
    installed: Wordings
    wants_data: Mapping[str, Wordings]
    cheapest: Wordings
    dearest: Wordings
    unsold: Wordings
    strikes: tuple[re.Pattern[str], ...]
    strikes_words: Wordings
    rechooses: Wordings
    hurries: Wordings
    price_drop: Wordings
    wants_call: Wordings
    claims: Wordings
    seen_where: Wordings
    turns_down: Wordings
    asks_first: Wordings

    def asks(self, clause: str) -> bool:
        """Whether a normalised clause asks; one that takes back a no only sounds so: 「谁说不要了」."""
        return is_question(clause) and not self.no_denial.search(clause)

    def data_wish(self, text: str) -> str | None:
        """Which value of `data_action` a (normalised) text wishes for; what is only asked about is no wish."""
        return next((action for action, words in self.wants_data.items() if words.search(text)), None)


class MatterQuestion(Shape):
    """One thing that is asked of one's own matter; `articles`: kind of ticket -> the article that answers it there."""

    asks: Wordings
    unless: tuple[str, ...] = ()
    articles: Mapping[str, str] = {}

    def is_asked(self, clause: str) -> bool:
        """Whether a normalised clause, which asks, asks this."""
        return self.asks.search(clause) is not None and not any(word in clause for word in self.unless)


class Misdeed(Shape):
    """How one kind of wrong is told; read as a danger is."""

    signs: tuple[str, ...] = ()
    together: tuple[ReadTogether, ...] = ()
    unless: tuple[str, ...] = ()


class Misdeeds(Shape):
    """What somebody of the company did that is complained of."""

    kinds: Mapping[str, Misdeed]
    denials: tuple[str, ...] = ()
    supposed: tuple[str, ...] = ()

    @cached_property
    def words(self) -> Dangers:
        return Dangers.of({**self.model_dump(exclude={"kinds"}), "dangers": self.model_dump()["kinds"]})

    def tells(self, text: str) -> bool:
        """Whether a (normalised) text tells of one."""
        return any(True for _ in self.words.spoken_of(text))
