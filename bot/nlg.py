"""Which of several wordings is said, and how its fields are filled.

A turn that is tried again must say the same, so the wording follows from the message and the response's name instead of
chance; the wording said last is passed over where there is another.

Rasa's own filling is not used: it formats every brace of a button's payload, logs an exception for each one it cannot,
and shows customers a raw `{field}` or the word None.
"""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import TurnFailed

logger = logging.getLogger(__name__)

Json = dict[str, Any]
TURNS_REMEMBERED = 3  # the turn under way and the two that a state carries
_FIELD = re.compile(r"{([A-Za-z_][A-Za-z0-9_]*)}")


class SteadyGenerator(TemplatedNaturalLanguageGenerator):
    """Renders responses; the same message gets the same wording."""

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Json | None:
        """The filled response, or None where every variant has a condition and none holds. Raises TurnFailed."""
        if utter_action not in self.responses:
            raise TurnFailed("no_wording", f"no response is called {utter_action}")
        slots = tracker.current_slot_values()
        suitable = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not suitable:
            return None
        variants = [self.responses[utter_action].index(response) for response in suitable]
        variant = choose(variants, utter_action, message_of(tracker), last_variant(tracker, utter_action))
        filled = fill(self.responses[utter_action][variant], {**slots, **kwargs}, utter_action)
        return {**filled, "variant": variant}


def choose(variants: list[int], name: str, message_id: str, said_last: int | None) -> int:
    """One of the variants, by the message and the response's name; not the one said last if there is another."""
    digest = hashlib.sha256(f"{message_id}\0{name}".encode()).digest()
    fresh = [variant for variant in variants if variant != said_last] or variants
    return fresh[int.from_bytes(digest[:8], "big") % len(fresh)]


def message_of(tracker: DialogueStateTracker) -> str:
    """The message's id without its turn number: a second attempt has the same message and another turn."""
    message_id = tracker.latest_message.message_id if tracker.latest_message else None
    head, colon, _ = (message_id or "").rpartition(":")
    return head if colon else message_id or ""


def last_variant(tracker: DialogueStateTracker, name: str) -> int | None:
    """The variant of a response that was said last, as far back as a stored state reaches."""
    turns = 0
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get("utter_action") == name:
            return event.metadata.get("variant")
        turns += isinstance(event, UserUttered)
        if turns == TURNS_REMEMBERED:
            break
    return None


def fill(response: Mapping[str, Any], values: Mapping[str, Any], name: str) -> Json:
    """A copy of the response with its fields filled."""
    filled: Json = copy.deepcopy(dict(response))
    for key in ("text", "image"):
        if filled.get(key):
            filled[key] = fill_text(filled[key], values, name)
    if filled.get("custom"):
        filled["custom"] = fill_data(filled["custom"], values, name)
    for button in filled.get("buttons") or []:
        button["title"] = fill_text(button["title"], values, name)
        button["payload"] = fill_payload(button["payload"], values, name)
    return filled


def fill_text(text: str, values: Mapping[str, Any], name: str) -> str:
    """Fields replaced once: braces in a value stay what they are."""
    return _FIELD.sub(lambda match: str(_value(match.group(1), values, name, missing="")), text)


def fill_data(data: Any, values: Mapping[str, Any], name: str) -> Any:
    """Like text, through objects and lists; a string that is nothing but one field becomes the value itself."""
    if isinstance(data, dict):
        return {key: fill_data(value, values, name) for key, value in data.items()}
    if isinstance(data, list):
        return [fill_data(value, values, name) for value in data]
    if not isinstance(data, str):
        return data
    whole = _FIELD.fullmatch(data)
    return _value(whole.group(1), values, name, missing=None) if whole else fill_text(data, values, name)


def fill_payload(payload: str, values: Mapping[str, Any], name: str) -> str:
    """Values are escaped for the JSON they stand in; `{{` and `}}`, Rasa's way of writing braces, are allowed."""

    def escaped(match: re.Match[str]) -> str:
        value = str(_value(match.group(1), values, name, missing=""))
        return json.dumps(value, ensure_ascii=False)[1:-1]

    intent, brace, entities = payload.partition("{")
    if entities.startswith("{") and entities.rstrip().endswith("}}"):
        entities = entities.rstrip()[1:-1]
    return intent + brace + _FIELD.sub(escaped, entities)


def _value(field: str, values: Mapping[str, Any], name: str, missing: Any) -> Any:
    if field not in values:
        raise TurnFailed("no_wording", f"{name} needs {{{field}}}, which nobody gives")
    if values[field] is None:
        logger.warning("response %s was said without a value for {%s}", name, field)
        return missing
    return values[field]
