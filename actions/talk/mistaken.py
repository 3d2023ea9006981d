"""What is registered is not what was wished: begun anew, another matter in its place, or asked which it is."""

from __future__ import annotations

from dataclasses import replace

from actions.clauses import pieces, spans
from actions.decide import bounds
from actions.decide.reading import MATTERS
from actions.forms import questions, start
from actions.forms.flow import asked_for, recalled, under_way
from actions.forms.rechosen import meant_instead
from actions.talk import matters
from actions.turn import Turn
from zhtext import normalise
from zhtext.questions import is_question

WHICH = "which_matter"
"""Our question whether another matter is meant, while this one is under way."""


def as_meant(turn: Turn) -> Turn:
    """「不是预约安装，是装好了漏水要修」: the matter that its words name, where the reader heard none."""
    turn = _but_supposed(turn)
    kind = str(turn.before.kind or "")
    is_wrong = "wrong_matter" in turn.reading.shades or turn.reading.denies_matter(kind)
    if not turn.form or turn.heard.is_press or not is_wrong:
        return turn
    if any(opened != kind and turn.reading.says(act) for act, opened in MATTERS.items()):
        return turn
    named = meant_instead(turn.company, kind, turn.heard.text)
    act = next((act for act, opened in MATTERS.items() if opened == named), None)
    return turn.hearing(turn.heard, turn.reading.with_words((act,), ())) if act else turn


def _but_supposed(turn: Turn) -> Turn:
    """「要是修不好能不能换新」 beside a repair: another matter that is asked about in case of something is no wish."""
    kind, reading = turn.before.kind, turn.reading
    others = [act for act, opened in MATTERS.items() if opened != kind and reading.says(act)]
    is_heard = bool(others) or "wrong_matter" in reading.shades
    if not (turn.form and is_heard) or turn.heard.is_press or not _asks_in_case(turn):
        return turn
    read = reading.without(*others, "correct")
    acts = read.acts if any(sure > 0 for sure in read.acts.values()) else {**read.acts, "ask": bounds.OPEN}
    return turn.hearing(turn.heard, replace(read, acts=acts, shades=read.shades - {"wrong_matter"}))


def _asks_in_case(turn: Turn) -> bool:
    """Whether something is supposed and then asked, and no clause besides wishes for it outright."""
    supposes, clauses = turn.company.sayings.supposes, [normalise(one) for one in pieces(turn.heard.text)]
    start = next((at for at, one in enumerate(clauses) if supposes.search(one)), len(clauses))
    return any(map(is_question, clauses[start:]))


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
