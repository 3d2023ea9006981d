"""What is said of the form itself: that it may be submitted, and that what is named is right as it stands.

「称呼那些都对 提交咯」 names a field and corrects none; at what is asked anew 「不改了」 keeps the old value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.clauses import spans
from actions.forms.controls import clauses_of, is_control, says_submit
from actions.forms.form import Form
from actions.heard import Heard
from actions.turn import Turn
from helpdesk.company import Company
from helpdesk.model.frame import CONFIRM
from zhtext import normalise
from zhtext.questions import is_question


def is_asked_anew(form: Form, asked: str) -> bool:
    """Whether a field is asked for that has a value: it was called wrong, and stays until another one comes."""
    return asked != CONFIRM and asked in form.known


def lets_stand(form: Form, asked: str, heard: Heard) -> bool:
    """Whether what stands written is right, by a message that gives no value.

    Read back, every clause has to say so and one to name it, for a mere yes submits; where a field is asked anew
    one is enough: 「没错没错，我看错了」.
    """
    company, clauses = form.company, [] if heard.is_press else clauses_of(heard.text)
    if asked == CONFIRM:
        return _all_settle(company, clauses) and any(_names_what_stands(form, one) for one in clauses)
    others = [one for one in clauses if not company.form_words.stands.search(one)]
    is_said = len(others) < len(clauses) or says_submit(company, others) or is_control(company, heard.text)
    return is_asked_anew(form, asked) and is_said and not any(map(is_question, others))


def submits(form: Form, asked: str, heard: Heard) -> bool:
    """Whether the form is submitted, whatever is asked or said to be right besides: 「地址没错 提交吧 收费吗」."""
    company, clauses = form.company, [] if heard.is_press else clauses_of(heard.text)
    if asked != CONFIRM:
        is_last = form.next_field() == CONFIRM
        return is_last and says_submit(company, clauses) and lets_stand(form, asked, heard)
    told = [one for one in clauses if not _only_asks(company, one)]
    is_meant = says_submit(company, told) or (told == clauses and _all_is_right(company, told))
    return bool(told) and is_meant and _all_settle(company, told)


def unsettled(company: Company, heard: Heard) -> Heard:
    """The message with the clauses blanked that call something right: they name a field and change none."""
    rest = heard
    for start, end in spans(heard.text):
        if _only_stands(company, heard, start, end):
            rest = rest.blanked(start, end)
    return rest


def _only_stands(company: Company, heard: Heard, start: int, end: int) -> bool:
    """Whether a clause says that something is right, and tells no value: 「地址没错」."""
    holds_value = any(start <= int(one.get("start") or 0) < end for one in heard.entities)
    return not holds_value and company.form_words.stands.search(normalise(heard.text[start:end])) is not None


def _all_settle(company: Company, clauses: Sequence[str]) -> bool:
    words = company.form_words
    return all(words.controls.search(one) or words.stands.search(one) for one in clauses)


def _names_what_stands(form: Form, clause: str) -> bool:
    """「电话也对的」: a field by its name, and that it is right."""
    spoken = (word for name in form.names() for word in form.spec(name).spoken)
    return form.company.form_words.stands.search(clause) is not None and any(word in clause for word in spoken)


def _all_is_right(company: Company, clauses: Sequence[str]) -> bool:
    """「名字电话都对」 where everything was read back."""
    words = company.form_words
    return any(words.stands.search(one) and words.all_stands.search(one) for one in clauses)


def _only_asks(company: Company, plain: str) -> bool:
    return is_question(plain) and company.sayings.asks_change.search(plain) is None


def as_named(turn: Turn) -> Turn:
    """The same turn where a field's name only sounds asked, without what was read of asking: 「怎么联系那栏改成…」."""
    plain, names = turn.heard.plain, turn.company.form_words.names_that_ask
    if not turn.form or turn.heard.is_press or not names.search(plain) or is_question(names.sub("", plain)):
        return turn
    read = turn.reading.without(*ASKING)
    is_asked = read.intent in INTENTS_OF_ASKING
    return turn.hearing(turn.heard, replace(read, intent="correct_info" if is_asked else read.intent))


ASKING = ("ask", "ask_own", "advice")
INTENTS_OF_ASKING = frozenset({"ask_faq", "out_of_scope", "product_advice"})
