"""The decision: the first row that holds, from the most urgent down."""

from __future__ import annotations

from collections.abc import Callable

from actions.decide import bounds
from actions.decide.reading import MATTERS
from actions.decide.seen import Fit, Move, Seen
from helpdesk.model.frame import VALUES, YES_NO

When = Callable[[Seen], bool]
Rows = tuple[tuple[str, When], ...]

QUESTIONS = ("ask", "ask_own", "status", "advice")
FEELINGS = ("anger", "grumble", "sarcasm")
MANNERS = (*FEELINGS, "thank", "greet", "praise", "suggest", "offtopic", "capabilities", "challenge", "compensate")
AN_ANSWER = ("answer", "choose", "affirm", "deny", "has_none", "unknown")
YES_NO_QUESTIONS = frozenset(YES_NO) | {"offer_service", "anything_else", "advice"}
NUMBERS = frozenset({"order_number", "order_digits", "ticket_number", "ticket_digits"})
CANNOT_TELL = ("deny", "refuse", "has_none", "unknown")
CONTACT = frozenset({"phone", "place"})
"""Values that nobody gives who declines what was offered."""
LISTS = frozenset({"faq_suggestions", "ticket_choice"})


def decide(seen: Seen) -> Move:
    """The move to make; there always is one."""
    for rows in _tables(seen):
        for move, when in rows:
            if when(seen):
                return Move(move, _before(seen, move))
    raise AssertionError("the last row of the last table always holds")


def _tables(seen: Seen) -> tuple[Rows, ...]:
    if seen.in_queue:
        return WAITING
    return REGISTERING if seen.in_form else TALKING


def _before(seen: Seen, move: str) -> tuple[str, ...]:
    """A question beside what is done is answered first, if an article is sure of it."""
    asks = seen.reading.says("ask", "ask_own") or seen.own_question or seen.asks_beside or seen.reading.sounds_asked
    if move in ("anger", "grumble", "check_matter") and "order" in seen.reading.values:
        return ("order_aside",)
    if move == "form_answer" and seen.reading.says("status") and "order" in seen.reading.values:
        return ("order_aside",)
    is_beside = move in BESIDES and asks and not (seen.reading.is_press or _tells_new_day(seen, move))
    return ("aside",) if is_beside else ()


def _tells_new_day(seen: Seen, move: str) -> bool:
    """「后天改到周六行不行」 waits for no rule: it is done."""
    return move == "matter" and seen.moves_date and "time" in seen.reading.values


# ---------------------------------------------------------------- at any time


def _asks_what_next(seen: Seen) -> bool:
    """「阀关了，下一步呢」 after a danger was told: what to do, and nothing of another matter."""
    is_other = seen.reading.is_sure or seen.reading.values or seen.in_form or seen.reading.is_press or seen.supposes
    return seen.in_danger and "asks_next" in seen.reading.shades and not is_other


URGENT: Rows = (
    ("danger", lambda s: s.danger is not None),
    ("safe_side", lambda s: s.asks_safe),
    ("all_clear", lambda s: s.all_clear),
    ("red_line", lambda s: s.red_line is not None),
    ("safety_next", _asks_what_next),
)

PERSON: Rows = (
    ("hours", lambda s: s.call_hours and not s.in_form),
    ("form_hours", lambda s: s.call_hours and s.fit is not Fit.VALUE),
    ("contact_way", lambda s: s.contact_way is not None and not s.in_form),
    ("form_contact_way", lambda s: s.contact_way is not None and s.fit is not Fit.VALUE),
    ("english", lambda s: s.is_english and s.fit is not Fit.VALUE),
    ("person", lambda s: s.picks == "request_human" and not s.in_form),
    ("pick", lambda s: s.picks is not None and not s.in_form),
    ("call_back", lambda s: s.asks_call and s.reading.denies("person") and not s.in_form),
    ("person", lambda s: s.reading.says("person") and not (s.wants_visit or s.asks_call or s.wants_data)),
    (
        "offer_person",
        lambda s: s.needs_help and not (s.in_form or s.asks_call or s.reading.says("complain", "suggest")),
    ),
)

# ---------------------------------------------------------------- while a person is waited for

NUMBERS_TOLD = frozenset({"order", "ticket", "phone", "name"})
"""Values that are told for whoever takes over."""
WONDERS = ("ask_own", "hurry", "status", "unclear", "why", "greet")
IN_QUEUE: Rows = (
    ("queue_leave_for", lambda s: _leaves_queue(s) and _wants_beyond_queue(s)),
    ("queue_note", lambda s: s.contact_way is not None),
    ("queue_record", lambda s: s.asks_record or s.asks_agreed),
    ("queue_submit", lambda s: (s.reading.says("submit") or s.only_submits) and not s.is_question),
    ("queue_leave", lambda s: _leaves_queue(s) or _gives_up_waiting(s)),
    ("queue_wish", lambda s: s.reading.is_sure and s.reading.wanted != "callback"),
    ("queue_answer", lambda s: s.reading.says("ask", "advice") and not NUMBERS_TOLD & set(s.reading.values)),
    ("queue_order", lambda s: s.reading.says("status") and "order" in s.reading.values),
    ("queue_note", lambda s: bool(s.reading.values) or s.reading.says("story", "answer", "correct", *MATTERS)),
    ("queue_place", lambda s: s.is_question or s.reading.says(*WONDERS, *FEELINGS)),
    ("queue_welcome", lambda s: s.reading.says("thank", "praise")),
    ("queue_receipt", lambda s: True),
)


def _leaves_queue(seen: Seen) -> bool:
    return seen.leaves_queue or seen.reading.denies("person") or seen.reading.says("stop", "bye")


def _wants_beyond_queue(seen: Seen) -> bool:
    """「不等了，你帮我换一台吧」, 「取消排队，那你记下来」: something else is wished in the same breath."""
    asks = seen.is_question and seen.reading.says("ask_own", "status", "ask")
    return seen.reading.wanted is not None or seen.writes_down or seen.asks_record or asks


def _gives_up_waiting(seen: Seen) -> bool:
    return seen.reading.says("deny", "later") and seen.is_short


# ---------------------------------------------------------------- while a matter is being registered


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
    is_rechosen = other == seen.instead and seen.reading.acts[other] >= bounds.OPEN and not seen.is_question
    return seen.denies_own_matter or is_rechosen or (stops > 0 and seen.reading.acts[other] > stops)


def _complains_instead(seen: Seen) -> bool:
    """「那给我投诉，爽约第二次」 while a call is being registered: a complaint, and no words for the call."""
    return seen.frame.kind in ANY_WORDS and seen.other_matter == "complain" and seen.reading.is_sure


def _cancels_this(seen: Seen) -> bool:
    """「取消取消，不登记这个」: what is being registered, and no order, for none is named."""
    return seen.other_matter == "cancel_order" and not seen.names_order


def _leaves_for(seen: Seen) -> bool:
    """「取消取消，我要催送货」: what is being registered is given up, and something else is wanted in its place."""
    wants = seen.reading.says("hurry", "status", "person") or (seen.other_matter and not _cancels_this(seen))
    asks = seen.gives_up and seen.reading.says("ask", "ask_own") and seen.is_question
    is_given_up = (seen.gives_up or _cancels_this(seen)) and not seen.sets_right and not _switches(seen)
    return is_given_up and bool(wants or asks or seen.instead)


def _asks_first(seen: Seen) -> bool:
    """「先等会儿，修要不要钱」: a moment is asked for, for a question; nothing is given up."""
    pauses = seen.drops or seen.reading.says("wait", "stop", "later")
    return seen.asks_beside and pauses and not seen.gives_up and not seen.asks_record and not seen.at_confirm


def _is_thrown_away(seen: Seen) -> bool:
    """What is under way is not wanted, and nothing is asked of it; who calls us needs no call."""
    needs_no_call = seen.calls_self and seen.frame.kind in ANY_WORDS
    is_unwanted = seen.drops or seen.not_registered or needs_no_call
    answers = _answers_field(seen) or bool(seen.brings) or seen.takes_back
    return is_unwanted and not answers and not _asks_of_own(seen)


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
    return seen.fit in (Fit.VALUE, Fit.CANNOT_TELL) and not (_interrupts(seen) and seen.is_time)


def _gives_words(seen: Seen) -> bool:
    if seen.fit is not Fit.WORDS:
        return False
    if seen.frame.form == "outcome" and _only_asks(seen):
        return False
    is_mere_words = seen.reading.is_silent and not seen.brings and seen.reading.intent != "express_anger"
    if _is_content(seen) and seen.reading.says(*QUESTIONS):
        return True
    return seen.reading.says(*AN_ANSWER) or _tells(seen) or is_mere_words


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
    return seen.other_matter is not None and not is_wish and seen.frame.kind not in ANY_WORDS


def _tells_on(seen: Seen) -> bool:
    """A further part of the account, at whatever question."""
    tells = seen.reading.says("story", *MATTERS)
    return tells and (seen.frame.kind == "complaint" or (seen.frame.kind in ANY_WORDS and seen.is_account))


def _adds_to_account(seen: Seen) -> bool:
    """「补充一点，他还骂了我妈」: a further account, announced as one, whatever was asked; a value is no account."""
    is_more = seen.tells_more and seen.is_account and seen.fit not in (Fit.VALUE, Fit.CANNOT_TELL)
    return is_more and not (seen.reading.is_press or seen.sets_right or seen.changes)


def _asks_of_own(seen: Seen) -> bool:
    """「登记了没」: nothing is thrown away on a question about it."""
    return seen.asks_record or seen.reading.says("ask_own")


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


def _asks_only_of_matter(seen: Seen) -> bool:
    """Something is asked of the matter, and nothing told or put right beside it."""
    return seen.own_question is not None and not (seen.brings or seen.sets_right or seen.changes)


def _puts_right(seen: Seen) -> bool:
    """「等一下，电话写错了」, 「电话不对」: the reader may hear the asking for a moment, or the no, alone."""
    is_named = seen.reading.intent == "correct_info" and seen.reading.sure >= bounds.SURE_SENTENCE
    is_heard_else = seen.reading.says("wait") or (is_named and seen.at_confirm and seen.reading.says("deny"))
    return seen.reading.says("correct") or (seen.reading.intent == "correct_info" and is_heard_else)


def _asks_of_product(seen: Seen) -> bool:
    """Something we sell is spoken of and asked about, and no field answered: 「差好多钱」 is no name."""
    is_asked = seen.is_question or not seen.reading.says(*AN_ANSWER)
    return seen.asks_product and is_asked and not seen.brings


ANY_WORDS = frozenset({"callback", "offline_message"})
"""Matters that are about whatever is said, a question too."""
IN_FORM: Rows = (
    ("yes", lambda s: _answers_our_question(s) and s.reading.says("affirm") and not s.submits),
    ("no", lambda s: _answers_our_question(s) and s.reading.says("deny")),
    ("form_answer", lambda s: s.reading.is_press and s.fit is Fit.VALUE),
    ("form_answer", lambda s: s.leaves_open and s.fit is Fit.CANNOT_TELL),
    ("form_submit", lambda s: s.submits and not (s.brings or s.sets_right)),
    ("form_keep", lambda s: (s.lets_stand or s.submits_early) and s.fit is not Fit.VALUE and not s.brings),
    ("form_strike", lambda s: s.strikes),
    ("form_leave_for", _leaves_for),
    ("form_aside", lambda s: _asks_only_of_matter(s) and not _answers_too(s) and not _is_content(s)),
    ("form_correct", lambda s: s.leaves_out),
    ("form_aside", _asks_of_product),
    ("form_aside", _asks_first),
    ("form_resume", lambda s: s.takes_back and not (s.brings or s.sets_right or s.asks_beside or _switches(s))),
    ("form_drop", _is_thrown_away),
    ("form_record", lambda s: (s.asks_record or s.asks_agreed) and not (s.brings or s.sets_right or _answers_field(s))),
    ("form_add", lambda s: s.adds_words and s.fit is not Fit.VALUE and not s.sets_right),
    ("form_submit", _submits),
    ("form_switch", lambda s: _switches(s) or _complains_instead(s)),
    ("form_step_back", _was_misread),
    ("leave", lambda s: s.reading.says("bye") and not s.brings),
    ("form_later", lambda s: s.reading.says("later") and not (s.fit is Fit.VALUE or s.brings or _waits_for_none(s))),
    ("form_hold", lambda s: s.at_confirm and s.reading.denies("submit") and not s.brings),
    ("form_withdraw", lambda s: s.reading.says("withdraw") and "ticket" in s.reading.values),
    ("form_resume", lambda s: s.finishes_first or (s.writes_down and not s.at_confirm and not s.brings)),
    ("form_stop", _stops),
    ("form_back", lambda s: s.reading.says("back")),
    ("form_wait", lambda s: s.reading.says("wait") and not (_puts_right(s) or _tells_value(s))),
    ("form_why", lambda s: s.reading.says("why") and not s.at_confirm),
    ("form_unclear", lambda s: s.reading.says("unclear") and not s.at_confirm),
    ("form_back", lambda s: s.points_back and s.reading.says("correct") and not (s.brings or s.sets_right)),
    ("form_add", _is_for_who_comes),
    ("form_correct", lambda s: _puts_right(s) or s.changes or s.sets_right),
    ("form_which", lambda s: s.at_confirm and s.reading.says("deny") and not s.brings),
    ("form_next", lambda s: s.added is not None),
    ("form_add", _adds_to_account),
    ("form_aside", lambda s: s.asks_lookup and "order" in s.reading.values),
    ("form_soothe", lambda s: s.asks_too_much and s.fit is not Fit.VALUE and not _is_content(s)),
    ("form_answer", _gives_value),
    ("form_aside", lambda s: s.asks_surely and not _is_content(s)),
    ("form_answer", _gives_words),
    ("form_unknown", lambda s: s.reading.says("unknown", "has_none") and not s.at_confirm),
    ("form_refuse", lambda s: s.reading.says("refuse") and not s.at_confirm),
    ("form_values", lambda s: bool(s.brings) and not _interrupts(s)),
    ("form_next", _wants_more),
    ("form_aside", lambda s: s.reading.says(*QUESTIONS, "hurry", "dispute")),
    ("form_values", lambda s: bool(s.brings)),
    ("form_story", _tells_on),
    ("form_resume", lambda s: s.reading.says("resume", *MATTERS)),
    ("form_help", lambda s: s.reading.says("offtopic") and s.is_short and not s.is_question),
    ("form_soothe", lambda s: s.reading.says(*MANNERS)),
    ("form_resume", lambda s: s.calls_self),
    ("form_aside", lambda s: s.is_question and not s.at_confirm),
    ("form_help", lambda s: True),
)

# ---------------------------------------------------------------- an open question outside a form


def _wishes(seen: Seen) -> bool:
    return seen.reading.wanted is not None or seen.reading.says(*QUESTIONS, "hurry", "withdraw", "dispute")


OF_AN_OFFER = ("affirm", "deny", "refuse", "dispute", "grumble")
OPINION: Rows = (
    ("rate", lambda s: s.gives_score and s.question == "rating"),
    ("answer_offer", lambda s: s.owes_answer_to_offer and s.is_short and s.reading.says(*OF_AN_OFFER)),
    ("dispute", lambda s: s.owes_opinion and s.is_short and s.reading.says("deny", "grumble", "dispute")),
    ("satisfied", lambda s: s.owes_opinion and s.is_short and s.reading.says("affirm", "thank", "praise")),
)
"""A result was told, or an offer made, and waits for a word of the customer."""


def _goes_on_about_product(seen: Seen) -> bool:
    """「大的那个多少钱」, 「洗得动被子不」 after what was shown."""
    goes_on = seen.reading.says("choose") or seen.is_question
    return seen.question == "advice" and goes_on and not seen.reading.is_press and not _wishes(seen)


def _takes_offer(seen: Seen) -> bool:
    """What we offered is taken up; another matter that is wanted outright comes first."""
    is_other = seen.reading.wanted not in (None, "callback") and seen.reading.is_sure
    if seen.frame.looked_for or seen.frame.question.get("otherwise"):
        return seen.takes_offer and not is_other
    return seen.takes_offer and seen.reading.wanted is None and not seen.awaits_answer


def _writes_down(seen: Seen) -> bool:
    """「那你记下来吧」 after what was told, where no offer of ours waits for a yes."""
    is_open = seen.question not in YES_NO and seen.question != "offer_service"
    return seen.writes_down and seen.has_told and is_open and not _wishes(seen)


def _takes_note(seen: Seen) -> bool:
    """「知道了，谢谢」 where a number was asked for: it can wait, and nothing was misunderstood."""
    acts = seen.reading.acts
    notes = max(acts.get("affirm", 0.0), acts.get("thank", 0.0))
    cannot = max(acts.get(one, 0.0) for one in CANNOT_TELL)
    return notes > max(0.0, cannot) and not seen.reading.values and not _wishes(seen)


def _tells_on_of_case(seen: Seen) -> bool:
    """「还有门口有台阶，师傅带个小推车」 at whether there is anything else: what there is is told at once."""
    return _is_on_case(seen) and seen.is_account and seen.reading.says("affirm") and not seen.is_question


def _gives_anew(seen: Seen) -> bool:
    """A value is put right: 「四点接不了，五点以后再打」."""
    return seen.reading.says("correct") and bool(seen.reading.values)


def _is_for_worker(seen: Seen) -> bool:
    """「让师傅先打我老婆电话139…」: whoever comes learns it, and no number of the customer's is put right."""
    is_told = "phone" in seen.reading.values or not _gives_anew(seen)
    return seen.to_worker and _is_visit(seen) and is_told and not seen.is_question


def _asks_how_far_instead(seen: Seen) -> bool:
    """「登记啥投诉，我问退款到哪了」: no to what was offered, for something else is asked."""
    reading = seen.reading
    looks_up = reading.intent in ("check_ticket", "check_order") and reading.sure >= SURE_OF_LOOKING
    return seen.awaits_answer and reading.says("deny") and ("refund_due" in reading.shades or looks_up)


def _asks_of_refund(seen: Seen) -> bool:
    """「退货都签收半个月了，钱呢」: of money that is owed back, and of nothing that is broken."""
    is_broken = seen.reading.says("repair") or seen.reading.intent in (
        "express_anger",
        "file_complaint",
        "request_repair",
    )
    return "refund_due" in seen.reading.shades and not (seen.tells_symptom and is_broken)


def _goes_on(seen: Seen) -> bool:
    """「等等，还是打吧」: what is to be withdrawn shall go on after all."""
    return "goes_on" in seen.reading.shades and not seen.reading.is_press


def _nobody_came(seen: Seen) -> bool:
    """「约好上午修空调，人呢」: who should have come or called did not; no fault, no praise."""
    other = ("correct", "withdraw", "person", "praise", "thank")
    is_other = seen.reading.is_press or seen.reading.is_sure or seen.reading.says(*other)
    return "no_show" in seen.reading.shades and not is_other and seen.question != "ticket_number"


def _tells_another_hour(seen: Seen) -> bool:
    """「我四点都接不了 五点以后再打」 after a call was registered, of which nothing else was surely heard."""
    is_call = seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") == "callback"
    is_heard_else = any(abs(sure) >= bounds.OPEN for sure in seen.reading.acts.values())
    return is_call and "time" in seen.reading.values and not (seen.is_question or is_heard_else)


def _moves_case(seen: Seen) -> bool:
    """「改后天行不行」 of a visit or a delivery that is registered here; any other kind has no day of its own."""
    return seen.moves_date and seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") in HAVE_A_DAY


def _declines(seen: Seen) -> bool:
    """A no; 「还有别的净化器吗」 in which one was heard but faintly is none."""
    no = max(seen.reading.acts.get(act, 0.0) for act in ("deny", "refuse"))
    return no > (bounds.MATTER if seen.is_question else 0.0)


def _is_of_something_else(seen: Seen) -> bool:
    """Another matter is wished, or it is asked where the goods of a known order are, right after one was registered."""
    asks_of_goods = "asks_where" in seen.reading.shades and (seen.frame.registered or {}).get("kind") not in VISITS
    return asks_of_goods or (seen.reading.is_sure and seen.reading.wanted != "callback")


VISITS = frozenset({"repair", "installation"})
HAVE_A_DAY = VISITS | {"order_change"}
SURE_OF_LOOKING = 0.8
"""How sure of the intent alone one must be to look up a matter that the reader did not hear."""


OPEN_QUESTION: Rows = (
    ("no", lambda s: s.question == "withdraw" and _goes_on(s)),
    ("strike_from_case", lambda s: s.strikes),
    ("change_kind", lambda s: s.rechooses),
    ("own_question", lambda s: _asks_only_of_matter(s) and not _is_of_something_else(s)),
    (
        "advice",
        lambda s: s.asks_product and not (_tells_fault(s) or s.reading.is_sure or s.reading.says("praise", "thank")),
    ),
    ("change_case", _moves_case),
    ("change_case", lambda s: s.question == "case_fields" and bool(s.reading.values) and not s.is_question),
    ("overdue", lambda s: s.overdue and s.frame.topic != "ticket" and not s.reading.is_sure),
    ("hurry", _nobody_came),
    ("reach", lambda s: s.asks_reach and s.frame.topic != "ticket"),
    ("data_request", lambda s: s.wants_data and s.reading.wanted != "complain"),
    ("change_case", lambda s: _tells_another_hour(s)),
    ("hurry", lambda s: s.hurries and s.frame.topic == "ticket" and not s.reading.denies("hurry")),
    ("add_to_case", _is_for_worker),
    ("ticket_again", lambda s: s.goes_unchanged and s.question == "ticket_number"),
    ("change_case", lambda s: s.sets_right and not (s.reading.is_sure and s.reading.wanted != "callback")),
    (
        "own_case",
        lambda s: s.asks_record and bool(s.frame.registered or s.frame.suspended or s.frame.topic == "ticket"),
    ),
    ("agreed", lambda s: s.asks_agreed),
    ("drop", lambda s: s.drops and bool(s.frame.suspended) and not _asks_of_own(s)),
    ("take_offer", _takes_offer),
    ("write_down", lambda s: _writes_down(s)),
    ("yes", lambda s: s.question == "offer_service" and bool(CONTACT & set(s.reading.values)) and not _wishes(s)),
    ("ticket_given", lambda s: s.question == "ticket_choice" and "ticket" in s.reading.values),
    ("rate", lambda s: s.gives_score),
    ("leave", lambda s: s.reading.says("bye") and s.question not in YES_NO and not _wishes(s)),
    ("leave", lambda s: _has_no_more(s) or _goes_off(s)),
    ("not_helped", lambda s: s.not_helped and not _wishes(s)),
    ("no", lambda s: s.question == "rating" and s.reading.says("refuse", "deny")),
    ("reason", lambda s: s.question == "dispute_reason" and not s.reading.says("bye", "stop", "back")),
    ("choose", lambda s: bool(s.frame.choices) and s.reading.says("choose") and not s.reading.is_press),
    ("advice", _goes_on_about_product),
    ("none_of_these", lambda s: s.question in LISTS and s.reading.says("deny") and not _wishes(s)),
    ("value", lambda s: s.question in VALUES and s.fit is Fit.VALUE and not s.reading.is_press),
    ("number_later", lambda s: s.question in NUMBERS and _takes_note(s)),
    ("no_value", lambda s: s.question in NUMBERS and s.reading.says(*CANNOT_TELL) and not _wishes(s)),
    ("question", lambda s: s.is_question and s.frame.topic.startswith("faq:") and not s.reading.is_press),
    (
        "resume",
        lambda s: bool(s.frame.suspended) and (s.reading.says("resume") or s.finishes_first) and not _wishes(s),
    ),
    ("add_to_case", _tells_on_of_case),
    ("yes", lambda s: s.question == "offer_service" and s.told_already and not _wishes(s)),
    ("thank", lambda s: s.question == "anything_else" and s.reading.says("thank") and s.reading.says("affirm")),
    ("yes", lambda s: s.question in YES_NO_QUESTIONS and s.reading.says("affirm") and not _wishes(s)),
    ("status", _asks_how_far_instead),
    ("no", lambda s: s.question in YES_NO_QUESTIONS and _declines(s) and not _wishes(s)),
)

# ---------------------------------------------------------------- whatever else is said


def _wants_withdrawn(seen: Seen) -> bool:
    """「又坏了，那个单子还是捡起来吧」 after a matter was withdrawn."""
    return _goes_on(seen) and bool((seen.frame.registered or {}).get("withdrawn"))


def _about_own_case(seen: Seen) -> bool:
    own, rule = (seen.reading.acts.get(act, 0.0) for act in ("ask_own", "ask"))
    is_own = own > 0 and not (own < rule and own < bounds.MATTER)
    asks = is_own or (seen.reading.says("status") and seen.reading.intent != "check_ticket")
    return seen.frame.topic == "ticket" and asks


def _adds_more(seen: Seen) -> bool:
    """「补充一条：…」; another matter that is wished or taken back is none."""
    wants = seen.reading.is_sure or seen.reading.says("withdraw")
    return _is_on_case(seen) and seen.tells_more and seen.is_account and not wants


def _about_case(seen: Seen) -> bool:
    return seen.frame.topic == "ticket" and seen.frame.registered is not None


def _is_faint(seen: Seen, act: str) -> bool:
    """Whether an act was only guessed: no matter is withdrawn on that in a question."""
    return 0 < seen.reading.acts.get(act, 0.0) < bounds.MATTER


def _is_on_case(seen: Seen) -> bool:
    """A matter is spoken of that a further account belongs to; to a praise or an idea none does."""
    kind = (seen.frame.registered or {}).get("kind")
    is_after = seen.frame.topic == "ticket" or (seen.frame.topic == "none" and bool(kind) and seen.tells_more)
    return is_after and kind not in ("praise", "suggestion")


def _is_visit(seen: Seen) -> bool:
    """Somebody comes because of the matter that is spoken of."""
    return seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") in ("repair", "installation")


def _goes_on_with_case(seen: Seen) -> bool:
    """It is begun at once by its name, a complaint or what else is wanted, or belongs to the complaint spoken of."""
    is_named = seen.reading.is_sure and seen.reading.wanted not in (None, "install", "repair")
    return is_named or (_is_on_case(seen) and (seen.frame.registered or {}).get("kind") == "complaint")


def _is_no_other_wish(seen: Seen) -> bool:
    """Of a fault: what was heard besides comes of the installing, or of telling it."""
    is_named = seen.reading.wanted == "complain" and seen.reading.is_sure
    return seen.reading.wanted in (None, "install", "complain") and not is_named and not _is_on_case(seen)


def _adds_to_praise(seen: Seen) -> bool:
    """「工号好像是D308」 right after a praise was recorded."""
    kind = (seen.frame.registered or {}).get("kind")
    tells = (seen.names_staff or seen.reading.says("ask_own")) and not seen.asks_record
    return seen.frame.topic == "ticket" and kind in ("praise", "suggestion") and tells and not seen.is_question


def _changes_case(seen: Seen) -> bool:
    complains = seen.reading.wanted == "complain" and seen.reading.is_sure
    says_so = seen.reading.says("correct", "change_order") and not seen.moves_date
    is_change = says_so and not seen.is_question and not complains
    return seen.frame.topic == "ticket" and is_change and "order" not in seen.reading.values


def _tells_of_order(seen: Seen) -> bool:
    """「写着签收了，货影子都没有」 beside an order's number: what went wrong with it, besides its state."""
    tells = seen.reading.wanted == "complain" and seen.reading.says("story") and not seen.is_question
    return tells and "order" in seen.reading.values


def _is_angry(seen: Seen) -> bool:
    praise = seen.reading.acts.get("praise", 0.0)
    return seen.reading.says("anger") or seen.reading.acts.get("sarcasm", 0.0) > praise


def _hears_repair_only(seen: Seen) -> bool:
    """A fault is told, and nothing says that it shall be mended: an exchange or a refund may be what is wanted."""
    asks = seen.asks_mending or seen.wants_visit or seen.reading.acts.get("repair", 0.0) >= bounds.OUTRIGHT
    is_refused = seen.not_registered or seen.reading.denies("repair")
    return seen.reading.wanted == "repair" and not asks and not is_refused


def _tells_fault(seen: Seen) -> bool:
    """Something does not work as it should, however it is said, and it is the customer's own."""
    is_own = "bought" in seen.reading.shades or seen.reading.says("repair")
    return is_own and "tells_fault" in seen.reading.shades and not seen.reading.is_press


def _asks_of_fault(seen: Seen) -> bool:
    """「烤箱门关不上咋整」, 「转盘不转了还能修吗」: no article mends it, somebody who comes does."""
    asks = seen.reading.says("ask", "ask_own", "advice")
    return _tells_fault(seen) and asks and seen.frame.topic != "ticket" and not seen.reading.says("status")


def _makes_no_sense(seen: Seen) -> bool:
    """A yes, a no or a praise that nothing was asked for, in words that belong to no matter of ours."""
    if seen.tells_more and seen.is_account:
        return False
    is_guess = seen.reading.intent == "out_of_scope" and seen.reading.says("affirm", "deny", "choose", "praise")
    return is_guess and seen.question in ("", "open") and not seen.reading.values


def _wants_outright(seen: Seen) -> bool:
    """A matter that is surely wanted, and heard hardly less plainly than a wish that is called by its name."""
    wanted = seen.reading.wanted
    return seen.reading.is_sure and wanted is not None and seen.reading.acts[wanted] >= bounds.SURE_SENTENCE


def _is_of_no_matter(seen: Seen) -> bool:
    """「厦门地铁末班车几点」: a place or a time in a question about something else is none of ours."""
    is_other = seen.reading.says("offtopic") and seen.reading.intent == "out_of_scope"
    return is_other and bool(seen.reading.values) and set(seen.reading.values) <= {"place", "time", "quantity"}


def _goes_off(seen: Seen) -> bool:
    """「整明白了，撤了哈」 where nothing was registered that could be taken back."""
    is_nothing_open = seen.frame.registered is None and not seen.frame.suspended and seen.question not in YES_NO
    return seen.goes_off and seen.is_short and is_nothing_open


def _has_no_more(seen: Seen) -> bool:
    """「暂时没别的事了」: a no to anything else, whatever was said last; no answer to a yes or no that waits."""
    is_open = seen.question in ("", "open", "anything_else")
    return seen.nothing_more and seen.is_short and is_open and not (_wishes(seen) or seen.reading.values)


TALK: Rows = (
    ("not_understood", _makes_no_sense),
    ("stop", lambda s: s.not_registered and not (s.names_order or s.asks_beside or s.reading.denies("withdraw"))),
    ("out_of_scope", _is_of_no_matter),
    ("status", lambda s: s.contests_cancel and s.reading.wanted != "complain"),
    ("status", lambda s: s.reading.denies("cancel_order", "change_order") and s.awaits_answer),
    ("take_back", lambda s: s.wants_back or _wants_withdrawn(s)),
    ("call_back", lambda s: s.asks_call and s.reading.says("person")),
    ("call_back", lambda s: s.wants_call and not s.reading.denies("callback") and not _wants_outright(s)),
    ("price_protection", lambda s: s.claims_difference),
    ("check_complaint", lambda s: s.tells_misdeed and not _goes_on_with_case(s)),
    ("check_repair", lambda s: s.broke_after_install and _is_no_other_wish(s)),
    ("covered", lambda s: s.asks_covered and (not s.reading.is_sure or s.reading.wanted == "repair")),
    ("dispute", lambda s: s.reading.says("dispute")),
    ("hurry", lambda s: s.urges_order and not s.reading.is_sure),
    ("withdraw", lambda s: s.calls_off and _is_on_case(s) and not s.is_question),
    ("own_case", lambda s: s.asks_record and not s.reading.says("hurry") and not s.reading.is_sure),
    ("add_to_case", lambda s: s.frame.topic == "ticket" and s.adds_words and not s.is_question and not _gives_anew(s)),
    ("add_to_case", _adds_more),
    ("change_case", _changes_case),
    ("add_to_case", _adds_to_praise),
    ("add_to_case", lambda s: s.of_case and _is_on_case(s) and not (s.is_question or _wishes(s))),
    ("add_to_case", lambda s: _is_on_case(s) and s.reading.says("story") and not s.reading.is_sure),
    ("own_case", lambda s: _about_case(s) and s.is_question and _is_faint(s, "withdraw")),
    ("withdraw", lambda s: s.reading.says("withdraw") and not s.reading.is_sure),
    ("take_back", lambda s: s.reading.denies("withdraw") and not _wishes(s)),
    ("status", lambda s: _asks_of_refund(s) and not (s.reading.is_sure or s.reading.says("anger"))),
    ("complain", lambda s: s.reading.wanted == "complain" and s.reading.is_sure),
    ("compensate", lambda s: s.reading.says("compensate") and not s.reading.is_sure),
    ("hurry", lambda s: s.reading.says("hurry") and not s.reading.is_sure),
    ("praise", lambda s: s.wants_praise and not s.dispraises),
    ("check_repair", lambda s: s.tells_symptom and not s.dispraises and _hears_repair_only(s)),
    ("matter", lambda s: s.reading.is_sure),
    ("own_case", _about_own_case),
    ("resume", lambda s: s.reading.says("resume")),
    ("check_matter", _tells_of_order),
    ("check_repair", _asks_of_fault),
    ("question", lambda s: s.reading.asks_surely and not s.reading.values),
    ("status", lambda s: s.reading.says("status")),
    ("question", lambda s: s.reading.says("ask", "ask_own")),
    ("advice", lambda s: s.reading.says("advice")),
    ("check_matter", lambda s: s.reading.wanted is not None),
    ("later", lambda s: s.reading.says("later", "wait")),
    ("leave", lambda s: s.reading.says("bye")),
    (
        "check_repair",
        lambda s: (
            s.tells_symptom and not s.dispraises and s.reading.says("grumble", "story") and not s.reading.says("anger")
        ),
    ),
    ("anger", _is_angry),
    ("suggest", lambda s: s.reading.says("suggest")),
    ("check_repair", lambda s: s.reading.says("praise") and s.tells_undone and s.tells_symptom),
    ("grumble", lambda s: s.reading.says("praise") and (s.dispraises or s.tells_undone)),
    ("praise", lambda s: s.reading.says("praise")),
    ("grumble", lambda s: s.reading.says("grumble", "story")),
    ("stop", lambda s: s.reading.says("stop", "back", "submit")),
    ("correct", lambda s: s.reading.says("correct")),
    ("values", lambda s: bool(s.reading.values)),
    ("rate", lambda s: s.reading.says("choose") and s.reading.intent == "rate_service"),
    ("capabilities", lambda s: s.reading.says("capabilities")),
    ("challenge", lambda s: s.reading.says("challenge")),
    ("thank", lambda s: s.reading.says("thank")),
    ("greet", lambda s: s.reading.says("greet")),
    ("yes", lambda s: s.reading.says("affirm", "choose")),
    ("no", lambda s: s.reading.says("deny", "refuse", "has_none", "unknown")),
    ("denied", lambda s: s.reading.denies(*MATTERS, "person", "hurry", "withdraw", "danger")),
    ("out_of_scope", lambda s: s.reading.says("offtopic")),
    ("not_understood", lambda s: True),
)

WAITING = (URGENT, IN_QUEUE)
REGISTERING = (URGENT, PERSON, IN_FORM)
TALKING = (URGENT, PERSON, OPINION, OPEN_QUESTION, TALK)
"""The tables that are gone through, in this order."""

BESIDES = frozenset(
    {
        "person",
        "form_answer",
        "form_values",
        "form_submit",
        "form_correct",
        "complain",
        "matter",
        "check_matter",
        "hurry",
        "yes",
    }
)
"""Moves before which a question of the same message is answered."""
