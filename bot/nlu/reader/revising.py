"""What a message puts right, adds or leaves out: a conditional random field over the characters of a message.

It learns from data/revisions/, where people marked the words that are to stand in a field, those that name the old
value, those to be added and those that say what is to be left out; what is not marked is only said to us. A second one
tells of which fields each stretch of words may be. Both are stored in CRFsuite's own format.

# asked: confirm
# form: repair
# known: phone=13800001111; visit_time=明天上午
师傅〔visit_time=礼拜六下午〕来吧，电话〔phone≠不是尾号1111〕是〔phone=13922223333〕
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.reader.crf import opened, trained
from bot.nlu.reader.spans import OUTSIDE
from bot.nlu.reader.spans import spans as stretches
from bot.nlu.reader.turns import Context, check_complete, lines_below
from zhtext import fold

Features = list[str]
Found = tuple[str, int, int, dict[str, float]]
"""Role, start, end, and the fields that may be meant with their chances, the likeliest first."""

RIGHT, WRONG, MORE, OUT = "right", "wrong", "more", "out"
"""Roles: what is to stand there, what is wrong, what is added, what is not to be written down."""
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("name", "staff_name", "buyer"), "name"),
    **dict.fromkeys(("phone", "second_contact"), "phone"),
    **dict.fromkeys(("description", "evidence"), "account"),
    **dict.fromkeys(("visit_time", "callback_time", "occurred", "call_hours"), "time"),
    **dict.fromkeys(("address", "post_address"), "address"),
    **dict.fromkeys(("amount", "price_paid", "price_seen", "price_gap"), "money"),
    **dict.fromkeys(("order", "serial", "waybill_back", "credit_code"), "code"),
    **dict.fromkeys(("category", "change_kind", "invoice_kind", "seen_where"), "choice"),
    "contact_way": "way",
    "email": "mail",
    "wechat": "wechat",
    "product": "product",
    "outcome": "wish",
    "new_value": "change",
    "invoice_title": "title",
}
"""Field -> the kind of value that is looked for."""
_CONTEXT = ("asked", "form", "known")
_MARK = re.compile(r"〔(?P<sign>[+-]?)(?P<field>[a-z_]+)(?P<is>[=≠])(?P<words>[^〔〕]+)〕")
LONGEST = 200
"""Characters of a message that are looked at."""
_WHERE, _WHICH = "revising.crf", "revised.crf"
_RECIPE = {"c1": 0.1, "c2": 0.05, "max_iterations": 60, "feature.minfreq": 2}
_MARGIN = 4
_CLAUSE = re.compile(r"[^,，。.!！?？;；~、\s]+")
_CODE = re.compile(r"[0-9a-zA-Z@._-]+")
_AS_MANDARIN = dict(
    zip(
        "唔係嘅咗喺嗰啲畀佢嚟冇睇㗎喇咁仲俾冚噉莫甭俺咱恁整啵",
        "不是的了在那些给他来没看的啦这还给全这别别我我你弄吧",
        strict=True,
    )
)
"""Characters of other tongues, each as one that means the same: places stay."""


@dataclass(frozen=True)
class Span:
    """`start`, `end`: places in the message."""

    role: str
    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Marked:
    """One message of a writer, in its context: what was asked, in which form, what was known."""

    asked: str
    form: str
    known: Mapping[str, str]
    said: str
    spans: Sequence[Span]
    writer: str

    @property
    def context(self) -> Context:
        return Context(self.asked, self.form)


def read_revisions(folder: Path) -> list[Marked]:
    """All messages of a folder, one file a writer, in the order of their names; raises TurnFileError."""
    return [one for path in sorted(folder.glob("*.txt")) for one in read_file(path)]


def read_file(path: Path) -> Iterator[Marked]:
    """The messages of one writer; raises TurnFileError."""
    return lines_below(path, _CONTEXT, lambda above, text: _marked(above, text.strip(), path.stem))


def _marked(above: Mapping[str, str], text: str, writer: str) -> Marked:
    check_complete(above, _CONTEXT)
    known = dict(pair.split("=", 1) for pair in above["known"].split("; ") if pair)
    said, found = _unmarked(text)
    if "〔" in said or "〕" in said:
        raise ValueError("a mark is 〔field=words〕, 〔field≠words〕, 〔+field=words〕 or 〔-field=words〕")
    return Marked(above["asked"], above["form"], known, said, found, writer)


def _unmarked(text: str) -> tuple[str, list[Span]]:
    """The message without its marks, and where they stand in it."""
    said, found, at = "", [], 0
    for mark in _MARK.finditer(text):
        said += text[at : mark.start()]
        if mark["field"] not in KINDS:
            raise ValueError(f"unknown field {mark['field']!r}")
        role = WRONG if mark["is"] == "≠" else {"": RIGHT, "+": MORE, "-": OUT}[mark["sign"]]
        found.append(Span(role, mark["field"], len(said), len(said) + len(mark["words"])))
        said, at = said + mark["words"], mark.end()
    return said + text[at:], found


# ---------------------------------------------------------------- what is looked at


class Names:
    """The words by which fields are called (company/fields), each with the field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.words = dict(fields)
        self._fields = {fold(word): name for word, name in fields.items() if len(word) > 1}
        words = sorted(self._fields, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words)) or "(?!)")

    def find(self, folded: str) -> list[tuple[int, int, str]]:
        """(start, end, field) of every name in a text, from left to right."""
        return [(*one.span(), self._fields[one.group()]) for one in self._pattern.finditer(folded)]


def read_names(folder: Path) -> Names:
    """By what words the fields of company/fields are called; of two of one name the first."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, spec in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            for word in (spec["title"], *(spec.get("called") or ())):
                found.setdefault(word, name)
    return Names(found)


@dataclass(frozen=True)
class _Row:
    """A message as it is looked at; the signs have a margin on either side."""

    text: str
    signs: Sequence[str]
    named: Sequence[tuple[int, int, str]]
    held: Sequence[str]
    """For each character the kind of a known value that it stands in; empty for none."""

    @classmethod
    def of(cls, said: str, known: Mapping[str, str], names: Names) -> _Row:
        text = fold(said)[:LONGEST]
        margin = ["_"] * _MARGIN
        return cls(text, [*margin, *map(_sign, text), *margin], names.find(text), _held(text, known))


def _sign(one: str) -> str:
    return "9" if one.isdigit() else _AS_MANDARIN.get(one, one.lower())


def _held(text: str, known: Mapping[str, str]) -> list[str]:
    held = [""] * len(text)
    for name, value in known.items():
        folded, size = fold(value), 4 if KINDS.get(name) in ("phone", "code") else 2
        for at in range(len(text) - size + 1):
            if text[at : at + size] in folded:
                held[at : at + size] = [KINDS.get(name, "other")] * size
    return held


def features(row: _Row, context: Context) -> list[Features]:
    """Named features of each character."""
    size = len(row.text)
    starts, ends, runs = _clauses(row.text)
    before, behind = _names_before(row, size), _names_behind(row, size)
    within = {
        at: f"{'B' if at == start else 'I'}:{_kind(name)}" for start, end, name in row.named for at in range(start, end)
    }
    asked = context.subject or context.kind
    found = []
    for at in range(size):
        named = (within.get(at, ""), within.get(at - 1, ""), before[at], behind[at])
        place = (min(starts[at], 4), min(ends[at], 4), runs[at])
        found.append(
            [
                *_near(row.signs[at : at + 9]),
                *_here(row, at, place, named),
                *_asked(row, at, asked, context.topic, place),
            ]
        )
    return found


def _near(signs: Sequence[str]) -> Features:
    a, b, c, d, here, f, g, h, i = signs
    return [
        f"0{here}", f"-1{d}", f"-2{c}", f"-3{b}", f"-4{a}", f"1{f}", f"2{g}", f"3{h}", f"4{i}",
        f"<{d}{here}", f">{here}{f}", f"<<{c}{d}", f">>{f}{g}", f"<<<{b}{c}", f">>>{g}{h}",
        f"a{b}{c}{d}", f"b{c}{d}{here}", f"c{d}{here}{f}", f"d{here}{f}{g}", f"e{f}{g}{h}",
        f"f{a}{b}{c}{d}", f"g{f}{g}{h}{i}",
        f"form{_form(here)}", f"forms{_form(c)}{_form(d)}{_form(here)}{_form(f)}{_form(g)}",
    ]  # fmt: skip


def _here(row: _Row, at: int, place: tuple[int, int, int], named: tuple[str, str, str, str]) -> Features:
    sign, last = row.signs[at + _MARGIN], row.signs[at + _MARGIN - 1]
    start, end, run = place
    within, left, before, behind = named
    found = ["bias", f"clause:{start}:{end}", f"starts:{start}", f"ends:{end}"]
    found += [f"place:{min(at, 3)}:{min(len(row.text) - at, 3)}"]
    found += [
        f"before:{before}",
        f"before:{before}:{_form(sign)}:{min(start, 2)}",
        f"before:{before}:{last}",
        f"behind:{behind}",
    ]
    found += [f"named:{within}"] if within else [f"left:{left}"] if left else []
    found += [f"held:{row.held[at]}", f"held:{row.held[at]}{last}"] if row.held[at] else []
    return found + ([f"run:{run}"] if run else [])


def _asked(row: _Row, at: int, asked: str, topic: str, place: tuple[int, int, int]) -> Features:
    sign = row.signs[at + _MARGIN]
    return [
        f"asked:{asked}",
        f"asked:{asked}:{_form(sign)}:{min(place[0], 3)}",
        f"asked:{asked}:{sign}",
        f"topic:{topic}",
    ]


def _clauses(text: str) -> tuple[list[int], list[int], list[int]]:
    """For each character: how far its clause's start and end are, and how long a run of signs it stands in."""
    starts, ends, runs = [0] * len(text), [0] * len(text), [0] * len(text)
    for clause in _CLAUSE.finditer(text):
        for at in range(*clause.span()):
            starts[at], ends[at] = at - clause.start(), clause.end() - at
    for code in _CODE.finditer(text):
        runs[slice(*code.span())] = [min(len(code.group()), 20)] * len(code.group())
    return starts, ends, runs


def _names_before(row: _Row, size: int) -> list[str]:
    found = ["none"] * size
    for _, end, name in row.named:
        found[end:] = [_kind(name)] * (size - end)
    return found


def _names_behind(row: _Row, size: int) -> list[str]:
    found = ["none"] * size
    for start, _, name in reversed(row.named):
        found[:start] = [_kind(name)] * start
    return found


def _kind(field: str) -> str:
    return KINDS.get(field, "other")


def _form(sign: str) -> str:
    if "一" <= sign <= "鿿":
        return "h"
    return "d" if sign == "9" else "l" if sign.isalpha() else "s" if sign.isspace() else "m"


def of_field(row: _Row, context: Context, spans: Sequence[tuple[str, int, int]]) -> list[Features]:
    """Named features of each span, to tell of which field it is."""
    return [_of_span(row, context, spans, at) for at in range(len(spans))]


def _of_span(row: _Row, context: Context, spans: Sequence[tuple[str, int, int]], at: int) -> Features:
    role, start, end = spans[at]
    signs = "".join(row.signs[start + _MARGIN : end + _MARGIN])
    lead = "".join(row.signs[_MARGIN + max(0, start - 6) : _MARGIN + start])
    trail = "".join(row.signs[_MARGIN + end : _MARGIN + end + 6])
    asked = context.subject or context.kind
    before = next((name for _, until, name in reversed(row.named) if until <= start), "none")
    near = next((name for _, until, name in reversed(row.named) if start - 5 <= until <= start), "none")
    behind = next((name for begin, _, name in row.named if end <= begin <= end + 4), "none")
    shape = re.sub(r"9+", lambda run: f"9{min(len(run.group()), 19)}", re.sub(r"[一-鿿]+", "h", signs))
    found = ["bias", f"role:{role}", f"topic:{context.topic}", f"asked:{asked}", f"{role}:{asked}:{context.topic}"]
    found += [f"before:{before}", f"near:{near}", f"near:{near}:{context.topic}", f"behind:{behind}", f"shape:{shape}"]
    found += [f"length:{min(len(signs) // 2, 8)}", f"first:{at == 0}:{asked}", f"shape:{shape}:{context.topic}"]
    found += [f"in:{name}" for begin, until, name in row.named if start <= begin and until <= end]
    found += [f"held:{kind}" for kind in sorted(set(row.held[start:end]) - {""})]
    found += sorted({signs[a : a + size] for size in (1, 2, 3) for a in range(len(signs) - size + 1)})
    found += [f"${signs[-size:]}" for size in (1, 2)] + [f"^{signs[:size]}" for size in (1, 2)]
    found += sorted({f"<{lead[a : a + size]}" for size in (1, 2, 3) for a in range(len(lead) - size + 1)})
    return found + sorted({f">{trail[a : a + size]}" for size in (1, 2) for a in range(len(trail) - size + 1)})


# ---------------------------------------------------------------- learning and reading


@dataclass(frozen=True)
class Reviser:
    """Two trained fields: where spans stand, and of which field each is; the files' bytes, and the same opened."""

    contents: tuple[bytes, bytes]
    where: Any
    which: Any
    names: Names

    @classmethod
    def of(cls, contents: tuple[bytes, bytes], names: Names) -> Reviser:
        """From the files' content."""
        return cls(contents, opened(contents[0]), opened(contents[1]), names)

    def __call__(self, text: str, context: Context, known: Mapping[str, str]) -> list[Found]:
        """What was found, from left to right."""
        row = _Row.of(text, known, self.names)
        if not row.text:
            return []
        spans = list(stretches(self.where.tag(features(row, context))))
        if not spans:
            return []
        self.which.set(of_field(row, context, spans))
        return [(*span, self._fields(at)) for at, span in enumerate(spans)]

    def _fields(self, at: int) -> dict[str, float]:
        chances = {name: float(self.which.marginal(name, at)) for name in self.which.labels()}
        likely = sorted((name for name in chances if chances[name] >= LEAST), key=lambda name: -chances[name])
        return {name: round(chances[name], 2) for name in likely}


LEAST = 0.05
"""Chance from which on a field may be meant."""


def fit(marked: Sequence[Marked], names: Names) -> Reviser:
    """From messages with their marks, and the same with other people's values."""
    taught = [*marked, *exchanged(marked)]
    rows = [_Row.of(one.said, one.known, names) for one in taught]
    where = [(features(row, one.context), _tags(one)) for row, one in zip(rows, taught, strict=True)]
    which = [
        (of_field(row, one.context, [(s.role, s.start, s.end) for s in one.spans]), [s.field for s in one.spans])
        for row, one in zip(rows, taught, strict=True)
        if one.spans and one.spans[-1].end <= len(row.text)
    ]
    return Reviser.of((trained(where, _RECIPE), trained(which, _RECIPE)), names)


def _tags(one: Marked) -> list[str]:
    found = [OUTSIDE] * min(len(one.said), LONGEST)
    for span in one.spans:
        if span.end <= len(found):
            found[span.start : span.end] = [f"B-{span.role}", *[f"I-{span.role}"] * (span.end - span.start - 1)]
    return found


_SEED = 20261130
_ALIKE = 6
"""Characters by which another value may be longer or shorter."""


def exchanged(marked: Sequence[Marked]) -> Iterator[Marked]:
    """Each message once more with other values of the same fields, so that no value is learnt by heart."""
    chance = random.Random(_SEED)
    pool: dict[tuple[str, str], list[str]] = {}
    for one in marked:
        for span in one.spans:
            pool.setdefault((span.role, span.field), []).append(one.said[span.start : span.end])
    for one in marked:
        if one.spans:
            yield _exchanged(one, pool, chance)


def _exchanged(one: Marked, pool: Mapping[tuple[str, str], Sequence[str]], chance: random.Random) -> Marked:
    said, at, found = "", 0, []
    for span in one.spans:
        words, other = one.said[span.start : span.end], chance.choice(pool[span.role, span.field])
        words = other if span.role != OUT and abs(len(other) - len(words)) <= _ALIKE else words
        said += one.said[at : span.start]
        found.append(replace(span, start=len(said), end=len(said) + len(words)))
        said, at = said + words, span.end
    return replace(one, said=said + one.said[at:], spans=found)


def save(reviser: Reviser, folder: Path) -> None:
    """Two files, revising.crf and revised.crf: no pickle."""
    for name, content in zip((_WHERE, _WHICH), reviser.contents, strict=True):
        (folder / name).write_bytes(content)


def load(folder: Path, names: Names) -> Reviser | None:
    """What `save` wrote; None where nothing was taught."""
    if not (folder / _WHERE).is_file():
        return None
    return Reviser.of(((folder / _WHERE).read_bytes(), (folder / _WHICH).read_bytes()), names)
