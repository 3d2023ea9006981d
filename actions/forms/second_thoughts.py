"""A changed mind beside the answer to something else: 「…李庄村18号，哦对后天不中，大后天吧」 at the address."""

from __future__ import annotations

from dataclasses import dataclass

from actions.clauses import spans
from actions.forms.contrasts import contrasted
from actions.forms.corrections import TIMES, corrections, named_fields
from actions.forms.form import Form
from actions.forms.volunteered import TO_COME
from actions.heard import Heard, Json
from zhtext import normalise
from zhtext.questions import is_question

BY_NAME = frozenset({"text", "choice", "category", "product", "name", "yes_no", "evidence", "amount", *TIMES})
"""Kinds of field whose value may stand in any talk: only what is named there is changed, or a time to come."""


@dataclass(frozen=True)
class SecondThought:
    """Field -> what it is changed to; and the message before the mind was changed."""

    values: Json
    before: Heard


def second_thought(form: Form, heard: Heard, asked: str) -> SecondThought:
    """What a message changes of the fields that are filled, in the clauses from one that takes something back."""
    start = _start(form, heard)
    if heard.is_press or start < 0:
        return SecondThought({}, heard)
    said, before = heard.but([(0, start)] if start else []), heard.but([(start, len(heard.text))])
    named = [*named_fields(form, said), *contrasted(form, said).values]
    found = corrections(form, said, {})
    values = {name: value for name, value in found.items() if name != asked and _is_changed(form, name, value, named)}
    return SecondThought(values, before if values and start else heard)


def _start(form: Form, heard: Heard) -> int:
    """Where the first clause begins that takes something back; -1 where none does."""
    changes = form.company.form_words.changes_mind
    told = ((start, normalise(heard.text[start:end])) for start, end in spans(heard.text))
    return next((start for start, plain in told if changes.search(plain) and not is_question(plain)), -1)


def _is_changed(form: Form, name: str, value: object, named: list[str]) -> bool:
    is_meant = name in named or name in TO_COME or form.spec(name).kind not in BY_NAME
    return name in form.known and form.known[name] != value and is_meant
