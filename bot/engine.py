"""One turn: a conversation's state and an input in, replies and the new state out. Nothing is kept."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.model import get_latest_model
from rasa.shared.core.trackers import DialogueStateTracker

from bot import patches, state
from bot.channel import Replies
from bot.context import context_of
from bot.contract import Json, Pressed, Said, Started, Turn
from bot.endpoint import WHERE, ActionEndpoint
from bot.errors import ModelRefused, StateUnreadable, TurnFailed
from bot.processor import TurnProcessor
from bot.second.second import SecondReader

logger = logging.getLogger(__name__)

TURN_LIMIT = 8.0  # seconds for a whole turn, its actions included
CHANNEL = "worker"
UNREAD = frozenset({"text_tokens", "intent_ranking"})  # of a parse, by actions
_PROBE = "/restart"


class Engine:
    """A trained model, ready to answer turns of any conversation."""

    def __init__(
        self,
        processor: TurnProcessor,
        limit: float = TURN_LIMIT,
        tail_turns: int = state.TAIL_TURNS,
        second: SecondReader | None = None,
    ) -> None:
        self._processor = processor
        self._limit = limit
        self._tail_turns = tail_turns
        self.second = second

    @classmethod
    def load(cls, model: str, endpoint: ActionEndpoint, second: SecondReader | None = None) -> Engine:
        """Loads a model file, or the newest of a folder. Raises ModelRefused when there is none."""
        path = get_latest_model(model) if Path(model).is_dir() else model
        if not path or not Path(path).is_file():
            raise ModelRefused(f"no trained model at {model}")
        patches.install()
        return cls(TurnProcessor(Path(path), endpoint), second=second)

    @property
    def model_id(self) -> str:
        """Names the training run of the model."""
        return self._processor.model_id

    @property
    def endpoint(self) -> ActionEndpoint:
        """Where the model's custom actions run."""
        return self._processor.endpoint

    async def close(self) -> None:
        """Gives back the connections."""
        await self.endpoint.close()
        if self.second is not None:
            await self.second.close()

    async def warm_up(self) -> None:
        """Parses one message, so that no customer waits for lazy loading. Raises ModelRefused for an unsafe pipeline.

        The message is a command in Rasa's own notation: should the pipeline turn the full-width slash back
        into a plain one, any customer could type intents.
        """
        intent = (await self._parse(_PROBE, "warm-up:0", {}))["intent"]
        if intent.get("name") == _PROBE[1:] and intent.get("confidence") == 1.0:
            raise ModelRefused("its pipeline lets a customer type an intent")

    async def turn(self, turn: Turn) -> Json:
        """The answer to a turn, as the contract gives it. Raises TurnFailed."""
        started = time.perf_counter()
        try:
            answer = await asyncio.wait_for(self._answer(turn), self._limit)
        except asyncio.TimeoutError as error:
            raise TurnFailed("turn_timeout", f"no answer in {self._limit:g} s") from error
        except Exception as error:
            logger.exception("turn conversation=%s failed inside Rasa", turn.conversation)
            raise TurnFailed("engine_error", type(error).__name__) from error
        logger.info("turn conversation=%s ms=%.0f", turn.conversation, (time.perf_counter() - started) * 1000)
        return answer

    async def _answer(self, turn: Turn) -> Json:
        WHERE.set(turn.actions)  # of this turn's task alone
        tracker, was_reset = self._tracker(turn)
        state.set_facts(tracker, turn.facts)
        message = await self._message(turn, tracker)
        understood = None if isinstance(turn.input, Started) else _understood(message.parse_data)
        await self._handle(message, tracker)
        answer: Json = {
            "replies": message.output_channel.replies,
            "understood": understood,
            "state": state.freeze(tracker, self._processor.domain, self.model_id, self._tail_turns),
        }
        return {**answer, "state_reset": True} if was_reset else answer

    async def _handle(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        self._processor.turns.begin(tracker)
        await self._processor.handle_message(message)
        if not message.output_channel.replies:
            raise TurnFailed("no_reply", f"nothing was said to {message.parse_data['intent'].get('name')}")

    def _tracker(self, turn: Turn) -> tuple[DialogueStateTracker, bool]:
        """The conversation's tracker, and whether its stored state had to be given up."""
        domain = self._processor.domain
        if turn.state is None:
            return state.fresh(turn.conversation, domain), False
        try:
            return state.thaw(turn.state, turn.conversation, domain), False
        except StateUnreadable as error:
            logger.error("conversation=%s begins afresh, its state is unreadable: %s", turn.conversation, error)
            return state.fresh(turn.conversation, domain), True

    async def _message(self, turn: Turn, tracker: DialogueStateTracker) -> UserMessage:
        """The input as Rasa takes it. Only words are text: a title given as text would fill a from_text slot."""
        metadata = {"facts": turn.facts}
        parse_data = await self._understand(turn, tracker, metadata)
        return UserMessage(
            parse_data["text"],
            output_channel=Replies(),
            sender_id=turn.conversation,
            parse_data={**parse_data, "message_id": turn.message_id, "metadata": metadata},
            input_channel=CHANNEL,
            message_id=turn.message_id,
            metadata=metadata,
        )

    async def _understand(self, turn: Turn, tracker: DialogueStateTracker, metadata: Json) -> dict[str, Any]:
        given = turn.input
        if isinstance(given, Started):
            return _certain(f"start_{given.how}", {})
        if isinstance(given, Pressed) and given.intent in self._processor.domain.intents:
            return {**_certain(given.intent, given.entities), "title": given.title}
        text = given.text if isinstance(given, Said) else given.title
        context = context_of(tracker, turn.facts)
        parsed = await self._parse(text, turn.message_id, {**metadata, "context": context})
        if self.second is None or not isinstance(given, Said):
            return parsed
        return await self.second.heard(parsed, context, (tracker.current_slot_values(), turn.facts))

    async def read(self, text: str, context: Json) -> Json:
        """What the reader makes of one message in a context {asked, topic, bot}, outside any conversation."""
        return (await self.parsed(text, context)).get("reading") or {"acts": {}, "values": {}}

    async def parsed(self, text: str, context: Json) -> Json:
        """All that is understood of one message in such a context."""
        return await self._parse(text, "read:0", {"context": context})

    async def _parse(self, text: str, message_id: str, metadata: Json) -> dict[str, Any]:
        """What the pipeline understands, of the whole and, where it is several things, of each: `steps`."""
        parsed = await self._parse_one(text, message_id, metadata)
        parts = parsed.pop("apart", None) or ()
        steps = [await self._parse_one(part, message_id, metadata) for part in parts]
        return {**parsed, "steps": steps} if steps else parsed

    async def _parse_one(self, text: str, message_id: str, metadata: Json) -> dict[str, Any]:
        """Rasa executes a text that begins with a slash, so it is not shown one."""
        guarded = "／" + text[1:] if text.startswith("/") else text
        parsed = await self._processor.parse_message(UserMessage(guarded, message_id=message_id, metadata=metadata))
        return _lean({**parsed, "text": text})


def _lean(parsed: dict[str, Any]) -> dict[str, Any]:
    """Without what no action reads: tokens and rankings went over the wire twice with every call."""
    return {key: value for key, value in parsed.items() if key not in UNREAD}


def _certain(intent: str, entities: Json) -> dict[str, Any]:
    return {
        "text": None,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }


def _understood(parse_data: dict[str, Any] | None) -> Json:
    data = parse_data or {}
    intent = data.get("intent") or {}
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "entities": data.get("entities") or [],
    }
