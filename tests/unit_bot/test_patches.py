"""The patches fit the Rasa that is installed, and do what the code they replace did."""

from __future__ import annotations

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet

from bot import patches


def test_rasa_is_the_version_that_was_measured() -> None:
    assert rasa.__version__ == "3.6.21"


def test_the_code_that_is_replaced_is_the_code_that_was_read() -> None:
    assert patches.source_hash(patches.stock(RemoteAction, "_validate_action_result")) == patches.VALIDATE_SOURCE
    assert patches.source_hash(patches.stock(Event, "resolve_by_type")) == patches.RESOLVE_SOURCE


@pytest.fixture(autouse=True)
def _installed() -> None:
    patches.install()


def test_they_are_in() -> None:
    assert RemoteAction._validate_action_result is patches.validate_action_result
    assert Event.resolve_by_type is patches.resolve_by_type


@pytest.mark.parametrize("answer", [{}, {"events": []}, {"events": [{"event": "slot", "name": "a", "value": None}]}])
def test_a_right_answer_passes(answer: object) -> None:
    assert RemoteAction("a", None)._validate_action_result(answer)


@pytest.mark.parametrize("answer", [None, [], {"events": 1}, {"events": [{"event": "slot"}]}, {"responses": ["a"]}])
def test_a_wrong_answer_is_refused(answer: object) -> None:
    with pytest.raises(ValidationError):
        RemoteAction("a", None)._validate_action_result(answer)


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
