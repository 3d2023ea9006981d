"""What may stand in a field: one validator for what the bot takes and what staff type."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.answers import Given, parse
from actions.forms.form import Form
from actions.forms.volunteered import volunteered
from actions.heard import Heard
from helpdesk.company import load_company
from helpdesk.model.field import UNKNOWN, WITHHELD, Known, Unknown, Withheld, known, read, state_of, store
from helpdesk.text.fields import Accepted, Refused, accept, shown
from helpdesk.wording import load_wording

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
WORDING = load_wording(COMPANY)
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("field", [Known("138"), Unknown(), Withheld()])
def test_a_field_is_stored_as_what_it_is(field: Known | Unknown | Withheld) -> None:
    assert read(store(field)) == field
    assert (known(store(field)) is None) is not isinstance(field, Known)


@pytest.mark.parametrize(
    "name, typed, kept",
    [("phone", " 138 1234 5678 ", "13812345678"), ("phone", "138-1234-5678", "13812345678"), ("phone", "+86 13812345678", "13812345678"),
     ("phone", "021-62345678", "02162345678"), ("phone", "（021）62345678", "02162345678"), ("phone", "+85291234567", "+85291234567"),
     ("email", "wang@example.com", "wang@example.com"), ("wechat", "wang_2026", "wang_2026"), ("amount", "￥1,288.00元", "1288"),
     ("amount", "1万2", "12000"), ("amount", "88", "88"), ("amount", "1288.50", "1288.5"), ("order", "2026 1108 12345", "2026110812345"),
     ("credit_code", "91310000ma1k35xx1y", "91310000MA1K35XX1Y"), ("description", "  冰箱不制冷 ", "冰箱不制冷"),
     ("ticket", "ts20261121-0001", "TS20261121-0001"), ("injured", "no", "no"), ("occurred", "昨天下午", "昨天下午"),
     ("delivery_kind", "damaged", "damaged"), ("category", "quality", "quality"), ("evidence", "没有", "没有"), ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
     ("occurred", "记不清", UNKNOWN), ("order", "不便提供", WITHHELD), ("name", "匿名", WITHHELD), ("order", {"state": "unknown"}, UNKNOWN)],
)  # fmt: skip
def test_everyday_values_are_kept_in_one_form(name: str, typed: Any, kept: Any) -> None:
    assert accept(COMPANY, name, typed, NOW) == Accepted(kept)
    assert accept(COMPANY, name, kept, NOW) == Accepted(kept)


@pytest.mark.parametrize(
    "name, typed, why",
    [("phone", "1381234567", "phone"), ("phone", "4008001234", "phone"), ("phone", "95188", "phone"), ("phone", "记不清", "phone"),
     ("email", "wang@", "email"), ("email", "wang@example", "email"), ("wechat", "王", "wechat"), ("amount", "很多", "amount"),
     ("amount", "两三百", "about"), ("credit_code", "91310000MA1K35", "code"), ("order", "12", "code"), ("order", "二〇二六", "code"),
     ("ticket", "20261121", "code"), ("injured", "也许", "choice"), ("delivery_kind", "broken", "choice"), ("category", "x", "choice"),
     ("occurred", "明天下午", "future"), ("occurred", "11月31号", "no_such_day"), ("occurred", "星期八", "no_such_day"),
     ("visit_time", "昨天", "past"), ("description", "坏", "too_short"), ("phone", {"state": "withheld"}, "required"), ("name", "123", "name"),
     ("name", "王" * 41, "too_long"), ("name", 5, "wrong")],
)  # fmt: skip
def test_what_is_none_of_its_field_is_refused_with_a_reason(name: str, typed: Any, why: str) -> None:
    assert accept(COMPANY, name, typed, NOW) == Refused(why)


def test_a_state_is_shown_in_the_companys_words() -> None:
    fields = shown(WORDING, {"order": WITHHELD, "occurred": UNKNOWN, "phone": "138"})
    assert fields == {
        "order": {"state": "withheld", "text": "不便提供"},
        "occurred": {"state": "unknown", "text": "记不清"},
        "phone": "138",
    }


SAID = [
    "13812345678",
    "138",
    "1234",
    "5678",
    "021-62345678",
    "95588",
    "12345",
    "wang@example.com",
    "微信fengtao_88",
    "1万2",
    "3千5",
    "3k",
    "五十",
    "伍佰元整",
    "两三百块吧",
    "100美元",
    "昨天下午",
    "明天",
    "周五",
    "20261120",
    "11月31号",
    "星期八",
    "农历十月初一",
    "下个月5号",
    "记不清了",
    "找不到",
    "不想说",
    "匿名",
    "没有",
    "有",
    "王芳",
    "阿依古丽女士",
    "谌主任",
    "仉",
    "2026110812345",
    "SF1420098877123",
    "TS20261121-0001",
    "123456789012345678",
    "上海市静安区三声路33号5栋602室",
    "冰箱",
    "送错了",
    "破损",
    "有危险",
    "换一台新的",
    "91310000MA1FL5E91X",
    "随时",
    "好的",
    "12",
    "。",
    "坏",
    "三百",
]
INTENTS = ("inform", "affirm", "deny", "ask_faq", "request_human", "out_of_scope")
PASTED = st.lists(st.sampled_from(SAID), min_size=1, max_size=3).map("，".join)


@settings(max_examples=600)
@given(
    st.sampled_from(sorted(COMPANY.fields)),
    st.one_of(PASTED, st.text(min_size=1, max_size=40)),
    st.sampled_from(INTENTS),
)
def test_what_the_bot_accepts_the_desk_accepts(name: str, said: str, intent: str) -> None:
    form = Form("complaint_form", "complaint", COMPANY, {}, NOW)
    heard = Heard(said, intent, 0.9)
    answer = parse(form.asked(name), heard)
    taken = {answer.field: answer.value} if isinstance(answer, Given) else {}
    for field, value in {**volunteered(form, heard), **taken}.items():
        assert accept(COMPANY, field, value, NOW) == Accepted(value)


@pytest.mark.parametrize("name", sorted(COMPANY.fields))
def test_whatever_may_be_passed_over_may_stay_open(name: str) -> None:
    pressed = Heard("", "inform", entities=({"entity": "field", "value": name}, {"entity": "value", "value": "skip"}))
    answer = parse(Form("complaint_form", "complaint", COMPANY, {}, NOW).asked(name), pressed)
    if COMPANY.fields[name].may_be_unknown:
        assert isinstance(answer, Given)
        assert state_of(answer.value) or answer.value == "没有"
