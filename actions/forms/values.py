"""Keeping what was given: one way for every place that takes a value."""

from __future__ import annotations

import re

from actions.forms.form import Form
from actions.heard import Json
from actions.turn import Turn
from helpdesk.model.field import known
from zhtext.values import prices

LONG_NUMBER = 8
SHORTEST = {"when": 3, "future": 3}
"""Characters of a time that is looked for in an account."""


def keep(turn: Turn, form: Form, values: Json) -> None:
    """Keep values in the order they were given, to go back by; what is said here is no longer masked."""
    if not values:
        return
    values = {**values, **_difference(form, values)}
    turn.set(**values)
    form.known.update(values)
    before = [name for name in turn.slot("answered") or [] if name not in values]
    turn.set(answered=[*before, *values])
    if set(form.masked) & set(values):
        form.masked = [name for name in form.masked if name not in values]
        turn.set(masked=form.masked)


def _difference(form: Form, values: Json) -> Json:
    """The difference of two prices, worked out again when one of them is put right."""
    known = {name: str({**form.known, **values}.get(name) or "") for name in (prices.PAID, prices.SEEN)}
    is_new = bool(values.keys() & known.keys()) and prices.GAP not in values
    gap = prices.with_third(known).get(prices.GAP) if is_new else None
    return {prices.GAP: gap} if gap else {}


def retold(form: Form, values: Json) -> str:
    """The account with numbers and times in it that these values put right; an account among the values stays."""
    told = str(known(values.get("description", form.known.get("description"))) or "")
    for name, value in values.items():
        old, new = (_in_words(form, name, one) for one in (form.known.get(name), value))
        if new and new not in told and len(old) >= SHORTEST.get(form.spec(name).kind, LONG_NUMBER) and old != new:
            told = told.replace(old, new)
    return told


def _in_words(form: Form, name: str, value: object) -> str:
    """A value as it was told: a time without the date that was worked out."""
    words = str(known(value) or "") if isinstance(value, str) else ""
    return words.split("（")[0] if form.spec(name).kind in SHORTEST else words


def forget(turn: Turn, form: Form, name: str) -> None:
    """A value that was wrong, in the account it was told in too."""
    told, old = (str(known(form.known.get(field)) or "") for field in ("description", name))
    if len(old) >= LONG_NUMBER and old in told and name != "description":
        form.known["description"] = re.sub(r"[,，、]{2,}", "，", told.replace(old, ""))
        turn.set(description=form.known["description"])
    turn.set(**{name: None}, answered=[one for one in turn.slot("answered") or [] if one != name])
    form.known.pop(name, None)
