"""A conversation's dialogue state as JSON.

`{schema, model_id, slots, active_loop, tail}`: every slot and the active form as they stood before the tail, then all
events from the action_listen that opens the last two turns. Cut only there: a cut by number of events lost the form at
the sixth digression.

`slots` leaves out a slot that is unset and unset by default. `active_loop` is null or `{"name", "rejected",
"trigger"}`, the trigger being the intent that started the form: rules look back to it. Facts are of one turn and never
stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import StateUnreadable

Json = dict[str, Any]

SCHEMA = 1
TAIL_TURNS = 2
TEXT_LIMIT = 500  # characters of one stored text
FACT_PREFIX = "fact_"
_ENTITY_KEYS = ("entity", "value", "role", "group")
_NOT_STORED = ("metadata", "policy", "confidence", "action_text")


def freeze(tracker: DialogueStateTracker, domain: Domain, model_id: str, turns: int = TAIL_TURNS) -> Json:
    """The tracker as a state, with so many turns in its tail."""
    events = _without_reverted([event for event in tracker.events if not _is_passing(event)])
    cut = _start_of_tail(events, turns)
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], domain.slots)
    return {
        "schema": SCHEMA,
        "model_id": model_id,
        "slots": _slots_of(before),
        "active_loop": _loop_of(before),
        "tail": [_store(event) for event in events[cut:]],
    }


def thaw(state: Mapping[str, Any], conversation: str, domain: Domain) -> DialogueStateTracker:
    """The tracker of a state. What this model does not know is dropped. Raises StateUnreadable."""
    if state.get("schema") != SCHEMA:
        raise StateUnreadable(f"schema {state.get('schema')!r}")
    try:
        head = _head(_known_slots(state["slots"], domain), state["active_loop"])
        events = head + deserialise_events([_load(event) for event in state["tail"]])
        tracker = DialogueStateTracker.from_events(conversation, _known(events, domain), domain.slots)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise StateUnreadable(f"{type(error).__name__}: {error}") from error
    _drop_unknown_form(tracker, domain)
    return _listening(tracker)


def fresh(conversation: str, domain: Domain) -> DialogueStateTracker:
    """The tracker of a conversation in which nothing was said."""
    return _listening(DialogueStateTracker.from_events(conversation, [], domain.slots))


def set_facts(tracker: DialogueStateTracker, facts: Mapping[str, Any]) -> None:
    """Sets each fact that has a slot `fact_<name>`, for this turn."""
    for name, value in facts.items():
        if FACT_PREFIX + name in tracker.slots:
            tracker.update(SlotSet(FACT_PREFIX + name, value))


def _without_reverted(events: list[Event]) -> list[Event]:
    """Without the turns an action took back: Rasa undoes them too, and a tail full of them would hold no turn."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, UserUtteranceReverted):
            _pop_through(kept, UserUttered)
            _pop_through(kept, ActionExecuted)
        else:
            kept.append(event)
    return kept


def _pop_through(events: list[Event], kind: type) -> None:
    while events and not isinstance(events.pop(), kind):
        pass


def _start_of_tail(events: list[Event], turns: int) -> int:
    """The index of the action_listen that opens the last so many turns; 0 when there were no more."""
    said = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if not said:
        return len(events)
    first = said[-turns] if len(said) >= turns else said[0]
    return next((index for index in range(first, -1, -1) if _is_listen(events[index])), 0)


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _is_passing(event: Event) -> bool:
    """Whether the event is of this turn only: a fact."""
    return isinstance(event, SlotSet) and event.key.startswith(FACT_PREFIX)


def _slots_of(tracker: DialogueStateTracker) -> Json:
    return {
        name: slot.value
        for name, slot in tracker.slots.items()
        if (slot.value is not None or slot.initial_value is not None) and not name.startswith(FACT_PREFIX)
    }


def _loop_of(tracker: DialogueStateTracker) -> Json | None:
    loop = tracker.active_loop
    if loop is None or not loop.name:
        return None
    trigger = ((loop.trigger_message or {}).get("intent") or {}).get("name")
    return {"name": loop.name, "rejected": loop.rejected, "trigger": trigger}


def _head(slots: Mapping[str, Any], loop: Mapping[str, Any] | None) -> list[Event]:
    """Events that set the slots and start the form as it was started: listen, trigger, form."""
    events: list[Event] = [SlotSet(name, value) for name, value in slots.items()]
    if loop:
        trigger = UserUttered(None, {"name": loop["trigger"], "confidence": 1.0})
        events += [ActionExecuted(ACTION_LISTEN_NAME), trigger, ActionExecuted(loop["name"]), ActiveLoop(loop["name"])]
    if loop and loop["rejected"]:
        events.append(ActionExecutionRejected(loop["name"]))
    return events


def _known_slots(slots: Mapping[str, Any], domain: Domain) -> Json:
    names = {slot.name for slot in domain.slots}
    return {name: value for name, value in slots.items() if name in names and not name.startswith(FACT_PREFIX)}


def _known(events: Iterable[Event], domain: Domain) -> list[Event]:
    """Without what the model has never heard of; a turn's other events stay."""
    slots, actions = {slot.name for slot in domain.slots}, set(domain.action_names_or_texts)

    def is_known(event: Event) -> bool:
        if isinstance(event, SlotSet):
            return event.key in slots
        return not isinstance(event, ActionExecuted) or event.action_name in actions

    return [event for event in events if is_known(event)]


def _drop_unknown_form(tracker: DialogueStateTracker, domain: Domain) -> None:
    if tracker.active_loop_name and tracker.active_loop_name not in domain.form_names:
        _park(tracker, domain)


def _park(tracker: DialogueStateTracker, domain: Domain) -> None:
    """Ends a form that this model does not have."""
    if tracker.active_loop_name:
        tracker.update(ActiveLoop(None), domain)
    if tracker.get_slot(REQUESTED_SLOT) is not None:
        tracker.update(SlotSet(REQUESTED_SLOT, None), domain)


def _listening(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Policies predict from the action_listen before a message, so there is always one."""
    if not tracker.events or not _is_listen(tracker.events[-1]):
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    return tracker


def _store(event: Event) -> Json:
    """The event as stored: what a policy or an action can need of it."""
    reduce = _STORED.get(type(event), _store_other)
    return {"event": event.type_name, "timestamp": round(event.timestamp, 3), **reduce(event)}


def _store_user(event: UserUttered) -> Json:
    intent = {key: event.intent[key] for key in ("name", "confidence") if key in event.intent}
    return {
        "text": _short(event.text),
        "intent": intent,
        "entities": [_store_entity(entity) for entity in event.entities],
        "message_id": event.message_id,
    }


def _store_entity(entity: Mapping[str, Any]) -> Json:
    return {key: _short(entity[key]) for key in _ENTITY_KEYS if entity.get(key) is not None}


def _store_bot(event: BotUttered) -> Json:
    said = {key: event.metadata[key] for key in ("utter_action", "variant") if key in event.metadata}
    return {"text": _short(event.text), "metadata": said}


def _store_other(event: Event) -> Json:
    return {key: value for key, value in event.as_dict().items() if key not in _NOT_STORED and key != "timestamp"}


_STORED: Mapping[type, Callable[[Any], Json]] = {UserUttered: _store_user, BotUttered: _store_bot}


def _load(stored: Mapping[str, Any]) -> Json:
    """The event as Rasa reads it."""
    if stored["event"] != UserUttered.type_name:
        return dict(stored)
    understood = {key: stored[key] for key in ("text", "intent", "entities", "message_id")}
    return {**stored, "parse_data": understood}


def _short(value: Any) -> Any:
    return value[:TEXT_LIMIT] if isinstance(value, str) else value
