"""The patches fit the Rasa that is installed, and do what the code they replace did."""

from __future__ import annotations

import copy
import inspect
import json
from typing import Any

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.slots import CategoricalSlot

from bot import patches, rules


def test_rasa_is_the_version_that_was_measured() -> None:
    assert rasa.__version__ == "3.6.21"


def test_the_code_that_is_replaced_is_the_code_that_was_read() -> None:
    for (owner, name), (_, expected) in patches.PATCHES.items():
        assert patches.source_hash(patches.stock(owner, name)) == expected
    for (owner, name), expected in patches.READ.items():
        assert patches.source_hash(patches.stock(owner, name)) == expected
    for source, expected in {**patches.COPIED, **patches.LOGGING}.items():
        assert patches.source_hash(source) == expected


@pytest.fixture(autouse=True)
def _installed() -> None:
    patches.install()


def test_they_are_in() -> None:
    assert RemoteAction._validate_action_result is patches.validate_action_result
    assert Event.resolve_by_type is patches.resolve_by_type
    assert RulePolicy._find_action_from_rules is patches.find_action_from_rules


SLOT = {"event": "slot", "name": "a", "value": None}
RIGHT = [
    {},
    {"events": []},
    {"events": [SLOT], "responses": [{"text": "好"}]},
    {"events": [{**SLOT, "timestamp": 1.5, "metadata": {}}, {"event": "followup", "name": "action_listen"}]},
    {"events": [{"event": "action", "name": "a", "policy": None}], "more": 1},
]
WRONG = [
    None,
    [],
    {"events": 1},
    {"events": None},
    {"events": ["slot"]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "slot", "name": 1, "value": 1}]},
    {"events": [{"event": "slot", "name": "a"}]},
    {"events": [{"event": "no such event"}]},
    {"events": [{"event": ["slot"]}]},
    {"events": [{"name": "a", "value": 1}]},
    {"events": [{**SLOT, "timestamp": True}]},
    {"events": [{**SLOT, "timestamp": "now"}]},
    {"events": [{**SLOT, "metadata": []}]},
    {"events": [SLOT, {"event": "action", "hide_rule_turn": 1}]},
    {"responses": ["a"]},
    {"responses": {}},
]


@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_answer_passes(answer: object) -> None:
    assert RemoteAction("a", None)._validate_action_result(answer)
    assert patches.stock(RemoteAction, "_validate_action_result")(RemoteAction("a", None), answer)


@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_is_refused_as_rasa_refuses_it(answer: object) -> None:
    with pytest.raises(ValidationError):
        RemoteAction("a", None)._validate_action_result(answer)
    with pytest.raises(ValidationError):
        patches.stock(RemoteAction, "_validate_action_result")(RemoteAction("a", None), answer)


def test_no_answer_is_usual_that_the_schema_refuses() -> None:
    assert not any(patches.is_usual(answer) for answer in WRONG)
    assert [patches.is_usual(answer) for answer in RIGHT] == [True, True, True, True, False]


def test_a_copy_of_a_slot_is_what_python_copies() -> None:
    slot = CategoricalSlot("a", [{"type": "custom"}], values=["x", "y"], influence_conversation=True)
    slot.value = "x"
    twin = copy.copy(slot)
    assert type(twin) is CategoricalSlot
    assert twin is not slot
    assert twin.__dict__ == slot.__dict__
    assert twin.as_feature() == slot.as_feature()
    twin.value = "y"
    assert slot.value == "x"


def rule(*states: Any) -> str:
    return json.dumps(states)


LISTENED = {"prev_action": {"action_name": "action_listen"}}
BY_INTENT = {**LISTENED, "user": {"intent": "greet"}}
AFTER_ACTION = {"prev_action": {"action_name": "action_turn"}, "user": {"intent": "greet"}}


@pytest.mark.parametrize(
    "usual, unhappy, expected",
    [
        ([rule(BY_INTENT), rule(BY_INTENT, AFTER_ACTION)], [], False),
        ([rule({"prev_action": {"action_name": "action_turn"}})], [rule(LISTENED)], False),
        ([rule(BY_INTENT), rule({**LISTENED, "user": {"text": "hi"}})], [], True),
        ([rule({**LISTENED, "user": {"text": "hi"}}, AFTER_ACTION)], [], True),
        ([rule(LISTENED)], [], True),
        ([rule({"user": {}})], [], True),
        ([], [rule({**LISTENED, "user": {"text": "hi"}})], True),
    ],
)
def test_rules_of_text_are_seen(usual: list[str], unhappy: list[str], expected: bool) -> None:
    lookup = {"rules": dict.fromkeys(usual, "a"), "rules_for_loop_unhappy_path": dict.fromkeys(unhappy, "a")}
    assert rules.has_text_rules(lookup) is expected


def test_nothing_is_copied_for_lines_that_are_not_shown() -> None:
    logged = [SlotSet("a", 1)]
    assert processor.copy.deepcopy(logged) is logged
    assert rule_policy.copy.deepcopy(logged) is logged
    for module in (processor, rule_policy):
        uses = [line for line in inspect.getsource(module).splitlines() if "copy." in line]
        assert all("copy.deepcopy(" in line for line in uses if "tracker.copy" not in line)


def test_events_are_found_by_their_type() -> None:
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("no such event", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="no such event"):
        Event.resolve_by_type("no such event")


def test_a_changed_rasa_keeps_its_own_code(caplog: pytest.LogCaptureFixture) -> None:
    class Changed:
        def method(self) -> int:
            return 1

    patches._replace(Changed, "method", lambda self: 2, "another hash")
    assert Changed().method() == 1
    assert "left as it is" in caplog.text
