"""Long numbers as words, so that one number teaches about all of them.

A phone, an order number and a ticket number mean something by their kind, not by their digits:
without masking each is a handful of character n-grams never seen again.
"""

from __future__ import annotations

import re

from zhtext.values.phones import LIKE_MOBILE

_KINDS = (
    (re.compile(r"ts[\s-]?20\d{6}[\s-]?\d{4}"), "工单编号"),
    (re.compile(LIKE_MOBILE), "手机号码"),
    (re.compile(r"(?<!\d)\d{12,19}(?!\d)"), "订单编号"),
)


def mask_values(text: str) -> str:
    """The normalised text with phones, order and ticket numbers named by their kind."""
    for pattern, word in _KINDS:
        text = pattern.sub(word, text)
    return text
