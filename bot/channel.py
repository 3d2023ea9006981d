"""Collects what the bot says: one reply for each utterance, whole and in order.

Rasa's own collecting channel splits one utterance with text, buttons and custom data into several messages, and text at
blank lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.errors import TurnFailed

Json = dict[str, Any]
_AS_THEY_ARE = ("text", "image", "custom")


class Replies(OutputChannel):
    """The replies of one turn."""

    def __init__(self) -> None:
        self.replies: list[Json] = []

    @classmethod
    def name(cls) -> str:
        return "worker"

    async def send_response(self, recipient_id: str, message: Json) -> None:
        reply = reply_of(message)
        if reply:
            self.replies.append(reply)


def reply_of(message: Mapping[str, Any]) -> Json:
    """The parts of an utterance that a customer gets; empty when there are none."""
    reply: Json = {key: message[key] for key in _AS_THEY_ARE if message.get(key)}
    if message.get("buttons"):
        reply["buttons"] = [_choice(button) for button in message["buttons"]]
    return reply


def _choice(button: Mapping[str, Any]) -> Json:
    title = str(button.get("title") or "")
    intent, entities = parse_payload(button.get("payload"))
    if not title:
        raise TurnFailed("bad_button", f"a button for {intent} has no title")
    return {"title": title, "press": {"intent": intent, "entities": entities, "title": title}}


def parse_payload(payload: object) -> tuple[str, Json]:
    """`/intent` or `/intent{"entity": "value"}`, the payloads of Rasa's buttons. Raises TurnFailed."""
    if not isinstance(payload, str) or not payload.startswith("/"):
        raise TurnFailed("bad_button", f"not a payload: {payload!r}")
    intent, brace, rest = payload[1:].partition("{")
    entities = _entities(brace + rest) if brace else {}
    if not intent.strip():
        raise TurnFailed("bad_button", f"a payload without an intent: {payload!r}")
    return intent.strip(), entities


def _entities(text: str) -> Json:
    try:
        entities = json.loads(text)
    except ValueError as error:
        raise TurnFailed("bad_button", f"entities of a payload: {error}") from error
    if not isinstance(entities, dict):
        raise TurnFailed("bad_button", "the entities of a payload are an object")
    return entities
