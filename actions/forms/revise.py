"""A message that puts right, adds or leaves out: all of it is done, and then what else it orders or asks."""

from __future__ import annotations

from dataclasses import replace

from actions.clauses import pieces
from actions.decide.acts import QUESTIONS
from actions.forms import flow, questions, readback
from actions.forms.accounts import content
from actions.forms.addresses import ADDRESS
from actions.forms.answers import EVIDENCE, OUTCOME, Given, is_of_evidence, only_contact, parse
from actions.forms.controls import clauses_of, says_submit
from actions.forms.corrections import corrections, named_fields
from actions.forms.fitting import is_said_to_us
from actions.forms.form import Form
from actions.forms.revisions import IN_WORDS, TIMES, WRONG, Revised, part_of, revised, within
from actions.forms.submit import submit
from actions.forms.values import keep
from actions.forms.volunteered import volunteered
from actions.heard import Heard, Json
from actions.turn import Turn
from helpdesk.model.frame import CONFIRM
from zhtext import fold, normalise
from zhtext.questions import is_question
from zhtext.values import times
from zhtext.values.unsaid import leaves_open


def makes_sense(form: Form, asked: str, heard: Heard) -> bool:
    """Whether something of the form is changed, or told besides what is asked for; words that are asked for count.

    At a question of ours a text or a choice is told besides only where it is named, called wrong or surely meant:
    「已停用」 may answer.
    """
    found = revised(form, heard)
    told = {*found.values, *found.more}
    if asked == CONFIRM or found.out:
        return bool(told or found.out)
    if asked == ADDRESS and ADDRESS in told:
        return False  # it may be the rest of one that was begun
    if told <= {asked, *form.spec(asked).alternatives}:
        is_else = only_contact(heard) or (asked == EVIDENCE and not is_of_evidence(form.company, heard.text))
        is_it = asked in told and _is_surely_it(form, asked) and not is_else
        return is_it and not (asked == OUTCOME and _leaves_more(form, found))
    is_called = any(one.role == WRONG for one in heard.revised)
    named = {*named_fields(form, heard), *(told if is_called else ()), *found.sure}
    changes = {name for name in told if name in form.known}
    return any(name in named or form.spec(name).kind not in WORDY for name in changes)


ACCOUNT = "description"
WORDY = IN_WORDS | {"name", "choice", "category", "yes_no"}
"""Kinds of field whose values stand in any talk."""


def _is_surely_it(form: Form, asked: str) -> bool:
    """Of an account the reader may hear a part only; what is like nothing else is read as any answer is."""
    return asked != ACCOUNT and form.spec(asked).kind in IN_WORDS


def _leaves_more(form: Form, found: Revised) -> bool:
    """Whether clauses beside what the reader found tell more of the wish: 「查谁签的 找着了送来 找不着补发」."""
    rest = pieces(found.rest.text)
    return any(not is_said_to_us(form, found.rest, one, takes_questions=False) for one in rest)


async def revise(turn: Turn) -> None:
    """Everything that was found is done; then the question of ours that is left, or the end."""
    form, asked = flow.under_way(turn)
    found = _with_account(form, asked, turn.heard, _looked_for(turn, form, revised(form, turn.heard)))
    found = _with_beside(form, asked, _with_answer(form, asked, found))
    new = _take(turn, form, found)
    left = [name for name in found.wrong if name in form.known]
    if left:
        readback.ask_anew(turn, form, left[0], "utter_correct_ask")
    elif _asks(turn, found.rest):
        await _answer(turn, form, asked, found)
    elif form.next_field() == CONFIRM and says_submit(form.company, clauses_of(found.rest.text)):
        _say_kept(turn, form, new)
        await submit(turn)
    else:
        questions.ask_next(turn, form, {name: found.values[name] for name in found.values if name == asked})


def _looked_for(turn: Turn, form: Form, found: Revised) -> Revised:
    """What was only heard to be wrong, or is named and was not heard at all, is looked for by the grammar of values.

    「我姓刘不是姓柳」, 「称呼改成老魏，上门改大后天下午」.
    """
    heard_of = {*found.values, *found.more, *found.out}
    missed = {*found.wrong, *named_fields(form, turn.heard)} - heard_of
    told = corrections(form, turn.heard, turn.reading.words) if missed else {}
    right = {name: value for name, value in told.items() if name in missed}
    wrong = [name for name in found.wrong if name not in right]
    return replace(found, values={**found.values, **right}, wrong=wrong)


def _with_account(form: Form, asked: str, heard: Heard, found: Revised) -> Revised:
    """The account that was asked for, as far as it is told: the reader may have heard only where it begins."""
    if asked != ACCOUNT or asked not in found.values:
        return found
    beside = [span for name, span in found.places if name != ACCOUNT]
    told = content(heard.but(within(heard.text, beside)), form.company, form.kind)
    return replace(found, values={**found.values, ACCOUNT: told}) if told else found


def _with_answer(form: Form, asked: str, found: Revised) -> Revised:
    """What was asked for, where it stands in the rest of the message: 「苗万福 周日上午改周日下午」."""
    told = {*found.values, *found.more, *found.out}
    if asked in (CONFIRM, ACCOUNT) or asked in form.known or told & {asked, *form.spec(asked).alternatives}:
        return found
    given = next((one for clause in pieces(found.rest.text) if (one := _given(form, asked, clause, found.rest))), None)
    return replace(found, values={**found.values, given.field: given.value}) if given else found


def _with_beside(form: Form, asked: str, found: Revised) -> Revised:
    """What the rest of an answer tells of fields that nobody asked for yet: 「朝阳里7号楼501，我姓何，139…」."""
    told = {*found.values, *found.more, *found.out, *form.known}
    wider = replace(form, known={**form.known, **found.values})
    beside = volunteered(wider, found.rest, asked) if asked != CONFIRM and found.rest.text else {}
    return replace(found, values={**{n: v for n, v in beside.items() if n not in told}, **found.values})


def _given(form: Form, asked: str, clause: str, rest: Heard) -> Given | None:
    """What a clause is as the answer; words that any would do for are none."""
    at = rest.text.find(clause)
    plain = normalise(clause)
    answer = (
        None
        if is_question(plain) or leaves_open(plain)
        else parse(form.asked(asked), part_of(rest, at, at + len(clause)))
    )
    is_one = isinstance(answer, Given) and isinstance(answer.value, str) and answer.field not in form.known
    kind = form.spec(asked).kind
    is_sure = isinstance(answer, Given) and (not answer.raw or kind == "name")
    is_sure = is_sure and (kind not in TIMES or times.names_time(fold(clause)))
    return answer if isinstance(answer, Given) and is_one and is_sure else None


def _take(turn: Turn, form: Form, found: Revised) -> Json:
    """What the form did not hold so far."""
    before = dict(form.known)
    if found.out:
        readback.leave_out(turn, form, found.out)
    told = {**flow.implied(form, "invoice_title", found.values.get("invoice_title")), **found.values, **found.more}
    more = flow.written_down_beside(turn, form, found.values) if ACCOUNT not in told else ""
    if put_right := {name: value for name, value in told.items() if name in before}:
        readback.say_changed(turn, form, put_right)
    new = {name: value for name, value in told.items() if name not in before}
    keep(turn, form, new)
    if more:
        readback.add_to_story(turn, form, more)
    return new


def _say_kept(turn: Turn, form: Form, new: Json) -> None:
    """What was told besides and nobody reads back any more: 「提交 下午三点以后打」."""
    if shown := "、".join(f"{form.spec(name).title} {form.shown(name, value)}" for name, value in new.items()):
        turn.say("utter_corrected", corrected=shown)


def _asks(turn: Turn, rest: Heard) -> bool:
    """Whether an answer of ours is waited for: by the reading, or by one clause of several that asks."""
    is_asked = turn.reading.says(*QUESTIONS) or turn.reading.sounds_asked or len(pieces(turn.heard.text)) > 1
    return is_asked and any(turn.company.sayings.asks(normalise(one)) for one in clauses_of(rest.text))


async def _answer(turn: Turn, form: Form, asked: str, found: Revised) -> None:
    from actions.talk import asides

    await asides.answer(turn.hearing(found.rest))
    if turn.form:
        flow.ask_on(turn, form, asked if asked == CONFIRM else form.next_field())
