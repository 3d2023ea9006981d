"""The language check's own rules, and dated promises."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helpdesk.calendar import ServiceCalendar
from helpdesk.company import load_company
from helpdesk.text.commitment import Workdays, commitments, impossible
from helpdesk.text.language import lacks_courtesy, undated_promises

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
        "我们会在元旦前给您答复",
        "我会节后第一天联系您",
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


MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CALENDAR = ServiceCalendar.of(load_company(Path(__file__).parents[3] / "company"))
WORKDAYS = Workdays(CALENDAR.is_working_day, CALENDAR.closes)


@pytest.mark.parametrize(
    "text, due",
    [
        ("您好，明天上午给您回电。", "2026-11-24 12:00"),
        ("师傅明天上午 9 点到 11 点会给您打电话", "2026-11-24 11:00"),
        ("我明天下午2点至4点给您回电", "2026-11-24 16:00"),
        ("周五前答复您", "2026-11-27 18:00"),
        ("周五前给您答复。", "2026-11-27 18:00"),
        ("我下班前给您答复", "2026-11-23 18:00"),
        ("今天下班前给您结果，我会跟进处理好", "2026-11-23 18:00"),
        ("半小时内给您回电", "2026-11-23 11:00"),
        ("我会在一个半小时内回复您", "2026-11-23 12:00"),
        ("一刻钟内给您回电", "2026-11-23 10:45"),
        ("我会在二十分钟内联系您", "2026-11-23 10:50"),
        ("我们会在十五分钟内联系您", "2026-11-23 10:45"),
        ("24 小时内给您答复", "2026-11-24 10:30"),
        ("两个工作日内给您答复", "2026-11-25 18:00"),
        ("款项会在 3-5 个工作日内退款到账", "2026-11-30 18:00"),
        ("下午给您回电", "2026-11-23 18:00"),
        ("下午三点半给您回电", "2026-11-23 15:30"),
        ("3点前给您回电", "2026-11-23 15:00"),
        ("明天3点给您回电", "2026-11-24 15:00"),
        ("明早给您回电", "2026-11-24 12:00"),
        ("明晚八点给您回电", "2026-11-24 20:00"),
        ("大后天上午给您上门", "2026-11-26 12:00"),
        ("25号前给您答复", "2026-11-25 18:00"),
        ("5号前给您答复", "2026-12-05 18:00"),
        ("本周内给您答复", "2026-11-27 18:00"),
        ("下周给您答复", "2026-12-04 18:00"),
        ("周末给您回电", "2026-11-29 18:00"),
        ("月底前给您答复", "2026-11-30 18:00"),
        ("一周内给您换新", "2026-11-30 18:00"),
        ("您11月3日买的冰箱，我们会在周五前给您换新", "2026-11-27 18:00"),
        ("已经为您登记，明天上午给您回电", "2026-11-24 12:00"),
        ("明天下午，我给您打电话", "2026-11-24 18:00"),
        ("今天下午5点前给您回电", "2026-11-23 17:00"),
        ("下下周一给您答复", "2026-12-07 18:00"),
        ("节后第一天给您答复", "2027-01-04 18:00"),
        ("元旦前给您换新", "2026-12-31 18:00"),
        ("月底前给您安排好", "2026-11-30 18:00"),
        ("周三前安排好", "2026-11-25 18:00"),
        ("农历十月二十五给您上门", "2026-12-03 18:00"),
    ],
)
def test_the_ways_staff_name_a_time(text: str, due: str) -> None:
    assert [f"{one.due_at:%Y-%m-%d %H:%M}" for one in commitments(text, MONDAY, WORKDAYS)] == [due]


@pytest.mark.parametrize(
    "now, text, due",
    [
        ("2026-02-13T10:00", "两个工作日内给您答复", "2026-02-24 18:00"),  # the 14th is worked, then the festival
        ("2026-09-29T10:00", "三个工作日内给您答复", "2026-10-09 18:00"),  # 30, 8, 9
        ("2026-11-23T19:30", "下班前给您答复", "2026-11-23 21:00"),  # the evening shift ends at nine
        ("2026-11-28T10:00", "本周内给您答复", "2026-11-29 18:00"),  # said on a Saturday
        ("2026-12-30T10:00", "2号前给您答复", "2027-01-02 18:00"),
    ],
)
def test_working_days_are_the_legal_ones_and_an_evening_has_an_end(now: str, text: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [f"{one.due_at:%Y-%m-%d %H:%M}" for one in commitments(text, moment, WORKDAYS)] == [due]


@pytest.mark.parametrize(
    "text",
    [
        "昨天已经给您退款",
        "明天方便给您回电吗",
        "快递会在明天给您打电话",
        "刚给您补发了一份，明天能到",
        "过几天给您答复",
    ],
)
def test_what_is_done_asked_others_or_vague_is_no_dated_promise(text: str) -> None:
    assert commitments(text, MONDAY, WORKDAYS) == []


@pytest.mark.parametrize(
    "text, due",
    [
        ("今天18:00前改好", "2026-11-23 18:00"),
        ("周三前弄好", "2026-11-25 18:00"),
        ("元旦前安排上门", "2026-12-31 18:00"),
        ("月底前登记完成", "2026-11-30 18:00"),
        ("下下周一前准备好", "2026-12-07 18:00"),
    ],
)
def test_a_time_and_a_deed_are_a_promise_without_a_customer_named(text: str, due: str) -> None:
    assert [f"{one.due_at:%Y-%m-%d %H:%M}" for one in commitments(text, MONDAY, WORKDAYS)] == [due]


@pytest.mark.parametrize(
    "text, when",
    [
        ("您好，今天下午5点前给您答复", "今天下午5点前"),
        ("我会在今天8:00前回电", "今天8:00前"),
        ("我们会在2月30日前给您退款", "2月30日前"),
        ("今天18:00前改好", "今天18:00前"),
    ],
)
def test_a_promise_for_a_time_that_is_over_or_does_not_exist_is_found(text: str, when: str) -> None:
    late = MONDAY.replace(hour=23, minute=31)
    assert [one.when for one in impossible(text, late, WORKDAYS)] == [when]
    assert commitments(text, late, WORKDAYS) == []


@pytest.mark.parametrize(
    "text",
    [
        "您昨天反映的问题，我们会在明天前答复您",
        "今天上午已经给您回电了",
        "昨天已经给您退款",
        "我会在明天上午给您回电",
        "下下周一给您答复",
        "您的订单今天上午已经发出",
    ],
)
def test_what_was_done_or_is_to_come_is_no_promise_in_the_past(text: str) -> None:
    assert impossible(text, MONDAY.replace(hour=23, minute=31), WORKDAYS) == []


@pytest.mark.parametrize("text", ["过几天给您答复", "改天给您回电", "这几天就给您解决", "有空给您回复"])
def test_a_vague_time_is_none(text: str) -> None:
    assert undated_promises(text)
