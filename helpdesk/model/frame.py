"""Where a conversation stands: what was asked last, what is under way and what waits, what is being spoken of.

It travels in the dialogue state as the slot `frame` (JSON), so that whoever takes the next message - reader, decision,
desk - sees the same. Bounded: what waits, what was said once and the words kept have upper limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

Json = dict[str, Any]

MOST_SUSPENDED = 3
MOST_SAID_ONCE = 24
MOST_CHOICES = 12
MOST_TOLD = 3
MOST_VALUES = 8
"""Values of one message that are kept."""
MOST_EARLIER = 3
LONGEST_TOLD = 300
"""Characters of one of them."""
LONGEST_WORDS = 1000
"""Characters of what the customer said that wait in a question or a second wish: as many as values are read from."""
WORDS = frozenset({"text", "told", "description"})

YES_NO = {
    "offer_human": "person",
    "resume_form": "resume",
    "keep_form": "keep",
    "offer_complaint": "complaint",
    "withdraw": "withdraw",
    "satisfied": "satisfied",
    "offer_hurry": "hurry",
    "offer_callback": "callback",
    "which_matter": "offer",
}
"""Questions of ours that a yes or a no answers, and what the reader calls them."""
CHOICES = {"faq_suggestions": "faq", "ticket_choice": "ticket", "rating": "score", "advice": "product"}
VALUES = {
    "ticket_number": "ticket",
    "ticket_digits": "phone",
    "order_number": "order",
    "order_digits": "phone",
    "safety_contact": "phone",
    "draft_phone": "phone",
    "dispute_reason": "description",
    "praise_who": "staff_name",
    "case_fields": "visit_time",
}
CONFIRM = "confirm"
LISTS: Mapping[str, Any] = {
    "choices": Mapping,
    "suspended": Mapping,
    "said_once": str,
    "told": Mapping,
    "said": Mapping,
    "wonders": str,
    "earlier": Mapping,
}
"""Parts of a frame that are lists, and what of."""
MAPPINGS = ("question", "next", "about", "shown", "registered")
TOPICS = {
    "price_protection": "refund",
    "offline_message": "callback",
    "data_request": "data",
    "suggestion": "none",
    "praise": "none",
}
"""Kinds of ticket whose topic has another name; the others are topics themselves."""
SPOKEN_OF = frozenset({"order", "ticket"})
"""What is spoken of and the reader was taught; it knows no talk about a product."""


@dataclass(frozen=True)
class Frame:
    """One moment of a conversation. Every change makes another one."""

    question: Mapping[str, Any] = field(default_factory=dict)
    """What we asked last, outside a form: `{"kind", ...}` with what the answer needs; empty when nothing is open."""
    choices: tuple[Mapping[str, Any], ...] = ()
    """What was offered with it, in order: `{"title", "intent", "entities"}`."""
    suspended: tuple[Mapping[str, Any], ...] = ()
    """Matters set aside, the latest last: `{"form", "slots", "offered"}`."""
    next: Mapping[str, Any] | None = None
    """The second wish of a message, taken up after the first: `{"act", "text", "entities"}`."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What is being spoken of: `{"kind": "faq" | "order" | "ticket" | "product", ...}`."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """The products spoken of last, kept beside other talk: `{"names", "focus": the ones meant now, "asked"}`."""
    registered: Mapping[str, Any] | None = None
    """The matter registered or looked up last: `{"number", "kind", "fields"?}`."""
    earlier: tuple[Mapping[str, Any], ...] = ()
    """The matters registered before it, the latest last."""
    failures: int = 0
    """Misunderstandings in a row, of any kind."""
    looked_for: str | None = None
    """An order number that was told and that we could not find; whoever deals with the matter has it."""
    told: tuple[Mapping[str, Any], ...] = ()
    """What the customer told of a matter before any was opened, the latest last: `{"words", "product", "act"}`."""
    said: tuple[Mapping[str, Any], ...] = ()
    """What was said before any matter was opened and holds a time, a place or a sum: `{"text", "entities"}`."""
    wonders: tuple[str, ...] = ()
    """What was asked beside the matter under way and nobody could answer: whoever deals with it does."""
    mood: str | None = None
    said_once: tuple[str, ...] = ()
    """What is said only once: the privacy notice, a danger, a warning."""
    form: str | None = None
    """What the form under way asks: a field's name or `confirm`; None without one."""
    kind: str | None = None
    """The kind of ticket that the form under way will open."""

    # -- reading and writing

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Frame:
        """From the slot; what this version does not know or cannot read is left out."""
        given = stored if isinstance(stored, Mapping) else {}
        read = {one.name: _read(one.name, given.get(one.name)) for one in fields(cls)}
        return cls(**{name: value for name, value in read.items() if value is not None})

    def to_json(self) -> Json:
        """For the slot, with the two words the reader asks for."""
        kept = {"question": _bounded(self.question), "next": self.next and _bounded(self.next)}
        return {**asdict(self), **kept, "asked": self.asked, "topic": self.topic}

    # -- what the reader is told

    @property
    def asked(self) -> str:
        """What we asked last: none | open | needs | yesno:<what> | choice:<what> | field:<name> | confirm."""
        if self.form:
            return CONFIRM if self.form == CONFIRM else f"field:{self.form}"
        kind = str(self.question.get("kind") or "")
        if kind == "offer_service":
            return f"yesno:{self.question.get('service')}"
        if kind in YES_NO:
            return f"yesno:{YES_NO[kind]}"
        if kind in CHOICES:
            return f"choice:{CHOICES[kind]}"
        if kind in VALUES:
            return f"field:{VALUES[kind]}"
        return {"anything_else": "needs", "open": "open"}.get(kind, "none")

    @property
    def topic(self) -> str:
        """What is being spoken of: none | faq:<id> | order | ticket | a matter under way."""
        if self.kind:
            return TOPICS.get(self.kind, self.kind)
        kind = str(self.about.get("kind") or "none")
        if kind == "faq":
            return f"faq:{self.about.get('faq_id')}"
        return kind if kind in SPOKEN_OF else "none"

    @property
    def case_numbers(self) -> tuple[str, ...]:
        """The numbers of the matters that were registered or looked up, the latest last."""
        cases = (*self.earlier, self.registered or {})
        return tuple(str(one["number"]) for one in cases if one.get("number"))

    # -- changes

    def asking(self, kind: str, **data: Any) -> Frame:
        """Another question is open."""
        return replace(self, question={"kind": kind, **data})

    def noting(self, what: str) -> Frame:
        """Something that is said only once was said."""
        if what in self.said_once:
            return self
        return replace(self, said_once=(*self.said_once, what)[-MOST_SAID_ONCE:])

    def telling(self, words: str, product: str = "", act: str = "") -> Frame:
        """The customer told something of a matter that is not opened yet: of which thing, and what was wished."""
        others = tuple(one for one in self.told if one.get("words") != words)
        told = {"words": words[:LONGEST_TOLD], "product": product, "act": act}
        return replace(self, told=(*others, told)[-MOST_TOLD:])

    def saying(self, text: str, entities: Sequence[Mapping[str, Any]]) -> Frame:
        """A message holds values that a matter opened by and by may ask for."""
        words = text[:LONGEST_TOLD]
        kept = [dict(one) for one in entities if int(one.get("end") or 0) <= len(words)][:MOST_VALUES]
        return replace(self, said=(*self.said, {"text": words, "entities": kept})[-MOST_TOLD:])

    def told_of(self, product: str = "") -> tuple[str, ...]:
        """What was told of one thing: of this one, else of the one that was spoken of last."""
        meant = product or next((str(one["product"]) for one in reversed(self.told) if one.get("product")), "")
        same = (one for one in self.told if one.get("product") in (meant, "", None))
        return tuple(str(one["words"]) for one in same if one.get("words"))

    def wondering(self, asked: str) -> Frame:
        """Something was asked that nobody could answer here."""
        others = tuple(one for one in self.wonders if one != asked)
        return replace(self, wonders=(*others, asked[:LONGEST_TOLD])[-MOST_TOLD:])

    def keeping(self, other: Mapping[str, Any] | None) -> Frame:
        """The matter registered before is kept beside the one that is spoken of now."""
        number, now = (other or {}).get("number"), (self.registered or {}).get("number")
        if other is None or number in (None, now):
            return self
        others = tuple(one for one in self.earlier if one.get("number") not in (number, now))
        return replace(self, earlier=(*others, other)[-MOST_EARLIER:])

    def turning_to(self, number: str) -> Frame:
        """One of the matters registered earlier is spoken of again; the last one is kept."""
        meant = next((one for one in self.earlier if one.get("number") == number), None)
        turned = replace(self, registered=meant, about={"kind": "ticket"}) if meant else self
        return turned.keeping(self.registered)

    def pushing(self, form: str, slots: Mapping[str, Any]) -> Frame:
        """A matter is set aside with what was told of it; one of the same kind gives way to it."""
        kind = slots.get("kind")
        others = tuple(one for one in self.suspended if (one["form"], one["slots"].get("kind")) != (form, kind))
        matter = {"form": form, "slots": dict(slots)}
        return replace(self, suspended=(*others, matter)[-MOST_SUSPENDED:], form=None, kind=None)

    def popping(self, kind: str | None = None) -> tuple[Mapping[str, Any] | None, Frame]:
        """The matter set aside last (of this kind), and the frame without it."""
        for index in range(len(self.suspended) - 1, -1, -1):
            if kind is None or self.suspended[index]["slots"].get("kind") == kind:
                rest = (*self.suspended[:index], *self.suspended[index + 1 :])
                return self.suspended[index], replace(self, suspended=rest)
        return None, self


def _bounded(part: Mapping[str, Any]) -> Json:
    """A question or a wish with the customer's words as far as they are kept."""
    return {key: str(value)[:LONGEST_WORDS] if value and key in WORDS else value for key, value in part.items()}


def _read(name: str, value: Any) -> Any:
    """The stored part as a frame has it; None where it is none."""
    if name in LISTS:
        items = value if isinstance(value, list | tuple) else ()
        return tuple(one for one in items if isinstance(one, LISTS[name]) and (name != "suspended" or _waits(one)))
    shape: Any = Mapping if name in MAPPINGS else int if name == "failures" else str
    return value if isinstance(value, shape) else None


def _waits(matter: Mapping[str, Any]) -> bool:
    return isinstance(matter.get("form"), str) and isinstance(matter.get("slots"), Mapping)
