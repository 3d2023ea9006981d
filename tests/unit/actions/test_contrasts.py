"""What is wrong and what is right in one breath: aligned, put where the wrong words stand, and nowhere else."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions.forms.contrasts import contrasts
from actions.forms.corrections import corrections
from actions.forms.form import Form
from actions.heard import Heard, Json
from helpdesk.company import load_company

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
KNOWN = {
    "product": "冰箱",
    "description": "冰箱昨天开始不制冷",
    "visit_time": "后天下午（11月26日）",
    "address": "杭州市西湖区文三路21号3单元402室",
    "name": "柳先生/女士",
    "phone": "13712345678",
}


def repair(**known: Any) -> Form:
    return Form("service_form", "repair", COMPANY, {**KNOWN, **known}, NOW)


def righted(said: str, **known: Any) -> Json:
    return corrections(repair(**known), Heard(said, "correct_info", 0.9), {})


@pytest.mark.parametrize(
    "said,right,wrong",
    [
        ("还有住址是86号不是68号", "86号", "68号"),
        ("我姓刘不是姓柳", "刘", "柳"),
        ("礼拜四要出门 不是礼拜三", "礼拜四", "礼拜三"),
        ("不是3单元是5单元", "5单元", "3单元"),
        ("是前天开始的 不是昨天", "前天", "昨天"),
        ("坏的是洗衣机不是冰箱", "洗衣机", "冰箱"),
        ("不是明天，是后天", "后天", "明天"),
        ("區寫錯了是拱墅區不是西湖區", "拱墅區", "西湖區"),
        ("一是后天改大后天", "大后天", "后天"),
        ("我要换货不是退货", "换货", "退货"),
    ],
)
def test_of_two_wordings_one_is_right(said: str, right: str, wrong: str) -> None:
    assert [(one.right, one.wrong) for one in contrasts(COMPANY, said)] == [(right, wrong)]


@pytest.mark.parametrize(
    "said", ["不是不是 我没得要删", "是不是后天来", "地址是对的", "我不是要投诉", "发票抬头错了，是甲公司"]
)
def test_where_nothing_is_set_against_another_there_is_no_contrast(said: str) -> None:
    assert list(contrasts(COMPANY, said)) == []


@pytest.mark.parametrize(
    "said,values",
    [
        ("是12号不是21号，写反了", {"address": "杭州市西湖区文三路12号3单元402室"}),
        ("我姓刘不是姓柳", {"name": "刘先生/女士"}),
        ("路名是文二路不是文三路", {"address": "杭州市西湖区文二路21号3单元402室"}),
        ("坏的是洗衣机不是冰箱", {"product": "洗衣机", "description": "洗衣机昨天开始不制冷"}),
        ("是前天开始的 不是昨天", {"description": "冰箱前天开始不制冷"}),
        ("尾号是87不是78", {"phone": "13712345687"}),
        ("不是下午是上午", {"visit_time": "后天上午（11月26日）"}),
        ("后天改大后天", {"visit_time": "大后天下午（11月27日）"}),
    ],
)
def test_what_is_right_stands_where_the_wrong_words_stood(said: str, values: Json) -> None:
    assert righted(said) == values


def test_a_fields_name_is_no_value_and_an_account_is_not_rewritten_by_a_change_of_something_else() -> None:
    assert righted("称呼不是公司") == {}
    assert "description" not in righted("上门改到周五上午", description="上门修过一次")


@pytest.mark.parametrize(
    "said,values",
    [
        (
            "时间换成大后天上午，还有是12号不是21号",
            {"visit_time": "大后天上午（11月27日）", "address": "杭州市西湖区文三路12号3单元402室"},
        ),
        ("我姓刘不是姓柳，单元是2单元", {"name": "刘先生/女士", "address": "杭州市西湖区文三路21号2单元402室"}),
        (
            "房号402写错了 应该是502 时间也挪到后天晚上六点",
            {"visit_time": "后天晚上六点（11月26日）", "address": "杭州市西湖区文三路21号3单元502"},
        ),
        ("单元和房间都错了，5单元601", {"address": "杭州市西湖区文三路21号5单元601"}),
        (
            "地址改成青年路12号，时间改到周六上午",
            {"address": "杭州市西湖区青年路12号", "visit_time": "周六上午（11月28日）"},
        ),
    ],
)
def test_every_correction_of_a_message_is_made_and_an_address_keeps_the_rest(said: str, values: Json) -> None:
    found = righted(said)
    assert {name: found.get(name) for name in values} == values


@pytest.mark.parametrize(
    "said",
    [
        "后天下午那个还作数吗",
        "周六师傅上班不",
        "明天下午是不是就能修好",
        "21号3单元402你们师傅找得到吗",
        "后天下午要是下雨师傅还来不",
        "上门要是换成周日会不会加钱",
        "现在是不是都记成明天了",
        "13712345678打过来显示哪里",
        "你说现在记下的是这些",
        "明天上午你们上班吗",
    ],
)
def test_a_question_that_names_a_value_changes_none(said: str) -> None:
    assert righted(said) == {}


def test_a_change_that_is_asked_for_is_one() -> None:
    assert righted("能不能改到大后天上午")["visit_time"] == "大后天上午（11月27日）"
