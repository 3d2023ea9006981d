"""domain.yml, the actions, the responses and company/ name the same things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard, cast, get_args

import yaml

from actions import build_actions
from actions.decide.acts import AN_ANSWER, MANNERS, QUESTIONS
from actions.decide.reading import ACT_OF_INTENT, MATTERS
from actions.decide.table import BESIDES, REGISTERING, TALKING, WAITING
from actions.forms.answers import PARSERS, TOLD
from actions.table import HANDLERS
from actions.talk.greeting import PARTS
from actions.turn import FORMS, FRAME, STATE_SLOTS
from bot.nlu.reader.labels import ACTS, is_asked, is_topic
from helpdesk.company import load_company
from helpdesk.model import dialogue
from helpdesk.model.frame import CHOICES, CONFIRM, VALUES, YES_NO, Frame
from helpdesk.model.shop import OrderState
from helpdesk.services import Services
from tests.house.reading import FIELD, responses

ROOT = Path(__file__).resolve().parents[2]
COMPANY = load_company(ROOT / "company")
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
STARTS = {"start_open", "start_subscribe", "start_return", "start_staff_released"}
ACTION = "action_turn"
TABLES = tuple(dict.fromkeys((*WAITING, *REGISTERING, *TALKING)))
BESIDE = {"aside", "order_aside"}
"""What goes before another move."""
OTHER_QUESTIONS = {"offer_service", "anything_else", "open"}
"""Questions that the frame names by what they are about, and the one for whatever else is needed."""


def test_every_move_has_a_handler_and_every_handler_a_move() -> None:
    moves = {name for rows in TABLES for name, _ in rows}
    assert moves | BESIDE | STARTS == set(HANDLERS)
    assert moves >= BESIDES


def test_every_action_of_the_domain_is_there() -> None:
    built = {action.name() for action in build_actions(cast(Services, None))}
    assert set(DOMAIN["actions"]) == built == {ACTION, *(f"validate_{form}" for form in FORMS)}
    assert set(DOMAIN["forms"]) == set(FORMS)


def test_every_intent_leads_to_the_action() -> None:
    led = {rule["steps"][0]["intent"]: [step.get("action") for step in rule["steps"][1:]] for rule in _rules()}
    assert led == {intent: [ACTION] for intent in DOMAIN["intents"]}
    assert _config()["core_fallback_action_name"] == ACTION


def test_every_slot_is_a_field_of_the_company_or_part_of_where_the_talk_stands() -> None:
    assert set(DOMAIN["slots"]) | {"requested_slot"} == set(COMPANY.fields) | set(STATE_SLOTS) | {FRAME}
    assert dialogue.FRAME == FRAME


def test_every_question_of_ours_is_one_that_the_frame_can_name() -> None:
    """Else the reader is told that nothing was asked, and a bare yes means nothing."""
    assert set(_asked()) - {*YES_NO, *CHOICES, *VALUES, *OTHER_QUESTIONS} == set()


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
        needed -= {"reach"}  # Turn.say gives it to all
        assert needed <= fields, f"{name}: {needed - fields} is not given"


def test_the_reader_knows_what_the_frame_calls_things() -> None:
    """Its context names are taught by data/turns; one it never saw tells it nothing."""
    kinds = [kind for kind in COMPANY.kinds if kind != "internal"]
    asked = [
        Frame().asking(kind) for kind in (*YES_NO, *CHOICES, *VALUES, "anything_else", "open", "of another version")
    ]
    asked += [Frame().asking("offer_service", service=kind) for kind in kinds]
    asked += [Frame(form=field, kind=kind) for field in (*COMPANY.fields, CONFIRM) for kind in kinds]
    about = [Frame(about={"kind": kind, "faq_id": "a.b"}) for kind in ("order", "ticket", "product", "faq")]
    assert {one.asked for one in asked if not is_asked(one.asked)} == set()
    assert {one.topic for one in (*asked, *about) if not is_topic(one.topic)} == set()


def test_the_decision_asks_for_acts_that_can_be_read() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "actions" / "decide").glob("*.py")]
    calls = [call for tree in trees for method in ("says", "denies", "first") for call in _calls_in(tree, method)]
    named = {node.value for call in calls for arg in call.args for node in ast.walk(arg) if _is_word(node)}
    assert {*named, *QUESTIONS, *MANNERS, *AN_ANSWER, *MATTERS} - ACTS - set(ACT_OF_INTENT.values()) == set()


def _rules() -> Iterator[dict[str, Any]]:
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        yield from yaml.safe_load(path.read_text("utf-8"))["rules"]


def _config() -> dict[str, Any]:
    policies: list[dict[str, Any]] = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["policies"]
    return policies[0]


def _asked() -> Iterator[str]:
    """The kind of every `turn.ask(...)`, given as a word or by a name of its file."""
    for path in sorted((ROOT / "actions").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for kind in (call.args[0] for call in _calls_in(tree, "ask") if len(call.args) == 1):
            chosen = [kind.body, kind.orelse] if isinstance(kind, ast.IfExp) else [kind]
            yield from (constants[one.id] if isinstance(one, ast.Name) else ast.literal_eval(one) for one in chosen)


def _said() -> Iterator[tuple[str, set[str]]]:
    """(response, fields given) of every `turn.say(...)` that has the name in it or in a variable of its function."""
    for call, chosen in _calls():
        names = [node.value for arg in (*call.args[:1], *chosen) for node in ast.walk(arg) if _is_word(node)]
        fields = {keyword.arg for keyword in call.keywords if keyword.arg}
        through = any(keyword.arg is None for keyword in call.keywords)
        for name in names:
            if re.fullmatch(r"utter_[a-z_]+[a-z]", name) and name in responses():
                needed = {f for variant in responses()[name] for f in FIELD.findall(variant["text"])}
                yield name, fields | (needed if through else set())


def _is_word(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _calls() -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Every `turn.say(...)`, and what was put into the variable that names its response."""
    for path in sorted((ROOT / "actions").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            put = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
            for call in _calls_in(function, "say"):
                name = call.args[0].id if isinstance(call.args[0], ast.Name) else None
                yield call, [node.value for node in put if name in [getattr(t, "id", "") for t in node.targets]]


def _calls_in(tree: ast.AST, method: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
            yield node


def _made_up() -> Iterator[str]:
    """Responses whose names are put together, or chosen before they are said."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "actions").rglob("*.py"))
    yield from re.findall(r'"(utter_[a-z_]+[a-z])"', text)
    yield from (f"utter_greet_{who}_{part}" for who in ("new", "back", "key") for part in PARTS)
    yield from (f"utter_open_{kind}" for kind in COMPANY.kinds if kind not in ("complaint", "praise", "internal"))
    states = get_args(OrderState)
    yield from (f"utter_order_{state}" for state in states)
    yield from (f"utter_order_{state}_expected" for state in ("paid", "picking", "shipped"))
    yield from (f"utter_{purpose}_which" for purpose in ("check", "urge", "withdraw", "dispute"))
    yield from (f"utter_{kind}_recorded" for kind in ("suggestion", "praise"))
    yield from (f"utter_{tone}_registered{end}" for tone in ("safety", "care") for end in ("", "_phone"))
    promised = ("ticket_status", "farewell_ticket", "case")
    yield from (f"utter_{what}{agreed}" for what in promised for agreed in ("", "_visit", "_call"))
    yield from ("utter_agreed_visit", "utter_agreed_call")
    wrong = {*re.findall(r'Wrong\("([a-z_]+)"', text), *TOLD}
    yield from (f"utter_wrong_{why}" for why in wrong)
