"""Words that the reader found go into the field that is meant, whole values and parts of them; the rest stays talk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions.forms.form import Form
from actions.forms.revise import makes_sense
from actions.forms.revisions import Revised, revised
from actions.heard import Heard, Json, Revision
from helpdesk.company import load_company

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Saturday
MARK = re.compile(r"〔(?P<sign>[+-]?)(?P<fields>[a-z_/]+)(?P<is>[=≠])(?P<words>[^〕]+)〕")
ROLES = {"": "right", "+": "more", "-": "out"}
REPAIR = {
    "name": "王建国",
    "phone": "13800001111",
    "address": "雨花区韶山南路2号3栋1104",
    "product": "洗衣机",
    "visit_time": "11月26日上午",
    "description": "脱水时响",
}


def heard(marked: str, **entities: str) -> Heard:
    """A message as the reader found it: 〔phone/amount=1111〕 may be either, the first more likely."""
    said, found, at = "", [], 0
    for mark in MARK.finditer(marked):
        said += marked[at : mark.start()]
        chances = dict(zip(mark["fields"].split("/"), (0.6, 0.3), strict=False))
        role = "wrong" if mark["is"] == "≠" else ROLES[mark["sign"]]
        found.append(Revision(role, mark["words"], len(said), chances))
        said, at = said + mark["words"], mark.end()
    said += marked[at:]
    values = [
        {"entity": kind, "value": words, "start": said.index(words), "end": said.index(words) + len(words)}
        for kind, words in entities.items()
    ]
    return Heard(said, "correct_info", 0.9, tuple(values), revised=tuple(found))


def form(kind: str = "repair", **known: Any) -> Form:
    return Form("service_form", kind, COMPANY, {**(REPAIR if kind == "repair" else {}), **known}, NOW)


@pytest.mark.parametrize(
    "marked,values",
    [
        ("〔name≠王建国〕写错了是〔name=汪建国〕 三点水的汪", {"name": "汪建国"}),
        ("名字最后一个字是〔name=果〕", {"name": "王建果"}),
        ("我姓〔name=汪〕", {"name": "汪建国"}),
        ("电话尾号是〔amount/phone=2222〕", {"phone": "13800002222"}),
        ("不是〔phone≠1111〕是〔phone=1112〕", {"phone": "13800001112"}),
        ("不是〔address≠2号〕是〔address=12号〕", {"address": "雨花区韶山南路12号3栋1104"}),
        ("楼栋是〔address=5栋〕", {"address": "雨花区韶山南路2号5栋1104"}),
        ("改〔visit_time=下午三点〕吧", {"visit_time": "11月26日下午三点"}),
        ("情况重写：〔description=机子往外走，响〕 别的不动", {"description": "机子往外走，响"}),
        ("〔product≠洗衣机〕不对，是〔product=烘干机〕", {"product": "烘干机"}),
    ],
)
def test_what_is_told_stands_in_its_field_and_no_word_around_it(marked: str, values: Json) -> None:
    assert revised(form(), heard(marked)).values == values


def test_a_whole_phone_is_one_whatever_is_likelier() -> None:
    said = heard("用〔amount/phone=13922223333〕", phone="13922223333")
    assert revised(form("refund", phone="13800001111", amount="299"), said).values == {"phone": "13922223333"}


def test_of_two_values_each_finds_its_own_place() -> None:
    said = heard("电话〔phone=13922223333〕，〔visit_time=后天下午〕来，改好就提交", phone="13922223333")
    found = revised(form(), said)
    assert found.values["phone"] == "13922223333"
    assert found.values["visit_time"].startswith("后天下午")
    assert found.rest.text == "改好就提交"


def test_what_is_added_stands_behind_what_was_told() -> None:
    found = revised(form(), heard("再添一句〔+description=上个月修过〕，地址后面加〔+address=从北门进〕"))
    assert found.more == {
        "description": "脱水时响；上个月修过",
        "address": "雨花区韶山南路2号3栋1104，从北门进",
    }


def test_what_an_account_is_said_to_lack_takes_the_place_of_none() -> None:
    found = revised(form(), heard("说明里没写〔description=家里老人等着〕"))
    assert found.more == {"description": "脱水时响；家里老人等着"}
    assert found.values == {}


def test_what_may_be_left_out_is_and_nothing_else() -> None:
    assert revised(form(evidence="照片"), heard("〔-evidence=凭证〕不写了")).out == ["evidence"]
    assert revised(form(), heard("〔-address=地址〕不写了")).out == []


def test_a_field_that_is_only_called_wrong_has_no_value() -> None:
    found = revised(form(), heard("不是〔phone≠1111〕，改〔visit_time=后天〕"))
    assert found.wrong == ["phone"]


def test_a_question_behind_a_value_is_left_to_be_answered() -> None:
    found = revised(form(), heard("店名是〔address=5栋〕上门要不要收钱，说了三遍了"))
    assert found.rest.text.startswith("上门要不要收钱")


def test_what_stands_already_or_is_asked_changes_nothing() -> None:
    assert not revised(form(), heard("电话是〔phone=13800001111〕对吧", phone="13800001111"))
    assert not revised(form(), heard("〔+description=你们修不修啊〕"))
    assert revised(form(), heard("好的")) == Revised(rest=heard("好的"))


def test_an_answer_alone_is_left_to_the_question_unless_any_words_will_do() -> None:
    waiting = form(kind="refund", phone="13800001111")
    assert not makes_sense(waiting, "name", heard("〔name=王方〕"))
    opened = Form("complaint_form", "complaint", COMPANY, {"phone": "13800001111"}, NOW)
    ordered = replace(heard("〔outcome=退钱〕，改完念一遍"), telling={"改完念一遍": 0.02})
    assert makes_sense(opened, "outcome", ordered)
    assert not makes_sense(opened, "outcome", heard("先查是谁签的，找不到〔outcome=补发一个〕"))
    assert not makes_sense(form("refund", outcome="退货"), "return_state", heard("〔outcome=已停用〕"))
    assert makes_sense(waiting, "name", heard("王方，电话〔phone=13922223333〕", phone="13922223333"))


@pytest.mark.parametrize(
    "marked,told",
    [
        ("情况说明更正为〔description=洗到一半会停〕", "洗到一半会停"),
        ("说明重新写〔description=门关不严〕", "门关不严"),
        ("说明里还没有〔description=家里有老人〕", "脱水时响；家里有老人"),
    ],
)
def test_an_account_is_replaced_where_that_is_said_although_it_sounds_added(marked: str, told: str) -> None:
    found = revised(form(), replace(heard(marked), shades=frozenset({"adds_words"})))
    assert {**found.values, **found.more}["description"] == told


@pytest.mark.parametrize(
    "marked,values",
    [
        ("日子改成〔address/visit_time=27号下午〕", {"visit_time": "27号下午（11月27日）"}),
        ("门牌〔address=15号〕，不是3号", {"address": "雨花区韶山南路15号3栋1104"}),
        ("写〔description=脱水时响，门口还有水，提交吧〕", {"description": "脱水时响，门口还有水"}),
        ("写〔description=脱水时晃，修要多少钱〕", {"description": "脱水时晃"}),
        ("改〔address=雨花区韶山南路9号4栋1102，上门时间不变〕", {"address": "雨花区韶山南路9号4栋1102"}),
    ],
)
def test_words_go_where_such_words_belong_and_end_where_they_are_only_said_to_us(marked: str, values: Json) -> None:
    told = revised(form(), heard(marked)).values
    assert {name: told.get(name) for name in values} == values
    assert "address" in values or "address" not in told


def test_what_is_put_in_front_stands_in_front() -> None:
    told = revised(form(), heard("地址前面加上〔+address=长沙市〕")).more
    assert told == {"address": "长沙市雨花区韶山南路2号3栋1104"}


def test_a_field_is_left_out_by_the_name_that_is_told() -> None:
    known = form(second_contact="13955556666")
    assert revised(known, heard("〔-phone/second_contact=备用电话〕不要写了")).out == ["second_contact"]


def test_what_is_only_supposed_changes_nothing() -> None:
    assert not revised(form(), heard("上门要是换成〔visit_time=周日〕会不会加钱"))
