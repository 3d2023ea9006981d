"""Which news travels between processes, and which of its fields: names and numbers of rows, never anybody's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHARED: Mapping[str, tuple[str, ...]] = {
    "message": ("conversation_id", "message_id"),
    "conversation": ("conversation_id", "state"),
    "queue": (),
    "typing": ("conversation_id", "author", "on"),
    "looking": ("conversation_id", "staff_id"),
    "receipt": ("conversation_id", "author", "seq"),
    "recalled": ("conversation_id", "message_id"),
    "forgotten": ("conversation_id",),
    "answer_rated": ("conversation_id", "message_id", "helpful"),
    "offer": ("conversation_id", "staff_id"),
    "alarm": ("conversation_id",),
    "whisper": ("conversation_id",),
    "hold_over": ("conversation_id",),
    "presence": ("staff_id", "state"),
    "ticket": ("number",),
    "promise": ("promise_id", "state"),
    "warning": ("code", "number", "owner"),
    "staff": (),
}
"""All that a browser is told of. Whoever waits for an answer, and what is to be answered, asks the database instead."""


def packed(topic: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What of an announcement travels."""
    return {name: data[name] for name in SHARED[topic] if name in data}


def is_news(topic: object, data: object) -> bool:
    """Whether what came over a wire is news as one of us packs it: others may write there too."""
    if not isinstance(topic, str) or topic not in SHARED or not isinstance(data, dict):
        return False
    return set(data) <= set(SHARED[topic]) and all(isinstance(value, str | int | None) for value in data.values())
