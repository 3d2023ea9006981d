"""「称呼改成老魏，上门改大后天下午」: which values are wrong, and what they should be (C1: correctable one by one)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from actions.clauses import affirmed
from actions.forms.answers import Given, choose, parse
from actions.forms.form import Form
from actions.forms.volunteered import volunteered
from actions.heard import Heard, Json
from zhtext.values import wishes

PARTS = re.compile(r"(?:[^,，。;；!！\s]|(?<=[a-zA-Z0-9]) (?=[a-zA-Z0-9]))+")
TAIL = re.compile(
    r"(?:应该是|应该叫|应是|改成|改为|改到|换成|换到|更正为|其实是|而是|改(?!一下)|换(?!一下)|是叫|是|叫|为|写(?!错))[:：\s]*(.+)$"
)
DENIED = re.compile(r"^(?:不是|不要|没有|别|不)")
JUST_NOW = ("刚才", "刚刚", "刚")
"""Times that point at what was said, not at when something was."""
TIMES = ("when", "future")
"""Kinds of field that a time is the value of."""
REPLACED = frozenset({"category", "product", "outcome", "description"})
"""What a correction of something else must not change by the way."""


def corrections(form: Form, heard: Heard, words: Mapping[str, str]) -> Json:
    """Field -> right value, for every part of the message that names a field or holds a value of a known one."""
    if heard.is_press:
        return {}
    found: Json = {}
    awaited = ""
    for part in _parts(heard):
        values = _correction(form, part) or _awaited(form, part, awaited)
        named = named_fields(form, part)
        awaited = named[0] if named and not values else ""
        is_said_so = bool(named or TAIL.search(part.text))
        found.update({name: value for name, value in values.items() if is_said_so or name not in found})
    if not found and words.get("wish") and "outcome" in form.known:
        found["outcome"] = words["wish"]
    return found or _other_wish(form, heard) or _other_product(form, heard)


def _other_wish(form: Form, heard: Heard) -> Json:
    """「不是退款，我要换新的」: what is wanted instead."""
    said = affirmed(heard.text)
    if "outcome" not in form.known or said == heard.text:
        return {}
    fresh = replace(form, known={})
    return {k: v for k, v in volunteered(fresh, replace(heard, text=said)).items() if k == "outcome"}


def _other_product(form: Form, heard: Heard) -> Json:
    """「坏的是热水器」 where a washing machine was written down."""
    said = heard.values.get("product")
    known = str(form.known.get("product") or "")
    return {"product": said} if said and known and said not in known and known not in str(said) else {}


def _parts(heard: Heard) -> Iterator[Heard]:
    """The clauses, each with the values that lie in it; what is only denied is left out."""
    for match in PARTS.finditer(heard.text):
        start, end = match.span()
        inside = tuple(
            {**e, "start": int(e["start"]) - start, "end": int(e["end"]) - start}
            for e in heard.entities
            if isinstance(e.get("end"), int) and start <= int(e.get("start") or 0) < end
        )
        part = replace(heard, text=match.group(), entities=inside, clauses=())
        if not DENIED.search(part.plain.strip()):
            yield part


def _correction(form: Form, part: Heard) -> Json:
    named = named_fields(form, part)
    values = _values(form, part)
    if not named:
        return values
    kept = {name: value for name, value in values.items() if name in named or name in _alternatives(form, named)}
    return kept or _spoken(form, part, named[0]) or values


def _values(form: Form, part: Heard) -> Json:
    """Values for fields that are filled already, whichever the message means by itself."""
    fresh = replace(form, known={"category": form.known.get("category")})
    found = {name: value for name, value in volunteered(fresh, part).items() if name not in REPLACED}
    if part.words_for("time") in JUST_NOW:
        found = {name: value for name, value in found.items() if form.spec(name).kind not in TIMES}
    elif "time" in part.values:
        found.update(_time(form, part))
    choices = [name for name in form.known if name in form.company.fields and form.spec(name).kind == "choice"]
    found.update({name: value for name in choices if (value := choose(form.spec(name), part.plain))})
    return found


def _time(form: Form, part: Heard) -> Json:
    wanted = next((name for name in form.known if form.spec(name).kind in TIMES), None)
    return _parsed(form, part, wanted) if wanted else {}


def _awaited(form: Form, part: Heard, name: str) -> Json:
    """The value of a field that the part before only named: 「名字写错了，应该是王方」."""
    if not name:
        return {}
    answer = parse(form.asked(name), part)
    is_wish = name == "outcome" and wishes.wish_in(part.plain) is not None
    is_surely = isinstance(answer, Given) and (not answer.raw or form.spec(name).takes_anything or is_wish)
    return _spoken(form, part, name) or (_parsed(form, part, name) if is_surely else {})


def _spoken(form: Form, part: Heard, name: str) -> Json:
    """The words after 「应该是」, read as the field's value."""
    tail = TAIL.search(part.text.rstrip("。.!！~ 吧了啊"))
    if tail is None:
        return {}
    words = tail.group(1).strip("，, ")
    return _parsed(form, replace(part, text=words, entities=_within(part, words)), name)


def _within(part: Heard, words: str) -> tuple[Json, ...]:
    return tuple(e for e in part.entities if str(part.text[int(e["start"]) : int(e["end"])]) in words)


def _parsed(form: Form, part: Heard, name: str) -> Json:
    answer = parse(form.asked(name), part)
    return {answer.field: answer.value} if isinstance(answer, Given) else {}


def named_fields(form: Form, heard: Heard) -> list[str]:
    """Fields of the form that the words name, the longest word first, known ones before others."""
    pressed = heard.values.get("field")
    if pressed in form.company.fields:
        return [str(pressed)]
    spoken = []
    for name in form.names():
        hits = [(-len(word), heard.plain.index(word)) for word in form.spec(name).spoken if word in heard.plain]
        if hits:
            spoken.append((name not in form.known, *min(hits), name))
    return [name for *_, name in sorted(spoken)]


def _alternatives(form: Form, names: list[str]) -> set[str]:
    return {other for name in names for other in form.spec(name).alternatives}
