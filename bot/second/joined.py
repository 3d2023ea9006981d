"""When a second reader is asked, and what its acts become beside the first reading. Every number has its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from bot.nlu.masking import LONGEST_TEXT
from bot.nlu.reader.decision import ALARM
from bot.nlu.reader.guard import denied
from bot.nlu.reader.labels import STARTING
from bot.second.port import Act
from zhtext import normalise_apart

Json = dict[str, Any]

CERTAIN: Final = 1.0
"""The confidence of the exact lexicon and of bare values."""
DANGERS: Final = frozenset({"danger", "injury"})
PERSONAL_QUESTIONS: Final = frozenset(
    f"field:{name}"
    for name in (
        "name",
        "buyer",
        "on_behalf_of",
        "staff_name",
        "invoice_title",
        "address",
        "new_value",
        "wechat",
    )
)
"""Questions that a name or an address answers in any words: no rule knows them all, so nothing said there is sent."""
STARTS_AT_MOST: Final = 0.65
"""What starts something stays below the bound from which it is begun without asking (actions/decide/bounds.py, OPEN):
the bot asks first, whatever words brought the second reader to it."""
SUREST: Final = 0.9
"""A model's own say of how sure it is counts up to here."""
REFUSAL: Final = "out_of_scope"
HARDLY_REFUSED: Final = 0.45
"""A refusal this faint takes no act away from what the second reader heard (actions/decide/bounds.py, UNHEARD)."""


def is_unsure(parsed: Mapping[str, Any], asked: str, below: float) -> bool:
    """Whether the first reader's most important act is fainter than the bound, or it heard nothing.

    Not where the exact lexicon or a danger decides, nor where the answer is personal by its question.
    """
    acts = (parsed.get("reading") or {}).get("acts") or {}
    if asked in PERSONAL_QUESTIONS or (parsed.get("intent") or {}).get("confidence") == CERTAIN:
        return False
    if any(one["confidence"] >= ALARM for one in _dangers(acts).values()):
        return False
    first = next(iter(acts.values()), None)
    return first is None or float(first["confidence"]) < below


def joined(parsed: Json, acts: Iterable[Act]) -> Json:
    """The parse result with the second reader's acts in place of the first's.

    Dangers that the first heard stay, and no matter starts that the words or the first reading deny. A refusal of the
    sentence by itself becomes no surer than what the second reader hears, or the decision would drop its acts as faint.
    """
    reading = parsed.get("reading") or {"acts": {}, "values": {}}
    refused = _refused(str(parsed.get("text") or ""), reading["acts"])
    heard = {act.name: _as_output(act, refused) for act in acts}
    kept = {name: _surer(one, heard.get(name)) for name, one in _dangers(reading["acts"]).items()}
    return {**parsed, "reading": {**reading, "acts": {**heard, **kept}}, "intent": _not_refused(parsed.get("intent"))}


def _refused(text: str, first: Mapping[str, Json]) -> Collection[str]:
    """The acts that must not start: denied by the words, or by the first reader."""
    said_not = {name for name, one in first.items() if one["polarity"] == "-"}
    return denied(normalise_apart(text[:LONGEST_TEXT])) | (said_not & STARTING)


def _as_output(act: Act, refused: Collection[str]) -> Json:
    most = STARTS_AT_MOST if act.name in STARTING else SUREST
    polarity = "-" if act.name in refused else act.polarity
    return {"polarity": polarity, "confidence": round(min(act.confidence, most), 3)}


def _dangers(acts: Mapping[str, Json]) -> dict[str, Json]:
    return {name: one for name, one in acts.items() if name in DANGERS and one["polarity"] == "+"}


def _surer(first: Json, second: Json | None) -> Json:
    if second is None or second["polarity"] == "-":
        return first
    return max(first, second, key=lambda one: float(one["confidence"]))


def _not_refused(intent: Json | None) -> Json | None:
    if not intent or intent.get("name") != REFUSAL:
        return intent
    return {**intent, "confidence": min(float(intent.get("confidence") or 0.0), HARDLY_REFUSED)}
