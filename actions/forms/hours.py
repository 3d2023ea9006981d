"""When somebody can be called, told beside whatever else: 「下午四点以后打」, 「两点到五点别打，我睡觉」.

It is a fact of its own and no hour at which anybody comes. Of a call that was asked for, the hour is the matter itself.
"""

from __future__ import annotations

from actions.clauses import denies, pieces, spans
from actions.forms.form import Form
from actions.forms.values import keep
from actions.heard import Heard
from actions.turn import Turn
from helpdesk.company import Company
from zhtext import normalise
from zhtext.questions import is_question

CALL_HOURS, CALL_TIME = "call_hours", "callback_time"
LEAST = 2
"""Characters that are left of a message that says more than when to call."""
JOINED = "，"


def places(form: Form, text: str) -> list[tuple[int, int]]:
    """Where the clauses stand that tell when to call or not to; without the hour that the form asks for itself."""
    asks_hour = CALL_TIME in form.names()
    told_so = [(span, normalise(text[slice(*span)])) for span in spans(text)]
    return [span for span, plain in told_so if is_one(form.company, plain) and (denies(plain) or not asks_hour)]


def without(company: Company, text: str) -> list[str]:
    """The other clauses of a text, normalised: what is said of calls at some hour is no wish how to be reached."""
    return [plain for one in pieces(text) if not is_one(company, plain := normalise(one))]


def is_one(company: Company, plain: str) -> bool:
    """Whether a normalised clause tells when to call or not to."""
    words = company.form_words
    return words.call_hours.search(plain) is not None and words.called_before.search(plain) is None


def told(form: Form, heard: Heard) -> str:
    """The customer's words on when to call; empty for none."""
    return JOINED.join(heard.text[slice(*span)] for span in places(form, heard.text))


def beside_hours(turn: Turn) -> Turn:
    """In a form: the same turn without these clauses, which are kept; the turn itself where nothing else is said."""
    form = Form.of(turn, turn.form) if turn.form else None
    words = told(form, turn.heard) if form and not turn.heard.is_press else ""
    if form is None or not words:
        return turn
    rest = turn.heard.but(places(form, turn.heard.text))
    if len(normalise(rest.text)) < LEAST or _is_reason(form.company, rest):
        return turn
    note(turn, form, words)
    return turn.hearing(rest, turn.reading)


def _is_reason(company: Company, rest: Heard) -> bool:
    """「上午打给我 下午要带孙子」: what is said besides tells why, and nothing else."""
    is_short = len(rest.plain) <= LONGEST_REASON and not (rest.values.keys() - {"time"} or is_question(rest.plain))
    return is_short and company.form_words.call_reasons.search(rest.plain) is not None


LONGEST_REASON = 12
"""Characters of a reason why not to call."""


def note(turn: Turn, form: Form, words: str) -> None:
    """Keep them, in the place of what was told before, and say so."""
    if form.known.get(CALL_HOURS) != words:
        keep(turn, form, {CALL_HOURS: words})
        turn.say("utter_hours_noted", hours=words)
