"""Rows at an open question of ours outside a form."""

from __future__ import annotations

from actions.decide import bounds
from actions.decide.acts import (
    CANNOT_TELL,
    CONTACT,
    FEELINGS,
    LISTS,
    MANNERS,
    NUMBERS,
    QUESTIONS,
    YES_NO_QUESTIONS,
    Rows,
)
from actions.decide.reading import MATTERS
from actions.decide.seen import Fit, Seen
from actions.decide.signs import (
    asks_of_own,
    asks_only_of_matter,
    gives_anew,
    goes_off,
    goes_on,
    has_no_more,
    is_on_case,
    is_visit,
    is_wrong_matter,
    tells_fault,
    wants_somebody,
    wishes,
)
from helpdesk.model.frame import VALUES, YES_NO
from helpdesk.model.ticket import VISITS

OF_AN_OFFER = ("affirm", "deny", "refuse", "dispute", "grumble")
OPINION: Rows = (
    ("rate", lambda s: s.gives_score and s.question == "rating"),
    ("answer_offer", lambda s: s.owes_answer_to_offer and s.is_short and s.reading.says(*OF_AN_OFFER)),
    ("dispute", lambda s: s.owes_opinion and s.is_short and s.reading.says("deny", "grumble", "dispute")),
    ("satisfied", lambda s: s.owes_opinion and s.is_short and s.reading.says("affirm", "thank", "praise")),
)
"""A result was told, or an offer made, and waits for a word of the customer."""


ACTS_OF_WISHES = frozenset({*QUESTIONS, "hurry", "withdraw", "dispute"})
"""What may be wished beside a matter of its own; of these the first counts."""


def _goes_on_about_product(seen: Seen) -> bool:
    """「大的那个多少钱」, 「洗得动被子不」 after what was shown."""
    goes_on = seen.reading.says("choose") or (seen.is_question and "place" not in seen.reading.values)
    is_other = wishes(seen) and not (seen.reading.first(ACTS_OF_WISHES) == "advice" and seen.reading.wanted is None)
    return seen.question == "advice" and goes_on and not (seen.reading.is_press or is_other)


def _takes_offer(seen: Seen) -> bool:
    """What we offered is taken up; another matter that is wanted outright comes first."""
    is_other = seen.reading.wanted not in (None, "callback") and seen.reading.is_sure
    if seen.frame.looked_for or seen.frame.question.get("otherwise"):
        return seen.takes_offer and not is_other
    return seen.takes_offer and seen.reading.wanted is None and not seen.awaits_answer


def _waits(seen: Seen, kind: str) -> bool:
    """Whether what was set aside last is of this kind."""
    return bool(seen.frame.suspended) and seen.frame.suspended[-1]["slots"].get("kind") == kind


def _writes_down(seen: Seen) -> bool:
    """「那你记下来吧」 after what was told, where no offer of ours waits for a yes."""
    is_open = seen.question not in YES_NO and seen.question != "offer_service"
    return seen.writes_down and seen.has_told and is_open and not wishes(seen)


def _takes_note(seen: Seen) -> bool:
    """「知道了，谢谢」 where a number was asked for: it can wait, and nothing was misunderstood."""
    acts = seen.reading.acts
    notes = max(acts.get("affirm", 0.0), acts.get("thank", 0.0))
    cannot = max(acts.get(one, 0.0) for one in CANNOT_TELL)
    return notes > max(0.0, cannot) and not seen.reading.values and not wishes(seen)


def _tells_on_of_case(seen: Seen) -> bool:
    """「还有门口有台阶，师傅带个小推车」 at whether there is anything else: what there is is told at once."""
    return is_on_case(seen) and seen.is_account and seen.reading.says("affirm") and not seen.is_question


def _is_for_worker(seen: Seen) -> bool:
    """「让师傅先打我老婆电话139…」: whoever comes learns it, and no number of the customer's is put right."""
    is_told = "phone" in seen.reading.values or not gives_anew(seen)
    return seen.to_worker and is_visit(seen) and is_told and not (seen.is_question or seen.calls_off)


def _asks_how_far_instead(seen: Seen) -> bool:
    """「登记啥投诉，我问退款到哪了」: no to what was offered, for something else is asked."""
    reading = seen.reading
    looks_up = reading.intent in ("check_ticket", "check_order") and reading.sure >= SURE_OF_LOOKING
    return seen.awaits_answer and reading.says("deny") and ("refund_due" in reading.shades or looks_up)


def _nobody_came(seen: Seen) -> bool:
    """「约好上午修空调，人呢」: who should have come or called did not; no fault, no praise."""
    other = ("correct", "withdraw", "person", "praise", "thank")
    is_other = seen.reading.is_press or seen.reading.is_sure or seen.reading.says(*other)
    is_other = is_other or ("asks_where" in seen.reading.shades and seen.frame.topic == "order")
    return "no_show" in seen.reading.shades and not is_other and seen.question != "ticket_number"


def _tells_another_hour(seen: Seen) -> bool:
    """「我四点都接不了 五点以后再打」 after a call was registered, of which nothing else was surely heard."""
    is_call = seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") == "callback"
    is_heard_else = any(abs(sure) >= bounds.OPEN for sure in seen.reading.acts.values())
    return is_call and "time" in seen.reading.values and not (seen.is_question or is_heard_else)


def _moves_case(seen: Seen) -> bool:
    """「改后天行不行」 of a visit or a delivery that is registered here; any other kind has no day of its own."""
    return seen.moves_date and seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") in HAVE_A_DAY


def _asks_if_day_suits(seen: Seen) -> bool:
    """「后天行不行」 right after a visit was registered: on another day."""
    is_case = seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") in HAVE_A_DAY
    is_time = set(seen.reading.values) == {"time"} and seen.suits and seen.is_short
    return is_case and is_time and not seen.reading.is_sure


def _declines(seen: Seen) -> bool:
    """A no; one that is heard but faintly in 「还有别的净化器吗」 or in 「欺人太甚」 is none."""
    acts = seen.reading.acts
    informs = seen.reading.intent == "inform" and seen.reading.sure >= bounds.SURE_OF_QUESTION
    no, feels = (max(acts.get(act, 0.0) for act in of) for of in (("deny", "refuse"), FEELINGS))
    return no > (bounds.MATTER if seen.is_question else bounds.INTENT if feels > no or informs else 0.0)


def _is_of_something_else(seen: Seen) -> bool:
    """Another matter is wished, or it is asked where the goods of a known order are, right after one was registered."""
    asks_of_goods = "asks_where" in seen.reading.shades and (seen.frame.registered or {}).get("kind") not in VISITS
    return asks_of_goods or (seen.reading.is_sure and seen.reading.wanted != "callback")


def _is_other_matter(seen: Seen) -> bool:
    """「登错了，我要的是换货」 right after a return was registered."""
    wanted, kind = seen.reading.wanted, (seen.frame.registered or {}).get("kind")
    return is_wrong_matter(seen) and is_on_case(seen) and wanted is not None and MATTERS[wanted] != kind


def _has_case(seen: Seen) -> bool:
    """Something was registered or waits, or is asked after as if it were: 「念一下你登记了我啥」."""
    return bool(seen.frame.registered or seen.frame.suspended) or seen.reading.intent == "check_ticket"


def _wants_data(seen: Seen) -> bool:
    """Something is wished done with one's own data; no yes to an offer, no reading out of a case."""
    is_of_case = seen.asks_record and _has_case(seen)
    is_yes = seen.reading.says("affirm") and seen.question in YES_NO_QUESTIONS
    return seen.wants_data and seen.reading.wanted != "complain" and not (is_of_case or is_yes)


def _may_be_hurried(seen: Seen) -> bool:
    """A registered matter is spoken of, or it was just offered to hurry the order."""
    return seen.frame.topic == "ticket" or seen.question in ("offer_hurry", "keep_form")


def _takes_hurry(seen: Seen) -> bool:
    """「搞快点嘛，屋头衣服堆成山了」, 「说好23号，今天都24号了」 where it was just offered to hurry."""
    is_reproach = seen.is_account and not (
        seen.is_question or seen.reading.is_sure or seen.reading.says("cancel_order")
    )
    is_urged = seen.question == "offer_hurry" and (seen.reading.intent == "urge_ticket" or is_reproach)
    return is_urged and not (seen.reading.says("deny", "refuse", "person") or seen.reading.denies("hurry"))


def _tells_on_at_offer(seen: Seen) -> bool:
    """「他讲不关他事，还挂我电话」 where it was just offered to register what was told before: the account goes on."""
    is_offer = seen.question == "offer_service" and bool(seen.frame.question.get("act"))
    ends = seen.reading.says("affirm", "refuse", "person", "thank", "bye", "stop", "withdraw", "correct")
    tells_of_it = seen.reading.values or seen.tells_undone or seen.tells_misdeed  # 「他讲不关他的事」 is no no
    ends = ends or (seen.reading.says("deny") and not tells_of_it)
    is_other = seen.reading.is_sure or seen.reading.says("ask", "ask_own", "hurry", "dispute") or seen.is_question
    goes_on = seen.has_told and (seen.reading.is_silent or seen.reading.first(MANNERS) == "offtopic")
    tells = (seen.is_account or goes_on) and not (seen.awaits_answer or seen.reading.is_press)
    return is_offer and tells and not (ends or is_other)


def _gives_what_is_needed(seen: Seen) -> bool:
    """A phone, a place, or the order's number after what was told of it, at the offer to register: go on."""
    told = set(seen.reading.values)
    is_needed = CONTACT & told or ("order" in told and seen.has_told and not seen.is_question)
    return seen.question == "offer_service" and bool(is_needed) and not wishes(seen)


def _wants_repair_too(seen: Seen) -> bool:
    """「我要师傅上门修，单子另外写」 beside a matter of another kind: a repair of its own, no addition to that one."""
    is_other = seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") not in VISITS
    is_denied = seen.reading.denies("repair") or seen.calls_off or seen.reading.says("withdraw")
    return is_other and seen.wants_repair and not is_denied


HAVE_A_DAY = VISITS | {"order_change"}
SURE_OF_LOOKING = 0.8
"""How sure of the intent alone one must be to look up a matter that the reader did not hear."""
OPEN_QUESTION: Rows = (
    ("no", lambda s: s.question == "withdraw" and goes_on(s)),
    ("add_to_case", lambda s: s.for_case),
    ("strike_from_case", lambda s: s.strikes),
    ("change_kind", lambda s: s.rechooses),
    ("own_question", lambda s: asks_only_of_matter(s) and not _is_of_something_else(s)),
    (
        "advice",
        lambda s: s.asks_product and not (tells_fault(s) or s.reading.is_sure or s.reading.says("praise", "thank")),
    ),
    ("change_case", lambda s: _moves_case(s) or _asks_if_day_suits(s)),
    ("change_case", lambda s: s.question == "case_fields" and bool(s.reading.values) and not s.is_question),
    ("overdue", lambda s: s.overdue and s.frame.topic != "ticket" and not s.reading.is_sure),
    ("hurry", _nobody_came),
    ("reach", lambda s: s.asks_reach and s.frame.topic != "ticket"),
    ("withdraw", lambda s: "voids" in s.reading.shades and is_on_case(s) and not (s.is_question or s.sets_right)),
    ("matter", _is_other_matter),
    ("data_request", _wants_data),
    ("change_case", lambda s: _tells_another_hour(s)),
    ("hurry", lambda s: s.hurries and _may_be_hurried(s) and not s.reading.denies("hurry")),
    ("add_to_case", _is_for_worker),
    ("ticket_again", lambda s: s.goes_unchanged and s.question == "ticket_number"),
    ("change_case", lambda s: s.sets_right and not (s.reading.is_sure and s.reading.wanted != "callback")),
    (
        "own_case",
        lambda s: s.asks_record and (_has_case(s) or s.frame.topic == "ticket"),
    ),
    ("agreed", lambda s: s.asks_agreed),
    ("drop", lambda s: s.drops and bool(s.frame.suspended) and not asks_of_own(s)),
    ("take_offer", _takes_offer),
    ("write_down", lambda s: _writes_down(s)),
    ("yes", _gives_what_is_needed),
    ("yes", lambda s: s.question == "offer_service" and s.starts_with_yes and not s.reading.says("deny", "refuse")),
    ("repair", lambda s: _wants_repair_too(s)),
    ("ticket_given", lambda s: s.question == "ticket_choice" and "ticket" in s.reading.values),
    ("rate", lambda s: s.gives_score),
    ("leave", lambda s: s.reading.says("bye") and s.question not in YES_NO and not wishes(s)),
    ("leave", lambda s: has_no_more(s) or goes_off(s)),
    ("not_helped", lambda s: s.not_helped and not wishes(s)),
    ("no", lambda s: s.question == "rating" and s.reading.says("refuse", "deny")),
    ("reason", lambda s: s.question == "dispute_reason" and not s.reading.says("bye", "stop", "back")),
    ("choose", lambda s: bool(s.frame.choices) and s.reading.says("choose") and not s.reading.is_press),
    ("advice", _goes_on_about_product),
    ("none_of_these", lambda s: s.question in LISTS and s.reading.says("deny") and not wishes(s)),
    ("value", lambda s: s.question in VALUES and s.fit is Fit.VALUE and not s.reading.is_press),
    ("number_later", lambda s: s.question in NUMBERS and _takes_note(s)),
    ("no_value", lambda s: s.question in NUMBERS and s.reading.says(*CANNOT_TELL) and not wishes(s)),
    ("question", lambda s: s.is_question and s.frame.topic.startswith("faq:") and not s.reading.is_press),
    (
        "resume",
        lambda s: bool(s.frame.suspended) and (s.reading.says("resume") or s.finishes_first) and not wishes(s),
    ),
    (
        "resume",
        lambda s: s.asks_mending and _waits(s, "repair") and not (wishes(s) or s.is_question or s.reading.says("deny")),
    ),
    ("hurry", _takes_hurry),
    ("tell_on", _tells_on_at_offer),
    ("add_to_case", _tells_on_of_case),
    ("yes", lambda s: s.question == "offer_service" and s.told_already and not wishes(s)),
    ("yes", lambda s: s.question == "offer_service" and wants_somebody(s) and not s.reading.says("deny", "refuse")),
    ("thank", lambda s: s.question == "anything_else" and s.reading.says("thank") and s.reading.says("affirm")),
    ("yes", lambda s: s.question in YES_NO_QUESTIONS and s.reading.says("affirm") and not (wishes(s) or s.is_number)),
    ("yes", lambda s: s.question == "offer_complaint" and s.reading.denies("cancel_order") and not s.is_question),
    ("status", _asks_how_far_instead),
    ("no", lambda s: s.question in YES_NO_QUESTIONS and _declines(s) and not wishes(s)),
)
