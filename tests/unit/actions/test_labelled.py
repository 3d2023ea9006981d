"""Fields that a message calls by their names, and everything that an order is changed to."""

from __future__ import annotations

from typing import Any

import pytest

from actions.forms.corrections import corrections
from actions.forms.labelled import labelled
from actions.forms.order_changes import beside, told
from actions.forms.volunteered import volunteered
from actions.heard import Json
from tests.unit.actions.steps import complaint, heard, service

REPAIR = {
    "product": "冰箱",
    "description": "一堆",
    "visit_time": "明天下午（11月22日）",
    "address": "南京市玄武区长江路88号3栋502",
    "name": "李先生",
    "phone": "13912345678",
}


@pytest.mark.parametrize(
    "said,right",
    [
        (
            "情况说明改成：前天起不凉，压缩机嗡嗡响。称呼改李女士，我是女的",
            {"description": "前天起不凉，压缩机嗡嗡响", "name": "李女士"},
        ),
        ("情况怎么写这么一堆 就写冷藏不制冷 别的都去掉", {"description": "冷藏不制冷"}),
        ("情况就写 上面冻不住 下面还行 电话去掉", {"description": "上面冻不住 下面还行"}),
        ("描述写：门关不严，晚上老响。师傅几点来呀", {"description": "门关不严，晚上老响"}),
        ("說明改成燈不亮了，產品是空氣清淨機", {"description": "燈不亮了", "product": "空氣清淨機"}),
        ("上门时间改成后天下午三点，称呼写王姐", {"visit_time": "后天下午三点（11月23日）", "name": "王姐"}),
        ("地址是鼓楼区中山路5号2单元301，别的没错", {"address": "鼓楼区中山路5号2单元301"}),
    ],
)
def test_every_field_that_is_named_holds_what_is_said_of_it(said: str, right: Json) -> None:
    assert corrections(service("repair", **REPAIR), heard(said), {}) == right


@pytest.mark.parametrize("said", ["名字是随便写的你改下", "情况是这样的吗", "产品是我上个月买的", "时间是几点来着"])
def test_what_is_only_remarked_about_a_field_is_no_value_of_it(said: str) -> None:
    assert labelled(service("repair", **REPAIR), heard(said)).values == {}


def test_a_field_that_is_right_is_not_given_the_words_behind_it() -> None:
    form = service("invoice", invoice_title="杭州甲有限公司", invoice_kind="company")
    assert "invoice_title" not in corrections(form, heard("抬头没问题，金额按实付的开就行"), {})


def test_values_behind_their_names_are_taken_out_of_the_answer_beside_them() -> None:
    said = heard("杭州甲有限公司，电话13800001111", phone="13800001111")
    found = labelled(service("invoice", invoice_kind="company"), said, "invoice_title")
    assert found.values == {"phone": "13800001111"}
    assert found.rest.text.strip(" ，") == "杭州甲有限公司"


@pytest.mark.parametrize(
    "said,end",
    [("手机尾号打错了，是8843", "8843"), ("号码后四位错了应该是0021", "0021")],
)
def test_the_end_of_a_number_is_put_right_and_the_rest_stays(said: str, end: str) -> None:
    assert corrections(service("repair", **REPAIR), heard(said), {}) == {"phone": f"1391234{end}"}


def order(**known: Any) -> Any:
    return service("order_change", **known)


BOTH = {"change_kind": "several", "new_value": "送货时间 后天下午（11月23日）；地址 滨江大道88号6栋"}


def test_a_day_and_an_address_in_one_message_are_both_what_the_order_is_changed_to() -> None:
    said = heard("改到后天下午，地址是滨江大道88号6栋", time="后天下午", place="滨江大道88号6栋")
    assert told(order(), said) == BOTH


def test_one_thing_is_kept_as_it_is_said() -> None:
    said = heard("改到后天下午送", time="后天下午")
    assert told(order(), said) == {"change_kind": "time", "new_value": "后天下午（11月23日）"}


def test_what_is_told_later_joins_what_is_known_and_takes_the_place_of_its_like() -> None:
    before = {"change_kind": "address", "new_value": "滨江大道88号6栋"}
    assert told(order(**before), heard("改到后天下午", time="后天下午")) == BOTH
    again = told(order(**BOTH), heard("送货改到大后天上午", time="大后天上午"))
    assert again["new_value"] == "送货时间 大后天上午（11月24日）；地址 滨江大道88号6栋"


def test_a_thing_that_stays_as_it_was_is_no_part_of_the_change() -> None:
    stays = told(order(**BOTH), heard("地址唔使改，用返原本嗰个"))
    assert stays == {"change_kind": "time", "new_value": "后天下午（11月23日）"}


def test_a_number_in_the_address_is_no_day() -> None:
    said = heard("地址改成天河区棠下街12号之一", time="12号", place="天河区棠下街12号之一")
    assert told(order(), said) == {"change_kind": "address", "new_value": "天河区棠下街12号之一"}


def test_what_the_message_tells_besides_is_not_lost() -> None:
    said = heard("改到后天下午，门口那条路在修", time="后天下午")
    assert beside(order(), said) == "门口那条路在修"


def test_no_other_matter_is_read_as_a_change_of_an_order() -> None:
    assert told(service("repair"), heard("后天下午来", time="后天下午")) == {}
    assert "change_kind" not in volunteered(complaint(), heard("后天下午", time="后天下午"))


def test_another_thing_that_is_to_be_changed_joins_at_whatever_question() -> None:
    before = {"change_kind": "time", "new_value": "后天下午（11月23日）"}
    said = heard("地址也改，改到天河区体育西路101号2003房", place="天河区体育西路101号2003房")
    found = volunteered(order(**before), said, "name")
    assert found == {
        "change_kind": "several",
        "new_value": "送货时间 后天下午（11月23日）；地址 天河区体育西路101号2003房",
    }
    assert "new_value" not in volunteered(order(**before), heard("明天上午联系我", time="明天上午"), "name")


def test_a_door_of_the_new_address_is_told_anew() -> None:
    before = {"change_kind": "address", "new_value": "天河区体育西路101号2003"}
    assert volunteered(order(**before), heard("係2005房"), "name")["new_value"] == "天河区体育西路101号2005房"


@pytest.mark.parametrize(
    "said, day, new",
    [
        ("换个日子，我礼拜三要带娃打疫苗", "礼拜三", None),
        ("后天我不在家，改到周四", "周四", "周四（11月26日）"),
        ("明儿个师傅别来了，后儿再来", "后儿", "后儿（11月23日）"),
        ("周五下午", "周五下午", "周五下午（11月27日）"),
    ],
)
def test_a_day_that_only_tells_why_is_not_what_is_changed_to(said: str, day: str, new: str | None) -> None:
    assert told(order(), heard(said, time=day)).get("new_value") == new


def test_a_changed_day_is_heard_at_another_question() -> None:
    before = {"change_kind": "time", "new_value": "后天下午（11月23日）"}
    found = volunteered(order(**before), heard("就叫我小曹，改周五下午", time="周五下午"), "name")
    assert found["new_value"] == "周五下午（11月27日）"
