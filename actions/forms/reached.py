"""How somebody wishes to be reached, told beside something else: one fact, and the rest is what it is by itself.

「把炒锅补给我，别打电话糊弄我」 wishes for a thing, and tells besides not to call.
"""

from __future__ import annotations

from dataclasses import replace

from actions.clauses import denies, pieces, spans
from actions.decide.reading import Reading
from actions.forms.controls import only_submits
from actions.forms.form import Form
from actions.forms.values import keep
from actions.forms.volunteered import CONTACT_WAY, way_told
from actions.heard import Heard
from actions.turn import Turn
from helpdesk.company import Company
from zhtext import normalise
from zhtext.values import ways

OUTCOME = "outcome"
ANSWERED_WHOLE = frozenset({CONTACT_WAY, "phone"})
"""Questions to which 「加微信吧，lanlan_88」 is the answer, all of it."""
OF_CALLS = frozenset({"callback"})
DENIALS = frozenset({"deny", "refuse"})
"""What 「别打电话」 was read as."""
LEAST = 2
"""Characters that are left of a message that says more than how to be reached."""


def beside_way(turn: Turn) -> Turn:
    """The same turn without the clauses on how to be reached, which is kept; the turn itself where they are all."""
    form = Form.of(turn, turn.form) if turn.form else None
    if form is None or turn.heard.is_press or turn.before.form in ANSWERED_WHOLE:
        return turn
    way = way_told(form, turn.heard)
    if way is None:
        return turn
    gone = _of_the_way(turn)
    rest = turn.heard.but(gone)
    if not _tells(turn.company, rest) or not (gone or turn.before.form == OUTCOME):
        return turn
    _note(turn, form, way)
    return turn.hearing(rest, _read_of(turn.reading, rest)) if gone else turn


def _of_the_way(turn: Turn) -> list[tuple[int, int]]:
    """Where the clauses stand that tell it; a letter that is wished for is what is wished for, too."""
    text = turn.heard.text
    told = [(span, normalise(text[slice(*span)])) for span in spans(text)]
    is_wish = turn.before.form == OUTCOME
    return [
        span
        for span, plain in told
        if ways.is_about(plain)
        and not (is_wish and ways.read([plain]) == ways.POST)
        and turn.company.sayings.to_worker.search(plain) is None
    ]


def _tells(company: Company, rest: Heard) -> bool:
    """Whether something is left that is said to more purpose than politeness."""
    left = [company.accounts.to_clerk.sub("", normalise(one)) for one in pieces(rest.text)]
    return bool(rest.values) or only_submits(company, rest.text) or any(len(one) >= LEAST for one in left)


def _note(turn: Turn, form: Form, way: str) -> None:
    before = form.known.get(CONTACT_WAY)
    if (now := ways.renewed(before, way)) != before:
        keep(turn, form, {CONTACT_WAY: now})
        turn.say("utter_way_noted")


def _read_of(reading: Reading, rest: Heard) -> Reading:
    """The reading of what is left: what was heard of calls, and of denying them, is gone."""
    gone = OF_CALLS if any(denies(normalise(one)) for one in pieces(rest.text)) else OF_CALLS | DENIALS
    acts = {act: sure for act, sure in reading.acts.items() if act not in gone}
    intent = "" if reading.intent == "request_callback" else reading.intent
    return replace(reading, acts=acts, intent=intent, values=rest.values)
