"""Bubbles as WeChat shows them, and what the settings insist on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.channels.wechat import WeChatSettings, render
from helpdesk.channels.wechat.text import LIMIT, size
from helpdesk.model.delivery import Verdict
from helpdesk.outbox import pause
from helpdesk.settings import SettingsMissing
from helpdesk.store.tables import Message

HINT = "请回复数字选择。"
KEY = "k" * 43


def bubble(text: str, *titles: str, answers: str = "m1") -> Message:
    buttons = [{"title": title, "payload": f"b:{title}"} for title in titles]
    return Message(text=text, buttons=buttons or None, answers=answers)


def test_numbers_run_on_through_one_answer_and_the_hint_comes_last() -> None:
    told = render.numbered([bubble("一", "甲"), bubble("二"), bubble("三", "乙", "丙")], HINT)
    assert told == f"一\n\n1. 甲\n\n二\n\n三\n\n2. 乙\n3. 丙\n{HINT}"


def test_only_the_last_answer_with_choices_has_numbers() -> None:
    told = render.numbered([bubble("旧", "甲", answers="m1"), bubble("新", "乙", answers="m2")], HINT)
    assert told == f"旧\n· 甲\n\n新\n\n1. 乙\n{HINT}"


def test_who_replies_five_gives_five() -> None:
    marks = bubble("请打分", *(f"{mark} 分" for mark in (5, 4, 3, 2, 1)))
    assert "\n5. 5 分\n" in render.numbered([marks], HINT)
    assert [button["title"] for button in render.choices(marks)] == ["1 分", "2 分", "3 分", "4 分", "5 分"]


def test_as_many_bubbles_go_as_fit() -> None:
    bubbles = [bubble("字" * 300) for _ in range(3)]
    assert render.fitting(bubbles, HINT) == 2
    assert render.fitting([bubble("字" * 700)], HINT) == 0
    assert size(render.passive([bubble("字。" * 700)], HINT)) <= LIMIT


def test_choices_go_as_a_menu_unless_they_are_too_long_for_one() -> None:
    [menu] = render.for_api([bubble("请选择", "甲", "乙")], HINT)
    assert menu == render.Menu("请选择", (("b:甲", "甲"), ("b:乙", "乙")))
    parts = render.for_api([bubble("长。" * 400, "甲")], HINT)
    assert all(isinstance(part, str) and size(part) <= LIMIT for part in parts)
    assert str(parts[-1]).endswith(HINT)


@pytest.mark.parametrize(
    "given,named",
    [
        ({"token": "t"}, "WECHAT_APP_ID"),
        ({"token": "t", "app_id": "wx"}, "WECHAT_APP_SECRET"),
        ({"token": "t", "app_id": "wx", "app_secret": "s", "aes_key": "short"}, "WECHAT_AES_KEY"),
    ],
)
def test_a_missing_secret_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsMissing, match=named):
        WeChatSettings(_env_file=None, **given)


def test_without_a_token_the_channel_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WECHAT_TOKEN", raising=False)
    assert not WeChatSettings(_env_file=None).is_on
    assert WeChatSettings(_env_file=None, token="t", app_id="wx", app_secret="s", aes_key=KEY).is_on


def test_pauses_double_up_to_a_limit() -> None:
    assert [pause(Verdict.RETRY, n).total_seconds() for n in (1, 2, 3)] == [1, 2, 4]
    assert pause(Verdict.BUSY, 1) == timedelta(minutes=1)
    assert pause(Verdict.BUSY, 12) == timedelta(minutes=10)
