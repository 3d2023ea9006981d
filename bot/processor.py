"""Rasa's message processor, made to fail loudly and to keep no clock of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES, SlotMappingType
from rasa.shared.core.domain import Domain, SessionConfig
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.endpoint import ActionEndpoint
from bot.errors import TurnFailed
from bot.graph import OrderedGraphRunner
from bot.nlg import SteadyGenerator
from bot.tracker_store import TurnTrackerStore

NEVER_EXPIRES = SessionConfig(session_expiration_time=0, carry_over_slots=True)


class TurnProcessor(MessageProcessor):
    """What `Agent.load` would build, without its fail-safe tracker store and with every error fatal to the turn."""

    def __init__(self, model_path: Path, endpoint: ActionEndpoint) -> None:
        generator, store = SteadyGenerator({}), TurnTrackerStore()
        super().__init__(
            model_path=model_path,
            tracker_store=store,
            lock_store=InMemoryLockStore(),  # only reminders take locks, and there are none
            generator=generator,
            action_endpoint=endpoint,
            on_circuit_break=_circuit_break,
        )
        self.graph_runner = OrderedGraphRunner.like(self.graph_runner)
        self._extracts_slots = extracts_slots(self.domain)
        self.turns = store
        self.endpoint = endpoint
        self.domain.session_config = NEVER_EXPIRES  # the service decides when a session is new
        store.domain = self.domain
        generator.responses = self.domain.responses
        endpoint.use_model(self.domain, self.model_id)

    @property
    def model_id(self) -> str:
        """Names the training run the model came from."""
        return str(self.model_metadata.model_id)

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
    ) -> None:
        """Nothing: a restored tracker is always within its session."""

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Only where a slot could be filled by it; going through 58 slots for nothing took 0.6 ms a message."""
        return await super().run_action_extract_slots(output_channel, tracker) if self._extracts_slots else tracker

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: it writes out two domains a message (0.4 ms), to warn developers of names that one lacks."""

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Nothing: it writes out and copies every slot for a line of debugging that is not shown."""

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        return await super()._run_action(_Strict(action), tracker, output_channel, nlg, prediction)


class _Strict(Action):
    """An action whose every failure ends the turn. Rasa would log it, drop the action's events and predict on."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def name(self) -> str:
        return self._action.name()

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> ActionExecuted:
        return self._action.event_for_successful_execution(prediction)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            raise TurnFailed("action_failed", f"{self.name()}: {type(error).__name__}") from error


def extracts_slots(domain: Domain) -> bool:
    """Whether a slot is filled by anything but the actions that set it, or its filling is looked over."""
    if ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions:
        return True
    mappings = [mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings]
    return any(mapping.get("type") != SlotMappingType.CUSTOM.value or mapping.get("action") for mapping in mappings)


def _circuit_break(tracker: DialogueStateTracker, *_: object) -> NoReturn:
    raise TurnFailed("circuit_break", f"no end to the actions after {tracker.latest_action_name}")
