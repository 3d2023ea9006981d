"""Which danger a message speaks of: signs, and things read together with their states, clause by clause.

The words are a company's (company/safety.yml); both environments read them here. A word may hold `…`: up to
`GAP` characters of the same clause (烫…泡). A sign counts unless it is denied in its clause, or stands in a wording
that is known to be harmless (打不着火, 气炸了).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

GAP = 6
_HIDDEN = "□"
_CLAUSES = re.compile(r"[,，。.!！?？;；~、\s]+")
# Between a word of denial and what it denies: 没有人受伤, 不会再冒烟.
_BETWEEN = "[有会再人啥什么过到是能]{0,3}"


@dataclass(frozen=True)
class Together:
    """Things that are dangerous in one of these states; both are said in one clause or in neighbouring ones."""

    things: Sequence[str]
    states: Sequence[str]

    @cached_property
    def thing(self) -> re.Pattern[str]:
        return _any_of(self.things)

    @cached_property
    def state(self) -> re.Pattern[str]:
        return _any_of(self.states)


@dataclass(frozen=True)
class Danger:
    """One kind of danger. `signs` suffice alone; `unless` are wordings that only look alike."""

    signs: Sequence[str] = ()
    together: Sequence[Together] = ()
    unless: Sequence[str] = ()
    is_injury: bool = False

    @cached_property
    def sign(self) -> re.Pattern[str]:
        return _any_of(self.signs)

    @cached_property
    def harmless(self) -> re.Pattern[str]:
        return _any_of(self.unless)


@dataclass(frozen=True)
class Dangers:
    """All kinds by name, the gravest first.

    `denials` are words that deny what follows them; a clause with one of `supposed` says only what might be.
    `remains` are what is left of a danger that was told before: too little to tell of one.
    """

    kinds: Mapping[str, Danger]
    denials: Sequence[str] = ()
    harmless: Sequence[str] = ()
    supposed: Sequence[str] = ()
    remains: Sequence[str] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Dangers:
        """From the content of a safety.yml."""
        kinds = {name: _danger(danger) for name, danger in given["dangers"].items()}
        lists = {name: given.get(name) or () for name in ("denials", "harmless", "supposed", "remains")}
        return cls(kinds, **lists)

    def spoken_of(self, text: str) -> Iterator[str]:
        """The names of the dangers that a normalised text speaks of, the gravest first."""
        plain = self._harmless.sub(_HIDDEN, text)
        return (name for name, danger in self.kinds.items() if self._speaks_of(danger, plain))

    def has_sign(self, text: str) -> bool:
        """Whether a sign of some danger stands in a normalised text, also where it is denied, supposed or harmless."""
        return any(danger.sign.search(text) for danger in self.kinds.values())

    def is_denied(self, text: str) -> bool:
        """Whether a sign of some danger stands denied in the text (没着火, 不是煤气漏了) and none stands undenied."""
        plain = self._harmless.sub(_HIDDEN, text)
        clauses = [clause for clause in self.clauses(plain) if not self._supposed.search(clause)]
        found = [
            self._denied.search(clause, 0, sign.start()) is not None
            for clause in clauses
            for danger in self.kinds.values()
            for sign in danger.sign.finditer(danger.harmless.sub(_HIDDEN, clause))
        ]
        return bool(found) and all(found)

    def leaves(self, text: str) -> bool:
        """Whether something of a danger told before is still told in a normalised text: 「没着火，就是有点味」."""
        return any(self._holds(self._remains, clause) for clause in self.clauses(self._harmless.sub(_HIDDEN, text)))

    @staticmethod
    def clauses(text: str) -> list[str]:
        """The clauses of a text, each of which tells or denies by itself."""
        return [clause for clause in _CLAUSES.split(text) if clause]

    def _speaks_of(self, danger: Danger, text: str) -> bool:
        plain = danger.harmless.sub(_HIDDEN, text)
        has_sign = danger.sign.search(plain) is not None
        pairs = [pair for pair in danger.together if pair.state.search(plain)]
        if not (has_sign or pairs):
            return False  # most messages, and then no clause has to be looked at
        clauses = self.clauses(plain)
        is_held = has_sign and any(self._holds(danger.sign, clause) for clause in clauses)
        return is_held or any(self._together(pair, clauses) for pair in pairs)

    def _together(self, pair: Together, clauses: Sequence[str]) -> bool:
        named = [bool(pair.thing.search(clause)) for clause in clauses]
        return any(
            any(named[max(at - 1, 0) : at + 2]) and self._holds(pair.state, clause) for at, clause in enumerate(clauses)
        )

    def _holds(self, words: re.Pattern[str], clause: str) -> bool:
        if self._supposed.search(clause):
            return False
        return any(not self._denied.search(clause, 0, found.start()) for found in words.finditer(clause))

    @cached_property
    def _harmless(self) -> re.Pattern[str]:
        return _any_of(self.harmless)

    @cached_property
    def _remains(self) -> re.Pattern[str]:
        return _any_of(self.remains)

    @cached_property
    def _supposed(self) -> re.Pattern[str]:
        return _any_of(self.supposed)

    @cached_property
    def _denied(self) -> re.Pattern[str]:
        return re.compile(f"(?:{_any_of(self.denials).pattern}){_BETWEEN}$")


def _danger(given: Mapping[str, Any]) -> Danger:
    together = [Together(pair["things"], pair["states"]) for pair in given.get("together") or ()]
    return Danger(given.get("signs") or (), together, given.get("unless") or (), bool(given.get("is_injury")))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words, the longest first; of no words a pattern that nothing matches."""
    ordered = sorted(words, key=lambda word: -len(word))
    return re.compile("|".join(_pattern(word) for word in ordered) or r"(?!)")


def _pattern(word: str) -> str:
    return f"[^,，。.!！?？;；~、\\s]{{0,{GAP}}}?".join(map(re.escape, word.split("…")))
