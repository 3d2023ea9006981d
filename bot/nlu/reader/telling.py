"""Which clauses of a message tell of the customer's matter, and which are only said to whom one writes to.

A conditional random field over the clauses of a message: their n-grams, their ends, what stands around them and what
was asked. It learns from data/accounts/, where people marked what belongs into the account. Stored in CRFsuite's own
format.

# asked: field:phone
# topic: repair
喂 【电视没影儿了 光有声儿】 能不能叫个师傅来瞧瞧
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.reader.crf import opened, trained
from bot.nlu.reader.turns import Context, check_complete, checked_context, lines_below
from zhtext import normalise
from zhtext.clauses import spans
from zhtext.questions import is_question

Features = list[str]

_CONTEXT = ("asked", "topic")
_OPENS, _CLOSES = "【", "】"
_NUMBER = re.compile(r"\d+")
_LONG_NUMBER = 6
_TELLS, _SAYS = "T", "S"
_RECIPE = {"c1": 0.0, "c2": 1.0, "max_iterations": 100, "feature.minfreq": 2}
"""Fitted on writers left out one by one (docs/understanding-measured.md)."""
_FILE = "telling.crf"


@dataclass(frozen=True)
class Marked:
    """One message in its context; `marks`, one a character: whether it belongs into the account."""

    context: Context
    said: str
    marks: Sequence[bool]
    writer: str


def read_accounts(folder: Path) -> list[Marked]:
    """All messages of a folder, one file a writer, in the order of their names; raises TurnFileError."""
    return [one for path in sorted(folder.glob("*.txt")) for one in read_file(path)]


def read_file(path: Path) -> Iterator[Marked]:
    """The messages of one writer; raises TurnFileError."""
    return lines_below(path, _CONTEXT, lambda above, text: _marked(above, text.strip(), path.stem))


def _marked(above: Mapping[str, str], text: str, writer: str) -> Marked:
    check_complete(above, _CONTEXT)
    said, marks, is_open = [], [], False
    for sign in text:
        if sign in (_OPENS, _CLOSES):
            if is_open == (sign == _OPENS):
                raise ValueError("each 【 has its 】, and none stands in another")
            is_open = sign == _OPENS
        else:
            said.append(sign)
            marks.append(is_open)
    if is_open:
        raise ValueError("a 【 is never closed")
    return Marked(checked_context(Context(above["asked"], above["topic"])), "".join(said), marks, writer)


def clauses(one: Marked) -> list[tuple[str, bool]]:
    """Its clauses, and whether most of each belongs into the account."""
    return [(one.said[start:end], 2 * sum(one.marks[start:end]) > end - start) for start, end in spans(one.said)]


def features(said: Sequence[str], context: Context) -> list[Features]:
    """Named features of each clause of a message."""
    numbered = [normalise(one) for one in said]
    plain = [_NUMBER.sub(_as_sign, one) for one in numbered]
    asks = [is_question(one) for one in plain]
    asked = context.subject if context.kind == "field" else context.kind
    shared = ["bias", f"topic:{context.topic.partition(':')[0]}", f"asked:{asked}", f"clauses:{min(len(plain), 4)}"]
    around = [_around(plain, asks, at) for at in range(len(plain))]
    long = [any(len(number) > _LONG_NUMBER for number in _NUMBER.findall(one)) for one in numbered]
    return [
        [*shared, *_inside(one, asked), f"asks:{is_asking}", f"long:{is_long}", *beside]
        for one, is_asking, is_long, beside in zip(plain, asks, long, around, strict=True)
    ]


def _as_sign(number: re.Match[str]) -> str:
    """Which number it is tells nothing; one to call or to find an order by is no part of what stands around it."""
    return "" if len(number.group()) > _LONG_NUMBER else "9"


def _inside(plain: str, asked: str) -> Features:
    pieces = {plain[at : at + size] for size in (1, 2, 3) for at in range(len(plain) - size + 1)}
    ends = [f"^{plain[:size]}" for size in (1, 2, 3)] + [f"${plain[-size:]}" for size in (1, 2, 3)]
    whole = [f"whole:{plain}"] if len(plain) <= 6 else []
    long = [f"length:{min(len(plain) // 2, 8)}", f"{asked}:length:{min(len(plain) // 3, 4)}"]
    return [*sorted(pieces), *ends, *whole, *long]


def _around(plain: Sequence[str], asks: Sequence[bool], at: int) -> Features:
    """The ends of the clauses on either side."""
    before = [f"<^{plain[at - 1][:2]}", f"<${plain[at - 1][-2:]}"] if at else ["first"]
    last = at == len(plain) - 1
    after = ["last"] if last else [f">^{plain[at + 1][:2]}", f">${plain[at + 1][-2:]}", f">asks:{asks[at + 1]}"]
    return [*before, *after]


@dataclass(frozen=True)
class Teller:
    """A trained field: `content` is CRFsuite's file as bytes, `tagger` the same opened."""

    content: bytes
    tagger: Any

    @classmethod
    def of(cls, content: bytes) -> Teller:
        """From the file's content."""
        return cls(content, opened(content))

    def __call__(self, text: str, context: Context) -> list[tuple[str, float]]:
        """Each clause of a message, and how likely it is that it belongs into the account."""
        said = [text[start:end] for start, end in spans(text)]
        if not said:
            return []
        self.tagger.set(features(said, context))
        return [(one, float(self.tagger.marginal(_TELLS, at))) for at, one in enumerate(said)]


def fit(marked: Sequence[Marked]) -> Teller:
    """From messages with their marks; both kinds of clauses must be among them."""
    return Teller.of(trained(map(_example, marked), _RECIPE))


def _example(one: Marked) -> tuple[list[Features], list[str]]:
    said, tells = zip(*clauses(one), strict=True)
    return features(said, one.context), [_TELLS if is_told else _SAYS for is_told in tells]


def save(teller: Teller, folder: Path) -> None:
    """One file, telling.crf: no pickle."""
    (folder / _FILE).write_bytes(teller.content)


def load(folder: Path) -> Teller | None:
    """What `save` wrote; None where no account was taught."""
    return Teller.of((folder / _FILE).read_bytes()) if (folder / _FILE).is_file() else None
