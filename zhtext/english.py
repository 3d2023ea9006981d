"""Whether a message is written in English: words of everyday sentences, and no Chinese."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")
_ADDRESSES = re.compile(r"\S*[@/_\d]\S*")
_COMMON = re.compile(
    "i|my|me|we|our|you|your|it|is|are|am|was|the|an?|to|for|of|in|on|and|or|not?|do|does|did|can|could|would|will|"
    "what|where|when|why|how|which|who|please|need|want|ha(?:ve|s)|help|get|got|this|that|with|from|about|been|there|"
    "they|hi|hello|hey|thanks?|i'[a-z]+|it's|don't|can't|didn't|doesn't|isn't"
)
_FEWEST = 2
_SHORTEST = 3


def is_english(text: str) -> bool:
    """At least three words of which two are among the commonest, or two with one; a name or a model is none."""
    said = _ADDRESSES.sub(" ", text.lower())
    words = _WORDS.findall(said)
    if _HAN.search(text) or len(words) < _FEWEST:
        return False
    common = sum(_COMMON.fullmatch(word) is not None for word in words)
    return common >= (1 if len(words) <= _SHORTEST else 2)
