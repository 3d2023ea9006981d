"""The checks of the short conversations judge as their README says."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.testing import ROOT
from tests.support.cases.checks import Evidence, holds, is_later, unasked, wants_desk
from tests.support.cases.choices import chosen, is_kept
from tests.support.cases.customer import Customer
from tests.support.cases.desk import Seen
from tests.support.cases.script import given_files, own_files, read_all
from tests.support.cases.values import PLAIN, Drawn, day_pattern

GREETING = {"text": "您好，我是小声，需要人工客服请随时告诉我。"}
MENU = {"text": "请您换个说法。", "buttons": [{"title": "查订单"}, {"title": "我要投诉"}, {"title": "转人工"}]}
OFFER = {"text": "这件事我没能帮到您，要不要请同事来接着办？"}
ASKS = {"text": "请问怎么称呼您？", "custom": {"kind": "form", "form": "x", "field": "name", "state": "ask"}}
READ_BACK = {"text": "请您核对", "custom": {"kind": "form", "form": "x", "field": "confirm", "state": "confirm"}}
SUGGESTS = {"text": "是不是这几个", "custom": {"kind": "faq_suggestions", "faq_ids": ["shipping.fee"]}}
ORDER = {"text": "在路上", "custom": {"kind": "order_status", "order": "2026111500021", "state": "shipped"}}
WAITS = {"text": "请稍候", "custom": {"kind": "handoff", "state": "waiting"}}
TICKET: dict[str, Any] = {
    "number": "TS1",
    "kind": "refund",
    "status": "registered",
    "category": None,
    "urgency": "ordinary",
    "fields": {"name": "温女士", "amount": "120", "danger": "in_use"},
    "timeline": [{"note": "改到周五"}],
}


def said(*replies: Any, told: Any = (), desk: Seen | None = None) -> Evidence:
    return Evidence(replies, [*told, *replies], desk)


@pytest.mark.parametrize(
    "check, replies",
    [
        ("订单", [MENU]),
        ("!says=订单", [MENU]),
        ("says=换个说法", [MENU]),
        ("kind=handoff|form", [ASKS]),
        ("form", [ASKS]),
        ("form", [READ_BACK]),
        ("field=phone|name", [ASKS]),
        ("!field=phone", [ASKS]),
        ("state=confirm", [READ_BACK]),
        ("!state=confirm", [ASKS]),
        ("faq=shipping.fee", [SUGGESTS]),
        ("order=2026111500021", [ORDER]),
        ("!order=2026110812345", [ORDER]),
        ("kind=farewell || says=稍候", [WAITS]),
        ("kind=farewell || !says=稍候 || .", [WAITS]),
        ("person", [WAITS]),
        ("!person", [GREETING]),
        ("offer", [OFFER]),
        ("!offer", [GREETING]),
        ("!offer", [MENU]),
        ("offer", [WAITS]),
        ("danger", [{"text": "请先拔下插头，不要再用。"}]),
        ("!danger", [{"text": "一共 120 元。"}]),
        ("ok", [GREETING]),
    ],
)
def test_what_was_said_is_judged(check: str, replies: list[Any]) -> None:
    assert holds(check, said(*replies))


def test_an_offer_counts_for_the_rest_of_the_conversation_only_as_offered() -> None:
    assert holds("offered", said(GREETING, told=[OFFER]))
    assert not holds("offer", said(GREETING, told=[OFFER]))


@pytest.mark.parametrize(
    "check",
    [
        "ticket.kind=refund|complaint",
        "!ticket.kind=repair",
        "ticket.name=温",
        "ticket.danger=in_use",
        "ticket.status=^registered$",
        "!ticket.phone=1",
        "blob=周五",
        "tickets=1",
        "!no_ticket",
        "!danger",
        "!queue",
        "promise",
        "desk=冰箱",
    ],
)
def test_what_the_desk_knows_is_judged(check: str) -> None:
    seen = Seen({"state": "bot", "messages": [{"text": "冰箱"}]}, [TICKET], [{"id": "p"}])
    assert wants_desk([check])
    assert holds(check, said(GREETING, desk=seen))


@pytest.mark.parametrize("check", ["ticket.kind=refund", "!ticket.kind=repair", "blob=x", "!blob=x"])
def test_a_ticket_that_does_not_exist_fails_its_check(check: str) -> None:
    assert not holds(check, said(GREETING, desk=Seen()))


def test_who_stands_in_the_queue_is_handed_over() -> None:
    seen = Seen({"state": "waiting"})
    assert holds("queue", said(desk=seen))
    assert holds("person", said(desk=seen))


def test_what_must_not_be_asked_is_watched_and_what_must_be_kept_waits() -> None:
    assert unasked(["noask=name|phone", "form"]) == {"name", "phone"}
    assert is_later("kept=name:温")
    assert is_later("picked=2")
    assert not is_later("ticket.name=温")


def test_a_choice_is_one_of_the_question_before() -> None:
    question = {"custom": {"kind": "form", "field": "danger", "state": "ask"}}
    customer: Any = Customer(None, "", last=[question])  # type: ignore[arg-type]
    seen = Seen(tickets=[TICKET])
    assert is_kept("picked=2", chosen("picked=2", customer), seen)
    assert not is_kept("picked=1", chosen("picked=1", customer), seen)
    assert is_kept("kept=name:^温", None, seen)
    assert not is_kept("kept=name:王", None, seen)


@pytest.mark.parametrize("text", ["2026-11-05", "11月5日", "11月05号", "11/5", "5号", "十一月五日"])
def test_a_day_is_found_in_any_usual_form(text: str) -> None:
    assert re.search(day_pattern(date(2026, 11, 5)), f"约在{text}上午")


@pytest.mark.parametrize("text", ["2026-11-15", "1月5日", "11月25日", "15号", "12月5号", "十一月十五"])
def test_another_day_is_not(text: str) -> None:
    assert not re.search(day_pattern(date(2026, 11, 5)), text)


def test_placeholders_are_filled_and_quantifiers_are_left() -> None:
    drawn = Drawn(random.Random(1))
    assert re.fullmatch(r"138\d{8}", drawn.fill("{phone}"))
    assert drawn.fill("{p:sp}").replace(" ", "") == drawn.phone
    assert drawn.fill("{p:yao}").startswith("幺三八")
    assert drawn.fill("没.{0,4}懂") == "没.{0,4}懂"


def test_every_field_has_a_plain_answer() -> None:
    files = sorted((ROOT / "company" / "fields").glob("*.yml"))
    fields = {name for path in files for name in yaml.safe_load(path.read_text("utf-8"))}
    assert set(PLAIN) == fields


@pytest.mark.parametrize("path", [*given_files(), *own_files()], ids=lambda path: path.stem)
def test_every_file_of_conversations_can_be_read(path: Path) -> None:
    assert read_all([path])
