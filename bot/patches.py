"""Slow spots of Rasa 3.6.21, mended in place.

Each was read, measured and pinned: a patch goes in only while the source it replaces is the one that was read. A test
fails when it no longer is.
"""

from __future__ import annotations

import copy
import hashlib
import inspect
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import takewhile
from types import ModuleType, NoneType
from typing import Any

import rasa
import rasa.shared.utils.common
from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot import rules

logger = logging.getLogger(__name__)

Source = Callable[..., Any] | ModuleType | type


def source_hash(source: Source) -> str:
    """Names a version of a function's, a class's or a module's source."""
    return hashlib.sha256(inspect.getsource(source).encode()).hexdigest()[:16]


_replaced: dict[tuple[object, str], Callable[..., Any]] = {}


def stock(owner: type, name: str) -> Callable[..., Any]:
    """Rasa's own function, whether or not a patch is in its place."""
    return _replaced.get((owner, name)) or getattr(owner, name)


def install() -> None:
    """Puts all patches in, once. A Rasa whose code changed keeps its own and is slower."""
    if any(source_hash(stock(owner, name)) != expected for (owner, name), expected in READ.items()):
        logger.warning("Rasa's trackers or rules are not those that were measured: all is left as it is")
        return
    for (owner, name), (patch, expected) in PATCHES.items():
        _replace(owner, name, patch, expected)
    for copied, expected in COPIED.items():
        _add(copied, "__copy__", _shallow, expected)
    for module, expected in LOGGING.items():
        _add(module, "copy", _Uncopied, expected)


def _replace(owner: type, name: str, patch: Any, expected: str) -> None:
    present = getattr(owner, name)
    if present is getattr(patch, "__func__", patch):
        return
    if source_hash(present) != expected:
        logger.warning("%s.%s is not the one that was measured: left as it is", owner.__name__, name)
        return
    _replaced[owner, name] = present
    setattr(owner, name, patch)


def _add(owner: type | ModuleType, name: str, patch: object, expected: str) -> None:
    """Where there is nothing to be replaced but the code around it must be the one that was read."""
    if source_hash(owner) == expected:
        setattr(owner, name, patch)
    else:
        logger.warning("%s is not the one that was measured: left as it is", owner.__name__)


@lru_cache(maxsize=1)
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Rasa checks the schema against its meta-schema on every call: 19.6 ms, with one validator kept 1.3 ms.

    An answer of usual events is looked at by hand, 0.01 ms; of any other the validator decides.
    """
    if is_usual(result):
        return True
    error: ValidationError | None = best_match(_answer_validator().iter_errors(result))
    if error is not None:
        raise error
    return True


USUAL = frozenset({"slot", "active_loop", "followup", "reset_slots", "rewind", "action_execution_rejected"})
"""Events for which the schema asks no more than `is_usual` does."""


def is_usual(result: object) -> bool:
    """Whether an action's answer surely fits Rasa's schema."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(map(_is_usual_event, events)) and all(isinstance(response, dict) for response in responses)


def _is_usual_event(event: object) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str) or event["event"] not in USUAL:
        return False
    if type(event.get("timestamp")) not in (float, int, NoneType):
        return False
    if not isinstance(event.get("metadata"), (dict, NoneType)):
        return False
    return event["event"] != "slot" or (isinstance(event.get("name"), str) and "value" in event)


_event_types: dict[str, type[Event]] = {}


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Rasa walks all event classes for every stored event; a dict made 2,009 events 66 ms instead of 247 ms."""
    if type_name not in _event_types:
        for event_type in rasa.shared.utils.common.all_subclasses(Event):
            _event_types.setdefault(event_type.type_name, event_type)
    if type_name in _event_types:
        return _event_types[type_name]
    if type_name == "topic":
        return None  # as in Rasa: trackers of its early versions have them
    if default is not None:
        return default
    raise ValueError(f"Unknown event name '{type_name}'.")


def find_action_from_rules(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """What rules say is remembered by the last states, which are made without slots: 0.9 ms a message (rules.py)."""
    return rules.find_action(
        stock(RulePolicy, "_find_action_from_rules"), self, tracker, domain, use_text_for_last_user_input
    )


def copy_of_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """Rasa replays all events for a copy, and makes one for every action: 0.3 ms a message.

    What was to be done next by itself (`followup_action`) is as it is now, not as the events would have it again.
    """
    twin: DialogueStateTracker = object.__new__(type(self))
    twin.__dict__.update(self.__dict__, sender_source=None, model_id=None, assistant_id=None)
    twin.events = self.events.copy()
    twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
    twin.active_loop = copy.copy(self.active_loop)
    return twin


def _shallow(self: Slot) -> Slot:
    """What copy.copy gives, without asking the object how it is pickled: 0.4 us instead of 5.

    A turn makes seven trackers, each with a copy of every slot of the domain (58): 2 ms a message.
    """
    twin: Slot = object.__new__(type(self))
    twin.__dict__.update(self.__dict__)
    return twin


class _Uncopied:
    """In place of the module `copy` where Rasa uses it for nothing but lines of debugging that are not shown.

    Measured: 0.3 ms a message.
    """

    @staticmethod
    def deepcopy(logged: Any) -> Any:
        return logged


def action_call(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Rasa sends all events of the tracker, so that the message's parse is in it twice, and the last turn's; of use are
    those behind the message: what a form has to look over.

    Of 10 KB a call 4 are left; writing and reading the others took 0.6 ms. The domain is never in it (endpoint.py).
    """
    behind = takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
    events = [event.as_dict() for event in behind][::-1]
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": events},
        "version": rasa.__version__,
    }


PATCHES: Mapping[tuple[type, str], tuple[Any, str]] = {
    (RemoteAction, "_validate_action_result"): (validate_action_result, "f8cdb4be68123961"),
    (RemoteAction, "_action_call_format"): (action_call, "428795b944f22edb"),
    (Event, "resolve_by_type"): (staticmethod(resolve_by_type), "b5cf570fa7f286c7"),
    (RulePolicy, "_find_action_from_rules"): (find_action_from_rules, "be6da6ee0f5429bd"),
    (DialogueStateTracker, "copy"): (copy_of_tracker, "dfa48dca9f355ad1"),
}
READ: Mapping[tuple[type, str], str] = {
    (DialogueStateTracker, "__init__"): "8f39eb22462aa62b",
    (DialogueStateTracker, "generate_all_prior_trackers"): "a1f6954347b52649",
    (DialogueStateTracker, "travel_back_in_time"): "09d16f28f007492f",
    (Domain, "states_for_tracker_history"): "035111ce73ac90ba",
    (RulePolicy, "_is_rule_applicable"): "64a108b016b46e57",
    (RulePolicy, "_get_possible_keys"): "2915fd81711e194c",
}
"""What patches count on without replacing it."""
COPIED: Mapping[type, str] = {Slot: "0a694d68aef36732"}
LOGGING: Mapping[ModuleType, str] = {processor: "f42dfbf26e2ffcb6", rule_policy: "952d1a13906511ac"}
"""With the hash of the source that each patch was made for."""
