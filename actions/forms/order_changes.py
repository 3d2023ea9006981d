"""What an order is changed to: the day, the address or both, told in one message or one after the other.

The field `new_value` holds all of it in words: one thing as it is, several each behind its name. `change_kind` says
which thing it is, or that it is several.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from actions.clauses import pieces, spans
from actions.forms.accounts import tells_something
from actions.forms.answers import Asked, Given, parse
from actions.forms.form import Form
from actions.forms.said import address_in
from actions.heard import Heard, Json
from helpdesk.model.field import known
from helpdesk.model.ticket import Kind
from zhtext import normalise
from zhtext.labels import stands
from zhtext.values import doors, shifts, times

NOT_THEN = ("不", "没", "别", "莫", "甭", "冇", "加班", "出差", "出门")
"""Words of a clause that tells when it will not do."""
NEW_VALUE = "new_value"
SEVERAL = "several"
TIME, ADDRESS = "time", "address"
BETWEEN = "；"
A_TIME = "visit_time"
"""The field whose values a delivery's time is read like."""


def told(form: Form, heard: Heard, asked: str = "") -> Json:
    """`change_kind` and `new_value` with what the message tells beside what is known; empty where it tells nothing.

    Where it was not `asked` for, a day is what it is changed to only if it is said so: 「礼拜三我不在」 is no new day.
    """
    if form.kind != Kind.ORDER_CHANGE or heard.is_press:
        return {}
    before, new = _before(form), _told(form, heard if asked == NEW_VALUE else _moved(form, heard))
    stays = [kind for kind in before if _stays(form, kind, heard)]
    new = {kind: _mended(before.get(kind, ""), words) for kind, words in new.items() if kind not in stays}
    parts = {**{kind: words for kind, words in before.items() if kind not in stays}, **new}
    return _kept(form, parts) if parts and (new or stays) else {}


def more(form: Form, heard: Heard) -> Json:
    """The same where something is known already: what else is to be changed, or a part of an address; no other time."""
    before = _before(form)
    is_moved = form.company.sayings.asks_change.search(heard.plain) is not None
    is_more = any(is_moved or kind == ADDRESS or kind not in before for kind in _told(form, _moved(form, heard)))
    return told(form, heard) if before and is_more and form.kind == Kind.ORDER_CHANGE else {}


def _moved(form: Form, heard: Heard) -> Heard:
    """The message without the times of clauses that only tell why: 「后天我不在，改周六」."""
    times_at = [e for e in heard.entities if e["entity"] == "time" and isinstance(e.get("end"), int)]
    told = {span: normalise(heard.text[slice(*span)]) for span in spans(heard.text)}
    moved = {span for span, plain in told.items() if form.company.sayings.asks_change.search(plain)}
    meant = (
        moved if any(_within(e, moved) for e in times_at) else {s for s, plain in told.items() if _is_new(form, plain)}
    )
    gone = [e for e in times_at if not _within(e, meant)]
    for one in gone:
        heard = heard.blanked(int(one["start"]), int(one["end"]))
    return heard


def _within(entity: Json, places: Collection[tuple[int, int]]) -> bool:
    return any(start <= int(entity["start"]) < end for start, end in places)


def _is_new(form: Form, plain: str) -> bool:
    """Whether a clause without a word of change may still tell the new time: 「后儿再来」, 「周五下午」."""
    is_of_visit = form.company.sayings.of_visit.search(plain) is not None and not any(
        word in plain for word in NOT_THEN
    )
    suits = form.company.sayings.asks_if_suits.search(plain) is not None and times.names_time(plain)
    return is_of_visit or suits or times.is_bare(plain, form.now)


def _stays(form: Form, kind: str, heard: Heard) -> bool:
    """「地址不改，用原来的」: a thing is not to be changed after all."""
    title = _title(form, kind)
    said = [normalise(one) for one in pieces(heard.text)]
    return any(title in one and (stands(one) or ORIGINAL in one) for one in said)


def names(form: Form) -> list[str]:
    """What the things that can be changed are called: 送货时间, 地址."""
    is_one = form.kind == Kind.ORDER_CHANGE
    return [one.title.removeprefix(CHANGE) for one in form.spec("change_kind").choices] if is_one else []


def beside(form: Form, heard: Heard) -> str:
    """What the message tells besides, in the customer's words: 「门口别放」."""
    values = [words.split("（")[0] for words in _told(form, heard).values()]
    left = [one for one in pieces(heard.text) if not any(value in one for value in values)]
    return "，".join(one for one in left if tells_something(Heard(one, ""), form.company))


def _told(form: Form, heard: Heard) -> dict[str, str]:
    found = {}
    address = address_in(heard) if "place" in heard.values else _door(form, heard)
    if address:
        found[ADDRESS] = address
    rest = replace(heard, text=heard.text.replace(address, " " * len(address))) if address else heard
    asked = Asked(A_TIME, form.company.fields[A_TIME], form.company, form.now)
    time = parse(asked, rest) if "time" in heard.values else None
    if isinstance(time, Given) and isinstance(time.value, str) and times.names_time(normalise(time.value)):
        found = {TIME: time.value, **found}
    elif shifted := shifts.shift_in(rest.plain):
        found = {TIME: shifted, **found}
    return found


def _door(form: Form, heard: Heard) -> str | None:
    """「漏了个房字，是2003房」: a part of the address that is to be, told anew."""
    before = _before(form).get(ADDRESS, "")
    told = (normalise(one) for one in pieces(heard.text)) if before else ()
    said = [one for one in told if doors.mended(before, one) not in (None, before)]
    return said[-1] if said else None


def _before(form: Form) -> dict[str, str]:
    """What is known already, each thing under its kind."""
    words, kind = str(known(form.known.get("new_value")) or ""), str(known(form.known.get("change_kind")) or "")
    if not words or kind != SEVERAL:
        return {kind: words} if words else {}
    titles = {_title(form, one): one for one in (TIME, ADDRESS)}
    split = (part.partition(" ") for part in words.split(BETWEEN))
    return {titles.get(title, title): said for title, _, said in split}


def _mended(before: str, words: str) -> str:
    """An address of which a part is told anew keeps the rest."""
    return doors.mended(before, words) or words if before else words


def _kept(form: Form, parts: dict[str, str]) -> Json:
    if len(parts) == 1:
        [(kind, words)] = parts.items()
        return {"change_kind": kind, "new_value": words} if kind else {"new_value": words}
    ordered = sorted(parts.items(), key=lambda one: one[0] != TIME)
    named = (f"{_title(form, kind)} {words}" for kind, words in ordered)
    return {"change_kind": SEVERAL, "new_value": BETWEEN.join(named)}


def _title(form: Form, kind: str) -> str:
    """「送货时间」 of the choice 「修改送货时间」."""
    titles = (one.title for one in form.spec("change_kind").choices if one.value == kind)
    return next(titles, kind).removeprefix(CHANGE)


CHANGE = "修改"
ORIGINAL = "原"
"""「用原来那个」, 「返原本地址」."""
