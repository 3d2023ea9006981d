"""When a second reader is asked, and what becomes of what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.reader.labels import STARTING
from bot.second.joined import HARDLY_REFUSED, STARTS_AT_MOST, SUREST, is_unsure, joined
from bot.second.port import Act
from tests.unit_bot.second.parses import acts_of, parsed


@pytest.mark.parametrize(
    "acts,unsure",
    [
        ({}, True),
        ({"ask": 0.59}, True),
        ({"ask": 0.6}, False),
        ({"refund": -0.59}, True),
        ({"ask": 0.3, "story": 0.9}, True),
        ({"ask": 0.9, "story": 0.3}, False),
        ({"grumble": 0.4, "danger": 0.5}, False),
        ({"injury": 0.5}, False),
        ({"grumble": 0.4, "danger": 0.1}, True),
        ({"danger": -0.5}, True),
    ],
)
def test_it_is_asked_when_the_most_important_act_is_faint_and_no_danger_decides(
    acts: dict[str, float], unsure: bool
) -> None:
    assert is_unsure(parsed("嗯", acts), "none", 0.6) is unsure


def test_what_the_lexicon_decided_is_not_asked_again() -> None:
    certain = parsed("886", {}, intent={"name": "goodbye", "confidence": 1.0})
    assert not is_unsure(certain, "none", 0.6)


@pytest.mark.parametrize("reading", [None, {"acts": {}, "values": {}}])
def test_without_a_first_reading_it_is_asked(reading: Any) -> None:
    assert is_unsure(parsed("嗯", reading=reading), "none", 0.6)


@pytest.mark.parametrize("asked", ["field:name", "field:address", "field:staff_name", "field:invoice_title"])
def test_what_answers_a_personal_question_in_any_words_is_never_sent(asked: str) -> None:
    assert not is_unsure(parsed("扎西卓玛", {}), asked, 0.6)


def test_its_acts_take_the_place_of_faint_ones() -> None:
    result = joined(parsed("在吗", {"hurry": 0.3}), [Act("greet", "+", 0.8), Act("ask", "+", 0.6)])
    assert list(acts_of(result).items()) == [("greet", 0.8), ("ask", 0.6)]
    assert result["reading"]["values"] == {}


@pytest.mark.parametrize("name", sorted(STARTING))
def test_what_starts_something_is_never_sure_enough_to_start_without_asking(name: str) -> None:
    [sure] = acts_of(joined(parsed("嗯", {}), [Act(name, "+", 1.0)])).values()
    assert sure == STARTS_AT_MOST


def test_the_bound_lies_between_those_of_the_decision() -> None:
    bounds = Path("actions/decide/bounds.py").read_text("utf-8")
    numbers = {name: float(value) for name, value in re.findall(r"^([A-Z_]+) = ([0-9.]+)$", bounds, re.MULTILINE)}
    assert numbers["MATTER"] <= STARTS_AT_MOST < numbers["OPEN"]
    assert HARDLY_REFUSED < numbers["UNHEARD"] < SUREST


def test_its_own_certainty_has_an_end() -> None:
    assert acts_of(joined(parsed("嗯", {}), [Act("ask", "+", 1.0)])) == {"ask": SUREST}


@pytest.mark.parametrize(
    "text,name",
    [
        ("不用转人工了哈", "person"),
        ("别给我取消订单", "cancel_order"),
        ("我不是要退货", "refund"),
        ("发票就不用了", "invoice"),
    ],
)
def test_what_the_words_deny_is_not_started(text: str, name: str) -> None:
    assert acts_of(joined(parsed(text, {}), [Act(name, "+", 1.0)]))[name] < 0


def test_what_the_first_reader_heard_denied_is_not_started() -> None:
    assert acts_of(joined(parsed("嗯", {"refund": -0.45}), [Act("refund", "+", 1.0)])) == {"refund": -STARTS_AT_MOST}


def test_it_may_deny() -> None:
    assert acts_of(joined(parsed("嗯", {"refund": 0.4}), [Act("refund", "-", 0.9)])) == {"refund": -STARTS_AT_MOST}


@pytest.mark.parametrize(
    "second", [[Act("thank", "+", 0.9)], [Act("danger", "-", 1.0)], [Act("danger", "-", 1.0), Act("thank", "+", 0.9)]]
)
def test_a_danger_that_was_heard_is_never_taken_away(second: list[Act]) -> None:
    assert acts_of(joined(parsed("嗯", {"grumble": 0.4, "danger": 0.1}), second))["danger"] == 0.1


def test_a_danger_that_both_hear_is_as_sure_as_the_surer() -> None:
    assert acts_of(joined(parsed("嗯", {"danger": 0.1}), [Act("danger", "+", 0.8)])) == {"danger": 0.8}
    assert acts_of(joined(parsed("嗯", {"danger": 0.45}), [Act("danger", "+", 0.5)])) == {"danger": 0.5}


def test_a_refusal_is_no_surer_than_what_it_hears() -> None:
    refused = parsed("嗯", {}, intent={"name": "out_of_scope", "confidence": 0.97})
    assert joined(refused, [Act("refund", "+", 0.9)])["intent"] == {
        "name": "out_of_scope",
        "confidence": HARDLY_REFUSED,
    }
    assert joined(parsed("嗯"), [Act("refund", "+", 0.9)])["intent"] == parsed("嗯")["intent"]


def test_the_parse_result_that_was_given_stays_as_it_was() -> None:
    given = parsed("嗯", {"danger": 0.1})
    joined(given, [Act("refund", "+", 0.9)])
    assert given == parsed("嗯", {"danger": 0.1})
