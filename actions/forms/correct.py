"""「电话错了，是 139…」: which value is wrong, and what it should be (C1: correctable one by one)."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.forms.answers import Given, as_kept, choose, exact_choice, parse
from actions.forms.form import Form
from actions.forms.lexicon import CORRECTED_TO, CORRECTION, FIELD_WORDS, WISH
from actions.forms.volunteered import ENTITY_FIELDS
from actions.heard import Heard, Json

OTHER_WISH = re.compile(
    r"^(?:不是|不要|我?不想?|不用)[^,，]{1,8}[,，](?:我|是|而是|要|就|还是)*((?:退|换|修|赔|补|道歉|重新)[^,，。]{0,20})"
)
MEANT = re.compile(r"我(?:投诉|说|要[退换修])的是")
FREE_TEXT = frozenset({"text", "evidence"})
SURE = 0.6


def is_correction(form: Form, heard: Heard, requested: str) -> bool:
    """Whether the message corrects something. A free-text answer may well say 「发错了」 and mean the parcel."""
    if heard.values.get("field") and heard.is_press:
        return heard.intent == "correct_info"
    spec = form.company.fields.get(requested)
    free = spec is not None and spec.kind in FREE_TEXT
    if _names_a_choice(form, heard, requested):
        return False  # 「送错了」 is what happened
    if heard.intent == "correct_info" and (heard.is_press or heard.confidence >= (SURE if free else 0.3)):
        return True
    if "outcome" in form.known and _other_wish(heard):
        return True
    if not CORRECTION.search(heard.plain) or len(heard.plain) > 40:
        return False
    if MEANT.search(heard.plain) and _entity_values(form, heard):
        return True
    named = mentioned(form, heard)
    return bool(named) and (not free or bool(set(named) & set(_entity_values(form, heard))))


def _names_a_choice(form: Form, heard: Heard, requested: str) -> bool:
    choices = [form.spec(name) for name in form.names() if form.spec(name).kind == "choice"]
    asked = form.company.fields.get(requested)
    said = asked is not None and asked.kind == "choice" and choose(asked, heard.plain)
    return bool(said) or any(exact_choice(spec, heard.plain) for spec in choices)


def mentioned(form: Form, heard: Heard) -> list[str]:
    """Known or asked fields that the message names, the longest word first, then the one named first."""
    pressed = heard.values.get("field")
    if pressed in form.company.fields:
        return [str(pressed)]
    spoken = []
    for name in form.names():
        words = (*FIELD_WORDS.get(name, ()), form.spec(name).title)
        hits = [(-len(word), heard.plain.index(word)) for word in words if word in heard.plain]
        if hits:
            spoken.append((*min(hits), name not in form.known, name))
    return [name for *_, name in sorted(spoken)]


def new_values(form: Form, heard: Heard) -> Json:
    """Field -> right value, as far as the message says it."""
    named = mentioned(form, heard)
    values = _entity_values(form, heard)
    wish = _other_wish(heard) if not named and not values and "outcome" in form.known else None
    if wish:
        return {"outcome": wish}
    if named:
        kept = {name: value for name, value in values.items() if name in named or name in _alternatives(form, named)}
        wished = WISH.search(heard.plain) if named[0] == "outcome" else None
        return kept or ({"outcome": wished.group(1)} if wished else _spoken(form, heard, named[0])) or values
    return values


def _other_wish(heard: Heard) -> str | None:
    """「不是退款，我要换新的」: what is wanted instead."""
    found = OTHER_WISH.search(heard.plain)
    return found.group(1) if found else None


def _entity_values(form: Form, heard: Heard) -> Json:
    names = set(form.names())
    said = {f: heard.values[e] for e, f in ENTITY_FIELDS.items() if e in heard.values and f in names}
    found = as_kept(form.company, said, form.now)
    if "time" in heard.values:
        target = next((f for f in form.known if form.spec(f).kind in ("when", "future")), None)
        if target:
            answer = parse_as(form, heard, target)
            found.update(answer)
    return found


def parse_as(form: Form, heard: Heard, name: str) -> Json:
    """The message read as an answer to another field than the one asked for."""
    answer = parse(form.asked(name), heard)
    return {answer.field: answer.value} if isinstance(answer, Given) else {}


def _alternatives(form: Form, names: list[str]) -> set[str]:
    return {other for name in names for other in form.spec(name).alternatives}


def _spoken(form: Form, heard: Heard, name: str) -> Json:
    """The words after 「应该是」, read as the field's value; a wish tells itself: 「诉求改一下，我要退货」."""
    found = CORRECTED_TO.search(heard.text.rstrip("。.!！~ ")) or (name == "outcome" and WISH.search(heard.plain))
    if not found or heard.is_press:
        return {}
    tail = replace(heard, text=found.group(1).strip("，, "), intent="inform", confidence=1.0)
    return parse_as(form, tail, name)
