"""What the account of a complaint tells without being asked: what it is about, what kind of it, and when (B1)."""

from __future__ import annotations

from collections.abc import Mapping

from actions.forms.answers import choose
from actions.forms.form import Form
from actions.forms.values import keep
from actions.forms.volunteered import GUESSED_BY_WORDS
from actions.turn import Turn
from helpdesk.model.field import UNKNOWN, known
from helpdesk.model.frame import CONFIRM
from zhtext import normalise
from zhtext.values.wishes import without_wishes

CATEGORY, OTHER = "category", "other"
LIKELY = 3
"""Categories that are offered where an account may be of several."""
SURE_WORD = 2
"""Characters of a choice's word that counts in an account."""
ALMOST_CERTAIN = 0.6
"""Share of the likeliest category from which the words that call another one are believed no more."""
PATIENCE = 2
"""Questions for a choice beside which other things are told."""
SAME_DAY = {"visit_date": "occurred", "occurred": "visit_date"}
"""The day somebody came, or should have, is the day it happened: who told one is not asked for the other."""


def take(turn: Turn, form: Form) -> None:
    """Keep what the account tells, as far as it is surely told."""
    story = known(form.known.get("description"))
    if not form.is_complaint or not isinstance(story, str):
        return
    if CATEGORY not in form.known and (category := _category(turn, without_wishes(normalise(story)))):
        keep(turn, form, {CATEGORY: category})
    guessed = {
        name: choose(form.spec(name), normalise(story), SURE_WORD) for name in GUESSED_BY_WORDS & set(_open(form))
    }
    days = {name: form.known[other] for name, other in SAME_DAY.items() if name in _open(form) and other in form.known}
    keep(turn, form, {name: value for name, value in {**guessed, **days}.items() if known(value)})


def _category(turn: Turn, story: str) -> str | None:
    """What it is called, unless it is almost certainly about something else; without a name what it surely is about."""
    named = next(iter(turn.company.complaints.find(story)), None)
    ranked = turn.services.knowledge.categories.ranked(story)
    is_other = bool(ranked) and ranked[0][1] >= ALMOST_CERTAIN
    return named if named and not is_other else turn.services.knowledge.categories.of(story)


def pass_over(turn: Turn, form: Form) -> int:
    """How often the choice that comes next was asked for already, while other things were told.

    Who told other things twice finds none that fits, and is asked no more.
    """
    field = form.next_field()
    is_again = field == turn.before.form and field != CONFIRM and form.spec(field).kind == "choice"
    tries = int(turn.slot("tries") or 0) + 1 if is_again and form.is_complaint else 0
    if tries < PATIENCE:
        return tries
    keep(turn, form, {field: dict(UNKNOWN)})
    return 0


def _open(form: Form) -> tuple[str, ...]:
    return tuple(form.company.missing_fields(form.kind, form.known))


def likely(turn: Turn, form: Form) -> Mapping[str, str]:
    """The categories the account may be of, with their titles, and the one for anything else; none without one."""
    story = known(form.known.get("description"))
    ranked = (
        turn.services.knowledge.categories.ranked(without_wishes(normalise(story))) if isinstance(story, str) else []
    )
    titles = {name: one.title for name, one in form.company.complaints.categories.items()}
    return {name: titles[name] for name in [*(name for name, _ in ranked[:LIKELY]), OTHER] if ranked}
