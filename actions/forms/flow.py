"""What is done about a message while a matter is being registered: one handler a move of `decide`.

Whatever else it does, a handler leaves a question standing: the next one, or the same again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions.clauses import denies, pieces, spans
from actions.decide import bounds
from actions.decide.acts import FEELINGS
from actions.decide.reading import ACT_OF_INTENT, MATTERS
from actions.decide.registering import ANY_WORDS
from actions.forms import assist, hours, order_changes, protection, questions, readback, start
from actions.forms.accounts import account, content, is_of_told, tells_on, tells_something, to_add, together
from actions.forms.addresses import ADDRESS, completed, is_begun, joined
from actions.forms.answers import EVIDENCE, NO_EVIDENCE, Answer, Given, Wrong, as_refused, is_of_evidence, parse
from actions.forms.corrections import (
    TIMES,
    corrections,
    missing_words,
    named_fields,
    removals,
    without_corrections,
    wrong_fields,
)
from actions.forms.fitting import only_names
from actions.forms.form import Form
from actions.forms.labelled import labelled
from actions.forms.second_thoughts import second_thought
from actions.forms.steering import is_asked_anew, unsettled
from actions.forms.struck import struck
from actions.forms.values import forget, keep
from actions.forms.volunteered import (
    CONTACT_WAY,
    ENTITY_FIELDS,
    SPECIAL,
    named_by_words,
    of_company,
    volunteered,
    way_told,
)
from actions.heard import Heard, Json
from actions.numbers import others
from actions.turn import COMPLAINT_FORM, Turn
from helpdesk.model.field import UNKNOWN, known
from helpdesk.model.frame import CONFIRM
from helpdesk.model.ticket import Kind
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import times, ways
from zhtext.values.places import organisation_in

HOURS_NOTED = "utter_hours_noted"
CODES = frozenset({"phone", "email", "order", "credit_code"})
"""Kinds of field whose values are like nothing else."""
ORDER = "order"
NO_STORY = frozenset({"outcome"})
"""The answer to it is no account of what happened."""
STORY = 8
"""Characters from which an answer to another question is also kept as the account of what happened."""


def under_way(turn: Turn) -> tuple[Form, str]:
    """The form, and the field it asks for (or `confirm`)."""
    form = Form.of(turn, str(turn.form))
    return form, str(turn.slot("requested_slot") or form.next_field())


# ---------------------------------------------------------------- answers


async def answer(turn: Turn) -> None:
    """An answer to the field asked for, and whatever else the message tells."""
    form, asked = under_way(turn)
    await protection.look_up(turn, form.kind)
    turn = _with_changed_mind(turn, form, asked)
    beside = labelled(form, turn.heard, asked)
    given = parse(form.asked(asked), _without_blanks(beside.rest) if beside.values else turn.heard)
    given = _in_company_words(turn, form, asked, given)
    if not isinstance(given, Given):
        assist.help_with(turn, form, asked, given)
        return
    if given.field == ADDRESS and isinstance(given.value, str):
        given = _as_far_as_told(form, turn.heard, given)
    if given.field == "description" and _tells_nothing(turn, form):
        await soothe(turn)
        return
    if given.field == EVIDENCE and given.raw and _is_of_account(turn, form):
        readback.add_to_story(turn, form, turn.heard.text.strip())
        questions.ask_again(turn, form, asked)
        return
    is_open = form.spec(asked).takes_anything
    extra = (
        {**implied(form, given.field, given.value), **beside.values}
        if is_open
        else _told_beside(turn, form, given, asked)
    )
    accept(turn, form, {**extra, **_answered(turn, form, given)}, asked)


def _is_of_account(turn: Turn, form: Form) -> bool:
    """「坑在左边那扇」, 「挂机，1.5匹的」 where evidence is asked for: of what was told, and of no picture."""
    if is_of_evidence(form.company, turn.heard.text):
        return False
    is_other = turn.heard.values.keys() - {"product", "time", "quantity"}
    is_wish = ACT_OF_INTENT.get(turn.reading.intent) in MATTERS
    return not is_other and (is_wish or "product" in turn.heard.values or is_of_told(form, turn.heard))


def _in_company_words(turn: Turn, form: Form, asked: str, given: Answer) -> Answer:
    """Of an answer among other words what is known by the company's: 「我说了小程序昨晚！！」 is 小程序."""
    named = named_by_words(form, turn.heard, asked)
    is_whole = turn.reading.says("answer") and len(pieces(turn.heard.text)) == 1 and isinstance(given, Given)
    return given if named is None or is_whole else Given(asked, named)


def _tells_nothing(turn: Turn, form: Form) -> bool:
    """「讲半天机器有啥用」 where the account is asked for: said to us; it is asked for again, once."""
    is_said_to_us = turn.reading.says("person", *FEELINGS) or turn.reading.denies("person")
    tried = int(turn.slot("tries") or 0)
    if not is_said_to_us or tried or tells_something(turn.heard, form.company, form.kind):
        return False
    turn.set(tries=tried + 1)
    return True


def _as_far_as_told(form: Form, heard: Heard, given: Given) -> Given:
    """The address with its beginning, where that was told before."""
    if not _is_begun(form):
        return given
    whole = completed(form, heard) or joined(form.company, str(form.known[ADDRESS]), str(given.value))
    return replace(given, value=whole)


def _with_changed_mind(turn: Turn, form: Form, asked: str) -> Turn:
    """What is taken back beside the answer is put right, and said; the turn with the rest of the message."""
    found = second_thought(form, turn.heard, asked)
    if found.values:
        readback.say_changed(turn, form, found.values)
    return turn.hearing(found.before) if found.values else turn


def _without_blanks(rest: Heard) -> Heard:
    """What is left of a message when the values of other fields are taken out of it."""
    kept = [piece for piece in pieces(rest.text) if len(piece) > 1]
    return replace(rest, text="，".join(kept), entities=(), clauses=()) if kept else rest


def _answered(turn: Turn, form: Form, given: Given) -> Json:
    """The field that was answered; of an order's change every thing that is to be changed."""
    changed = order_changes.told(form, turn.heard, given.field) if given.field == "new_value" else {}
    if not changed:
        return {given.field: _as_account(turn, form, given)}
    more = order_changes.beside(form, turn.heard)
    return {**changed, "new_value": "，".join(filter(None, (str(changed["new_value"]), more)))}


def implied(form: Form, field: str, value: object) -> Json:
    """An invoice made out to an organisation is a company's."""
    is_one = field == "invoice_title" and organisation_in(normalise(str(value)))
    return {"invoice_kind": of_company(form, {})} if is_one else {}


def _as_account(turn: Turn, form: Form, given: Given) -> Any:
    """Of an account only what tells of the matter; any other value as it is."""
    is_told = given.field == "description" and given.raw
    return content(turn.heard, form.company, form.kind) if is_told else given.value


def _told_beside(turn: Turn, form: Form, given: Given, asked: str) -> Json:
    """Whatever else the message tells; the answer itself may bring further fields: a company's title has a code."""
    wider = replace(form, known={**form.known, given.field: given.value})
    return volunteered(wider, turn.heard, asked)


async def values(turn: Turn) -> None:
    """Values of other fields; the question stays."""
    form, asked = under_way(turn)
    await protection.look_up(turn, form.kind)
    if readback.is_picture_beside(form, turn.heard, asked):
        readback.add_picture(turn, form)
        questions.ask_again(turn, form, asked)
        return
    turn = _with_changed_mind(turn, form, asked)
    found = volunteered(form, turn.heard, asked)
    if found.get("invoice_kind") != SPECIAL:
        found.update(implied(form, "invoice_title", found.get("invoice_title")))
    if asked == CONFIRM:
        if form.kind in ANY_WORDS and (told := _more_told(turn, form)):
            keep(
                turn,
                form,
                {"description": together([str(known(form.known.get("description")) or ""), told], form.company)},
            )
        readback.renew(turn, form, found)
    else:
        accept(turn, form, found, asked)


def accept(turn: Turn, form: Form, given: Json, asked: str) -> None:
    """Keep what was given and ask on; a field that is asked anew stays asked until its value comes."""
    was_begun = _is_begun(form)
    is_anew = is_asked_anew(form, asked) and not (asked == ADDRESS and was_begun)
    is_answered = is_anew and not given.keys().isdisjoint({asked, *form.spec(asked).alternatives})
    if is_answered:
        readback.say_changed(turn, form, given)
    else:
        keep(turn, form, given)
    _keep_other_orders(turn, form, given)
    _keep_story(turn, form, asked)
    if form.known.get("danger") == "danger" and not turn.noted("danger"):
        turn.note("danger")
        turn.say("utter_danger_first")
    protection.tell_days(turn, form, given)
    if asked == ADDRESS and _is_begun(form) and not was_begun:
        assist.ask_for_rest(turn, form, asked)
    elif is_anew and not is_answered:
        questions.ask(turn, form, asked, given)
    else:
        questions.ask_next(turn, form, {} if is_answered else given)


def _is_begun(form: Form) -> bool:
    """Whether the address that was told has no door yet."""
    told = known(form.known.get(ADDRESS))
    return isinstance(told, str) and is_begun(form.company, told)


def _keep_other_orders(turn: Turn, form: Form, given: Json) -> None:
    """「021和137两单开一张」: a matter has one order; the others stand in its account, so that none is lost."""
    more = others(turn.heard, ORDER, given.get(ORDER)) if ORDER in given and "description" in form.names() else []
    before = str(known(form.known.get("description")) or "")
    if missing := [one for one in more if one not in before]:
        told = f"{form.spec(ORDER).title} {'、'.join(missing)}"
        keep(turn, form, {"description": together([before, told], form.company)})


def _keep_story(turn: Turn, form: Form, asked: str) -> None:
    """An account of what happened counts as one whatever was asked."""
    told = account(_beside_evidence(turn, form) if asked == EVIDENCE else turn.heard, turn.company)
    if not told or "description" not in form.names():
        return
    new: Json = {}
    if (len(told) >= STORY and asked not in NO_STORY) or asked == EVIDENCE:
        before = str(known(form.known.get("description")) or "")
        is_short = asked in form.company.fields and form.spec(asked).kind in BESIDE_A_STORY
        is_more = (not before and form.is_complaint) or (is_short and _is_told(turn, told))
        new = {"description": together([before, told], form.company)} if is_more else {}
    keep(turn, form, new)


def _is_told(turn: Turn, told: str) -> bool:
    """Whether the words beside a short answer tell something: 「我现在用大陆号」 only explains the number."""
    says = turn.reading.says("story", *FEELINGS, *MATTERS)
    plain, company = normalise(told), turn.company
    return says or bool(company.sayings.trouble.search(plain) or company.complaints.find(plain))


def _beside_evidence(turn: Turn, form: Form) -> Heard:
    """「没录音，当时我老公在场」: what is told beside the answer that there is none, or that it comes later."""
    told = [one for one in pieces(turn.heard.text) if not is_of_evidence(form.company, one)]
    is_beside = len(told) < len(pieces(turn.heard.text)) and turn.heard.text != form.known.get(EVIDENCE)
    return replace(turn.heard, text="，".join(told) if is_beside else "", entities=(), clauses=())


BESIDE_A_STORY = frozenset({"name", "evidence", "order", "phone", "choice", "when", "waybill", "category"})
"""Kinds of field whose answer is short: what else is told there belongs to the account."""


async def unknown(turn: Turn) -> None:
    """What cannot be told is asked no more, as far as the field allows."""
    form, asked = under_way(turn)
    spec = form.spec(asked)
    if spec.may_be_unknown or form.offers(asked):
        given = NO_EVIDENCE if spec.kind == "evidence" else dict(UNKNOWN)
        accept(turn, form, {asked: given, **volunteered(form, turn.heard, asked)}, asked)
    elif is_asked_anew(form, asked):
        keep(turn, form, volunteered(form, turn.heard, asked))
        questions.ask_next(turn, form)
    else:
        assist.help_with(turn, form, asked, None)


async def refuse(turn: Turn) -> None:
    """What the customer would rather not say."""
    form, asked = under_way(turn)
    keep(turn, form, volunteered(form, turn.heard, asked))
    if withheld := _withheld_by_name(form, turn, asked):
        keep(turn, form, withheld)
        turn.say("utter_refusal_accepted")
        questions.ask_again(turn, form, asked)
        return
    assist.refused(turn, form, asked)


def _withheld_by_name(form: Form, turn: Turn, asked: str) -> Json:
    """「不想留名字」 at another question: that field is asked no more."""
    named = [name for name in named_fields(form, turn.heard) if name != asked and name not in form.known]
    given = [as_refused(form.asked(name), form.offers(name)) for name in named]
    return {one.field: one.value for one in given if one} if asked not in named_fields(form, turn.heard) else {}


async def help_with(turn: Turn) -> None:
    """Nothing was recognised: what is wrong with the answer, then an example, then an easier way."""
    form, asked = under_way(turn)
    if asked == ADDRESS and _is_begun(form):
        questions.ask_next(turn, form)  # it was asked for the rest once
        return
    if again := _told_again(turn, form):
        turn.say("utter_told_again", line=form.line(again, form.known[again]).lstrip("· "))
        questions.ask_again(turn, form, asked)
        return
    turn.change(failures=turn.frame.failures + 1)
    if asked == CONFIRM and (told := _told_on(turn, form)):
        readback.add_to_story(turn, form, told)
        questions.read_back(turn, form)
        return
    if asked == CONFIRM:
        turn.say("utter_not_understood_in_form")
        questions.ask_again(turn, form, asked)
        return
    if _is_said_again(turn, form, asked):
        accept(turn, form, {asked: turn.heard.text.strip()}, asked)
        return
    if _is_remark(turn, form):
        readback.add_to_story(turn, form, content(turn.heard, form.company, form.kind))
        questions.ask_again(turn, form, asked)
        return
    assist.help_with(turn, form, asked, parse(form.asked(asked), turn.heard))


def _told_again(turn: Turn, form: Form) -> str:
    """The field whose known value is all that the message tells once more: 「是空气净化器那个」; empty for none."""
    told = {} if turn.heard.is_press else turn.heard.values
    names = [ENTITY_FIELDS.get(entity, "") for entity in told]
    values = zip(names, told.values(), strict=True)
    is_same = all(name in form.names() and form.known.get(name) == value for name, value in values)
    return names[0] if names and is_same and not is_question(turn.heard.plain) else ""


def _told_on(turn: Turn, form: Form) -> str:
    """At the read-back, what belongs into the account: surely told of the matter, or of a thing that stands there.

    「坑在左边那扇」 after 「门上有个坑」 sounds like nothing of ours by itself.
    """
    if turn.reading.intent != "out_of_scope" and (told := _more_told(turn, form)):
        return told
    is_told = not (turn.heard.is_press or is_question(turn.heard.plain)) and "description" in form.names()
    is_more = is_told and len(turn.heard.plain) >= REMARK and is_of_told(form, turn.heard)
    return account(turn.heard, form.company) or turn.heard.text.strip() if is_more else ""


def _is_said_again(turn: Turn, form: Form, asked: str) -> bool:
    """Whether few words come again where more were asked for: there is no more to tell, and nobody is asked thrice."""
    given = parse(form.asked(asked), turn.heard) if asked in form.company.fields else None
    return isinstance(given, Wrong) and given.why == "too_short" and int(turn.slot("tries") or 0) > 0


REMARKED_ON = frozenset({Kind.COMPLAINT, Kind.REPAIR, Kind.REFUND, Kind.EXCHANGE, *ANY_WORDS})
REMARK = 5
"""Characters of a remark about the matter: 「换过电池了」."""


def _is_remark(turn: Turn, form: Form) -> bool:
    """Something more of the matter, told at a question that it does not answer."""
    tells = turn.reading.says("answer", "story", "grumble", "has_none", "unknown") or account(
        turn.heard, form.company, form.kind
    )
    is_foreign = turn.reading.intent == "out_of_scope" and turn.reading.sure >= bounds.INTENT
    is_ours = tells and (not is_foreign or tells_on(turn.heard, form.company))
    long_enough = len(turn.heard.plain) >= REMARK and not is_question(turn.heard.plain)
    asked = str(turn.slot("requested_slot") or "")
    beside = {"product"} if asked in form.company.fields and form.spec(asked).kind in TIMES else {"product", "time"}
    tells_it = tells_something(turn.heard, form.company, form.kind) or beside & turn.heard.values.keys()
    is_told = tells_it and form.known.get("description")
    return bool(form.kind in REMARKED_ON and is_ours and long_enough and is_told)


# ---------------------------------------------------------------- putting right


async def correct(turn: Turn) -> None:
    """Every correction of the message is made; what is wrong without the right value is asked for."""
    form, asked = under_way(turn)
    found = {**_surely(form, turn, asked), **corrections(form, turn.heard, turn.reading.words)}
    if found and asked != CONFIRM and not found.keys() & form.known.keys():
        accept(turn, form, {**volunteered(form, turn.heard, asked), **found}, asked)
        return
    gone = [name for name in removals(form, turn.heard) if name not in found]
    more = "" if "description" in found else missing_words(form, turn.heard) or written_down_beside(turn, form, found)
    if not (found or gone or more):
        await _ask_what_is_wrong(turn, form, asked)
        return
    if gone:
        readback.leave_out(turn, form, gone)
    if more:
        readback.add_to_story(turn, form, more)
    told = {**volunteered(form, turn.heard, asked), **found} if found else {}
    new = {name: value for name, value in told.items() if name not in form.known}
    keep(turn, form, new)
    if right := {name: value for name, value in told.items() if name not in new}:
        readback.say_changed(turn, form, right)
    left = [name for name in wrong_fields(form, turn.heard) if name not in {*found, *gone} and name in form.known]
    if left and found:
        readback.ask_anew(turn, form, left[0], "utter_correct_ask")  # also wrong, and not told how
        return
    questions.ask_next(turn, form, new)


def written_down_beside(turn: Turn, form: Form, found: Json) -> str:
    """「称呼改成陈刚，再加上底下有一滩水」: what is to be written down beside what is put right."""
    words = turn.company.sayings.adds_words
    kept = pieces(without_corrections(form, turn.heard, found)) if "description" in form.names() else []
    kept = [one for one in kept if not only_names(form, one, words)]
    start = next((at for at, one in enumerate(kept) if words.search(normalise(one))), len(kept))
    return to_add(replace(turn.heard, text="，".join(kept[start:])), turn.company) if start < len(kept) else ""


async def _ask_what_is_wrong(turn: Turn, form: Form, asked: str) -> None:
    """Something is wrong and no right value is told: a named field is asked anew, a question of theirs answered."""
    said = unsettled(form.company, turn.heard)
    named = [name for name in named_fields(form, said) if name in {*form.known, CONTACT_WAY} or turn.heard.is_press]
    if named:
        readback.ask_anew(turn, form, named[0], "utter_correct_ask")
    elif turn.reading.says("ask", "ask_own", "status", "advice"):
        await ask_aside(turn)
    elif asked not in (CONFIRM, "") and isinstance(given := parse(form.asked(asked), turn.heard), Given):
        accept(turn, form, {given.field: given.value}, asked)
    else:
        _own_mistake(turn, form, asked)


def _more_told(turn: Turn, form: Form) -> str:
    """What no field holds is not lost: it belongs into the account, where the matter has one."""
    told = None if turn.heard.is_press or "description" not in form.names() else account(turn.heard, form.company)
    return told if told and _is_of_matter(turn.heard) else ""


def _is_of_matter(heard: Heard) -> bool:
    """Whether something of it surely tells of the matter, or is to stand in a field that this form has not."""
    chances = (heard.tells(heard.text[start:end]) or 0.0 for start, end in spans(heard.text))
    return bool(not heard.is_read or heard.revised or max(chances, default=0.0) >= SURELY_TOLD)


SURELY_TOLD = 0.8
"""Chance from which on a clause that was neither asked for nor ordered to be written down belongs into the account."""


def _own_mistake(turn: Turn, form: Form, asked: str) -> None:
    """What we took it for is wrong: which matter this is, which field, or that we had misread."""
    if turn.reading.denies(*MATTERS) and not turn.reading.denies_matter(form.kind):
        turn.say("utter_is_this_matter", title=form.company.kinds[form.kind].title)
    elif HOURS_NOTED in turn.decided.said:
        pass  # 「上午打给我 下午要带孙子」: what is left of it only tells why
    elif asked == CONFIRM and (told := _wished_on(turn, form) or _more_told(turn, form)):
        readback.add_to_story(turn, form, told)
        questions.read_back(turn, form)
        return
    elif asked == CONFIRM or turn.heard.is_press:
        questions.ask_which(turn, form)
        return
    else:
        turn.say("utter_misread_in_form")
    questions.ask_again(turn, form, asked)


def _wished_on(turn: Turn, form: Form) -> str:
    """「不是换门了 换一台吧」: how the matter under way is wished for otherwise, where no field holds it."""
    is_same = MATTERS.get(str(turn.reading.wanted)) == form.kind and not turn.heard.is_press
    return turn.heard.text.strip() if is_same and "description" in form.names() else ""


def _surely(form: Form, turn: Turn, asked: str) -> Json:
    """What is asked for, when the message holds it before the correction; a number wherever it stands."""
    if asked not in form.company.fields:
        return {}
    is_code = form.spec(asked).kind in CODES
    said = turn.heard if is_code else second_thought(form, turn.heard, asked).before
    given = parse(form.asked(asked), said) if is_code or said is not turn.heard else None
    return {given.field: given.value} if isinstance(given, Given) and not given.raw else {}


async def let_stand(turn: Turn) -> None:
    """What is written is right as it stands: on to the next question, or to what may be passed over."""
    form, asked = under_way(turn)
    if is_asked_anew(form, asked):
        questions.ask_next(turn, form)
    elif asked != CONFIRM and form.offers(asked):
        await unknown(turn)
    else:
        questions.ask_again(turn, form, asked)


async def which(turn: Turn) -> None:
    """Something read back is wrong: which?"""
    form, _ = under_way(turn)
    questions.ask_which(turn, form)


async def back(turn: Turn) -> None:
    form, _ = under_way(turn)
    readback.go_back(turn, form)


async def story(turn: Turn) -> None:
    """A further part of the story, whatever was asked."""
    form, asked = under_way(turn)
    keep(turn, form, volunteered(form, turn.heard, asked))
    if tells_something(turn.heard, form.company, form.kind):
        readback.add_to_story(turn, form, content(turn.heard, form.company, form.kind))
    if asked == CONFIRM:
        questions.read_back(turn, form)
    else:
        questions.ask_again(turn, form, form.next_field())


async def add(turn: Turn) -> None:
    """「说明里加一句…」, 「沙发的事也记上」: beside what was told, in the place of nothing."""
    form, asked = under_way(turn)
    put_right = _put_right_beside(form, turn, asked)
    found = _but_twice(volunteered(form, turn.heard, asked), put_right)
    said = replace(turn.heard, text=without_corrections(form, turn.heard, put_right))
    if dictated := _dictated(turn, form):
        readback.say_changed(turn, form, {"description": dictated})
        questions.ask_next(turn, form)
        return
    more = to_add(said, turn.company) or missing_words(form, said) or _for_who_comes(turn)
    found.update(right := _bare_time(turn, form))
    if found:
        readback.say_changed(turn, form, found)
    if more and not right:
        readback.add_to_story(turn, form, more)
    elif not found:
        await _ask_what_is_wrong(turn, form, asked)
        return
    if asked == CONFIRM:
        questions.read_back(turn, form)
    else:
        questions.ask_again(turn, form, asked if asked not in found else form.next_field())


def _dictated(turn: Turn, form: Form) -> str:
    """「那些莫写，就写塑料味重 头晕」: what is to stand there in the place of what was written; empty for nothing."""
    found = turn.company.sayings.writes_outright.search(turn.heard.text)
    denied = any(denies(normalise(one)) for one in pieces(turn.heard.text[: found.start()])) if found else False
    return found["told"].strip() if found and denied and known(form.known.get("description")) else ""


def _for_who_comes(turn: Turn) -> str:
    """「叫师傅送货前先打个电话」: in the customer's words."""
    is_one = any(turn.company.sayings.to_worker.search(normalise(one)) for one in pieces(turn.heard.text))
    return turn.heard.text.strip() if is_one else ""


def _bare_time(turn: Turn, form: Form) -> Json:
    """「两点以后写上」: a time and nothing else is no account, but the time that is known already, put right."""
    said = turn.company.sayings.adds_words.sub("", turn.heard.text)
    return corrections(form, Heard(said, ""), {}) if times.is_bare(normalise(said), form.now) else {}


def _put_right_beside(form: Form, turn: Turn, asked: str) -> Json:
    """What is put right beside words that are to be written down: by its name, or taken back."""
    return {**second_thought(form, turn.heard, asked).values, **_corrected_by_name(form, turn)}


def _but_twice(told: Json, right: Json) -> Json:
    """What is told and put right, each value once: a phone that is put right is no second one."""
    return {**{name: value for name, value in told.items() if value not in right.values()}, **right}


def _corrected_by_name(form: Form, turn: Turn) -> Json:
    """Fields that are named beside what is to be written down: 「时间不对，是两点以后，店名也写上」."""
    named = set(named_fields(form, turn.heard)) - {"description"}
    right = corrections(form, turn.heard, turn.reading.words)
    return {name: value for name, value in right.items() if name in named}


async def call_hours(turn: Turn) -> None:
    """「下午四点以后打」: kept in a field of its own, and the question asked again."""
    form, asked = under_way(turn)
    hours.note(turn, form, hours.told(form, turn.heard))
    questions.ask_again(turn, form, asked)


async def contact_way(turn: Turn) -> None:
    """「别打电话，发短信」: kept in a field of its own, and the question asked again."""
    form, asked = under_way(turn)
    way = way_told(form, turn.heard) or form.known.get(CONTACT_WAY)
    keep(turn, form, {CONTACT_WAY: ways.renewed(form.known.get(CONTACT_WAY), str(way))})
    turn.say("utter_way_noted")
    questions.ask_again(turn, form, asked)


async def strike(turn: Turn) -> None:
    """「把「他骂我」那句去掉」: out of what was written down; what is left without a word is asked anew."""
    form, asked = under_way(turn)
    found = struck(form, turn.heard)
    if found is None:
        await help_with(turn)
        return
    if found.rest:
        keep(turn, form, {found.field: found.rest})
        turn.say("utter_struck", words=found.words, line=form.line(found.field, found.rest))
    elif not form.offers(found.field):
        forget(turn, form, found.field)
        readback.ask_anew(turn, form, found.field, "utter_correct_ask")
        return
    else:
        readback.leave_out(turn, form, [found.field])
    if more := _added_beside(turn, form):
        readback.add_to_story(turn, form, more)
    if asked == CONFIRM:
        questions.read_back(turn, form)
    else:
        questions.ask_again(turn, form, asked)


def _added_beside(turn: Turn, form: Form) -> str:
    """「那句去掉，再加一句 另一单没退款」: what is to be written down, behind the word that says so."""
    said = turn.heard.text
    found = list(turn.company.sayings.adds_words.finditer(said)) if "description" in form.names() else []
    return to_add(Heard(said[found[-1].start() :], ""), turn.company) if found and found[-1].start() > 0 else ""


async def throw_away(turn: Turn) -> None:
    """「后面这份取消」: given up, and nothing of it is kept."""
    start.drop(turn)
    turn.say("utter_dropped")
    turn.ask("anything_else")


async def leave_for(turn: Turn) -> None:
    """Given up, for something else that is wanted in its place: that is dealt with next. A complaint is kept."""
    if turn.form == COMPLAINT_FORM:
        start.put_aside(turn)
    else:
        start.give_up(turn)
    turn.say("utter_misread" if turn.reading.says("correct") else "utter_left")


async def record(turn: Turn) -> None:
    """「登没登」, 「念一遍」: not submitted yet, and what is written down so far."""
    form, asked = under_way(turn)
    turn.say("utter_not_submitted")
    if asked == CONFIRM:
        questions.read_back(turn, form)
        return
    if form.values():
        turn.say("utter_noted_so_far", noted=form.summary())
    questions.ask_again(turn, form, asked)


# ---------------------------------------------------------------- about the form itself


async def why(turn: Turn) -> None:
    form, asked = under_way(turn)
    questions.explain(turn, form, asked)


async def unclear(turn: Turn) -> None:
    """Our question was not understood: in other words, with an example."""
    form, asked = under_way(turn)
    questions.exemplify(turn, form, asked)


async def wait(turn: Turn) -> None:
    form, asked = under_way(turn)
    questions.wait(turn, form, asked)


async def resume(turn: Turn) -> None:
    """On we go: with another matter that waits, if that is named, else with this one."""
    form, asked = under_way(turn)
    if turn.form != COMPLAINT_FORM and start.resume_named(turn):
        return
    if told := _more_told(turn, form):
        before = str(known(form.known.get("description")) or "")
        keep(turn, form, {"description": together([before, told], form.company, form.kind)})
    questions.ask_again(turn, form, asked)


async def hold(turn: Turn) -> None:
    """Not to be submitted yet: everything waits."""
    turn.say("utter_hold", custom=questions.facts(under_way(turn)[0], CONFIRM, "confirm"))


async def later(turn: Turn) -> None:
    """Everything is kept, nothing more is asked."""
    start.put_aside(turn)
    turn.say("utter_put_off")


async def stop(turn: Turn) -> None:
    """Given up: at once, nothing is lost, nobody is pressed."""
    form, _ = under_way(turn)
    told = form.values()
    start.put_aside(turn)
    if not turn.frame.suspended:
        turn.say("utter_stopped_empty")
        turn.ask("anything_else")
        return
    turn.say("utter_stopped")
    turn.ask("keep_form")
    if told.get("description"):
        await turn.stage("abandoned", {"form": form.name, "fields": told})


# ---------------------------------------------------------------- beside the form


async def ask_aside(turn: Turn) -> None:
    """A question inside a form is answered, and the form's own asked again."""
    from actions.talk import asides

    form, asked = keep_beside(turn)
    await asides.answer(turn)
    if turn.form:
        ask_on(turn, form, asked)


def keep_beside(turn: Turn) -> tuple[Form, str]:
    """Keep what is told beside a question; the form, and the field it asks for."""
    form, asked = under_way(turn)
    if asked != CONFIRM:
        beside = _answered_beside(turn, form, asked)
        keep(turn, form, {**volunteered(form, turn.heard, asked), **beside})
        asked = form.next_field() if beside or not is_asked_anew(form, asked) else asked
    return form, asked


def ask_on(turn: Turn, form: Form, asked: str) -> None:
    """The form's question again, or the next one if that was answered meanwhile."""
    questions.ask_again(turn, form, asked if is_asked_anew(form, asked) or asked == CONFIRM else form.next_field())


def _answered_beside(turn: Turn, form: Form, asked: str) -> Json:
    """An answer in a clause beside the question: 「支架费120，对了打孔不是该免费吗」."""
    to_us = form.company.accounts.to_clerk
    told = [one for one in pieces(turn.heard.text) if not is_question(normalise(one)) and to_us.sub("", normalise(one))]
    answers = (parse(form.asked(asked), replace(turn.heard, text=one, entities=(), clauses=())) for one in told)
    spec = form.spec(asked)
    found = (one for one in answers if isinstance(one, Given) and one.field == asked)
    sure = next((one for one in found if not one.raw or spec.ending_in(normalise(str(one.value)))), None)
    return {asked: sure.value} if sure and len(told) < len(pieces(turn.heard.text)) else {}


async def soothe(turn: Turn) -> None:
    """Thanks, praise, anger, grumbling: a word about it, and the question again."""
    form, asked = under_way(turn)
    turn.say(next((words for act, words in WORDS.items() if turn.reading.says(act)), "utter_sorry_in_form"))
    if turn.reading.says("anger"):
        turn.change(mood="angry")
    if not turn.frame.question:
        questions.ask_again(turn, form, asked)


async def unsure(turn: Turn) -> None:
    """What was said fits nothing here: two ways on, and nothing is lost on either."""
    form, asked = under_way(turn)
    turn.say("utter_unsure_in_form")
    if not turn.frame.question:
        questions.ask_again(turn, form, asked)


WORDS = {
    "anger": "utter_anger_in_form",
    "thank": "utter_welcome_in_form",
    "praise": "utter_praise_in_form",
    "grumble": "utter_sorry_in_form",
    "sarcasm": "utter_sorry_in_form",
    "suggest": "utter_suggestion_in_form",
    "greet": "utter_greet_again",
    "challenge": "utter_challenge_in_form",
    "offtopic": "utter_out_of_scope",
}
"""What is said to an act that is no answer, the gravest first."""


async def another(turn: Turn) -> None:
    """One more matter, for later: remembered and promised."""
    form, asked = under_way(turn)
    act = turn.reading.wanted or ACT_OF_INTENT[turn.reading.intent]
    turn.change(next=asked_for(turn, act))
    turn.say("utter_next_later")
    questions.ask_again(turn, form, asked)


def asked_for(turn: Turn, act: str) -> Json:
    """A wish as the frame keeps it, to be taken up by `recalled`."""
    kept = [{"entity": e["entity"], "value": e["value"]} for e in turn.heard.entities]
    return {"act": act, "text": turn.heard.text, "entities": kept}


def recalled(turn: Turn, request: Json) -> Turn:
    """The same turn as if the customer had only now said an earlier wish."""
    entities = tuple(request.get("entities") or ())
    heard = replace(turn.heard, text=str(request["text"]), entities=entities, clauses=())
    heard.__dict__.pop("values", None)
    reading = replace(turn.reading, acts={str(request["act"]): 1.0}, values=heard.values, words={}, is_press=False)
    return turn.hearing(heard, reading)


async def withdraw(turn: Turn) -> None:
    """A registered matter is taken back by its number: the form waits, and that one is looked at."""
    from actions.talk import cases

    start.put_aside(turn)
    await cases.withdraw(turn)


async def step_back(turn: Turn) -> None:
    """We had misread: the form waits, and what was meant is answered."""
    from actions.talk import asides

    start.put_aside(turn)
    turn.say("utter_misread")
    await asides.answer(turn)
    if not turn.frame.question:
        turn.ask("anything_else")
