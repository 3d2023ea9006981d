"""A mind that is changed beside an answer: what is changed, what was answered before it, and what is no change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions.forms.corrections import without_corrections
from actions.forms.form import Form
from actions.forms.second_thoughts import second_thought
from actions.heard import Heard
from helpdesk.company import load_company

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
FILLED = {"product": "冰箱", "visit_time": "后天上午（11月26日）", "name": "孙丽"}


def repair(**known: Any) -> Form:
    return Form("service_form", "repair", COMPANY, {**FILLED, **known}, NOW)


@pytest.mark.parametrize(
    "said,before",
    [
        ("李庄村18号 哦对后天不中 俺得去赶集 大后天吧", "李庄村18号"),
        ("文三路90号2幢301 对了后天不行 改大后天吧", "文三路90号2幢301"),
        ("文三路90号2幢301，后天应该来不及，你们大后天来", "文三路90号2幢301"),
        ("文三路90号2幢301 後天唔得閒 改大後天", "文三路90号2幢301"),
    ],
)
def test_another_day_takes_the_place_of_the_one_that_will_not_do(said: str, before: str) -> None:
    found = second_thought(repair(), Heard(said, ""), "address")
    assert "11月27日" in str(found.values["visit_time"])
    assert found.before.text.startswith(before)


@pytest.mark.parametrize(
    "said", ["文三路90号2幢301", "文三路90号2幢301 后天能来吧", "文三路90号2幢301 后天还是那个时间"]
)
def test_a_day_that_is_told_again_changes_nothing(said: str) -> None:
    assert second_thought(repair(), Heard(said, ""), "address").values == {}


def test_when_it_happened_is_changed_only_by_name_or_against_what_it_was() -> None:
    told = {"occurred": "昨天下午（11月23日）", "category": "other"}
    form = Form("complaint_form", "complaint", COMPANY, told, NOW)
    assert second_thought(form, Heard("没有 今天打电话还是不行 上午打的", ""), "evidence").values == {}
    assert "11月22日" in str(
        second_thought(form, Heard("没有 不是昨天下午 是前天下午", ""), "evidence").values["occurred"]
    )


def test_what_was_put_right_is_not_written_down_again() -> None:
    found = {"visit_time": "大后天下午（11月27日）"}
    said = Heard("遥控器也坏了。我查了日历后天没空，时间换大后天下午", "")
    assert without_corrections(repair(), said, found) == "遥控器也坏了"
