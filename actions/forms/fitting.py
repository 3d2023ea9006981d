"""What words may be of by what they are: a time is no address, a place no account, and a name of ours nobody's name."""

from __future__ import annotations

import re

from actions.clauses import spans
from actions.forms.accounts import SURELY_SAID, dictated
from actions.forms.controls import is_control
from actions.forms.form import Form
from actions.heard import Heard
from zhtext import fold, normalise
from zhtext.questions import is_question
from zhtext.values import doors, places, times

AROUND = ' ,，。.;；:：、!！?？~吧嘛哦啦咯哈㗎喇囉的了啊呀呢在是来到"“”「」'
"""Signs and particles beside which words are a value and nothing else."""
ALONE = ("phone", "order", "email")
"""Values that are like nothing else: entities, and kinds of field."""
OF_TIME = frozenset({"when", "future"})
OF_PLACE = frozenset({"address"})
HOURS = frozenset({"call_hours"})
"""Fields that hold a time in the customer's words."""
ANYTHING = frozenset({"new_value", "description", "outcome"})
"""Fields that may hold any words, a time or a place too, when nothing else of the form does."""


def sort_of(form: Form, part: Heard) -> frozenset[str]:
    """The kinds of field that the words are a value of and nothing else; empty where they may be of any."""
    words = part.text.strip(AROUND)
    for entity in part.entities:
        if entity["entity"] in ALONE and _covers(part, entity):
            return frozenset({str(entity["entity"])})
    if not words:
        return frozenset()
    if times.is_bare(fold(words), form.now) and not (doors.is_door(words) or words.isdigit()):
        return OF_TIME
    return OF_PLACE if _is_place(words) else frozenset()


def _covers(part: Heard, entity: object) -> bool:
    start, end = (entity.get(one) for one in ("start", "end"))  # type: ignore[attr-defined]
    if not isinstance(end, int):
        return False
    return not (part.text[: int(start or 0)] + part.text[end:]).strip(AROUND)


def _is_place(words: str) -> bool:
    found = places.read(fold(words))
    return found is not None and len(found) >= len(words) - 1


def fits(form: Form, name: str, sort: frozenset[str]) -> bool:
    """Whether such words may stand in a field: of those that are one thing only in a field of that thing."""
    kind = form.spec(name).kind
    if kind == "address":
        return sort != OF_TIME and not sort & frozenset(ALONE)
    if not sort or kind in sort:
        return True
    if sort == OF_TIME:
        return name in HOURS or name == "new_value"
    if sort == OF_PLACE:
        return kind in ("text", "evidence") and not _has(form, sort)
    return kind not in ("address", "name", "product", "category", *OF_TIME) or bool(
        sort & set(form.spec(name).alternatives)
    )


def _has(form: Form, sort: frozenset[str]) -> bool:
    return any(form.spec(name).kind in sort for name in form.known if name in form.names())


def others(form: Form, sort: frozenset[str]) -> list[str]:
    """The fields of the form that such words are of: those that are filled in, else the one that is missing."""
    kinds = [name for name in form.names() if sort and form.spec(name).kind in sort]
    missing = form.company.missing_fields(form.kind, form.known)
    return [name for name in kinds if name in form.known] or [name for name in kinds if name in missing]


def worded(form: Form, heard: Heard, words: str, *, takes_questions: bool) -> str:
    """Words that are to stand in a text, up to where it is asked, ordered or said to us: 「…，改好念一遍」."""
    end = 0
    for start, stop in spans(words):
        clause = words[start:stop]
        if end and is_said_to_us(form, heard, clause, takes_questions=takes_questions):
            break
        end = stop
    return words[:end].strip(' ,，。.;；:：、~"“”「」') if end else words


def is_said_to_us(form: Form, heard: Heard, clause: str, *, takes_questions: bool) -> bool:
    """Whether a clause asks, orders or remarks something, and tells nothing that is to be written down."""
    plain = normalise(clause)
    if is_question(plain) and not takes_questions:
        return not form.company.sayings.asks_why.search(plain)
    chance = heard.tells(clause)
    is_told = chance is None or chance >= SURELY_SAID or form.company.sayings.trouble.search(plain) is not None
    return is_control(form.company, clause) or not is_told or not dictated(clause, form.company, form.kind)


def of_place(form: Form, words: str) -> str:
    """Words of an address up to where another field is named or no place is told any more."""
    end = 0
    for start, stop in spans(words):
        clause = words[start:stop]
        if end and (not places.SIGN.search(clause) or named_in(form, clause)):
            break
        end = stop
    told = words[:end] if end else words
    titles = (word for name in form.names() for word in form.spec(name).spoken if form.spec(name).kind != "address")
    title = max((one for one in titles if len(one) > 1 and told.endswith(one)), key=len, default="")
    return told.removesuffix(title).strip(AROUND)


def named_in(form: Form, words: str) -> list[str]:
    """Fields of the form that the words name, the longest word first."""
    plain = normalise(words)
    spoken = [(-len(word), name) for name in form.names() for word in form.spec(name).spoken if word in plain]
    return list(dict.fromkeys(name for _, name in sorted(spoken)))


def only_names(form: Form, words: str, beside: re.Pattern[str]) -> bool:
    """Whether words name a field, with what may stand `beside` it, and tell nothing: 「加上地址」 before an address."""
    plain = normalise(words)
    titles = [word for name in form.names() for word in form.spec(name).spoken if word in plain]
    return bool(titles) and len(beside.sub("", plain.replace(max(titles, key=len), ""))) <= 1
