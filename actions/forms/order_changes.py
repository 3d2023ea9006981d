"""What an order is changed to: the day, the address or both, told in one message or one after the other.

The field `new_value` holds all of it in words: one thing as it is, several each behind its name. `change_kind` says
which thing it is, or that it is several.
"""

from __future__ import annotations

from dataclasses import replace

from actions.clauses import pieces
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

SEVERAL = "several"
TIME, ADDRESS = "time", "address"
BETWEEN = "；"
A_TIME = "visit_time"
"""The field whose values a delivery's time is read like."""


def told(form: Form, heard: Heard) -> Json:
    """`change_kind` and `new_value` with what the message tells beside what is known; empty where it tells nothing."""
    if form.kind != Kind.ORDER_CHANGE or heard.is_press:
        return {}
    before, new = _before(form), _told(form, heard)
    stays = [kind for kind in before if _stays(form, kind, heard)]
    new = {kind: _mended(before.get(kind, ""), words) for kind, words in new.items() if kind not in stays}
    parts = {**{kind: words for kind, words in before.items() if kind not in stays}, **new}
    return _kept(form, parts) if parts and (new or stays) else {}


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
    address = address_in(heard) if "place" in heard.values else None
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
