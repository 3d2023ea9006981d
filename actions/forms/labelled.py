"""「抬头：某某公司」, 「情况说明改成冰箱不凉」: fields that a message calls by their names, and their values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.clauses import spans
from actions.decide.registering import ANY_WORDS
from actions.forms.accounts import SURELY_SAID, dictated, tells_something
from actions.forms.answers import Given, parse
from actions.forms.form import Form
from actions.heard import Heard, Json
from zhtext import fold, normalise
from zhtext.labels import Statement, leaves_out_the_rest, statements
from zhtext.questions import is_question

CODES = frozenset({"phone", "email", "wechat", "order", "waybill", "credit_code", "amount"})
"""Kinds of field whose value may stand right behind their name."""
OPEN_KINDS = frozenset({"text", "evidence"})
"""Kinds of field whose value is all that is said behind their name."""
CALL_HOURS = "call_hours"
SHORTEST_NAME = 2
"""Characters of a field's name that is looked for: 名 and 姓 stand in too many words."""


@dataclass(frozen=True)
class Labelled:
    """Field -> value as it is kept, for every field that is called by its name; and the message without them."""

    values: Json
    rest: Heard


def labelled(form: Form, heard: Heard, but: str = "") -> Labelled:
    """What is to stand in the fields that the message calls by their names; `but`: the field that is left alone."""
    if heard.is_press:
        return Labelled({}, heard)
    fields = _fields(form)
    codes = [word for word, name in fields.items() if form.spec(name).kind in CODES]
    values: Json = {}
    rest = heard
    for said in statements(heard.text, fields, codes):
        found = _value(form, heard, said, fields[said.name]) if fields[said.name] != but else None
        if found:
            values.update(found.values)
            rest = rest.blanked(said.start, found.end)
    return Labelled(values, rest)


@dataclass(frozen=True)
class _Read:
    values: Json
    end: int


def _fields(form: Form) -> dict[str, str]:
    """Every name that a customer may use -> the field; of two fields of one name the one that is filled in.

    Of a call the hour is the matter itself, and no further word on when to call.
    """
    spoken = [(fold(word), name) for name in form.names() for word in form.spec(name).spoken]
    told = [(word, name) for word, name in spoken if len(word) >= SHORTEST_NAME]
    return dict(sorted(told, key=lambda one: (one[1] in form.known, one[1] != CALL_HOURS)))


def _value(form: Form, heard: Heard, said: Statement, field: str) -> _Read | None:
    """The value of what is said of a field: all of it where any words will do, else the first clause that is one."""
    if form.spec(field).kind in OPEN_KINDS:
        return _in_words(form, heard, said, field) if said.is_outright else None
    clauses = [(said.begin + a, said.begin + b) for a, b in spans(said.words)]
    for start, end in [*clauses[:1], (said.begin, said.end)]:
        part = _part(heard, start, end)
        answer = None if _is_of_another(part, field) else parse(form.asked(field), part)
        if isinstance(answer, Given) and (said.is_outright or not answer.raw) and not is_question(part.plain):
            return _Read({answer.field: answer.value}, _end_of_value(heard, start, end))
    return None


def _is_of_another(part: Heard, field: str) -> bool:
    """「我老公电话139…」: a second number, and not the customer's own."""
    return field == "phone" and "second_contact" in part.values


def _end_of_value(heard: Heard, start: int, end: int) -> int:
    """Where the value that begins here ends: 「订单2026…昨天送来的」 tells on; all up to `end` where none is marked."""
    marked = (int(e["end"]) for e in heard.entities if isinstance(e.get("end"), int) and e.get("start") == start)
    return max(marked, default=end)


def _in_words(form: Form, heard: Heard, said: Statement, field: str) -> _Read | None:
    """The clauses that tell, without what is asked or ordered behind them."""
    told = [(a, b) for a, b in spans(said.words) if not _is_beside(form, said.words[a:b])]
    told = told[:1] + [(a, b) for a, b in told[1:] if not _is_only_said(heard, said.words[a:b])]
    if not told:
        return None
    end = said.begin + told[-1][1]
    part = _part(heard, said.begin + told[0][0], end)
    if field == "description":
        if form.company.form_words.adds_on.search(normalise(heard.text[said.start : said.begin])):
            return None  # 「说明里加一句…」 leaves what stands there
        is_account = tells_something(part, form.company, form.kind)
        words = dictated(part.text, form.company, form.kind)
        return _Read({field: words}, said.end) if is_account and words else None
    answer = parse(form.asked(field), part)
    return _Read({answer.field: answer.value}, end) if isinstance(answer, Given) else None


def _is_only_said(heard: Heard, clause: str) -> bool:
    """「改好就提交」, 「别再问」 behind what was dictated: said to whom one writes to, as the reader learnt it."""
    chance = heard.tells(clause)
    return chance is not None and chance < SURELY_SAID


def _is_beside(form: Form, clause: str) -> bool:
    """Whether a clause says what else is to go (「订单去掉」), or waits for an answer; a call may be about one."""
    plain = normalise(clause)
    removes = form.company.sayings.removes.search(plain) and any(word in plain for word in _fields(form))
    asks = is_question(plain) and not form.company.sayings.asks_why.search(plain)
    return bool(leaves_out_the_rest(plain) or removes or (asks and form.kind not in ANY_WORDS))


def _part(heard: Heard, start: int, end: int) -> Heard:
    """The words between two places, with the values that lie in them."""
    inside = tuple(
        {**e, "start": int(e["start"]) - start, "end": int(e["end"]) - start}
        for e in heard.entities
        if isinstance(e.get("end"), int) and start <= int(e.get("start") or 0) and int(e["end"]) <= end
    )
    return replace(heard, text=heard.text[start:end], entities=inside, clauses=(), intent="", confidence=0.0)
