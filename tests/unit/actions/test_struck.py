"""Words taken out of what was written down, and another kind wished for in the place of a registered one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from actions.forms.form import Form
from actions.forms.rechosen import rechosen
from actions.forms.struck import Struck, struck
from actions.heard import Heard
from helpdesk.company import load_company
from helpdesk.testing import ROOT

COMPANY = load_company(ROOT / "company")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOLD = "洗衣机甩干跳，师傅还骂我笨，客服态度也差，今早又漏水"


def struck_from(text: str, told: str = TOLD, **more: str) -> Struck | None:
    form = Form("complaint_form", "complaint", COMPANY, {"description": told, "category": "attitude", **more}, NOW)
    return struck(form, Heard(text, "inform"))


@pytest.mark.parametrize(
    "text",
    [
        "把「师傅还骂我笨」那句去掉",
        "师傅骂我笨那句删了吧",
        "“师傅还骂我笨”不要写",
        "骂我笨那一段给我划掉",
        "別寫師傅還罵我笨那句",
        "删掉师傅还骂我笨",
        "师傅还骂我笨删掉",
    ],
)
def test_the_clause_that_is_named_goes(text: str) -> None:
    found = struck_from(text)
    assert found is not None
    assert found.words == "师傅还骂我笨"
    assert found.rest == "洗衣机甩干跳，客服态度也差，今早又漏水"


def test_only_the_characters_that_are_quoted_go() -> None:
    found = struck_from("「其余无误」这四个字不要", "备注写合同号38，其余无误")
    assert found == Struck("description", "其余无误", "备注写合同号38")


@pytest.mark.parametrize(
    "text",
    ["把我账号删掉", "订单取消掉", "把旧冰箱那台拉走", "不要了", "这句什么意思", "师傅迟到那句删掉", "我不要修"],
)
def test_what_stands_nowhere_is_not_struck(text: str) -> None:
    assert struck_from(text) is None


def test_all_of_an_account_leaves_nothing() -> None:
    found = struck_from("甩干跳那句去掉", "甩干跳")
    assert found is not None
    assert found.rest == ""


@pytest.mark.parametrize(
    "kind, text, wanted",
    [
        ("refund", "算了换货吧", "exchange"),
        ("refund", "不退了，叫人来修", "repair"),
        ("refund", "那個退貨改成換貨", "exchange"),
        ("exchange", "不换了，退钱", "refund"),
        ("exchange", "我爱人说还是退了好", "refund"),
        ("repair", "别修了直接换新", "exchange"),
        ("repair", "不用修也不用换", None),
        ("refund", "不退了", None),
        ("callback", "还是退了吧", None),
    ],
)
def test_another_kind_is_wished_for_in_its_place(kind: str, text: str, wanted: str | None) -> None:
    assert rechosen(COMPANY, kind, text) == wanted
