"""Keeping what was given: one way for every place that takes a value."""

from __future__ import annotations

import re

from actions.forms.form import Form
from actions.heard import Json
from actions.turn import Turn
from helpdesk.model.field import known
from zhtext.values import prices

LONG_NUMBER = 8


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


def forget(turn: Turn, form: Form, name: str) -> None:
    """A value that was wrong, in the account it was told in too."""
    told, old = (str(known(form.known.get(field)) or "") for field in ("description", name))
    if len(old) >= LONG_NUMBER and old in told and name != "description":
        form.known["description"] = re.sub(r"[,，、]{2,}", "，", told.replace(old, ""))
        turn.set(description=form.known["description"])
    turn.set(**{name: None}, answered=[one for one in turn.slot("answered") or [] if one != name])
    form.known.pop(name, None)
