"""Times as they are told in a chat: a date right before an hour, other words for the parts of a day, far days."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from zhtext.values import phones, times
from zhtext.values.days import Bias

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(text: str) -> list[str]:
    return [one.value for one in times.read(text, NOW, Bias.FUTURE)]


@pytest.mark.parametrize(
    "text,value",
    [
        ("11月26日14点以后送", "2026-11-26T14:00"),
        ("12月3号9点", "2026-12-03T09:00"),
        ("2026年11月26日14点", "2026-11-26T14:00"),
        ("后儿个上午", "2026-11-26"),
        ("大后儿", "2026-11-27"),
        ("明儿个下半天", "2026-11-25"),
        ("礼拜六上半日", "2026-11-28"),
    ],
)
def test_a_time_is_read_whole(text: str, value: str) -> None:
    assert read(text) == [value]


@pytest.mark.parametrize(
    "text,words",
    [
        ("周六下午三点以后来", "周六下午三点以后"),
        ("明天五点之后来都行", "明天五点之后"),
        ("周六3点后", "周六3点后"),
        ("周日10点前送到", "周日10点前"),
        ("礼拜三9点半以后", "礼拜三9点半以后"),
        ("26号之后都行", "26号之后"),
        ("周四下班后打给我", "周四下班后"),
        ("明天午饭以后", "明天午饭以后"),
    ],
)
def test_from_when_on_and_until_when_belong_to_the_time(text: str, words: str) -> None:
    assert [one.words for one in times.read(text, NOW, Bias.FUTURE)] == [words]


def test_a_number_of_things_is_no_day() -> None:
    assert read("11月20个") == ["2026-11-01/2026-11-30"]


def test_a_house_number_is_no_day() -> None:
    assert read("你又写返12号之一") == []
    assert read("后天不中，大后天吧") == ["2026-11-26", "2026-11-27"]


def test_an_hour_in_the_next_clause_is_a_time_of_its_own() -> None:
    assert read("明天下午吧，我下午两点以后在家") == ["2026-11-25", "下午两点以后"]


def test_what_points_at_what_was_said_ends_before_the_place_it_points_at() -> None:
    assert [one.words for one in times.read("你刚才前边还说三年", NOW)] == ["刚才"]


@pytest.mark.parametrize(
    "text,end",
    [
        ("手机尾号打错了，是8843", "8843"),
        ("后四位不对应该是0021", "0021"),
        ("尾号对的", None),
        ("尾号13800001111", None),
    ],
)
def test_the_end_of_a_number_is_read_where_it_is_called_so(text: str, end: str | None) -> None:
    assert phones.new_end(text) == end


@pytest.mark.parametrize(
    "text,is_refused",
    [
        ("周六不行", True),
        ("后天不得行", True),
        ("礼拜六不中", True),
        ("周六上午十点行不行", False),
        ("礼拜六中不中", False),
        ("明天得不得行", False),
    ],
)
def test_a_time_that_is_asked_for_is_not_refused(text: str, is_refused: bool) -> None:
    [phrase] = times.phrases(text, times.read(text, NOW, Bias.FUTURE, asked=True))
    assert times.is_refused(text, phrase) is is_refused
