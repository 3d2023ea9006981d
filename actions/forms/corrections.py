"""「称呼改成老魏，上门改大后天下午」: which values are wrong, and what they should be (C1: correctable one by one)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.clauses import affirmed, pieces, spans
from actions.forms import addresses, order_changes
from actions.forms.accounts import dictated
from actions.forms.answers import Given, choose, parse
from actions.forms.contrasts import contrasted
from actions.forms.form import Form
from actions.forms.labelled import labelled
from actions.forms.said import JUST_NOW, completed
from actions.forms.steering import unsettled
from actions.forms.volunteered import CALL_TIME, is_to_come, volunteered
from actions.heard import Heard, Json
from actions.numbers import GROUPS, pointed_at
from helpdesk.company import Company
from helpdesk.model.field import known
from zhtext import fold, normalise
from zhtext.labels import stands
from zhtext.questions import is_question
from zhtext.values import codes, doors, phones, times, wishes
from zhtext.values import names as people

PARTS = re.compile(r"(?:[^,，。;；!！\s]|(?<=[a-zA-Z0-9]) (?=[a-zA-Z0-9]))+")
TAIL = re.compile(
    r"(?:改做|应该是|应该叫|应是|改成|改为|改到|改回|换成|换到|更正为|其实是|而是|改(?!一下)|换(?!一下)|是叫|是|叫|为|写(?:上|成)?(?!错|得|全|完整|清楚|好听))[:：\s]*(.+)$"
)
DENIED = re.compile(r"^(?:不是|不要|没有|别|不)|^[^是]{1,6}不是[^是]+$")
INSTEAD = re.compile(r"(?:不对)?(?:不是|唔係|唔系).+?(?:而是|是|係|系)(.+)$")
"""「不对不是今天后晌是明天后晌」: what is meant stands behind what is not."""
TIMES = ("when", "future")
"""Kinds of field that a time is the value of."""
SPOKEN = 2
"""Characters from which on a wording of a choice counts in a correction: 「还有…」 holds a 有."""
REPLACED = frozenset({"category", "product", "outcome", "description"})
"""What a correction of something else must not change by the way."""


def corrections(form: Form, heard: Heard, words: Mapping[str, str]) -> Json:
    """Field -> right value, for every part of the message that names a field or holds a value of a known one."""
    if heard.is_press:
        return {}
    heard = unsettled(form.company, heard)
    set_right = contrasted(form, heard)
    told = labelled(form, set_right.rest)
    found = _by_parts(form, told.rest, words)
    found.update({**set_right.values, **told.values, **_partly(form, told.values), **_new_end(form, told.rest)})
    found.update({**order_changes.told(form, set_right.rest), **pointed(form, set_right.rest)})
    return found or _otherwise(form, set_right.rest)


def _by_parts(form: Form, heard: Heard, words: Mapping[str, str]) -> Json:
    found: Json = {}
    retold = _retold(form, heard)
    awaited = ""
    for part in _parts(form, replace(heard, text=heard.text[: retold.start]) if retold else heard):
        values = _correction(_as_put_right(form, found), part) or _awaited(form, part, awaited)
        named = named_fields(form, part)
        awaited = named[0] if named and not values and not stands(part.plain) else ""
        is_said_so = bool(named or TAIL.search(part.text))
        found.update({name: v for name, v in values.items() if _counts(form, name, v, found, is_said_so=is_said_so)})
    found.update(_partly(form, found))
    if retold:
        found[retold.field] = retold.words
    if not found and words.get("wish") and "outcome" in form.known:
        found["outcome"] = words["wish"]
    return found


def _as_put_right(form: Form, found: Json) -> Form:
    """The form with the times that were put right already: 「改下午吧，四点左右」 is an hour of that afternoon."""
    right = {name: value for name, value in found.items() if name in form.known and _is_time(form, name)}
    return replace(form, known={**form.known, **right}) if right else form


def pointed(form: Form, heard: Heard) -> Json:
    """The order or the phone that is meant after all, of those told before: 「我说的是前面那个，0800123的」."""
    found: Json = {}
    for field in () if heard.is_press else GROUPS:
        now = known(form.known.get(field))
        if isinstance(now, str) and field not in heard.values:
            told = list(dict.fromkeys([*_told_before(form, field), now, *_beside(form, field)]))
            meant = pointed_at(form.company, heard, told) if len(told) > 1 else None
            found.update({field: meant} if meant and meant != now else {})
    return found


def _beside(form: Form, field: str) -> list[str]:
    """The second number of who told two phones."""
    second = known(form.known.get("second_contact")) if field == "phone" else None
    return [second.split("（")[0]] if isinstance(second, str) else []


THAT_ONE = "那个"
"""「尾号0000的那个」 points at a number, and tells no other end of one."""


def _told_before(form: Form, field: str) -> Iterator[str]:
    """The numbers of this kind in the account, in their order."""
    text = fold(str(known(form.known.get("description")) or ""))
    return (one.value for one in (codes.find_orders if field == "order" else phones.find)(text))


def _new_end(form: Form, heard: Heard) -> Json:
    """「手机尾号打错了，是8843」: the number that is known, with another end."""
    end, phone = phones.new_end(heard.plain), known(form.known.get("phone"))
    is_wrong = bool(end and isinstance(phone, str) and not phone.endswith(end)) and THAT_ONE not in heard.plain
    return {"phone": f"{phone[:-4]}{end}"} if is_wrong and isinstance(phone, str) else {}


def _otherwise(form: Form, heard: Heard) -> Json:
    """What is put right without a word that says so."""
    found = _other_title(form, heard) or _other_wish(form, heard) or _other_product(form, heard)
    whole = None if found else addresses.completed(form, heard)
    return {addresses.ADDRESS: whole} if whole else found


def _counts(form: Form, name: str, value: Any, found: Json, *, is_said_so: bool) -> bool:
    """Whether a part's value takes the place of one found before: a new one said to be so; of times the last."""
    if name not in found or found[name] == form.known.get(name):
        return True
    is_known = value == form.known.get(name) or (_is_time(form, name) and str(value) in str(form.known.get(name)))
    return not is_known and (is_said_so or _is_time(form, name))


def _partly(form: Form, found: Json) -> Json:
    """An address of which a part was told anew keeps the rest (「球场路86号」), an hour its day."""
    before = {name: str(form.known[name]) for name in found if isinstance(form.known.get(name), str)}
    places = {name: was for name, was in before.items() if form.spec(name).kind == "address"}
    hours = [one for one in before if _is_time(form, one) and not times.names_day(str(found[one]), form.now)]
    mended = {name: doors.mended(was, str(found[name])) or found[name] for name, was in places.items()}
    return {**mended, **{name: completed(before[name], str(found[name])) for name in hours}}


def _other_title(form: Form, heard: Heard) -> Json:
    """「我是先生，不是女士」: how somebody is addressed."""
    called = people.title_in(affirmed(heard.text))
    surname = people.surname_alone(str(form.known.get("name") or ""))
    is_other = called and surname and f"{surname}{called}" != form.known.get("name")
    return {"name": f"{surname}{called}"} if is_other else {}


def _is_time(form: Form, name: str) -> bool:
    """Of several times the last one holds: 「今天早上是漏水的时间，你们下午三点以后来」."""
    return form.spec(name).kind in TIMES


@dataclass(frozen=True)
class Retold:
    """An account that is told anew: which field, in which words, and where the clause that names it begins."""

    field: str
    words: str
    start: int


def _retold(form: Form, heard: Heard) -> Retold | None:
    """「情况说明改成新灶有油漆味 十来分钟就散」: all that follows is the account, up to another field that is named."""
    clauses = list(PARTS.finditer(heard.text))
    for at, clause in enumerate(clauses):
        name = next(iter(_named_in(form, heard, clause.group())), "")
        if name not in TOLD or name not in form.known:
            continue
        behind = (c for c in clauses[at + 1 :] if _corrects_another(form, heard, c.group(), name))
        end = next((c.start() for c in behind), len(heard.text))
        words = _account_behind(form, heard.text[clause.start() : end], clause.end() - clause.start())
        return Retold(name, words, clause.start()) if len(words) >= SHORTEST_ACCOUNT else None
    return _written_outright(form, heard)


def _account_behind(form: Form, told: str, first: int) -> str:
    """The account in `told`, whose first clause (so many characters) names it: behind 「改成」, or 「改一下」."""
    if form.company.form_words.adds_on.search(normalise(told[:first])):
        return ""  # 「说明里写上…」 leaves what stands there
    marked = TAIL.search(told) or COLON.search(told)
    if marked and marked.start() < first and form.company.sayings.misses.search(told[: marked.start(1)]) is None:
        words = MARKERS.sub("", marked.group(1).strip(" ,，。;；"))
    elif form.company.sayings.rewrites.search(told[:first]):
        words = told[first:].strip(" ,，。;；")
    else:
        return ""
    return dictated(words, form.company, form.kind) if words else ""


def _written_outright(form: Form, heard: Heard) -> Retold | None:
    """「就写 11月9号退的破壁机没到账」: the account, although it is not named."""
    found = form.company.sayings.writes_outright.search(heard.text) if "description" in form.known else None
    words = dictated(found["told"], form.company, form.kind) if found else ""
    is_account = len(words) >= LONG_ACCOUNT and not _named_in(form, heard, words)
    return Retold("description", words, found.start()) if found and is_account else None


def removals(form: Form, heard: Heard) -> list[str]:
    """Fields that are to be left out after all, as far as they may be: 「接听时间不填了」, 「今天那个删了」."""
    removes = form.company.sayings.removes
    told = [clause for clause in pieces(heard.text) if removes.search(normalise(clause))]
    return [
        name
        for name in form.known
        if name in form.names() and any(_is_left_out(form, heard, name, one) for one in told)
    ]


def _is_left_out(form: Form, heard: Heard, name: str, clause: str) -> bool:
    spec = form.spec(name)
    value = str(form.known[name]).split("（")[0]
    is_meant = name in _named_in(form, heard, clause) or (len(value) >= 2 and value in clause)
    return is_meant and name not in TOLD and (spec.may_be_unknown or form.offers(name))


def without_corrections(form: Form, heard: Heard, found: Json) -> str:
    """The message without the clauses that put another field right, as `found`: 「凭证改成没有，说明里加上…」."""
    clauses = (match.group() for match in PARTS.finditer(heard.text))
    return "，".join(
        one
        for one in clauses
        if not (_corrects_another(form, heard, one, "description") or _is_used(form, heard, one, found))
    )


def _is_used(form: Form, heard: Heard, clause: str, found: Json) -> bool:
    """Whether a clause told what was put right: the field by its name, as wrong, or its value."""
    names = [name for name in _named_in(form, heard, clause) if name in found]
    values = (str(value).split("（")[0] for value in found.values() if isinstance(value, str))
    is_wrong = bool(names) and _is_called_wrong(form, normalise(clause))
    return (
        is_wrong
        or _takes_back(form, clause, found)
        or any(len(value) >= SHORTEST_VALUE and value in clause for value in values)
    )


def _is_called_wrong(form: Form, plain: str) -> bool:
    patterns = (form.company.sayings.rewrites, form.company.form_words.changes_mind)
    return any(pattern.search(plain) for pattern in patterns)


def _takes_back(form: Form, clause: str, found: Json) -> bool:
    """「我查了日历后天没空」: what stood there, and why it will not do."""
    before = (str(form.known.get(name) or "")[:SHORTEST_VALUE] for name in found if _is_time(form, name))
    is_denied = form.company.form_words.changes_mind.search(normalise(clause)) is not None
    return is_denied and any(old and old in clause for old in before)


SHORTEST_VALUE = 2


def wrong_fields(form: Form, heard: Heard) -> list[str]:
    """Fields that a clause only calls wrong: 「地址也写错了」."""
    sayings = form.company.sayings
    told = [one for one in pieces(heard.text) if sayings.rewrites.search(normalise(one)) and not is_question(one)]
    return [name for one in told for name in _named_in(form, heard, one)[:1] if name not in TOLD]


def missing_words(form: Form, heard: Heard) -> str:
    """What the account is said not to hold: 「没写是破壁机，也没写9号退的」."""
    found = (form.company.sayings.misses.search(heard.text[start:end]) for start, end in spans(heard.text))
    said = [match["told"].strip(" 的呢啊呀嘛") for match in found if match]
    return "；".join(one for one in said if len(one) >= 2 and not _named_in(form, heard, one))


def _named_in(form: Form, heard: Heard, words: str) -> list[str]:
    return named_fields(form, replace(heard, text=words, entities=()))


def _corrects_another(form: Form, heard: Heard, clause: str, name: str) -> bool:
    named = _named_in(form, heard, clause)
    return bool(named) and name not in named and TAIL.search(clause) is not None


def only_asks(company: Company, plain: str) -> bool:
    """Whether a clause asks about a value, and does not ask for another one: 「后天下午那个还作数吗」."""
    if not is_question(plain):
        return False
    return company.sayings.asks_change.search(plain) is None or company.sayings.supposes.search(plain) is not None


IN_WORDS = frozenset({"name", "text", "address", "product"})
"""Kinds of field whose value is whatever stands behind 「改成」."""
QUOTED = re.compile(r"[「“\"『]([^」”\"』]{1,60})[」”\"』]")
TOLD = frozenset({"description"})
MARKERS = re.compile(r"^(?:(?:写上|写成|改成|改为|就写|写|是)\s*)+")
COLON = re.compile(r"[:：](?!\d)\s*(.+)$", re.DOTALL)
SHORTEST_ACCOUNT, LONG_ACCOUNT = 4, 8


def _other_wish(form: Form, heard: Heard) -> Json:
    """「不是退款，我要换新的」: what is wanted instead."""
    said = affirmed(heard.text)
    if "outcome" not in form.known or said == heard.text:
        return {}
    fresh = replace(form, known={})
    return {k: v for k, v in volunteered(fresh, replace(heard, text=said)).items() if k == "outcome"}


def _other_product(form: Form, heard: Heard) -> Json:
    """「坏的是热水器」 where a washing machine was written down."""
    is_told = heard.words_for("product") in affirmed(heard.text) and not is_question(heard.plain)
    said = heard.values.get("product") if is_told else None
    known = str(form.known.get("product") or "")
    return {"product": said} if said and known and said not in known and known not in str(said) else {}


def _parts(form: Form, heard: Heard) -> Iterator[Heard]:
    """The clauses, each with the values that lie in it; what is only denied is left out."""
    for match in PARTS.finditer(heard.text):
        start, end = match.span()
        if instead := INSTEAD.match(match.group()):
            start += instead.start(1)
        inside = tuple(
            {**e, "start": int(e["start"]) - start, "end": int(e["end"]) - start}
            for e in heard.entities
            if isinstance(e.get("end"), int) and start <= int(e.get("start") or 0) < end
        )
        part = replace(heard, text=heard.text[start:end], entities=inside, clauses=())
        if only_asks(form.company, part.plain):
            continue
        if not DENIED.search(part.plain.strip()) and not form.company.sayings.stands_wrong.search(part.plain):
            yield part


def _correction(form: Form, part: Heard) -> Json:
    named = named_fields(form, part)
    values = _values(form, part)
    if not named:
        return values
    kept = {name: value for name, value in values.items() if name in named or name in _alternatives(form, named)}
    if form.spec(named[0]).kind in IN_WORDS:
        return _spoken(form, part, named[0]) or kept or values
    return kept or _spoken(form, part, named[0]) or values


def _values(form: Form, part: Heard) -> Json:
    """Values for fields that are filled already, whichever the message means by itself."""
    chosen = {name: value for name, value in form.known.items() if form.spec(name).kind in ("choice", "category")}
    fresh = replace(form, known=chosen)
    found = {name: value for name, value in volunteered(fresh, part).items() if name not in REPLACED}
    if part.words_for("time").startswith(JUST_NOW):  # it points at what was said, not at when something was
        found = {name: value for name, value in found.items() if form.spec(name).kind not in TIMES}
    elif "time" in part.values or times.names_time(part.plain) or form.company.sayings.any_time.search(part.plain):
        found.update(_time(form, part))
    choices = [name for name in form.known if name in form.company.fields and form.spec(name).kind == "choice"]
    if len(part.plain) > LONGEST_CHOICE:  # 「订单是我私人账号下的」 tells of something else
        choices = [name for name in choices if name in named_fields(form, part)]
    found.update({name: value for name in choices if (value := choose(form.spec(name), part.plain, SPOKEN))})
    return found


LONGEST_CHOICE = 10
"""Characters of a clause that may be a choice without naming its field."""


def _time(form: Form, part: Heard) -> Json:
    """The time that is put right; when we should call or come is none of when it happened."""
    wanted = next((name for name in form.known if form.spec(name).kind in TIMES), None)
    if wanted is None or form.company.sayings.asks_when.search(part.plain):
        return {}
    if form.spec(wanted).kind == "when" and is_to_come(form.company, part.plain):
        return {}
    is_named = wanted in named_fields(form, part)
    is_meant = is_named or _is_of_call(form, part) or _is_nothing_else(form, part)
    if wanted == CALL_TIME and not is_meant:
        return {}
    found = _parsed(form, part, wanted)
    if wanted in found and not times.names_day(str(found[wanted]), form.now):
        found[wanted] = completed(str(form.known.get(wanted) or ""), str(found[wanted]))
    return found


def _is_nothing_else(form: Form, part: Heard) -> bool:
    """「改成五点半以后」, 「四点左右」: a time and no more, and of a call there is only one."""
    tail = TAIL.search(part.plain)
    return times.is_bare(tail.group(1) if tail else part.plain, form.now)


def _is_of_call(form: Form, part: Heard) -> bool:
    sayings = form.company.sayings
    return bool(sayings.of_call.search(part.plain) or sayings.any_time.search(part.plain))


def _awaited(form: Form, part: Heard, name: str) -> Json:
    """The value of a field that the part before only named: 「名字写错了，应该是王方」."""
    if not name or set(named_fields(form, part)) - {name}:
        return {}
    if name == "product" and form.company.sayings.asks_if_suits.search(part.plain):
        return {}  # 「型号不要那款，换个大点的补差价行不」 names none
    answer = parse(form.asked(name), part)
    is_wish = name == "outcome" and wishes.wish_in(part.plain) is not None
    is_surely = isinstance(answer, Given) and (not answer.raw or form.spec(name).takes_anything or is_wish)
    return _spoken(form, part, name) or (_parsed(form, part, name) if is_surely else {})


def _spoken(form: Form, part: Heard, name: str) -> Json:
    """The words in quotation marks, or those after 「应该是」 or a colon, read as the field's value."""
    words = _quoted(part.text) or _behind_marker(part.text)
    if not words:
        return {}
    return _parsed(form, replace(part, text=words, entities=_within(part, words)), name)


def _quoted(text: str) -> str:
    found = QUOTED.search(text)
    return found.group(1).strip() if found else ""


def _behind_marker(text: str) -> str:
    """The customer's own words; the marker is looked for in their simplified form, which keeps places."""
    shown = fold(text).rstrip("。.!！~ 吧了啊")
    tail = TAIL.search(shown) or COLON.search(shown)
    return text[tail.start(1) : tail.end(1)].strip("，, :：") if tail else ""


def _within(part: Heard, words: str) -> tuple[Json, ...]:
    return tuple(e for e in part.entities if str(part.text[int(e["start"]) : int(e["end"])]) in words)


def _parsed(form: Form, part: Heard, name: str) -> Json:
    if right := _mended_address(form, part, name):
        return {name: right}
    answer = parse(form.asked(name), part)
    return {answer.field: answer.value} if isinstance(answer, Given) else {}


def _mended_address(form: Form, part: Heard, name: str) -> str | None:
    """The address that is known with the building or the room that is told anew: 「是2单元」."""
    if form.spec(name).kind != "address" or name not in form.known:
        return None
    return doors.mended(str(form.known[name]), part.text)


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
