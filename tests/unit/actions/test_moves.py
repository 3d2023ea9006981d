"""What customers do in a form beside answering, and what they only seem to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.contacts import on_behalf_of, with_second_contact
from actions.forms.moves import asks_a_moment, goes_back, goes_on, puts_off, switch
from helpdesk.company import load_company
from zhtext import normalise

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")


@pytest.mark.parametrize(
    "text",
    [
        "等一下",
        "稍等",
        "先等等",
        "我去找下订单号",
        "等我找一下发票",
        "我先看看手机",
        "再等会",
        "稍等我接个电话",
        "还没找到，再等会",
        "等一下，我去找下订单号",
    ],
)
def test_a_moment_is_asked_for(text: str) -> None:
    assert asks_a_moment(normalise(text))


@pytest.mark.parametrize(
    "text", ["等了三天没人来", "师傅让我等一下就再没来过", "电话一直打不通", "我找了三次客服都没用", "昨天"]
)
def test_waiting_in_the_story_is_no_pause(text: str) -> None:
    assert not asks_a_moment(normalise(text))


@pytest.mark.parametrize(
    "text",
    ["我晚点再说", "晚点再说吧", "我现在有点事，晚点再说", "回头再填", "我在开会", "先放一放", "明天再弄吧", "没空"],
)
def test_it_is_put_off(text: str) -> None:
    assert puts_off(normalise(text))


@pytest.mark.parametrize(
    "text", ["师傅说改天再来", "他说晚点再处理", "客服让我明天再打", "有事找你们从来不理", "先换货"]
)
def test_others_putting_it_off_is_the_story(text: str) -> None:
    assert not puts_off(normalise(text))


@pytest.mark.parametrize("text", ["上一步", "返回上一项", "刚才那个填错了", "刚才填错了", "上一个写错了", "回到上一步"])
def test_one_step_back(text: str) -> None:
    assert goes_back(normalise(text))


@pytest.mark.parametrize(
    "text",
    [
        "继续刚才的投诉",
        "接着上次的",
        "继续登记",
        "接着填",
        "继续我之前没填完的投诉",
        "我回来了，继续登记",
        "好了继续",
        "接着填吧",
    ],
)
def test_going_on(text: str) -> None:
    assert goes_on(normalise(text))


@pytest.mark.parametrize("text", ["修了继续漏水", "我要投诉", "上次的师傅", "继续漏"])
def test_not_going_on(text: str) -> None:
    assert not goes_on(normalise(text))


@pytest.mark.parametrize(
    "kind, text, intent",
    [
        ("complaint", "先不投诉了，先帮我办退货", "request_refund"),
        ("complaint", "投诉先放一放，帮我开发票", "request_invoice"),
        ("complaint", "不用换了，还是退款吧", None),
        ("complaint", "给我换一台新的", None),
        ("refund", "算了不退了，给我换一台吧", "request_exchange"),
        ("refund", "我要退货", None),
        ("exchange", "不换了，直接退款", "request_refund"),
        ("repair", "还是退货吧", "request_refund"),
    ],
)
def test_another_matter_first_or_instead(kind: str, text: str, intent: str | None) -> None:
    assert switch(normalise(text), kind) == intent


@pytest.mark.parametrize(
    "text, phone, second",
    [
        ("13650505050，打不通就打我老婆的 13650505051", "13650505050", "13650505051（老婆）"),
        ("再留一个备用电话13750505052", None, "13750505052"),
        ("这是我老婆的电话13750505053", "13750505053", None),
        ("我妈的电话13611110001，我的是13611110002", "13611110002", "13611110001（妈）"),
    ],
)
def test_a_second_number_is_not_the_customers_own(text: str, phone: str | None, second: str | None) -> None:
    entities = []
    for value in (v for v in (phone, second) if v):
        digits = value[:11]
        start = text.index(digits)
        entities.append({"entity": "phone", "value": digits, "start": start, "end": start + 11})
    found = {e["entity"]: e["value"] for e in with_second_contact(entities, text)}
    assert found == {k: v for k, v in (("phone", phone), ("second_contact", second)) if v}


@pytest.mark.parametrize(
    "text, who",
    [
        ("我替我妈投诉", "妈妈"),
        ("帮我爸爸反映个问题", "爸爸"),
        ("代我老公登记一下", "老公"),
        ("给我妈买的冰箱坏了", None),
        ("帮我投诉", None),
    ],
)
def test_who_is_spoken_for(text: str, who: str | None) -> None:
    assert on_behalf_of(normalise(text)) == who


@pytest.mark.parametrize(
    "text, sign",
    [
        ("给我五万块，不然我让你们出名", "extortion"),
        ("赔我十万，要不我就发假视频搞臭你们", "fake"),
        ("我把旧的装盒子里退给你们，你们也看不出来吧", "swap"),
        ("我带人来砸了你们的店", "violence"),
        ("不退一赔三我就找媒体曝光", None),
        ("不给我五千块我就去12315，让你们出名", None),
        ("请律师起诉你们，要求赔偿五千块损失", None),
        ("你们把旧的退回来给我", None),
        ("把坏的那个退给你们", None),
        ("你们发假视频骗人", None),
        ("气死我了，别怪我不客气", None),
    ],
)
def test_what_a_supervisor_decides_and_rights_that_are_none_of_it(text: str, sign: str | None) -> None:
    assert COMPANY.bottom_line.detect(normalise(text)) == sign
