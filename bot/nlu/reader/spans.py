"""Where values stand in a message: a conditional random field over characters and the question asked.

No list of surnames decides: 禤穎彤, 阿May and 木合塔尔 are names where a name is asked for and the characters around
them say so. Stored in CRFsuite's own format.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from bot.nlu.reader.crf import opened, trained
from bot.nlu.reader.turns import Context
from zhtext import fold
from zhtext.values.dictionary import is_everyday
from zhtext.values.surnames import ALSO_WORDS, BELIEVED, COMPOUND

Features = list[str]

OUTSIDE = "O"
LONGEST = 120  # characters that are looked at
_RECIPE = {"c1": 0.05, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 2}
_WINDOW = (-2, -1, 0, 1, 2)
_MARGIN = 2
_EDGE = "_"
_EDGES = (_EDGE,) * _MARGIN
_CLAUSE = re.compile(r"[^,，。.!！?？;；~、:：\s“”「」\"]+")


def features(text: str, context: Context, likeness: Mapping[str, int]) -> list[Features]:
    """A list of named features for each character of the folded text."""
    row = _Row.of(fold(text)[:LONGEST], likeness)
    asked = f"asked:{context.asked if context.kind == 'field' else context.kind}"
    return [[*_near(row, at), *_inside(row, at), *_with_question(row, at, asked)] for at in range(len(row.place))]


@dataclass(frozen=True)
class _Row:
    """For each character: itself (digits as 9), how much it is of names, whether it begins an everyday word, what kind
    of surname it is, and its place in the clause: (from its start, to its end).

    All but the place have a margin of `_MARGIN` on either side, so that a window never ends.
    """

    signs: Sequence[str]
    like: Sequence[str]
    everyday: Sequence[str]
    surname: Sequence[str]
    place: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, text: str, likeness: Mapping[str, int]) -> _Row:
        signs = ["9" if sign.isdigit() else sign.lower() for sign in text]
        like = [str(likeness.get(sign, _EDGE)) for sign in signs]
        framed = _framed(signs)
        surname = [_surname(sign, after) for sign, after in zip(framed, [*framed[1:], _EDGE], strict=True)]
        return cls(framed, _framed(like), _framed(_everyday(text)), surname, _places(text))


def _framed(row: Sequence[str]) -> list[str]:
    return [*_EDGES, *row, *_EDGES]


def _everyday(text: str) -> list[str]:
    """Whether a word of two characters that is no name begins at each character."""
    return [str(int(is_everyday(text[at : at + 2]))) for at in range(len(text))]


def _places(text: str) -> list[tuple[int, int]]:
    places = [(0, 0)] * len(text)
    for clause in _CLAUSE.finditer(text):
        for at in range(clause.start(), clause.end()):
            places[at] = (at - clause.start(), clause.end() - at)
    return places


def _near(row: _Row, at: int) -> Features:
    """`at` counts from the first character; in the framed rows the window of `_WINDOW` begins there."""
    signs, like, surname = (part[at : at + 5] for part in (row.signs, row.like, row.surname))
    first, before, here, after, last = signs
    found = [f"-2:{first}", f"-1:{before}", f"0:{here}", f"1:{after}", f"2:{last}"]
    found += [f"-10:{before}{here}", f"01:{here}{after}", f"-2-1:{first}{before}", f"12:{after}{last}"]
    found += [f"like:{offset}:{one}" for offset, one in zip(_WINDOW, like, strict=True)]
    found += [f"surname:-1:{surname[1]}", f"surname:0:{surname[2]}", f"surname:1:{surname[3]}"]
    found.append(f"everyday:{''.join(row.everyday[at : at + 4])}")
    found.append(f"likes:{''.join(like[2:])}")
    return found


def _surname(sign: str, after: str) -> str:
    if sign + after in COMPOUND:
        return "two"
    return "usual" if sign in BELIEVED else "word" if sign in ALSO_WORDS else "none"


def _inside(row: _Row, at: int) -> Features:
    start, end = row.place[at]
    place = f"clause:{min(start, 5)}:{min(end, 5)}"
    here = at + _MARGIN
    lead = "".join(row.signs[max(here - start, here - 3) : here])
    return [f"form:{_form(row.signs[here])}", place, f"{place}:like:{row.like[here]}", f"lead:{lead}"]


def _with_question(row: _Row, at: int, asked: str) -> Features:
    start, end = row.place[at]
    here = at + _MARGIN
    lead = "".join(row.signs[max(here - start, here - 2) : here])
    return [
        asked,
        f"{asked}:{_form(row.signs[here])}:{min(start, 5)}:{min(end, 5)}",
        f"{asked}:like:{row.like[here]}",
        f"{asked}:long:{min(len(row.place), 8)}:{min(at, 4)}",
        f"{asked}:lead:{lead}",
    ]


def _form(sign: str) -> str:
    if "一" <= sign <= "鿿":
        return "han"
    return "latin" if sign.isalpha() else "digit" if sign == "9" else "mark"


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
    """A trained field: `content` is CRFsuite's file as bytes, `tagger` the same opened; `likeness` its table."""

    content: bytes
    likeness: Mapping[str, int]
    tagger: Any

    @classmethod
    def of(cls, content: bytes, likeness: Mapping[str, int]) -> SpanTagger:
        """From the file's content."""
        return cls(content, likeness, opened(content))

    @classmethod
    def fit(
        cls, rows: Sequence[Sequence[Features]], labels: Sequence[Sequence[str]], likeness: Mapping[str, int]
    ) -> SpanTagger:
        """Train on characters' features with their tags."""
        return cls.of(trained(zip(rows, labels, strict=True), _RECIPE), likeness)

    def __call__(self, text: str, context: Context) -> dict[str, list[str]]:
        """Slot -> the customer's words, in the order of the text."""
        found: dict[str, list[str]] = {}
        tagged = self.tagger.tag(features(text, context, self.likeness)) if text else []
        for slot, start, end in spans(tagged):
            found.setdefault(slot, []).append(text[start:end])
        return found


def save(tagger: SpanTagger, folder: Path) -> None:
    """Two files, spans.crf and likeness.json: no pickle."""
    (folder / "spans.crf").write_bytes(tagger.content)
    (folder / "likeness.json").write_text(json.dumps(dict(tagger.likeness), ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> SpanTagger:
    """What `save` wrote."""
    likeness = json.loads((folder / "likeness.json").read_text(encoding="utf-8"))
    return SpanTagger.of((folder / "spans.crf").read_bytes(), likeness)
