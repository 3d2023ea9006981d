"""The language check's own rules, and dated promises."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.model.commitment import commitments
from helpdesk.model.language import lacks_courtesy, undated_promises

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Saturday


@pytest.mark.parametrize(
    "text", ["我们会给您回电", "稍后联系您。", "我会跟进，有结果后通知您", "尽快为您解决", "我们将为您补发一个"]
)
def test_a_promise_without_a_time_is_found(text: str) -> None:
    assert undated_promises(text)


@pytest.mark.parametrize(
    "text",
    [
        "我会在今天 18:00 前给您回电",
        "我们会在三个工作日内答复您",
        "我们会在 11 月 25 日前退款",
        "已经为您退款",
        "请您稍等，我来查一下",
        "如果会影响发货，请您告诉我",
        "您会收到短信通知",
        "麻烦您收到后联系我",
    ],
)
def test_a_dated_promise_and_what_is_none_are_left_alone(text: str) -> None:
    assert undated_promises(text) == []


@pytest.mark.parametrize("text", ["那个订单昨天就发走了", "配件已经没有货了"])
def test_a_reply_without_a_courteous_word_lacks_courtesy(text: str) -> None:
    assert lacks_courtesy(text)


@pytest.mark.parametrize(
    "text", ["您的订单昨天发出了", "请稍等", "已发送", "ok, the parcel was sent yesterday", "抱歉让人久等了"]
)
def test_courteous_short_and_foreign_replies_pass(text: str) -> None:
    assert not lacks_courtesy(text)


@pytest.mark.parametrize(
    "text, due",
    [
        ("我会在今天18:00前给您回电", "2026-11-21 18:00"),
        ("我们会在明天上午答复您", "2026-11-22 12:00"),
        ("我们会在周五前给您答复", "2026-11-27 18:00"),
        ("我们会在下周一下午3点半联系您", "2026-11-23 15:30"),
        ("我会在两小时内回复您", "2026-11-21 12:30"),
        ("我们会在三个工作日内退款", "2026-11-25 18:00"),
        ("我们会在11月30日前补发", "2026-11-30 18:00"),
        ("我们将在1月3日前上门", "2027-01-03 18:00"),
        ("我会今晚给您打电话", "2026-11-21 21:00"),
    ],
)
def test_a_dated_promise_is_read(text: str, due: str) -> None:
    assert [f"{one.due_at:%Y-%m-%d %H:%M}" for one in commitments(text, NOW)] == [due]


@pytest.mark.parametrize("text", ["您的订单明天到", "我会给您回电", "我们会在2月31日前答复", "我会在今天8:00前回电"])
def test_what_is_no_promise_or_has_no_possible_time_is_not_read(text: str) -> None:
    assert commitments(text, NOW) == []
