"""When to call or not to: told beside other things, and told of calls that were."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.clauses import pieces
from actions.forms.form import Form
from actions.forms.hours import is_one, places, told
from actions.heard import Heard
from helpdesk.company import load_company
from zhtext import normalise

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")


def tells(said: str) -> bool:
    return any(is_one(COMPANY, normalise(clause)) for clause in pieces(said))


@pytest.mark.parametrize(
    "said",
    [
        "晚上七点以后打",
        "十二点到两点别打，午休",
        "白天上课接不到",
        "周末再打给我",
        "上午不方便接电话",
        "下班后联系我",
        "我半夜才下工，中午打吧",
        "平时六点过后才接得到电话",
        "打电话晚上七点以后",
        "来电放在中午十二点到一点",
        "电话请周末打",
    ],
)
def test_a_time_and_a_call_behind_it_tell_when_to_call(said: str) -> None:
    assert tells(said)


@pytest.mark.parametrize(
    "said",
    [
        "昨天下午打了三遍没人接",
        "你们说上午打电话的",
        "明天下午三点来",
        "客服上午打过来就骂我",
        "师傅上门之前打我电话",
        "晚上太吵了",
        "下午收到的",
        "我下午三点打的电话",
        "你们打电话说下午来",
    ],
)
def test_calls_that_were_and_visits_are_none(said: str) -> None:
    assert not tells(said)


def form_of(kind: str) -> Form:
    return Form("service_form", kind, COMPANY, {}, datetime(2026, 11, 24, 2, tzinfo=UTC))


def test_the_hour_that_a_call_is_asked_for_stays_beside_when_not_to_call() -> None:
    said = Heard("晚上八点打给我，中午别打", "inform")
    assert told(form_of("callback"), said) == "中午别打"
    assert said.but(places(form_of("callback"), said.text)).text == "晚上八点打给我"
    assert told(form_of("repair"), said) == "晚上八点打给我，中午别打"
