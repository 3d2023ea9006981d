"""Where values stand in a message: a conditional random field over characters and the question asked.

No list of surnames decides: 禤穎彤, 阿May and 木合塔尔 are names where a name is asked for and the characters around
them say so. Stored in CRFsuite's own format.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from bot.nlu.reader.turns import Context
from zhtext import fold

Features = list[str]
Entities = Sequence[Mapping[str, Any]]

OUTSIDE = "O"
LONGEST = 120  # characters that are looked at
ITERATIONS = 60
_WINDOW = (-2, -1, 0, 1, 2)
_PAIRS = ((-1, 0), (0, 1), (-2, -1), (1, 2))
_EDGE = "_"


def features(text: str, context: Context, entities: Entities) -> list[Features]:
    """A list of named features for each character of the folded text."""
    signs = [_sign(sign) for sign in fold(text)[:LONGEST]]
    kinds = _kinds(entities, len(signs))
    asked = context.asked if context.kind == "field" else context.kind
    return [_at(signs, kinds, at, asked) for at in range(len(signs))]


def _sign(sign: str) -> str:
    return "9" if sign.isdigit() else sign.lower()


def _kinds(entities: Entities, length: int) -> list[str]:
    """The kind of value that rules found at each character."""
    kinds = [_EDGE] * length
    for entity in entities:
        for at in range(entity.get("start", length), min(entity.get("end", 0), length)):
            kinds[at] = entity["entity"]
    return kinds


def _at(signs: Sequence[str], kinds: Sequence[str], at: int, asked: str) -> Features:
    near = {offset: _pick(signs, at + offset) for offset in _WINDOW}
    found = [f"{offset}:{sign}" for offset, sign in near.items()]
    found += [f"{one}{other}:{near[one]}{near[other]}" for one, other in _PAIRS]
    found += [f"kind:{kinds[at]}", f"form:{_form(signs[at])}", f"before:{_pick(kinds, at - 1)}", f"asked:{asked}"]
    found += [f"asked:{asked}:{_form(signs[at])}:{_place(at, len(signs))}", f"asked:{asked}:{near[0]}"]
    found += [f"asked:{asked}:long:{min(len(signs), 12)}", f"from:{min(at, 6)}", f"to:{min(len(signs) - at, 6)}"]
    return found


def _pick(row: Sequence[str], at: int) -> str:
    return row[at] if 0 <= at < len(row) else _EDGE


def _form(sign: str) -> str:
    if "一" <= sign <= "鿿":
        return "han"
    return "latin" if sign.isalpha() else "digit" if sign == "9" else "mark"


def _place(at: int, length: int) -> str:
    return "first" if at == 0 else "last" if at == length - 1 else "within"


def tags(text: str, values: Mapping[str, str], slots: frozenset[str]) -> list[str]:
    """B-slot, I-slot and O for each character: the first place where each value's words stand."""
    found = [OUTSIDE] * min(len(text), LONGEST)
    for slot, words in values.items():
        start = text.find(words)
        if slot in slots and start >= 0 and start + len(words) <= len(found):
            found[start : start + len(words)] = [f"B-{slot}", *[f"I-{slot}"] * (len(words) - 1)]
    return found


def spans(found: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """(slot, start, end) of each tagged stretch."""
    start = 0
    for at, tag in enumerate([*found, OUTSIDE]):
        before = found[at - 1] if at else OUTSIDE
        if before != OUTSIDE and tag != f"I-{before[2:]}":
            yield before[2:], start, at
        if tag.startswith("B-") or (tag != OUTSIDE and before == OUTSIDE):
            start = at


@dataclass(frozen=True)
class SpanTagger:
    """A trained field: `model` is CRFsuite's file as bytes, kept open by `tagger`."""

    model: bytes
    tagger: Any

    @classmethod
    def of(cls, model: bytes) -> SpanTagger:
        """From the file's content."""
        import pycrfsuite

        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(model)
        return cls(model, tagger)

    @classmethod
    def fit(cls, rows: Sequence[Sequence[Features]], labels: Sequence[Sequence[str]]) -> SpanTagger:
        """Train on characters' features with their tags."""
        import pycrfsuite

        trainer = pycrfsuite.Trainer(verbose=False)
        for row, tagged in zip(rows, labels, strict=True):
            trainer.append(row, tagged)
        trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": ITERATIONS, "feature.minfreq": 2})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "spans"
            trainer.train(str(path))
            return cls.of(path.read_bytes())

    def __call__(self, text: str, context: Context, entities: Entities) -> dict[str, list[str]]:
        """Slot -> the customer's words, in the order of the text."""
        found: dict[str, list[str]] = {}
        tagged = self.tagger.tag(features(text, context, entities)) if text else []
        for slot, start, end in spans(tagged):
            found.setdefault(slot, []).append(text[start:end])
        return found
