"""Keeping what was given: one way for every place that takes a value."""

from __future__ import annotations

from actions.forms.form import Form
from actions.heard import Json
from actions.turn import Turn


def keep(turn: Turn, form: Form, values: Json) -> None:
    """Keep values in the order they were given, to go back by; what is said here is no longer masked."""
    if not values:
        return
    turn.set(**values)
    form.known.update(values)
    before = [name for name in turn.slot("answered") or [] if name not in values]
    turn.set(answered=[*before, *values])
    if set(form.masked) & set(values):
        form.masked = [name for name in form.masked if name not in values]
        turn.set(masked=form.masked)


def forget(turn: Turn, form: Form, name: str) -> None:
    """A value that was wrong."""
    turn.set(**{name: None}, answered=[one for one in turn.slot("answered") or [] if one != name])
    form.known.pop(name, None)
