"""A message as the models see it: normalised, cut, and long numbers as words, so that one teaches about all of them.

A phone, an order number and a ticket number mean something by their kind, not by their digits:
without masking each is a handful of character n-grams never seen again.
"""

from __future__ import annotations

import re

from zhtext import normalise_clauses
from zhtext.values.phones import LIKE_MOBILE

# What a customer wants is said within the first sentences; a pasted page costs no more.
LONGEST_TEXT = 300

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


def prepared(text: str) -> str:
    """The text as the models see it, in training and in use."""
    return mask_values(normalise_clauses(text[:LONGEST_TEXT]))
