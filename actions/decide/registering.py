"""Rows while a matter is being registered."""

from __future__ import annotations

from actions.decide import bounds
from actions.decide.acts import AN_ANSWER, FEELINGS, MANNERS, QUESTIONS, Rows
from actions.decide.reading import MATTERS
from actions.decide.seen import Fit, Seen
from actions.decide.signs import asks_of_own, asks_only_of_matter, contradicts, is_wrong_matter
from helpdesk.model.frame import YES_NO
from helpdesk.model.ticket import VISITS


def _answers_our_question(seen: Seen) -> bool:
    """A yes or a no to what we asked beside the form: a person? go on? Questions of no yes or no are passed over."""
    return seen.question in YES_NO and seen.is_short


def _submits(seen: Seen) -> bool:
    denies = seen.reading.says("deny") and not seen.nothing_more
    changes = denies or seen.reading.says("correct", "stop", "wait", "later") or seen.reading.denies("submit")
    is_plain = not changes and not seen.brings and not seen.changes and not seen.sets_right
    return seen.at_confirm and (seen.reading.says("submit", "affirm") or seen.nothing_more) and is_plain


def _switches(seen: Seen) -> bool:
    """「不修了要退」, 「修太慢，还是换吧」: the matter under way is denied, given up, or to become another one."""
    other, stops = seen.other_matter, seen.reading.acts.get("stop", 0.0)
    if other is None or _cancels_this(seen):
        return False
    if is_wrong_matter(seen) or _insists_on_other(seen) or (seen.question == "which_matter" and seen.reading.is_sure):
        return True
    is_rechosen = other == seen.instead and seen.reading.acts[other] >= bounds.OPEN and not seen.is_question
    return seen.denies_own_matter or is_rechosen or (stops > 0 and seen.reading.acts[other] > stops)


def _insists_on_other(seen: Seen) -> bool:
    """「讲了四次，退货！」: put right, another matter surely named, and no value of a field among it."""
    is_sure = seen.other_matter is not None and seen.reading.acts[seen.other_matter] >= bounds.OPEN
    tells = seen.sets_right or seen.brings or seen.fit is Fit.VALUE or seen.is_question
    return is_sure and seen.reading.says("correct") and not tells and contradicts(seen)


def _names_no_other(seen: Seen) -> bool:
    """「你弄错了，不是这个」: it is the wrong matter, and which one is meant is not told."""
    is_told = seen.other_matter or seen.sets_right or seen.brings or seen.changes or seen.is_question
    return is_wrong_matter(seen) and not is_told and not _answers_field(seen)


def _starts_over(seen: Seen) -> bool:
    """「前面的全部作废，从头来过」: nothing of what was told counts."""
    is_value = (
        seen.sets_right
        or seen.dictates
        or seen.fit is Fit.VALUE
        or seen.reading.says("ask", "ask_own")
        or seen.reading.is_press
    )
    is_other = is_wrong_matter(seen) and _switches(seen)
    gives_up = seen.reading.says("correct", "deny", "stop", "dispute")  # 「不对不对」 only sounds asked
    asks = seen.own_question is not None or (seen.awaits_answer and not gives_up)
    is_other = is_other or (seen.gives_up and seen.reading.says("stop", "later"))  # 「不登了，容我想想」 keeps it
    return "voids" in seen.reading.shades and not (is_value or is_other or asks)


def _is_not_placed(seen: Seen) -> bool:
    """「还带检测费呢，我寻思寻思」, of which the reader makes nothing of ours: no question, and told at length."""
    is_foreign = seen.reading.first(MANNERS) == "offtopic" and seen.reading.intent == "out_of_scope"
    return is_foreign and seen.is_account and not (seen.is_short or seen.is_question or seen.at_confirm)


def _complains_instead(seen: Seen) -> bool:
    """「那给我投诉，爽约第二次」 while a call is being registered: a complaint, and no words for the call."""
    return seen.frame.kind in ANY_WORDS and seen.other_matter == "complain" and seen.reading.is_sure


def _cancels_this(seen: Seen) -> bool:
    """「取消取消，不登记这个」: what is being registered, and no order, for none is named."""
    return seen.other_matter == "cancel_order" and not seen.names_order


def _leaves_for(seen: Seen) -> bool:
    """「取消取消，我要催送货」: what is being registered is given up, and something else is wanted in its place."""
    wants = seen.reading.says("hurry", "status", "person") or (seen.other_matter and not _cancels_this(seen))
    asks = seen.gives_up and (seen.reading.says("ask", "ask_own") or seen.reading.sounds_asked) and seen.is_question
    is_given_up = (seen.gives_up or _cancels_this(seen)) and not seen.sets_right and not _switches(seen)
    return is_given_up and bool(wants or asks or seen.instead)


def _asks_first(seen: Seen) -> bool:
    """「先等会儿，修要不要钱」: a moment is asked for, for a question; nothing is given up."""
    pauses = seen.drops or seen.asks_first or seen.reading.says("wait", "stop", "later")
    return seen.asks_beside and pauses and not seen.gives_up and not seen.asks_record and not seen.at_confirm


def _is_thrown_away(seen: Seen) -> bool:
    """What is under way is not wanted, and nothing is asked of it; who calls us needs no call."""
    needs_no_call = seen.calls_self and seen.frame.kind in ANY_WORDS
    is_unwanted = seen.drops or seen.not_registered or needs_no_call
    answers = _answers_field(seen) or bool(seen.brings) or seen.takes_back
    return is_unwanted and not answers and not asks_of_own(seen)


def _was_misread(seen: Seen) -> bool:
    """「谁要取消！我问几时到」: the matter was none; what was asked is answered, the form waits."""
    asks = seen.reading.says(*QUESTIONS)
    return seen.denies_own_matter and asks


def _stops(seen: Seen) -> bool:
    gives_up = seen.reading.says("stop") or seen.denies_own_matter or _cancels_this(seen)
    takes_back = seen.reading.says("withdraw") and "ticket" not in seen.reading.values
    return gives_up or takes_back


def _interrupts(seen: Seen) -> bool:
    """Something is asked or wanted, and nothing answered."""
    wants = seen.reading.says(*QUESTIONS, "hurry", *MANNERS)
    return wants and not seen.reading.says(*AN_ANSWER, "story") and not seen.reading.is_press


def _gives_value(seen: Seen) -> bool:
    is_beside = _interrupts(seen) and seen.is_time and not seen.tells_time
    return seen.fit in (Fit.VALUE, Fit.CANNOT_TELL) and not is_beside


def _asks_who_answers(seen: Seen) -> bool:
    """「你是不是个机器人」, whatever is asked for and however sure the reader heard an answer."""
    is_asked = seen.reading.intent == "bot_challenge" and seen.reading.sure >= bounds.SURE_OF_QUESTION
    return is_asked and seen.is_question and seen.fit is not Fit.VALUE and not seen.brings


def _gives_words(seen: Seen) -> bool:
    if seen.fit is not Fit.WORDS:
        return False
    if (seen.frame.form == "outcome" and _only_asks(seen)) or _is_outburst(seen):
        return False
    is_mere_words = seen.reading.is_silent and not seen.brings and seen.reading.intent != "express_anger"
    if _is_content(seen) and seen.reading.says(*QUESTIONS):
        return True
    return seen.reading.says(*AN_ANSWER) or _tells(seen) or is_mere_words


def _is_outburst(seen: Seen) -> bool:
    """「烦死个人」 where a name is asked for: nothing but anger, by both readings."""
    is_anger = seen.reading.intent == "express_anger" and seen.reading.sure >= bounds.SURE_SENTENCE
    return is_anger and seen.reading.says(*FEELINGS) and seen.frame.form not in ("description", "outcome")


def _only_asks(seen: Seen) -> bool:
    """「我这投诉谁处理」 where it is asked what is wished for: no wish, unless one is named in it."""
    asks = seen.is_question and seen.reading.says("ask", "ask_own", "status", "why")
    return asks and not seen.reading.says(*MATTERS, "compensate")


def _tells_value(seen: Seen) -> bool:
    return seen.fit is Fit.VALUE or bool(seen.brings)


def _tells(seen: Seen) -> bool:
    """An account, where one is asked for; what is wished for, where that is."""
    asked = seen.frame.form
    asks_how = seen.is_question and seen.reading.intent == "ask_faq"
    wishes = seen.reading.says(*MATTERS, "compensate") and not asks_how
    tells = seen.reading.says("story", "suggest", "praise")
    is_account = seen.is_account and (_is_content(seen) or not seen.is_question)
    return (asked == "description" and (tells or is_account)) or (asked == "outcome" and wishes)


def _is_content(seen: Seen) -> bool:
    """A question that a call-back is asked for is what it is about."""
    return seen.frame.form == "description" and seen.frame.kind in ANY_WORDS


def _is_for_who_comes(seen: Seen) -> bool:
    """「送货前让师傅先打个电话」: it goes with the matter, and is none of its own."""
    tells_value = _tells_value(seen) or seen.sets_right or seen.changes
    is_told = not (tells_value or seen.is_question or seen.reading.is_press)
    return seen.to_worker and is_told and seen.frame.form not in ("description", "outcome")


def _wants_more(seen: Seen) -> bool:
    """Another matter, for later; inside a complaint what is wanted is what it asks for."""
    is_wish = seen.frame.kind == "complaint" and seen.other_matter in ("refund", "exchange", "repair", "install")
    is_open = seen.other_matter is not None and not is_wish and seen.frame.kind not in ANY_WORDS
    return is_open and (seen.other_matter != "callback" or seen.asks_call or seen.wants_call)


def _wants_surely(seen: Seen) -> bool:
    """It is surely wished, and may be done beside what is under way."""
    return seen.reading.is_sure and not contradicts(seen)


def _tells_on(seen: Seen) -> bool:
    """A further part of the account, at whatever question."""
    tells = seen.reading.says("story", *MATTERS)
    return tells and (seen.frame.kind == "complaint" or (seen.frame.kind in ANY_WORDS and seen.is_account))


def _grumbles_on(seen: Seen) -> bool:
    """「每次都说24小时内」 while a complaint is registered: more of what happened, told crossly, and no word to us."""
    is_cross = seen.reading.says("grumble", "sarcasm") and not seen.reading.says("anger", "submit", "person", "stop")
    is_told = seen.is_account and not (seen.is_question or seen.asks_too_much or seen.told_already)
    is_told = is_told and seen.reading.intent != "out_of_scope"
    is_field = seen.fit is Fit.VALUE or seen.fit is Fit.WORDS or bool(seen.brings)
    return seen.frame.kind == "complaint" and is_cross and is_told and not is_field


def _only_tells(seen: Seen) -> bool:
    """「换过电池了也不行」: a question is heard but faintly, and none is put."""
    asks = max((seen.reading.acts.get(act, 0.0) for act in (*QUESTIONS, "hurry", "dispute")), default=0.0)
    return asks < bounds.MATTER and seen.is_account and not seen.is_question


def _adds_to_account(seen: Seen) -> bool:
    """「补充一点，他还骂了我妈」: a further account, announced as one, whatever was asked; a value is no account."""
    is_more = seen.tells_more and seen.is_account and seen.fit not in (Fit.VALUE, Fit.CANNOT_TELL)
    return is_more and not (seen.reading.is_press or seen.sets_right or seen.changes)


def _waits_for_none(seen: Seen) -> bool:
    """「先把投诉弄完」, 「税号先空着」: what is put off is not this form."""
    return seen.leaves_open or seen.finishes_first


def _answers_field(seen: Seen) -> bool:
    """「哪记得那么清，反正前阵子」, 「我念啊，幺三八…，记住没」: what is asked for is told, or cannot be."""
    return seen.fit is Fit.VALUE or (seen.fit is Fit.CANNOT_TELL and seen.reading.says("unknown", "has_none"))


def _answers_too(seen: Seen) -> bool:
    """A value of the field beside the question: no age at a time to come (买了一年半), no question at a name."""
    is_age = seen.asks_covered and seen.is_time
    is_no_name = seen.is_question and seen.frame.form == "name" and "name" not in seen.reading.values
    return seen.fit is Fit.VALUE and not (is_age or is_no_name)


def _puts_right(seen: Seen) -> bool:
    """「等一下，电话写错了」, 「电话不对」: the reader may hear the asking for a moment, or the no, alone."""
    is_named = seen.reading.intent == "correct_info" and seen.reading.sure >= bounds.SURE_SENTENCE
    is_heard_else = seen.reading.says("wait") or (is_named and seen.at_confirm and seen.reading.says("deny"))
    return seen.reading.says("correct") or (seen.reading.intent == "correct_info" and is_heard_else)


def _cannot_tell(seen: Seen) -> bool:
    """It is not known or not there; 「发票也没给」, in which that is heard but faintly, tells of the matter."""
    acts, reading = seen.reading.acts, seen.reading
    is_faint = max(acts.get("unknown", 0.0), acts.get("has_none", 0.0)) < bounds.OPEN
    is_other = is_faint and reading.intent not in ("deny", "inform") and reading.sure >= bounds.OPEN
    return reading.says("unknown", "has_none") and not is_other


def _asks_of_product(seen: Seen) -> bool:
    """Something we sell is spoken of and asked about, and no field answered: 「差好多钱」 is no name."""
    is_asked = seen.is_question or not seen.reading.says(*AN_ANSWER)
    return seen.asks_product and is_asked and not seen.brings


def _wishes_again(seen: Seen) -> bool:
    """「找个真人打给我」 while a call is registered, 「派人来看看嘛」 while a visit is: it is being done."""
    is_visit = (seen.wants_visit or seen.asks_mending) and seen.frame.kind in VISITS
    return is_visit or (seen.asks_call and seen.frame.kind in ANY_WORDS)


ANY_WORDS = frozenset({"callback", "offline_message"})
"""Matters that are about whatever is said, a question too."""
IN_FORM: Rows = (
    ("yes", lambda s: _answers_our_question(s) and s.reading.says("affirm") and not s.submits),
    ("no", lambda s: _answers_our_question(s) and s.reading.says("deny")),
    ("form_answer", lambda s: s.reading.is_press and s.fit is Fit.VALUE),
    ("form_answer", lambda s: s.leaves_open and s.fit is Fit.CANNOT_TELL),
    ("form_revise", lambda s: s.revises and not s.strikes),
    ("form_submit", lambda s: s.submits and not (s.brings or s.sets_right)),
    ("form_keep", lambda s: (s.lets_stand or s.submits_early) and s.fit is not Fit.VALUE and not s.brings),
    ("form_strike", lambda s: s.strikes),
    ("form_restart", _starts_over),
    ("form_switch", lambda s: is_wrong_matter(s) and _switches(s)),
    ("form_leave_for", _leaves_for),
    ("form_aside", lambda s: asks_only_of_matter(s) and not _answers_too(s) and not _is_content(s)),
    ("form_correct", lambda s: s.leaves_out),
    ("form_aside", _asks_of_product),
    ("form_aside", _asks_who_answers),
    ("form_aside", _asks_first),
    ("form_resume", lambda s: s.takes_back and not (s.brings or s.sets_right or s.asks_beside or _switches(s))),
    ("form_drop", _is_thrown_away),
    ("form_aside", lambda s: s.asks_lookup and "order" in s.reading.values),
    ("form_record", lambda s: (s.asks_record or s.asks_agreed) and not (s.brings or s.sets_right or _answers_field(s))),
    ("form_add", lambda s: s.adds_words and not (s.fit is Fit.VALUE or s.sets_right or s.added)),
    ("form_submit", _submits),
    ("form_switch", lambda s: _switches(s) or _complains_instead(s)),
    ("form_step_back", _was_misread),
    ("form_other", _names_no_other),
    ("leave", lambda s: s.reading.says("bye") and not s.brings),
    ("form_later", lambda s: s.reading.says("later") and not (s.fit is Fit.VALUE or s.brings or _waits_for_none(s))),
    ("form_hold", lambda s: s.at_confirm and s.reading.denies("submit") and not s.brings),
    ("form_withdraw", lambda s: s.reading.says("withdraw") and "ticket" in s.reading.values),
    ("form_resume", lambda s: s.finishes_first or (s.writes_down and not s.at_confirm and not s.brings)),
    ("form_stop", _stops),
    ("form_back", lambda s: s.reading.says("back")),
    ("form_wait", lambda s: s.reading.says("wait") and not (_puts_right(s) or _tells_value(s))),
    ("form_why", lambda s: s.reading.says("why") and not s.at_confirm),
    ("form_unclear", lambda s: s.reading.says("unclear") and not (s.at_confirm or s.fit is Fit.CANNOT_TELL)),
    ("form_back", lambda s: s.points_back and s.reading.says("correct") and not (s.brings or s.sets_right)),
    ("form_add", _is_for_who_comes),
    ("form_correct", lambda s: _puts_right(s) or s.changes or s.sets_right),
    ("form_which", lambda s: s.at_confirm and s.reading.says("deny") and not s.brings),
    ("form_next", lambda s: s.added is not None),
    ("form_add", _adds_to_account),
    ("form_story", lambda s: _grumbles_on(s) and not s.at_confirm),
    ("form_soothe", lambda s: s.asks_too_much and s.fit is not Fit.VALUE and not _is_content(s)),
    ("form_answer", _gives_value),
    ("form_aside", lambda s: s.asks_surely and not (_is_content(s) or s.brings)),
    ("form_answer", _gives_words),
    ("form_unknown", lambda s: _cannot_tell(s) and not s.at_confirm),
    ("form_refuse", lambda s: s.reading.says("refuse") and not s.at_confirm),
    ("form_values", lambda s: bool(s.brings) and not _interrupts(s)),
    ("form_next", lambda s: _wants_more(s) and _wants_surely(s)),
    ("form_which_matter", _wants_more),
    ("form_aside", lambda s: s.reading.says(*QUESTIONS, "hurry", "dispute") and not _only_tells(s)),
    ("form_values", lambda s: bool(s.brings)),
    ("form_story", _tells_on),
    ("form_resume", lambda s: s.reading.says("resume", *MATTERS)),
    ("form_help", lambda s: s.reading.says("offtopic") and s.is_short and not s.is_question),
    ("form_unsure", _is_not_placed),
    ("form_soothe", lambda s: s.reading.says(*MANNERS)),
    ("form_resume", lambda s: s.calls_self or _wishes_again(s)),
    ("form_aside", lambda s: s.is_question and not s.at_confirm),
    ("form_help", lambda s: True),
)
