"""What rules say is what Rasa's search says, in random conversations; a tracker's copy is what a replay gives."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import BooleanSlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot import patches, rules
from bot.engine import Engine

INTENTS = ("greet", "complain", "ask_faq", "thank", "stop_form", "deny")
FORM = "complaint_form"
TALKS = 150


@pytest.fixture(autouse=True)
def _installed() -> None:
    patches.install()


@pytest.fixture
def policy(loaded: Engine) -> RulePolicy:
    """The tiny assistant's policy, with nothing remembered."""
    nodes = loaded._processor.graph_runner._instantiated_nodes.values()
    found = next(node._component for node in nodes if isinstance(node._component, RulePolicy))
    twin = copy.copy(found)
    twin.__dict__.pop("_found_before", None)
    return twin


@pytest.fixture
def domain(loaded: Engine) -> Domain:
    return loaded._processor.domain


def talk(domain: Domain, chance: random.Random, length: int = 30) -> DialogueStateTracker:
    """A conversation in which anything follows anything."""
    tracker = DialogueStateTracker.from_events("c1", [ActionExecuted("action_listen")], domain.slots)
    for _ in range(length):
        tracker.update(chance.choice(_events(chance)))
    return tracker


def _events(chance: random.Random) -> list[Event]:
    intent = {"name": chance.choice(INTENTS), "confidence": 0.9}
    entities = chance.choice([[], [{"entity": "phone", "value": "13812345678"}]])
    action = chance.choice(["action_listen", "utter_greet", "utter_thank", "action_answer_faq", FORM])
    said = UserUttered("话", intent, entities)
    return [
        said,
        said,
        ActionExecuted("action_listen"),
        ActionExecuted(action),
        ActiveLoop(FORM),
        ActiveLoop(None),
        ActionExecutionRejected(FORM),
        SlotSet("phone", chance.choice(["13812345678", None])),
        BotUttered("好的。"),
        FollowupAction("action_listen"),
        *([UserUtteranceReverted()] if chance.random() < 0.1 else []),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_rules_say_what_rasas_search_says(policy: RulePolicy, domain: Domain, seed: int) -> None:
    chance = random.Random(seed)
    said = set()
    for _ in range(TALKS):
        tracker = talk(domain, chance, length=12)
        ours = policy._find_action_from_rules(tracker, domain, False)
        theirs = patches.stock(RulePolicy, "_find_action_from_rules")(policy, tracker, domain, False)
        assert (ours[0], ours[2]) == (theirs[0], theirs[2])
        assert ours[1] == theirs[1] or theirs[0] is None
        said.add(ours[0])
    assert len(said) > 2
    assert 0 < len(policy._found_before) < TALKS


@pytest.mark.parametrize("seed", range(20))
def test_the_last_states_are_those_that_rasa_makes(domain: Domain, seed: int) -> None:
    tracker = talk(domain, random.Random(seed), length=seed)
    for count in (1, 2, 4):
        assert rules.last_states(tracker, domain, count) == tracker.past_states(domain)[-count:]


def test_where_a_slot_has_a_say_rasa_searches(policy: RulePolicy, domain: Domain) -> None:
    assert not rules.has_say(domain)
    mapping: list[dict[str, Any]] = [{"type": "custom"}]
    other = copy.copy(domain)
    other.slots = [*domain.slots, BooleanSlot("vip", mapping, influence_conversation=True)]
    assert rules.has_say(other)
    other.slots = [*domain.slots, TextSlot("note", mapping, influence_conversation=False)]
    assert not rules.has_say(other)


def test_what_rules_speak_of_is_held_against_them() -> None:
    told = [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet", "entities": ["phone"]}}]
    lookup = {"rules": {json.dumps(told): "action_turn", json.dumps([*told, {"user": {}}]): "utter_greet"}}
    assert rules.longest_rule(lookup) == 2
    assert rules.longest_rule({}) == 1
    seen = rules.seen_of({"user": {"intent": "greet", "entities": ("phone",), "text": "好"}}, rules.looked_at(lookup))
    assert seen == [("user", "intent", "greet"), ("user", "entities", ("phone",))]


@pytest.mark.parametrize("seed", range(10))
def test_a_copy_of_a_tracker_is_what_a_replay_gives(domain: Domain, seed: int) -> None:
    tracker = talk(domain, random.Random(seed))
    tracker.model_id = "m1"
    ours, theirs = tracker.copy(), patches.stock(DialogueStateTracker, "copy")(tracker)
    assert ours.events == theirs.events
    assert {**ours.current_state(), "followup_action": None} == {**theirs.current_state(), "followup_action": None}
    left_out = ("slots", "active_loop", "events")
    assert {key: value for key, value in vars(ours).items() if key not in left_out} == {
        key: value for key, value in vars(theirs).items() if key not in left_out
    }
    assert {name: vars(slot) for name, slot in ours.slots.items()} == {
        name: vars(slot) for name, slot in theirs.slots.items()
    }


def test_a_copy_goes_its_own_way(domain: Domain) -> None:
    tracker = talk(domain, random.Random(1))
    tracker.update(ActiveLoop(FORM))
    before = (len(tracker.events), tracker.slots["phone"].value)
    twin = tracker.copy()
    twin.update(SlotSet("phone", "15900001111"))
    twin.update(ActionExecutionRejected(FORM))
    assert (len(tracker.events), tracker.slots["phone"].value) == before
    assert not tracker.active_loop.rejected
    assert twin.active_loop.rejected
