"""domain.yml, the actions, the responses and company/ name the same things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import yaml

from actions.forms.answers import PARSERS, TOLD
from actions.table import BY_INTENT, HANDLERS
from actions.talk.greeting import PARTS
from actions.turn import FORMS
from helpdesk.company import DemoOrder, load_company
from tests.house.test_wording import FIELD, responses

ROOT = Path(__file__).resolve().parents[2]
COMPANY = load_company(ROOT / "company")
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
STARTS = {"start_open", "start_subscribe", "start_return", "start_staff_released"}


def test_every_action_has_a_handler() -> None:
    assert set(DOMAIN["actions"]) == set(HANDLERS) | {f"validate_{form}" for form in FORMS}


def test_every_intent_leads_somewhere() -> None:
    assert set(DOMAIN["intents"]) == set(BY_INTENT) | STARTS
    ruled = {step["intent"] for rule in _rules() for step in rule["steps"] if "intent" in step}
    assert ruled == set(DOMAIN["intents"])


def test_every_field_of_the_company_has_a_slot() -> None:
    assert set(COMPANY.fields) <= set(DOMAIN["slots"])


def test_every_kind_of_field_has_a_parser() -> None:
    assert {spec.kind for spec in COMPANY.fields.values()} <= set(PARSERS)


def test_every_response_that_is_said_exists_and_every_response_is_said() -> None:
    said = {name for name, _ in _said()} | set(_made_up())
    assert said - set(responses()) == set()
    assert set(responses()) - said == set()


def test_every_field_of_a_response_is_given() -> None:
    """What a response needs beyond slots must stand at the place where it is said."""
    for name, fields in _said():
        needed = {f for variant in responses()[name] for f in FIELD.findall(variant["text"])}
        assert needed <= fields, f"{name}: {needed - fields} is not given"


def _rules() -> Iterator[dict[str, Any]]:
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        yield from yaml.safe_load(path.read_text("utf-8"))["rules"]


def _said() -> Iterator[tuple[str, set[str]]]:
    """(response, fields given) of every `turn.say("utter_...", ...)` with a literal name and no ** in its call."""
    for call in _calls():
        names = [node.value for arg in call.args[:1] for node in ast.walk(arg) if isinstance(node, ast.Constant)]
        fields = {keyword.arg for keyword in call.keywords if keyword.arg}
        through = any(keyword.arg is None for keyword in call.keywords)
        for name in names:
            if isinstance(name, str) and re.fullmatch(r"utter_[a-z_]+[a-z]", name) and name in responses():
                needed = {f for variant in responses()[name] for f in FIELD.findall(variant["text"])}
                yield name, fields | (needed if through else set())


def _calls() -> Iterator[ast.Call]:
    for path in sorted((ROOT / "actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                yield node


def _made_up() -> Iterator[str]:
    """Responses whose names are put together, or chosen before they are said."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "actions").rglob("*.py"))
    yield from re.findall(r'"(utter_[a-z_]+[a-z])"', text)
    yield from (f"utter_greet_{who}_{part}" for who in ("new", "back", "key") for part in PARTS)
    yield from (f"utter_open_{kind}" for kind in COMPANY.kinds if kind not in ("complaint", "praise", "internal"))
    states = get_args(DemoOrder.model_fields["state"].annotation)
    yield from (f"utter_order_{state}" for state in states)
    yield from (f"utter_order_{state}_expected" for state in ("paid", "picking", "shipped"))
    yield from (f"utter_{purpose}_which" for purpose in ("check", "urge", "withdraw", "dispute"))
    yield from (f"utter_{kind}_recorded" for kind in ("suggestion", "praise"))
    yield from (f"utter_{tone}_registered{end}" for tone in ("safety", "care") for end in ("", "_phone"))
    wrong = {*re.findall(r'Wrong\("([a-z_]+)"', text), *TOLD}
    yield from (f"utter_wrong_{why}" for why in wrong)
