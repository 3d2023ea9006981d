"""Signs of fraud, and demands that would harm: heard, recorded, promised nothing, left to a supervisor (E3).

Courtesy stays and the matter goes on; rights that are invoked are none of these (company/red_lines.yml).
"""

from __future__ import annotations

from actions.forms import questions
from actions.forms.form import Form
from actions.forms.values import keep
from actions.forms.volunteered import volunteered
from actions.talk import complaint
from actions.talk.handoff import try_to_hand_over
from actions.turn import Turn
from helpdesk.model.conversation import Priority

REASON = "red_line"


async def attend(turn: Turn) -> None:
    """Record what a supervisor has to decide; then a person if there is one, else what can be registered is offered."""
    sign = turn.company.red_lines.detect(turn.heard.plain)
    turn.note(f"{REASON}:{sign}")
    turn.change(mood="angry")
    await turn.stage("flag", {"sign": sign, "text": turn.heard.text.strip()})
    turn.say("utter_bottom_line")
    if turn.form:
        _go_on_in_form(turn)
    elif turn.reading.says("complain"):
        await complaint.file(turn)
    elif not await try_to_hand_over(turn, reason="bottom_line", priority=Priority.URGENT):
        turn.say("utter_bottom_line_offer")
        turn.ask("offer_complaint")


def _go_on_in_form(turn: Turn) -> None:
    """Inside a form: what is wanted is written down like any other wish, and the next question comes."""
    form = Form.of(turn, str(turn.form))
    keep(turn, form, volunteered(form, turn.heard))
    questions.ask_again(turn, form, str(form.next_field()))
