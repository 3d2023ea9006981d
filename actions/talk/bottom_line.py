"""Signs of fraud, and demands that would harm: heard, recorded, promised nothing, left to a supervisor (E3).

Courtesy stays and the matter goes on; rights that are invoked are none of these (company/bottom_line.yml).
"""

from __future__ import annotations

from actions.forms import questions
from actions.forms.form import Form
from actions.forms.lexicon import COMPLAINS
from actions.forms.values import keep
from actions.forms.volunteered import volunteered
from actions.talk.handoff import try_to_hand_over
from actions.turn import Turn
from helpdesk.model.conversation import Priority

REASON = "bottom_line"


async def attend(turn: Turn) -> bool:
    """Record what a supervisor has to decide; False when there is nothing, or it was recorded before."""
    sign = None if turn.heard.is_press else turn.company.bottom_line.detect(turn.heard.plain)
    if sign is None or turn.noted(f"{REASON}:{sign}"):
        return False
    turn.note(f"{REASON}:{sign}")
    turn.set(mood="angry")
    await turn.stage("flag", {"sign": sign, "text": turn.heard.text.strip()})
    return True


async def settles(turn: Turn) -> bool:
    """Say so outside a form: then a person if there is one, else what can be registered is offered. Who says that they
    complain is heard out besides: False."""
    turn.say("utter_bottom_line")
    if COMPLAINS.search(turn.heard.plain):
        return False
    if not await try_to_hand_over(turn, reason=REASON, priority=Priority.URGENT):
        turn.say("utter_bottom_line_offer")
        turn.ask("offer_complaint")
    return True


def go_on_in_form(turn: Turn, name: str) -> None:
    """Inside a form: what is wanted is written down like any other wish, and the next question comes."""
    form = Form.of(turn, name)
    turn.say("utter_bottom_line")
    keep(turn, form, volunteered(form, turn.heard))
    turn.set(pending=None)
    questions.ask_again(turn, form, str(form.next_field()))
