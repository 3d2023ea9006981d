"""An address in two messages: what is only begun, what goes behind it, and what is none of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.forms.addresses import completed, is_begun
from actions.forms.form import Form
from actions.forms.volunteered import volunteered
from actions.heard import Heard
from helpdesk.company import load_company

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def repair(address: str) -> Form:
    return Form("service_form", "repair", COMPANY, {"address": address, "product": "冰箱"}, NOW)


@pytest.mark.parametrize(
    "address", ["长沙市雨花区圭塘路", "南京市鼓楼区", "平江路翡翠花园", "龙溪街道", "红旗街万达公寓"]
)
def test_a_road_or_an_estate_without_a_number_only_begins_an_address(address: str) -> None:
    assert is_begun(COMPANY, address)


@pytest.mark.parametrize(
    "address",
    [
        "太康县城关镇李庄村",
        "人民医院门口",
        "文三路90号",
        "翡翠湾6幢1102室",
        "龙溪街道30号1-2-3",
        "城关镇二组",
        "李庄村18号",
    ],
)
def test_a_number_or_a_village_makes_it_one_that_is_found(address: str) -> None:
    assert not is_begun(COMPANY, address)


@pytest.mark.parametrize(
    "begun,said,whole",
    [
        ("长沙市雨花区圭塘路", "126号金色家园5栋2单元401 电话", "长沙市雨花区圭塘路126号金色家园5栋2单元401"),
        ("西湖区文三路", "90号2幢301", "西湖区文三路90号2幢301"),
        ("西湖区文三路", "哦 是90号2幢301", "西湖区文三路90号2幢301"),
        ("南京市鼓楼区", "中山路18号5栋602", "南京市鼓楼区中山路18号5栋602"),
        ("碑林区友谊路", "66号3单元 702", "碑林区友谊路66号3单元702"),
        ("西湖区文三路", "文三路90号2幢301", "西湖区文三路90号2幢301"),
        ("万达公寓3号楼", "1701室", "万达公寓3号楼1701室"),
        ("三声路33弄", "5号602", "三声路33弄5号602"),
    ],
)
def test_what_looks_like_the_rest_goes_behind_the_beginning(begun: str, said: str, whole: str) -> None:
    assert completed(repair(begun), Heard(said, "")) == whole
    assert volunteered(repair(begun), Heard(said, ""), "name")["address"] == whole


@pytest.mark.parametrize(
    "known,said",
    [
        ("西湖区文三路", "18号下午来"),
        ("西湖区文三路", "我姓王"),
        ("文三路90号2幢301", "周三"),
        ("文三路90号2幢301", "3单元"),
        ("李庄村", "几号来"),
    ],
)
def test_a_day_a_question_and_whatever_else_are_no_rest_of_an_address(known: str, said: str) -> None:
    assert completed(repair(known), Heard(said, "")) is None
