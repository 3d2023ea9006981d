"""What a message puts right, adds and leaves out, by the words that the reader found (bot/nlu/reader/revising.py).

The reader says where the words stand and which fields they may be of; here the form decides which field it is, and the
value is read from the words as any answer is. Of a value of which a part is told the rest stays: the end of a number, a
building, an hour of a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actions.clauses import spans
from actions.decide.registering import ANY_WORDS
from actions.forms import order_changes
from actions.forms.answers import Given, as_kept, choose, parse
from actions.forms.contrasts import contrasted
from actions.forms.fitting import fits, named_in, of_place, others, sort_of, worded
from actions.forms.form import Form
from actions.forms.said import completed
from actions.forms.volunteered import CALL_TIME
from actions.heard import Heard, Json, Revision
from helpdesk.model.field import known
from zhtext import fold, normalise
from zhtext.denial import is_denied
from zhtext.labels import replaces
from zhtext.questions import is_question
from zhtext.values import doors, places, times, ways

RIGHT, WRONG, MORE, OUT = "right", "wrong", "more", "out"
SURE, SECOND, SURELY = 0.4, 0.1, 0.8
"""Chance of the likeliest field, of one that takes its place where that cannot be, and of one that is surely meant."""
NUMBERS = frozenset({"phone", "order", "credit_code", "waybill"})
IN_WORDS = frozenset({"text", "evidence", "product"})
TIMES = frozenset({"when", "future"})
TEXTS = frozenset({"description", "outcome", "evidence"})
LONGEST_END = 8
"""Signs of a number's end that is told alone."""
MARKS = ' ,，。.;；:：、!！?？~吧嘛哦啦咯哈㗎喇囉"“”「」'
"""What is left off at the ends of words that stand as they were told; of a value, more."""
TRAILS = f"{MARKS}的了啊呀呢"
GAP = " ,，、;；\n"
IN_ORDER = "new_value"
OF_ORDERS = frozenset({"address", "visit_time", "phone", "call_hours"})
"""What of an order's change is said of its new value."""
BETWEEN = {"description": "；", "address": "，", "evidence": "，", "outcome": "，"}


@dataclass(frozen=True)
class Revised:
    """Field -> what is to stand there; `more`: what is added to it; `out`: what is not to be written down."""

    values: Json = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    out: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What is called wrong without what is right."""
    sure: frozenset[str] = frozenset()
    """Fields that are surely meant."""
    places: tuple[tuple[str, tuple[int, int]], ...] = ()
    """Field -> where in the message the words of it stand."""
    rest: Heard = field(default_factory=lambda: Heard("", ""))
    """The message without the clauses that were made use of: what else is said."""

    def __bool__(self) -> bool:
        return bool(self.values or self.more or self.out)


def revised(form: Form, heard: Heard) -> Revised:
    """All that the message puts right of this form, or tells for it."""
    if heard.is_press or not heard.revised:
        return Revised(rest=heard)
    key = ("revised", form.kind, str(form.known))
    if key not in heard.made:
        found = _meant_so(form, heard)
        heard.made[key] = _revised(form, heard, found) if found else Revised(rest=heard)
    kept: Revised = heard.made[key]
    return kept


def _meant_so(form: Form, heard: Heard) -> list[Revision]:
    """What the reader found, without what is only supposed or denied, and whole where it missed an edge."""
    found = [one for one in heard.revised if heard.text[one.start : one.end] == one.words]
    found = [one for one in found if not (_is_supposed(form, heard, one) or _is_denied(heard, one))]
    return [_whole_place(heard.text, one) for one in found]


def _is_supposed(form: Form, heard: Heard, one: Revision) -> bool:
    """「上门要是换成周日会不会加钱」: it is asked what would be, and nothing changed."""
    clauses = (normalise(heard.text[a:b]) for a, b in _around(heard, one))
    return any(is_question(plain) and form.company.sayings.supposes.search(plain) for plain in clauses)


def _whole_place(text: str, one: Revision) -> Revision:
    """An address of which the reader missed the first sign or two: 「石家庄市…」 of which it heard 「家庄市…」."""
    if _likeliest(one) not in ("address", "new_value") or one.role != RIGHT:
        return one
    wider = (text[start : one.end] for start in range(max(0, one.start - MISSED), one.start))
    words = next((words for words in wider if places.read(fold(words)) == fold(words)), one.words)
    return replace(one, words=words, start=one.end - len(words))


MISSED = 2
"""Signs before an address that may have been missed."""


def _is_denied(heard: Heard, one: Revision) -> bool:
    """「别跟我提退款」: what is not wanted is no wish."""
    if one.role not in (RIGHT, MORE) or _likeliest(one) != "outcome":
        return False
    return any(is_denied(fold(heard.text[a:b]), one.start - a) for a, b in _around(heard, one))


def _around(heard: Heard, one: Revision) -> list[tuple[int, int]]:
    """The clause in which the words begin."""
    return within(heard.text, [(one.start, one.start + 1)])


def _joined(text: str, found: list[Revision]) -> list[Revision]:
    """What the reader took for two and stands side by side in one text: 「双开门冰箱 23号上午没到」."""
    kept: list[Revision] = []
    for one in found:
        last = kept[-1] if kept else one
        is_one = kept and last.role == one.role and _likeliest(last) == _likeliest(one) in TEXTS
        if is_one and not text[last.end : one.start].strip(GAP):
            kept[-1] = replace(last, words=text[last.start : one.end])
        else:
            kept.append(one)
    return kept


def _likeliest(one: Revision) -> str:
    return next(iter(one.fields), "")


def _revised(form: Form, heard: Heard, found: list[Revision]) -> Revised:
    found = _joined(heard.text, [one for one in found if one.role != MORE or not is_question(normalise(one.words))])
    exact = contrasted(form, heard)  # what is called wrong stands somewhere, which no likelihood outdoes
    found = [one for one in found if not any(a <= one.start and one.end <= b for a, b in exact.spans)]
    wrong = {name: one.words.strip(TRAILS) for one in found if one.role == WRONG for name in _denied(form, one)}
    found = [replace(one, role=MORE) if _is_added(form, heard, one) else one for one in found]
    values: Json = dict(exact.values)
    stand = [(name, exact.spans[0]) for name in exact.values]
    for one in (one for one in found if one.role == RIGHT):
        told = _value(form, heard, one, wrong, values)
        values.update(told)
        stand += [(name, (one.start, one.end)) for name in told]
    values.update({name: _with_hour(form, heard, values[name]) for name in values if form.spec(name).kind in TIMES})
    sure = frozenset(
        name for one in found for name, chance in one.fields.items() if chance >= SURELY and name in values
    )
    more = {name: _added(form, name, heard, one) for one in found if one.role == MORE for name in _texts(form, one)}
    out = [name for one in found if one.role == OUT for name in _left_out(form, one)]
    changed = {name: value for name, value in values.items() if form.known.get(name) != value}
    bare = [name for name in wrong if name in form.known and name not in {*values, *more, *out}]
    return Revised(changed, more, out, bare, sure | {*exact.values}, tuple(stand), _rest(exact.rest, found))


def _is_added(form: Form, heard: Heard, one: Revision) -> bool:
    """「说明里没写家里有老人」: words that an account lacks take the place of none; 「说明改成…」 takes its place."""
    sayings = form.company.sayings
    is_rewritten = replaces(heard.plain) or sayings.rewrites.search(heard.plain) is not None
    adds = "adds_words" in heard.shades and not is_rewritten
    is_lacking = adds or sayings.misses.search(heard.text) is not None
    return one.role == RIGHT and is_lacking and _likeliest(one) == "description" and "description" in form.known


def _denied(form: Form, one: Revision) -> list[str]:
    """The field in which the wrong words stand, else the likeliest."""
    names = list(_fields(form, one))
    kinds, words = {form.spec(name).kind for name in names}, one.words.strip(TRAILS)
    filled = [name for name in form.names() if name in form.known and form.spec(name).kind in kinds]
    return [name for name in [*names, *filled] if words and words in str(form.known.get(name))][:1] or names[:1]


def _meant(form: Form, heard: Heard, one: Revision, wrong: dict[str, str]) -> list[str]:
    """The same for words that are right: first the field in which something is called wrong; of an end, a number."""
    names = list(_fields(form, one))
    if SECOND_CONTACT in form.names() and any(e["entity"] == SECOND_CONTACT for e in _part(heard, one).entities):
        return [SECOND_CONTACT]
    if one.words.isdigit() and any(end in _lead(heard, one) for end in END):
        numbers = [name for name in form.known if form.spec(name).kind in NUMBERS]
        names = sorted(numbers, key=lambda name: (name not in names, -_alike(str(form.known[name]), one.words)))[:1]
    sort = sort_of(form, _part(heard, one))
    alike = [name for name in wrong if any(form.spec(name).kind == form.spec(other).kind for other in names)]
    told = {str(e["entity"]) for e in _part(heard, one).entities if _is_most(one, e)} & TYPED
    ranked = sorted({*names, *alike}, key=lambda name: _rank(form, name, names, wrong, told))
    return [name for name in ranked if fits(form, name, sort)] or others(form, sort)


SECOND_CONTACT = "second_contact"


def _is_most(one: Revision, entity: Json) -> bool:
    """Whether words are a value and little else: 「电话138…」."""
    return len(one.words) - (int(entity.get("end") or 0) - int(entity.get("start") or 0)) <= LEAD


def _rank(form: Form, name: str, names: list[str], wrong: Mapping[str, str], typed: set[str]) -> tuple[bool, bool, int]:
    """A value that is like nothing else goes where such a one belongs, then where something is wrong."""
    is_other = bool(typed) and form.spec(name).kind not in typed
    return is_other, name not in wrong, names.index(name) if name in names else len(names)


TYPED = frozenset({"phone", "order", "email"})
"""Values that are like nothing else: entities, and kinds of field."""


def _alike(value: str, end: str) -> int:
    """How many figures the end of a value has in common with what it should be."""
    return sum(min(value[-len(end) :].count(sign), end.count(sign)) for sign in set(end))


END = ("尾", "末", "最后", "后三位", "后四位", "后几位")
LEAD = 8
"""Characters in which it is said that an end is meant."""


def _fields(form: Form, one: Revision) -> Iterator[str]:
    """The fields of this form that may be meant, the likeliest first."""
    names = {IN_ORDER if name in OF_ORDERS and _is_changed(form, name) else name: of for name, of in one.fields.items()}
    least = SURE
    if CALL_TIME in form.names():  # a call's own time
        names = {CALL_TIME if name == "call_hours" else name: chance for name, chance in names.items()}
    if "post_address" in form.known and "address" not in form.known:
        names = {"post_address" if name == "address" else name: chance for name, chance in names.items()}
    for name, chance in names.items():
        if chance >= least and name in form.names():
            yield name
        least = SECOND


def _is_changed(form: Form, name: str) -> bool:
    """Whether it is the order's that is changed: nobody comes, and what is told is how it shall be."""
    return form.kind == "order_change" and name not in form.names() and IN_ORDER in form.names()


def _value(form: Form, heard: Heard, one: Revision, wrong: dict[str, str], before: Json) -> Json:
    """The field and its value; nothing where the words are a value of none of those that may be meant."""
    told = worded(form, heard, one.words, takes_questions=form.kind in ANY_WORDS)
    asks = is_question(normalise(told)) and form.kind not in ANY_WORDS
    for name in _meant(form, heard, one, wrong):
        if asks and form.spec(name).kind in IN_WORDS:
            continue
        if name in before and form.spec(name).kind not in (*IN_WORDS, *TIMES):
            continue
        was = str(before.get(name) or "") if name in TEXTS else ""
        sign = _one_sign(form, name, heard, one, wrong)
        value = {name: sign} if sign else _read(form, name, _part(heard, one), wrong.get(name, ""))
        if kept := as_kept(form.company, value, form.now):
            return {name: f"{was}，{kept[name]}"} if was and name in kept else kept
    return {}


def _one_sign(form: Form, name: str, heard: Heard, one: Revision, wrong: dict[str, str]) -> str:
    """A name of which one character is told anew: the surname, the one in the middle, else the last."""
    before, words = str(known(form.known.get(name)) or ""), one.words.strip(TRAILS)
    if form.spec(name).kind != "name" or len(words) != 1 or len(before) < 2 or name in wrong:
        return ""
    lead = _lead(heard, one)
    at = 0 if "姓" in lead else len(before) // 2 if "中" in lead else len(before) - 1
    return before[:at] + words + before[at + 1 :]


def _part(heard: Heard, one: Revision) -> Heard:
    """The words by themselves, with the values that lie in them."""
    return part_of(heard, one.start, one.end)


def part_of(heard: Heard, start: int, end: int) -> Heard:
    """What stands between two places as a message of its own."""
    inside = tuple(
        {**e, "start": int(e["start"]) - start, "end": int(e["end"]) - start}
        for e in heard.entities
        if isinstance(e.get("end"), int) and start <= int(e.get("start") or 0) and int(e["end"]) <= end
    )
    words = heard.text[start:end]
    return replace(heard, text=words, intent="inform", entities=inside, clauses=(), shades=frozenset(), revised=())


def _read(form: Form, name: str, part: Heard, wrong: str) -> Json:
    """The value of a field in these words, as it would be read from an answer; a part of one is mended."""
    kind, words, was = form.spec(name).kind, part.text.strip(TRAILS), known(form.known.get(name))
    before = was if isinstance(was, str) else ""
    if name == IN_ORDER:
        return order_changes.told(form, part, IN_ORDER) or {name: words}
    if kind in CHOSEN:
        return {name: chosen} if (chosen := _chosen(form, name, part.plain)) else {}
    if kind not in TIMES and (mended := _mended(before, words, wrong.strip(TRAILS), kind)):
        return {name: mended}
    if kind in IN_WORDS:
        return {name: worded(form, part, part.text.strip(MARKS), takes_questions=form.kind in ANY_WORDS)}
    if kind == "address":
        told = of_place(form, words)
        return {name: doors.mended(before, told) or told if before else told}
    return _answered(form, name, part, before)


CHOSEN = frozenset({"choice", "category"})


def _chosen(form: Form, name: str, plain: str) -> str | None:
    if form.spec(name).kind == "category":
        return next(iter(form.company.complaints.find(plain)), None)
    way = ways.read([plain]) if name == "contact_way" else None
    return way or choose(form.spec(name), plain)


def _answered(form: Form, name: str, part: Heard, before: str) -> Json:
    """What the words are as an answer; of a name that is built like none, the words."""
    kind, words = form.spec(name).kind, part.text.strip(TRAILS)
    answer = parse(form.asked(name), replace(part, text=words) if kind == "name" else part)
    read = {answer.field: answer.value} if isinstance(answer, Given) and isinstance(answer.value, str) else {}
    if kind == "name" and name not in read:
        return {name: words} if 1 < len(words) <= LONGEST_END else {}
    return _with_day(form, name, before, read) if kind in TIMES else read


def _with_day(form: Form, name: str, before: str, read: Json) -> Json:
    """An hour keeps its day."""
    is_hour = name in read and before and not times.names_day(read[name], form.now)
    return {name: completed(before, read[name])} if is_hour else read


def _with_hour(form: Form, heard: Heard, value: Any) -> Any:
    """「上午吧 十点以后」: of one time told in two clauses the hour, which the reader heard apart."""
    if not isinstance(value, str) or times.names_hour(value):
        return value
    said = (fold(heard.text[slice(*span)]) for span in spans(heard.text))
    hour = next((one for one in said if times.is_bare(one, form.now) and times.names_hour(one)), "")
    return completed(value, hour) if hour and not times.names_day(hour, form.now) else value


def _mended(before: str, words: str, wrong: str, kind: str) -> str:
    """What stood there with the part that was told anew in the place of the wrong one; empty where that cannot be."""
    if wrong and wrong in before and before != wrong and words:
        at = before.rindex(wrong)
        return before[:at] + words + before[at + len(wrong) :]
    if kind in NUMBERS and before and words.isalnum() and len(words) <= min(LONGEST_END, len(before) - 2):
        return before[: -len(words)] + words
    return ""


def _texts(form: Form, one: Revision) -> list[str]:
    return [name for name in _fields(form, one) if name in BETWEEN][:1]


def _added(form: Form, name: str, heard: Heard, one: Revision) -> str:
    """What was told with what is added to it, behind or before; a first word of it where nothing was."""
    before = str(known(form.known.get(name)) or "")
    more = worded(form, heard, one.words.strip(MARKS), takes_questions=form.kind in ANY_WORDS)
    if not before or more in before:
        return before or more
    if any(word in _lead(heard, one) for word in IN_FRONT):
        return f"{more}{before}" if name == "address" else f"{more}{BETWEEN[name]}{before}"
    return f"{before}{BETWEEN[name]}{more}"


IN_FRONT = ("前面", "前头", "前邊", "前边", "前頭", "开头", "最前")


def _lead(heard: Heard, one: Revision) -> str:
    """The words right before it: where it is to stand, and of what."""
    return fold(heard.text[max(0, one.start - LEAD) : one.start])


def _left_out(form: Form, one: Revision) -> list[str]:
    """The field that is not to be written down, as far as it may be."""
    likely = list(_fields(form, one))
    named = [name for name in named_in(form, one.words) if name in form.known]
    is_sure = any(chance >= SURELY for chance in one.fields.values())
    names = (named if named and not is_sure else likely)[:1]
    may = [name for name in names if form.spec(name).may_be_unknown or form.offers(name)]
    return [name for name in may if name in form.known or name == form.next_field()][:1]


def _rest(heard: Heard, found: list[Revision]) -> Heard:
    """Without the clauses in which something was found, but with what is asked behind it in the same breath."""
    gone = []
    for start, end in spans(heard.text):
        last = max((min(one.end, end) for one in found if one.start < end and one.end > start), default=0)
        if last:
            asks = is_question(normalise(heard.text[last:end])) and end - last >= SHORTEST
            gone.append((start, last if asks else end))
    return heard.but(gone)


def within(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The clauses in which one of these places lies."""
    return [(a, b) for a, b in spans(text) if any(start < b and end > a for start, end in places)]


SHORTEST = 4
"""Characters of a question that stands behind a value without a sign."""
