"""What submits a form, what lets a value stand, and what is a value or a correction all the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions.forms.answers import Given, parse
from actions.forms.controls import is_control, only_submits
from actions.forms.corrections import corrections, named_fields
from actions.forms.form import Form
from actions.forms.steering import lets_stand, submits, unsettled
from actions.heard import Heard
from helpdesk.company import load_company
from helpdesk.model.frame import CONFIRM

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FILLED = {
    "product": "冰箱",
    "description": "冰箱不制冷",
    "visit_time": "明天上午（11月22日）",
    "address": "杭州市文三路90号2幢301",
    "name": "蒋女士",
    "phone": "13957100233",
}


def repair(**known: Any) -> Form:
    return Form("service_form", "repair", COMPANY, {**FILLED, **known}, NOW)


def said(text: str) -> Heard:
    return Heard(text, "")


@pytest.mark.parametrize("text", ["确认提交", "好的，提交吧", "就这样交吧", "可以提交了", "提交啦"])
def test_words_that_only_submit_are_the_value_of_no_field(text: str) -> None:
    assert only_submits(COMPANY, text)
    assert all(not isinstance(parse(repair().asked(name), said(text)), Given) for name in ("name", "description"))


@pytest.mark.parametrize("text", ["程立", "没有", "不要", "确认收货了", "先别提交"])
def test_other_words_are_no_mere_yes_or_submit(text: str) -> None:
    assert not is_control(COMPANY, text)


@pytest.mark.parametrize(
    "text",
    [
        "称呼那些都对 提交咯 师傅来之前要不要先把水龙头关了",
        "地址没错 提交吧",
        "地址不用动 电话不用动 提交 要我准备啥不",
        "電話冇錯 地址都啱 提交啦",
        "名字电话都对",
    ],
)
def test_what_is_right_and_a_question_beside_keep_no_form_from_being_submitted(text: str) -> None:
    assert submits(repair(), CONFIRM, said(text))


@pytest.mark.parametrize(
    "text", ["称呼对的 电话也对的", "地址不对 提交吧", "提交之前把电话改了", "先别提交", "要是收费就不提交"]
)
def test_part_that_is_right_and_whatever_else_submit_nothing(text: str) -> None:
    assert not submits(repair(), CONFIRM, said(text))


@pytest.mark.parametrize("text", ["算了不改了", "就原来那个 不改", "没错没错 我看错了", "对的，就这样", "提交", "冇錯"])
def test_where_a_field_is_asked_anew_its_old_value_may_stand(text: str) -> None:
    assert lets_stand(repair(), "phone", said(text))


@pytest.mark.parametrize("text", ["改成13911112222", "不对", "要改几个字行吗", "我想想"])
def test_nothing_else_lets_it_stand(text: str) -> None:
    assert not lets_stand(repair(), "phone", said(text))


def test_submit_at_a_field_that_is_asked_anew_submits_what_was_read_back() -> None:
    assert submits(repair(), "name", said("提交"))
    assert not submits(repair(), "name", said("不改了"))


def test_a_field_that_is_called_right_is_no_field_to_correct() -> None:
    form = repair()
    heard = Heard("称呼对，地址对，电话错了，是13957100234", "", 1.0, (
        {"entity": "phone", "value": "13957100234", "start": 13, "end": 24},
    ))  # fmt: skip
    assert corrections(form, heard, {}) == {"phone": "13957100234"}
    assert named_fields(form, unsettled(COMPANY, said("称呼那些都对 提交咯"))) == []


@pytest.mark.parametrize("text", ["好", "是的", "这次对了", "好，没有其他的", "对的"])
def test_a_mere_yes_where_all_was_read_back_is_left_to_the_decision(text: str) -> None:
    assert not lets_stand(repair(), CONFIRM, said(text))


def test_what_is_named_as_right_is_no_yes_to_all() -> None:
    assert lets_stand(repair(), CONFIRM, said("称呼对的 电话也对的"))
