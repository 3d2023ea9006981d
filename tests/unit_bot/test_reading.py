"""An intent in a form's free-text field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.reading import FORM_THRESHOLD, free_text_fields, read_in_form
from tests.unit_bot.conftest import TINY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(TINY / "domain.yml"))


def asking(domain: Domain, slot: str | None, form: str | None = "complaint_form") -> DialogueStateTracker:
    events = [ActiveLoop(form), SlotSet("requested_slot", slot)]
    return DialogueStateTracker.from_events("c1", events, domain.slots)


def heard(intent: str, confidence: float) -> dict[str, Any]:
    return {"text": "说了什么", "intent": {"name": intent, "confidence": confidence}, "entities": []}


@pytest.mark.parametrize(
    "intent", ["request_human", "stop_form", "ask_faq", "thank", "correct_info", "ask_capabilities"]
)
def test_an_interruption_counts_when_it_is_sure(domain: Domain, intent: str) -> None:
    tracker = asking(domain, "description")
    sure, unsure = heard(intent, FORM_THRESHOLD), heard(intent, FORM_THRESHOLD - 0.01)
    assert read_in_form(sure, tracker, domain) == sure
    read = read_in_form(unsure, tracker, domain)
    assert read["intent"] == {"name": "inform", "confidence": FORM_THRESHOLD - 0.01}
    assert read["heard_as"] == unsure["intent"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "inform"])
def test_an_answer_stays_an_answer(domain: Domain, intent: str) -> None:
    assert read_in_form(heard(intent, 0.1), asking(domain, "description"), domain) == heard(intent, 0.1)


@pytest.mark.parametrize("intent", ["greet", "complain", "nlu_fallback", None])
def test_anything_else_is_the_value(domain: Domain, intent: str | None) -> None:
    read = read_in_form(heard(intent, 0.99), asking(domain, "description"), domain)
    assert read["intent"]["name"] == "inform"
    assert read["heard_as"]["name"] == intent


@pytest.mark.parametrize("slot,form", [("phone", "complaint_form"), (None, "complaint_form"), ("description", None)])
def test_elsewhere_an_intent_is_what_it_is(domain: Domain, slot: str | None, form: str | None) -> None:
    assert read_in_form(heard("thank", 0.1), asking(domain, slot, form), domain) == heard("thank", 0.1)


def test_a_field_the_company_declares_as_text_is_free_text(domain: Domain) -> None:
    read = read_in_form(heard("thank", 0.1), asking(domain, "phone"), domain, free_text={"phone"})
    assert read["intent"]["name"] == "inform"


def test_the_companys_fields_are_read() -> None:
    fields = free_text_fields(ROOT / "company" / "fields")
    assert {"description", "outcome"} <= fields
    assert not {"phone", "order", "category"} & fields


def test_a_company_without_fields_has_none(tmp_path: Path) -> None:
    assert free_text_fields(tmp_path / "nowhere") == frozenset()
