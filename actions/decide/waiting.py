"""Rows while a person is waited for."""

from __future__ import annotations

from actions.decide import bounds
from actions.decide.acts import FEELINGS, Rows
from actions.decide.reading import MATTERS
from actions.decide.seen import Seen

NUMBERS_TOLD = frozenset({"order", "ticket", "phone", "name"})
"""Values that are told for whoever takes over."""
WONDERS = ("ask_own", "hurry", "status", "unclear", "why", "greet")
IN_QUEUE: Rows = (
    ("queue_leave_for", lambda s: _leaves_queue(s) and _wants_beyond_queue(s)),
    ("queue_note", lambda s: s.contact_way is not None),
    ("queue_record", lambda s: s.asks_record or s.asks_agreed),
    ("queue_submit", lambda s: (s.reading.says("submit") or s.only_submits) and not s.is_question),
    ("queue_leave", lambda s: _leaves_queue(s) or _gives_up_waiting(s)),
    ("queue_note", lambda s: _tells_when(s)),
    ("queue_wish", lambda s: s.reading.is_sure and s.reading.wanted != "callback"),
    ("queue_answer", lambda s: s.reading.says("ask", "advice") and not NUMBERS_TOLD & set(s.reading.values)),
    ("queue_order", lambda s: s.reading.says("status") and "order" in s.reading.values),
    ("queue_note", lambda s: bool(s.reading.values) or s.reading.says("story", "answer", "correct", *MATTERS)),
    ("queue_place", lambda s: s.is_question or s.reading.says(*WONDERS, *FEELINGS)),
    ("queue_welcome", lambda s: s.reading.says("thank", "praise")),
    ("queue_receipt", lambda s: True),
)


def _leaves_queue(seen: Seen) -> bool:
    stays = seen.reading.intent == "goodbye" and seen.reading.sure < bounds.SURE_SENTENCE  # 「没得了 就这样」
    is_off = seen.reading.says("bye") and not stays
    return seen.leaves_queue or seen.reading.denies("person") or seen.reading.says("stop") or is_off


def _wants_beyond_queue(seen: Seen) -> bool:
    """「不等了，你帮我换一台吧」, 「取消排队，那你记下来」: something else is wished in the same breath."""
    asks = seen.is_question and seen.reading.says("ask_own", "status", "ask")
    return seen.reading.wanted is not None or seen.writes_down or seen.asks_record or asks


def _tells_when(seen: Seen) -> bool:
    """「能不能礼拜六下午来」 of what is waited for: no order is named that would be changed."""
    names_order = seen.names_order or "order" in seen.reading.values
    return seen.reading.wanted == "change_order" and bool(seen.reading.values) and not names_order


def _gives_up_waiting(seen: Seen) -> bool:
    return seen.reading.says("deny", "later") and seen.is_short
