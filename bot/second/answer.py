"""What a second reader may answer: this shape, these acts, and nothing beside it."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from bot.errors import NotRead
from bot.nlu.reader.labels import ACTS
from bot.second.port import Act

Json = dict[str, Any]

MOST_ACTS: Final = 6
"""Writers of turns gave five acts to a message at most; a longer list is no reading."""
LIKELY: Final = 0.5
"""What it holds for less likely than not, it does not say."""
POLARITIES: Final = ("+", "-")
_FIELDS = {
    "act": {"type": "string", "enum": sorted(ACTS)},
    "polarity": {"type": "string", "enum": list(POLARITIES)},
    "confidence": {"type": "number"},
}
_ACT: Json = {
    "type": "object",
    "properties": _FIELDS,
    "required": list(_FIELDS),
    "additionalProperties": False,
}
SCHEMA: Final[Json] = {
    "type": "object",
    "properties": {"acts": {"type": "array", "items": _ACT}},
    "required": ["acts"],
    "additionalProperties": False,
}
"""Only what every server that promises JSON schemas knows; counts and ranges are checked here."""


def acts_of(content: str) -> tuple[Act, ...]:
    """The acts of an answer, in its order. Raises NotRead for anything else than an answer by SCHEMA."""
    answer = loaded(content)
    if not isinstance(answer, dict) or set(answer) != {"acts"} or not isinstance(answer["acts"], list):
        raise NotRead("garbage")
    if len(answer["acts"]) > MOST_ACTS:
        raise NotRead("garbage")
    acts = tuple(_act(one) for one in answer["acts"])
    if len({act.name for act in acts}) < len(acts):
        raise NotRead("garbage")
    return tuple(act for act in acts if act.confidence >= LIKELY)


def loaded(text: str) -> Any:
    """JSON and nothing around it. Raises NotRead."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotRead("garbage") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _act(given: Any) -> Act:
    if not isinstance(given, dict) or set(given) != set(_FIELDS):
        raise NotRead("garbage")
    name, polarity, confidence = given["act"], given["polarity"], given["confidence"]
    is_known = isinstance(name, str) and name in ACTS and polarity in POLARITIES
    is_number = isinstance(confidence, (int, float)) and not isinstance(confidence, bool)
    if not is_known or not is_number or not 0 <= confidence <= 1:
        raise NotRead("garbage")
    return Act(name, polarity, float(confidence))
