"""What a message does, as far as rows of several tables ask for it."""

from __future__ import annotations

from actions.decide import bounds
from actions.decide.acts import QUESTIONS
from actions.decide.reading import MATTERS
from actions.decide.seen import Seen
from helpdesk.model.frame import YES_NO


def asks_of_own(seen: Seen) -> bool:
    """「登记了没」: nothing is thrown away on a question about it."""
    return seen.asks_record or seen.reading.says("ask_own")


def asks_only_of_matter(seen: Seen) -> bool:
    """Something is asked of the matter, and nothing told or put right beside it."""
    tells = seen.brings or seen.sets_right or seen.changes or seen.reading.says("submit")
    return seen.own_question is not None and not tells


def is_wrong_matter(seen: Seen) -> bool:
    """「我说的是退货，不是取消」: what is registered is not what was wished."""
    is_outcome = seen.frame.kind == "complaint" and not seen.denies_own_matter  # 「我不是要道歉，我要退货」
    return "wrong_matter" in seen.reading.shades and not (seen.reading.is_press or is_outcome or seen.added)


def contradicts(seen: Seen) -> bool:
    """Whether the other matter that is wanted cannot be done beside this one: nobody mends what goes back."""
    other = seen.other_matter
    return (
        other is not None and MATTERS[other] in WITH_ONE_THING and seen.frame.kind in (*WITH_ONE_THING, "order_change")
    )


WITH_ONE_THING = frozenset({"refund", "exchange", "repair"})
"""What is done with one and the same thing, one of them at a time."""


def wishes(seen: Seen) -> bool:
    return (
        seen.reading.wanted is not None
        or seen.claims_difference
        or seen.reading.says(*QUESTIONS, "hurry", "withdraw", "dispute")
    )


def gives_anew(seen: Seen) -> bool:
    """A value is put right: 「四点接不了，五点以后再打」."""
    return seen.reading.says("correct") and bool(seen.reading.values)


def asks_of_refund(seen: Seen) -> bool:
    """「退货都签收半个月了，钱呢」: of money that is owed back; 「付款一直失败怎么回事」 asks what a rule says."""
    is_broken = seen.reading.says("repair") or seen.reading.intent in (
        "express_anger",
        "file_complaint",
        "request_repair",
    )
    asks_rule = seen.reading.acts.get("ask", 0.0) >= bounds.SURE_SENTENCE and seen.reading.intent == "ask_faq"
    is_of_own = seen.reading.says("status", "hurry", "grumble", "ask_own", "anger", "story", "complain")
    asks_rule = asks_rule or (
        seen.reading.sounds_asked and seen.reading.sure >= bounds.OPEN and not is_of_own
    )  # 「我想了解一下退货流程」
    return "refund_due" in seen.reading.shades and not (asks_rule or (seen.tells_symptom and is_broken))


def goes_on(seen: Seen) -> bool:
    """「等等，还是打吧」: what is to be withdrawn shall go on after all."""
    return "goes_on" in seen.reading.shades and not seen.reading.is_press


def is_on_case(seen: Seen) -> bool:
    """A matter is spoken of that a further account belongs to; to a praise or an idea none does."""
    kind = (seen.frame.registered or {}).get("kind")
    is_after = seen.frame.topic == "ticket" or (seen.frame.topic == "none" and bool(kind) and seen.tells_more)
    return is_after and kind not in ("praise", "suggestion")


def is_visit(seen: Seen) -> bool:
    """Somebody comes because of the matter that is spoken of."""
    return seen.frame.topic == "ticket" and (seen.frame.registered or {}).get("kind") in ("repair", "installation")


def tells_fault(seen: Seen) -> bool:
    """Something does not work as it should, however it is said, and it is the customer's own."""
    shades, is_press = seen.reading.shades, seen.reading.is_press
    is_heard_twice = "bought" in shades and seen.reading.says("repair")  # 「烤箱门关不上咋整」
    is_own = "bought" in shades or seen.reading.says("repair")
    return (is_heard_twice or (is_own and "tells_fault" in shades)) and not is_press


def wants_somebody(seen: Seen) -> bool:
    """「那你们派人来看看嘛」 of what was told before: somebody is to come and look."""
    is_wished = seen.wants_visit or seen.asks_mending
    return is_wished and seen.has_told and not (seen.reading.is_press or seen.reading.is_sure)


def goes_off(seen: Seen) -> bool:
    """「整明白了，撤了哈」 where nothing was registered that could be taken back."""
    is_nothing_open = seen.frame.registered is None and not seen.frame.suspended and seen.question not in YES_NO
    return seen.goes_off and seen.is_short and is_nothing_open


def has_no_more(seen: Seen) -> bool:
    """「暂时没别的事了」: a no to anything else, whatever was said last; no answer to a yes or no that waits."""
    is_open = seen.question in ("", "open", "anything_else")
    return seen.nothing_more and seen.is_short and is_open and not (wishes(seen) or seen.reading.values)
