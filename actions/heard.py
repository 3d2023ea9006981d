"""What was said, read once: words, intent, values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from actions.contacts import with_second_contact
from zhtext import fold, normalise_clauses
from zhtext.values.secrets import hide_secrets, holds_hidden_password

Json = dict[str, Any]
ROLES = frozenset(
    {
        "师傅",
        "客服",
        "店员",
        "快递",
        "快递员",
        "小哥",
        "门店",
        "平台",
        "商家",
        "卖家",
        "老板",
        "导购",
        "经理",
        "安装师傅",
    }
)
"""Whom a customer speaks of by what they do; nobody's own name."""


@dataclass(frozen=True)
class Revision:
    """Words of a message that are to stand in a field, that are wrong, are added, or leave a field out."""

    role: str
    """`right`, `wrong`, `more` or `out`."""
    words: str
    start: int
    fields: Mapping[str, float]
    """Which field may be meant and how likely, the likeliest first."""

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True)
class Heard:
    """A message, or one clause of it."""

    text: str
    """The customer's own words; empty for a press or a start."""
    intent: str
    confidence: float = 1.0
    entities: tuple[Json, ...] = ()
    clauses: tuple[Json, ...] = ()
    facts: Json = field(default_factory=dict)
    telling: Mapping[str, float] = field(default_factory=dict)
    """Clause -> how likely it tells of the customer's matter, as the reader learnt it; empty where nobody read it."""
    shades: frozenset[str] = frozenset()
    """What the message means more narrowly, learnt from data/shades."""
    revised: tuple[Revision, ...] = ()
    """What is put right, added or left out, as the reader learnt it from data/revisions."""
    is_read: bool = False
    """Whether the reader looked for what is put right: where it found nothing, nothing is."""
    had_secrets: bool = False
    """An identity or bank card number or a password was in the message; `text` has it masked."""

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Heard:
        """Read `tracker.latest_message`."""
        intent = message.get("intent") or {}
        said, read = str(message.get("text") or ""), message.get("reading") or {}
        text = hide_secrets(said)
        return cls(
            text=text,
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
            entities=with_second_contact((e for e in message.get("entities") or () if _is_open(e, said, text)), text),
            clauses=tuple(message.get("clauses") or ()),
            facts=dict((message.get("metadata") or {}).get("facts") or {}),
            telling={hide_secrets(clause): chance for clause, chance in read.get("telling", ())},
            shades=frozenset(map(str, read.get("shades") or ())),
            revised=tuple(Revision(role, text[a:b], a, fields) for role, a, b, fields in read.get("revised") or ()),
            had_secrets=text != said or holds_hidden_password(text),
            is_read="revised" in read,
        )

    def without(self, entity: str, words: re.Pattern[str]) -> Heard:
        """The same without the values of one kind that lie in such words: 手机 in 「手机尾号」 is no product."""
        spans = [found.span() for found in words.finditer(fold(self.text))]
        kept = (e for e in self.entities if e["entity"] != entity or not _lies_in(e, spans))
        return replace(self, entities=tuple(kept))

    def blanked(self, start: int, end: int) -> Heard:
        """The message with these places blanked, and without the values that lie there; other places stay."""
        text = self.text[:start] + " " * (end - start) + self.text[end:]
        kept = (e for e in self.entities if not _begins_in(e, start, end))
        revised = tuple(one for one in self.revised if not start <= one.start < end)
        return replace(self, text=text, entities=tuple(kept), clauses=(), revised=revised)

    def tells(self, clause: str) -> float | None:
        """How likely a clause, or the part of it that is left, tells of the matter; None where nobody read it."""
        said = clause.strip()
        if said in self.telling or not said:
            return self.telling.get(said)
        return next((p for one, p in self.telling.items() if said in one), None)

    def but(self, gone: Sequence[tuple[int, int]]) -> Heard:
        """The message without the clauses at these places and without the values in them; what is left moves up."""
        cut = [(start, _next_word(self.text, end)) for start, end in gone]
        kept = [at for at in range(len(self.text)) if not any(start <= at < end for start, end in cut)]
        moved = {at: new for new, at in enumerate(kept)}
        return replace(
            self,
            text="".join(self.text[at] for at in kept).rstrip(" ,，;；、"),
            entities=tuple(one for e in self.entities if (one := _moved(e, moved))),
            clauses=(),
            revised=tuple(replace(one, start=moved[one.start]) for one in self.revised if one.start in moved),
        )

    @cached_property
    def made(self) -> dict[object, Any]:
        """What was made of these words before, by what it is: many who look at a message want the same of it."""
        return {}

    @cached_property
    def plain(self) -> str:
        """The words normalised: what lexicons and patterns are matched against."""
        return normalise_clauses(self.text)

    @property
    def is_press(self) -> bool:
        return not self.text

    @cached_property
    def values(self) -> Json:
        """Entity -> the last value given for it: who corrects himself says the right one last."""
        return {str(e["entity"]): e["value"] for e in self.entities if e.get("value")}

    def words_for(self, entity: str) -> str:
        """The customer's own words for a value, where their place in the text is known."""
        for found in reversed(self.entities):
            if found["entity"] == entity and isinstance(found.get("end"), int):
                return self.text[int(found.get("start") or 0) : int(found["end"])]
        return ""


def _next_word(text: str, end: int) -> int:
    """Where the next clause begins: the signs between two go with the one that is left out."""
    return next((at for at in range(end, len(text)) if text[at].isalnum()), len(text))


def _moved(entity: Json, places: Mapping[int, int]) -> Json | None:
    """The value at its new place; None where its words are gone."""
    start, end = int(entity.get("start") or 0), entity.get("end")
    if not isinstance(end, int) or end <= start:
        return entity
    if not all(at in places for at in range(start, end)):
        return None
    return {**entity, "start": places[start], "end": places[end - 1] + 1}


def _begins_in(entity: Json, start: int, end: int) -> bool:
    return isinstance(entity.get("end"), int) and start <= int(entity.get("start") or 0) < end


def _lies_in(entity: Json, spans: Sequence[tuple[int, int]]) -> bool:
    start, end = int(entity.get("start") or 0), entity.get("end")
    return isinstance(end, int) and any(begin <= start and end <= until for begin, until in spans)


def _is_open(entity: Mapping[str, Any], said: str, text: str) -> bool:
    """Whether a value counts: no role taken for a name, nothing of a masked number (masking keeps places)."""
    start, end = entity.get("start"), entity.get("end")
    if entity.get("entity") == "name" and entity.get("value") in ROLES:
        return False
    return not isinstance(end, int) or said[int(start or 0) : end] == text[int(start or 0) : end]
