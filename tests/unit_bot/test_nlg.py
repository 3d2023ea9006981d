"""Which wording is said, and what becomes of its fields."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from bot.channel import parse_payload
from bot.errors import TurnFailed
from bot.nlg import choose, fill
from tests.unit_bot.chat import Chat

NewChat = Callable[..., Chat]


async def test_a_turn_tried_again_says_the_same(new_chat: NewChat) -> None:
    said = set()
    for attempt in range(5):
        talk = new_chat()
        talk.turns = 0
        body = {
            "conversation": "c1",
            "message_id": f"message:1:{attempt}",
            "state": None,
            "facts": {},
            "input": {"text": "你好"},
        }
        response = await talk.client.post("/turn", json=body)
        said.add(response.json()["replies"][0]["text"])
    assert len(said) == 1


async def test_no_wording_twice_in_a_row(new_chat: NewChat) -> None:
    talk = new_chat()
    said = [(await talk.say("你好"))[0] for _ in range(30)]
    assert all(one != next_one for one, next_one in itertools.pairwise(said))
    assert len(set(said)) == 3


def test_every_variant_gets_its_turn() -> None:
    chosen = [choose([0, 1, 2], "utter_greet", f"m{n}", None) for n in range(300)]
    assert min(chosen.count(variant) for variant in range(3)) > 60


def test_one_variant_is_said_again() -> None:
    assert choose([4], "utter_greet", "m1", 4) == 4


def test_a_value_is_not_filled_a_second_time() -> None:
    assert fill({"text": "{a}，{b}"}, {"a": "{b}", "b": "{0}"}, "utter_x")["text"] == "{b}，{0}"


def test_a_field_without_a_value_is_left_out() -> None:
    assert fill({"text": "您好{name}！"}, {"name": None}, "utter_x")["text"] == "您好！"


def test_a_field_nobody_gives_fails_the_turn() -> None:
    with pytest.raises(TurnFailed) as failed:
        fill({"text": "{number}"}, {}, "utter_x")
    assert failed.value.code == "no_wording"


def test_custom_data_keeps_the_type_of_a_value() -> None:
    custom = {"kind": "handoff", "position": "{n}", "list": ["{n}", "第{n}位"], "estimate_s": "{none}"}
    filled = fill({"custom": custom}, {"n": 3, "none": None}, "utter_x")["custom"]
    assert filled == {"kind": "handoff", "position": 3, "list": [3, "第3位"], "estimate_s": None}


@pytest.mark.parametrize(
    "payload,expected",
    [
        ("/affirm", ("affirm", {})),
        ('/inform{"a": "b"}', ("inform", {"a": "b"})),
        ('/inform{{"a": "b"}}', ("inform", {"a": "b"})),
        ('/inform{"a": "{value}"}', ("inform", {"a": '他说"好"\\'})),
        ('/inform{{"a": "{value}"}}', ("inform", {"a": '他说"好"\\'})),
        ('/inform{"a": {"b": "{value}"}}', ("inform", {"a": {"b": '他说"好"\\'}})),
    ],
)
def test_a_payload_is_filled_and_read(payload: str, expected: Any) -> None:
    response = {"text": "a", "buttons": [{"title": "选{n}", "payload": payload}]}
    (button,) = fill(response, {"value": '他说"好"\\', "n": 1}, "utter_x")["buttons"]
    assert button["title"] == "选1"
    assert parse_payload(button["payload"]) == expected


@pytest.mark.parametrize("payload", [None, "", "affirm", "/", '/{"a": 1}', '/inform{"a"', "/inform{1}"])
def test_a_payload_that_is_none_fails_the_turn(payload: Any) -> None:
    with pytest.raises(TurnFailed) as failed:
        parse_payload(payload)
    assert failed.value.code == "bad_button"


async def test_no_variant_that_fits_says_nothing_by_itself(new_chat: NewChat) -> None:
    talk = new_chat()
    replies: list[str] = await talk.start("open")
    assert replies == ["您好，三声为您服务。"]
