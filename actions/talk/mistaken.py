"""What is registered is not what was wished: begun anew, another matter in its place, or asked which it is."""

from __future__ import annotations

from actions.clauses import spans
from actions.decide.reading import MATTERS
from actions.forms import questions, start
from actions.forms.flow import asked_for, recalled, under_way
from actions.forms.rechosen import meant_instead
from actions.talk import matters
from actions.turn import Turn

WHICH = "which_matter"
"""Our question whether another matter is meant, while this one is under way."""


def as_meant(turn: Turn) -> Turn:
    """「不是预约安装，是装好了漏水要修」: the matter that its words name, where the reader heard none."""
    kind = str(turn.before.kind or "")
    is_wrong = "wrong_matter" in turn.reading.shades or turn.reading.denies_matter(kind)
    if not turn.form or turn.heard.is_press or not is_wrong:
        return turn
    if any(opened != kind and turn.reading.says(act) for act, opened in MATTERS.items()):
        return turn
    named = meant_instead(turn.company, kind, turn.heard.text)
    act = next((act for act, opened in MATTERS.items() if opened == named), None)
    return turn.hearing(turn.heard, turn.reading.with_words((act,), ())) if act else turn


async def restart(turn: Turn) -> None:
    """「全部作废，重新来：…」: nothing is kept; what is told behind it begins the same matter anew."""
    kind, said = str(turn.slot("kind") or turn.before.kind), turn.heard
    start.drop(turn)
    turn.say("utter_restarted")
    held = [
        (begin, end)
        for begin, end in spans(said.text)
        if any(begin <= int(one.get("start") or 0) < end for one in said.entities)
    ]
    if held:
        gone = [span for span in spans(said.text) if span not in held]
        start.start(turn.hearing(said.but(gone)), kind)
    else:
        turn.ask("anything_else")


async def which_matter(turn: Turn) -> None:
    """Another matter was heard, and not surely: whether it is meant in the place of this one, or later."""
    form, asked = under_way(turn)
    act = str(turn.reading.wanted)
    other, title = turn.company.kinds[MATTERS[act]].title, turn.company.kinds[form.kind].title
    buttons = [questions.button(f"办{other}", "affirm"), questions.button(f"接着办{title}", "deny")]
    turn.say("utter_which_matter", custom=questions.facts(form, asked), buttons=buttons, other=other, title=title)
    turn.ask(WHICH, **asked_for(turn, act))


async def other_matter(turn: Turn) -> None:
    """It is the wrong matter, and which is meant was not told: it is asked, and what was told waits."""
    form, asked = under_way(turn)
    turn.say("utter_other_matter", custom=questions.facts(form, asked), title=turn.company.kinds[form.kind].title)
    turn.ask(WHICH)


async def chosen(turn: Turn) -> None:
    """Yes, the other one."""
    request = dict(turn.pending)
    if request.get("act"):
        await matters.switch(recalled(turn, request))
    else:
        await other_matter(turn)


async def kept(turn: Turn) -> None:
    """No, this one."""
    form, asked = under_way(turn)
    questions.ask_again(turn, form, asked)
