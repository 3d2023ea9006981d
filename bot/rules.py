"""What Rasa's rules say next, without a tracker for each action of the past.

Rasa replays the conversation for every prediction, copies every slot of the domain on the way (62 of them) and holds
all rules against all states: 0.9 of 12 CPU ms a message. No slot of ours has a say in it, and the rules look back two
states; so the states are made without slots, and what the rules said of the same they say again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

Found = tuple[str | None, str | None, bool]
Find = Callable[[RulePolicy, DialogueStateTracker, Domain, bool], Found]
MOST_KEPT = 1000
"""Answers of the rules that are remembered: an intent, an action before it and a form make one."""


def find_action(find: Find, policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain, by_text: bool) -> Found:
    """What `find`, Rasa's own search, finds; remembered by what it goes by.

    Rasa looks for rules of a message's text before those of its intent. Where no rule can apply by text the first
    search finds nothing, so it is not made.
    """
    if by_text and not has_text_rules(policy.lookup):
        return None, None, False
    if by_text or has_say(domain):
        return find(policy, tracker, domain, by_text)
    known: dict[str, Found] = policy.__dict__.setdefault("_found_before", {})
    states = last_states(tracker, domain, longest_rule(policy.lookup))
    key = f"{tracker.active_loop_name} {[seen_of(state, looked_at(policy.lookup)) for state in states]}"
    if key not in known:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[key] = find(policy, tracker, domain, by_text)
    return known[key]


def has_say(domain: Domain) -> bool:
    """Whether the value of a slot has a say in what happens next."""
    return any(slot.has_features() for slot in domain.slots)


def last_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    """The last so many states that Rasa would make of a conversation in which no slot has a say."""
    events = [event for event in tracker.applied_events() if not isinstance(event, SlotSet)]
    light = DialogueStateTracker(tracker.sender_id, [])
    starts = [at for at, event in enumerate(events) if isinstance(event, ActionExecuted)]
    first = starts[-(count - 1)] if 0 < count - 1 <= len(starts) else 0
    states: list[State] = []
    for at, event in enumerate(events):
        if at >= first and isinstance(event, ActionExecuted):
            states.append(domain.get_active_state(light))
        light.update(event)
    return [*states, domain.get_active_state(light)][-count:]


def seen_of(state: State, looked_at: frozenset[tuple[str, str]]) -> list[tuple[str, str, Any]]:
    """What of a state is held against rules; a state behind nothing has no action before it."""
    return [
        (kind, key, value) for kind, part in state.items() for key, value in part.items() if (kind, key) in looked_at
    ]


def longest_rule(lookup: Mapping[str, Any]) -> int:
    """How many states back a rule looks."""
    return max(map(len, _states(*_rules(lookup))), default=1)


def looked_at(lookup: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The parts of a state that some rule speaks of, and the action before it."""
    return _looked_at(*_rules(lookup))


def _rules(lookup: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    rules, unhappy = (frozenset(lookup.get(name, {})) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
    return rules, unhappy


@lru_cache(maxsize=8)
def _states(rules: frozenset[str], unhappy: frozenset[str]) -> list[list[State]]:
    return [json.loads(key) for key in rules | unhappy]


@lru_cache(maxsize=8)
def _looked_at(rules: frozenset[str], unhappy: frozenset[str]) -> frozenset[tuple[str, str]]:
    parts = (part for states in _states(rules, unhappy) for state in states for part in state.items())
    return frozenset({(PREVIOUS_ACTION, ACTION_NAME), *((kind, key) for kind, part in parts for key in part)})


def has_text_rules(lookup: Mapping[str, Any]) -> bool:
    """Whether a rule applies to what is said rather than to its intent.

    One that follows action_listen asks for an intent, or else it would apply to any text.
    """
    return _apply_to_text(*_rules(lookup))


@lru_cache(maxsize=8)
def _apply_to_text(rules: frozenset[str], unhappy: frozenset[str]) -> bool:
    return any(TEXT in state.get(USER, {}) for states in _states(rules, unhappy) for state in states) or any(
        _listens(json.loads(key)[-1]) for key in rules
    )


def _listens(state: Mapping[str, Any]) -> bool:
    """Whether it stands behind action_listen and asks for no intent."""
    is_behind = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) in (None, ACTION_LISTEN_NAME)
    return is_behind and not state.get(USER, {}).get(INTENT)
