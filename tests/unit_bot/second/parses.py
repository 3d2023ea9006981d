"""Parse results, and what stands in them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def parsed(text: str, acts: Json | None = None, **more: Any) -> Json:
    """A parse result; `acts`: act -> confidence, negative where it is denied."""
    heard = {
        name: {"polarity": "-" if sure < 0 else "+", "confidence": abs(sure)} for name, sure in (acts or {}).items()
    }
    return {
        "text": text,
        "intent": {"name": "ask_faq", "confidence": 0.4},
        "entities": [],
        "reading": {"acts": heard, "values": {}},
        **more,
    }


def acts_of(result: Json) -> dict[str, float]:
    """Act -> confidence, negative where it is denied."""
    return {
        name: one["confidence"] * (-1 if one["polarity"] == "-" else 1)
        for name, one in result["reading"]["acts"].items()
    }
