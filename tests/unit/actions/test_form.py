"""A form under way: what a message brings to it unasked, what counts as an account, what is asked next and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.dates import spoken
from actions.forms.accounts import account
from actions.forms.form import Form
from actions.forms.questions import facts
from actions.forms.volunteered import volunteered
from actions.heard import Heard, Json
from helpdesk.company import load_company
from helpdesk.model.frame import CONFIRM
from zhtext.values import scores

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ALL_AT_ONCE = "我叫王芳，电话13812345678，上周买的冰箱2026110812345不制冷，要求换货"


def heard(text: str, intent: str = "inform", **entities: str) -> Heard:
    found = [
        {"entity": e, "value": v, "start": text.find(v), "end": text.find(v) + len(v)} for e, v in entities.items()
    ]
    return Heard(text, intent, 0.9, tuple(found))


def complaint(**known: str) -> Form:
    return Form("complaint_form", "complaint", COMPANY, dict(known), NOW)


def service(kind: str, **known: str) -> Form:
    return Form("service_form", kind, COMPANY, dict(known), NOW)


def all_at_once() -> Heard:
    return heard(ALL_AT_ONCE, "file_complaint", name="王芳", phone="13812345678", order="2026110812345")


# ---------------------------------------------------------------- unasked


def test_nothing_said_in_the_first_sentence_is_asked_again() -> None:
    found = volunteered(complaint(), all_at_once())
    wanted = {
        "name": "王芳",
        "phone": "13812345678",
        "order": "2026110812345",
        "outcome": "换货",
    }
    assert wanted.items() <= found.items()
    assert found["product"] == "冰箱"
    assert "category" not in found  # of an account it is learnt, actions/forms/told.py
    form = complaint(**{**found, "category": "quality", "description": ALL_AT_ONCE, "occurred": "上周"})
    assert form.next_field() == "danger"


def test_what_is_known_is_not_overwritten_by_a_passing_mention() -> None:
    assert "name" not in volunteered(complaint(name="李雷"), all_at_once())


def test_what_is_asked_for_is_read_as_its_answer_only() -> None:
    assert "phone" not in volunteered(complaint(), all_at_once(), "phone")


@pytest.mark.parametrize("text", ["我要投诉", "我要投诉安装师傅", "投诉你们的快递", "你好，帮我登记一下投诉"])
def test_only_announcing_a_complaint_is_no_account(text: str) -> None:
    assert account(heard(text, "file_complaint"), COMPANY) is None


@pytest.mark.parametrize("text", ["冰箱漏水把地板泡了", "快递员把包裹扔在门口还骂人"])
def test_what_happened_is_an_account(text: str) -> None:
    assert account(heard(text, "file_complaint"), COMPANY) == text


# ---------------------------------------------------------------- asked next


def test_who_comes_last_in_a_service_request() -> None:
    form = service("order_change", order="2026110899887", change_kind="address")
    assert form.next_field() == "new_value"
    assert service("order_change", order="1", change_kind="cancel").next_field() == "name"


def test_a_form_that_knows_everything_asks_to_confirm() -> None:
    form = service("callback", description="想问安装", name="李雷", phone="13900001111")
    assert form.next_field() == CONFIRM
    assert "13900001111" in form.summary()


def test_a_part_of_the_day_alone_is_no_day_on_which_something_happened() -> None:
    assert "occurred" not in volunteered(complaint(category="delivery"), heard("冰箱门上有个坑 晚上还嗡嗡响"))


def test_a_wish_in_one_clause_is_the_outcome_without_what_is_asked() -> None:
    told = volunteered(complaint(category="delivery"), heard("补偿呗 多少给点 你到底是机器还是人哦"))
    assert told["outcome"].startswith("补偿呗")
    assert "机器" not in told["outcome"]


def test_what_a_sentence_surely_wishes_is_the_outcome_once_the_account_is_told() -> None:
    known = complaint(category="delivery", description="冰箱门上有个坑")
    assert volunteered(known, heard("门换一扇 再给我道个歉", "request_exchange"))["outcome"] == "门换一扇，再给我道个歉"
    assert "outcome" not in volunteered(complaint(category="delivery"), heard("门换一扇", "request_exchange"))


def test_wechat_alone_is_asked_for_a_second_contact() -> None:
    known: Json = {"category": "other", "description": "事情经过", "occurred": "昨天", "outcome": "道歉",
                   "name": "王芳", "evidence": "没有", "wechat": "wang_fang"}  # fmt: skip
    assert complaint(**known).next_field() == "second_contact"


# ---------------------------------------------------------------- shown


@pytest.mark.parametrize(
    "said,title",
    [
        ("开发票 个人的 抬头龙飞", "龙飞"),
        ("个人 发票抬头是龚雨晴 谢谢", "龚雨晴"),
        ("抬头错了", None),
        ("抬头怎么写", None),
    ],
)
def test_a_name_behind_what_a_title_is_called_is_the_title(said: str, title: str | None) -> None:
    assert volunteered(service("invoice"), heard(said)).get("invoice_title") == title


def test_a_choice_is_read_back_by_its_title() -> None:
    assert "· 是否有危险：还在用，没有危险" in complaint(category="quality", danger="in_use").summary()


def test_dates_are_read_aloud_in_the_company_time() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert spoken(datetime(2026, 11, 24, 10, 0, tzinfo=UTC), zone) == "11月24日（周二）18:00"
    assert spoken("2026-11-24T10:00:00+00:00", zone) == "11月24日（周二）18:00"
    assert spoken(None, zone) == ""


@pytest.mark.parametrize(
    "text, score", [("5分", 5), ("给四星", 4), ("非常满意", 5), ("不满意", 2), ("3", 3), ("还行吧", None)]
)
def test_scores_in_words_and_digits(text: str, score: int | None) -> None:
    assert scores.read(text) == score


@pytest.mark.parametrize(
    "kind,field,day",
    [
        ("complaint", "occurred", "past"),
        ("complaint", "promised_date", "any"),
        ("repair", "visit_time", "coming"),
        ("callback", "callback_time", "coming"),
        ("complaint", "amount", None),
        ("complaint", "name", None),
    ],
)
def test_a_question_that_a_date_answers_says_which_days_it_may_be(kind: str, field: str, day: str | None) -> None:
    form = complaint() if kind == "complaint" else service(kind)
    assert facts(form, field).get("day") == day
    assert "day" not in facts(form, "confirm", "confirm")


# ---------------------------------------------------------------- told that it cannot be told, and by post


@pytest.mark.parametrize(
    "said, is_unknown",
    [("单号找不到了，门店买的", True), ("订单号记不得", True), ("找不到单号怎么办", False), ("东西找不到了", False)],
)
def test_a_number_that_is_told_to_be_lost_is_not_asked_for(said: str, is_unknown: bool) -> None:
    assert ("order" in volunteered(service("refund"), heard(said))) is is_unknown


def test_an_answer_by_post_needs_an_address_of_its_own() -> None:
    known = {"order": "2026110812345", "description": "漏水", "name": "王芳", "phone": "13812345678"}
    assert service("refund", **known).next_field() == CONFIRM
    assert service("refund", **known, contact_way="post").next_field() == "post_address"
    assert service("refund", **known, contact_way="post", post_address="江汉路1号").next_field() == CONFIRM
    repair = {**known, "visit_time": "周六", "product": "冰箱", "address": "江汉路1号", "contact_way": "post"}
    assert service("repair", **repair).next_field() == CONFIRM


def test_an_address_is_where_the_letter_goes_if_nobody_comes() -> None:
    said = heard("结果写信寄给我，江汉区江汉路1号", place="江汉区江汉路1号")
    said = replace(said, shades=frozenset({"reach_me"}))
    assert volunteered(service("refund"), said)["post_address"] == "江汉区江汉路1号"
    assert volunteered(service("repair"), said)["address"] == "江汉区江汉路1号"
