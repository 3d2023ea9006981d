"""What a sentence says about a field: parsers alone, on the demo company's fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions.forms.answers import Answer, Asked, Given, Wrong, named_choices, parse
from actions.forms.form import Form
from actions.forms.readback import is_picture_beside
from actions.heard import Heard
from helpdesk.company import load_company
from helpdesk.model import picture
from helpdesk.model.field import UNKNOWN, WITHHELD
from zhtext import normalise

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Saturday


def heard(text: str, intent: str = "inform", **entities: str) -> Heard:
    """A message with values where they stand in it."""
    found = []
    for entity, words in entities.items():
        value, _, shown = words.partition("|")
        place = text.find(shown or value)
        found.append({"entity": entity, "value": value, "start": place, "end": place + len(shown or value)})
    return Heard(text, intent, 0.9, tuple(found))


DANGER = Asked("danger", COMPANY.fields["danger"], COMPANY, NOW)


def answer(field: str, text: str, intent: str = "inform", **entities: str) -> Answer:
    return parse(Asked(field, COMPANY.fields[field], COMPANY, NOW), heard(text, intent, **entities))


def value(field: str, text: str, intent: str = "inform", **entities: str) -> Any:
    found = answer(field, text, intent, **entities)
    assert isinstance(found, Given), found
    return found.value


@pytest.mark.parametrize(
    "text, name",
    [
        ("我姓王", "王先生/女士"),
        ("叫我老李就行", "老李"),
        ("欧阳修", "欧阳修"),
        ("我叫张三", "张三"),
        ("Tom Lee", "Tom Lee"),
    ],
)
def test_a_name_is_read_as_it_is_said(text: str, name: str) -> None:
    assert value("name", text) == name


@pytest.mark.parametrize(
    "text, name",
    [("陈䶮华", "陈䶮华"), ("𠮷村薫", "𠮷村薫"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("阿依古丽女士", "阿依古丽女士"),
     ("仉", "仉先生/女士"), ("冼太", "冼太"), ("宓经理", "宓经理"), ("扎西卓玛", "扎西卓玛"), ("陈\u200b静", "陈静")],
)  # fmt: skip
def test_a_rare_name_is_surely_one_where_it_is_asked_for(text: str, name: str) -> None:
    assert answer("name", text, intent="out_of_scope") == Given("name", name)


def test_anonymous_is_no_name() -> None:
    assert value("name", "匿名吧") == WITHHELD


@pytest.mark.parametrize(
    "text, why",
    [("明天下午", "future"), ("12月1日", "future"), ("下个月5号", "future"), ("今天晚上八点", "future"), ("11月31号", "no_such_day"),
     ("13月5号", "no_such_day"), ("星期八", "no_such_day")],
)  # fmt: skip
def test_what_happened_was_on_a_day_that_there_is_and_that_has_come(text: str, why: str) -> None:
    found = answer("occurred", text)
    assert isinstance(found, Wrong)
    assert found.why == why


def test_a_date_may_be_compact_or_of_the_moon() -> None:
    assert value("occurred", "20261120") == "20261120（11月20日）"
    assert value("occurred", "农历十月初一") == "农历十月初一（11月9日）"
    assert value("occurred", "12月25日") == "12月25日（2025年12月25日）"


@pytest.mark.parametrize(
    "text, amount",
    [("4千5", "4500"), ("1.2万", "12000"), ("13万2", "132000"), ("3k", "3000"), ("五十", "50"), ("伍佰元整", "500"),
     ("三百零五块八毛", "305.8"), ("100美元", "100 美元")],
)  # fmt: skip
def test_odd_amounts_are_read(text: str, amount: str) -> None:
    assert value("amount", text) == amount


def test_an_amount_between_two_is_asked() -> None:
    found = answer("amount", "两三百块吧")
    assert isinstance(found, Wrong)
    assert found.why == "about"


@pytest.mark.parametrize("text", ["谢谢", "转人工", "为什么", "查进度", "退货", "没有"])
def test_small_words_are_no_names(text: str) -> None:
    assert not isinstance(answer("name", text), Given)


def test_a_mail_address_or_wechat_serves_for_the_phone() -> None:
    mail = answer("phone", "邮箱 a@b.cn", email="a@b.cn")
    assert mail == Given("email", "a@b.cn")
    assert answer("phone", "加我微信fengtao_88") == Given("wechat", "fengtao_88")


@pytest.mark.parametrize(
    "text, why",
    [
        ("1381234", "phone_digits"),
        ("400-800-3300", "company_number"),
        ("95588", "company_number"),
        ("12345", "hotline"),
    ],
)
def test_a_wrong_phone_is_told_what_is_wrong(text: str, why: str) -> None:
    found = answer("phone", text)
    assert isinstance(found, Wrong)
    assert found.why == why


def test_no_phone_at_all_is_no_answer() -> None:
    assert answer("phone", "今天天气不错") is None


def test_who_does_not_want_to_say_is_told_why_it_is_asked() -> None:
    found = answer("phone", "不想说")
    assert isinstance(found, Wrong)
    assert found.why == "refused"
    assert found.fields["why"] == COMPANY.fields["phone"].why


def test_an_order_number_may_be_of_another_shop_or_not_at_hand() -> None:
    assert value("order", "2026110812345") == "2026110812345"
    assert value("order", "123456789012345678") == "123456789012345678"
    assert value("order", "订单号找不到了") == UNKNOWN
    assert answer("order", "SF1420098877123") == Given("waybill", "SF1420098877123")
    found = answer("order", "20261108")
    assert isinstance(found, Wrong)
    assert found.fields == {"count": 8, "digits": 13}


@pytest.mark.parametrize(
    "text, kept",
    [
        ("周一下午四点以后吧", "周一下午四点以后（11月23日）"),
        ("明天2点到5点之间我在", "明天2点到5点之间（11月22日）"),
        ("周三之前都得空", "周三之前（11月25日）"),
        ("明后天都行", "明后天（11月22日至11月23日）"),
        ("周二到周四都行", "周二到周四（11月24日至11月26日）"),
        ("12月3号或者5号", "12月3号或者5号（12月3日、12月5日）"),
        ("傍晚六点过后打", "傍晚六点过后"),
        ("今天晚上8点-9点", "今天晚上8点-9点（11月21日）"),
        ("下周六周日哪天都可以", "下周六周日"),
    ],
)
def test_a_time_keeps_what_is_said_of_it_behind(text: str, kept: str) -> None:
    """三点以后 is not three o'clock; from one day to another is both."""
    assert value("visit_time", text) == kept


def test_the_day_it_was_bought_is_no_time_to_come() -> None:
    assert answer("visit_time", "我3月5号买的") is None
    assert value("visit_time", "我3月5号买的，明天上午来吧") == "明天上午（11月22日）"


def test_an_hour_of_today_that_is_over_is_refused() -> None:
    assert answer("callback_time", "今天上午9点") == Wrong("past")
    assert value("callback_time", "今天上午11点") == "今天上午11点（11月21日）"


def test_time_may_be_a_span_or_forgotten() -> None:
    assert value("occurred", "上周三", time="2026-11-11|上周三") == "上周三（11月11日）"
    assert value("occurred", "从上周到现在一直这样", time="2026-11-09/2026-11-15|上周") == "上周（11月9日至11月15日）"
    assert value("occurred", "记不清了") == UNKNOWN
    assert value("occurred", "国庆那几天") == "国庆那几天（10月1日至10月7日）"
    assert answer("occurred", "扔在门口就走") is None


def test_a_visit_cannot_be_in_the_past_but_a_weekday_is_the_coming_one() -> None:
    found = answer("visit_time", "昨天下午", time="2026-11-20|昨天下午")
    assert isinstance(found, Wrong)
    assert found.why == "past"
    assert value("visit_time", "周五下午", time="2026-11-20|周五下午") == "周五下午（11月27日）"
    assert value("visit_time", "随时都可以") == "随时都可以"


def test_choices_are_known_by_title_alias_or_beginning() -> None:
    assert value("danger", "还在用，没有危险") == "in_use"
    assert value("danger", "已停用") == "stopped"
    assert value("danger", "有危险") == "danger"
    assert value("delivery_kind", "显示被签收了") == "false_signed"
    assert value("return_state", "他们不给退") == "refused"


@pytest.mark.parametrize(
    "said,meant",
    [
        ("已停用，没有危险", "stopped"),
        ("已停用没有危险。", "stopped"),
        ("还在用，没有危险", "in_use"),
        ("不用了，没什么危险", "stopped"),
        ("没冒烟，插头拔了", "stopped"),
        ("没啥危险", "in_use"),
        ("在用，没漏电", "in_use"),
    ],
)
def test_that_there_is_no_danger_tells_nothing_of_the_use(said: str, meant: str) -> None:
    assert value("danger", said) == meant


def test_a_choice_may_be_meant_in_words_of_no_list() -> None:
    told = replace(heard("搁柜子里吃灰了，没啥危险"), shades=frozenset({"stopped"}))
    assert parse(DANGER, told) == Given("danger", "stopped")
    named = replace(heard("还在用，没冒烟"), shades=frozenset({"stopped"}))
    assert parse(DANGER, named) == Given("danger", "in_use")


@pytest.mark.parametrize("said", ["我可没说取消", "谁要取消"])
def test_what_was_never_said_is_chosen_by_nobody(said: str) -> None:
    assert not isinstance(answer("change_kind", said), Given)


@pytest.mark.parametrize(
    "said,intent", [("不制冷", "request_repair"), ("花屏", "request_repair"), ("不通电", "inform")]
)
def test_a_fault_in_two_words_is_an_account(said: str, intent: str) -> None:
    assert value("description", said, intent=intent) == said


def test_a_fault_that_is_only_learnt_is_an_account_in_three_signs() -> None:
    learnt = replace(heard("噪音大", "inform"), shades=frozenset({"tells_fault"}))
    found = parse(Asked("description", COMPANY.fields["description"], COMPANY, NOW), learnt)
    assert isinstance(found, Given)
    assert found.value == "噪音大"


@pytest.mark.parametrize("said", ["报修", "维修", "坏掉"])
def test_a_mere_wish_is_no_account(said: str) -> None:
    assert isinstance(answer("description", said, intent="request_repair"), Wrong)


def test_yes_and_no_by_words_or_intent() -> None:
    assert value("injured", "没有人受伤") == "no"
    assert value("injured", "孩子手烫伤了") == "yes"
    assert value("injured", "嗯嗯", intent="affirm") == "yes"


def test_amounts_are_numbers_or_unknown() -> None:
    assert value("amount", "三百", amount="300|三百") == "300"
    assert value("amount", "1,299块") == "1299"
    assert value("amount", "忘了") == UNKNOWN


def test_evidence_may_be_nothing() -> None:
    assert value("evidence", "没有照片") == "没有"
    assert value("evidence", "不用了", intent="deny") == "没有"
    assert value("evidence", "有聊天记录截图") == "有聊天记录截图"


def test_a_name_alone_does_not_answer_a_free_question() -> None:
    assert not isinstance(answer("outcome", "王芳", name="王芳"), Given)
    assert not isinstance(answer("description", "微信 fengtao_88", wechat="fengtao_88"), Given)


def test_too_short_an_account_is_asked_for_again() -> None:
    found = answer("description", "坏了")
    assert isinstance(found, Wrong)
    assert found.why == "too_short"


def test_a_pressed_choice_answers_only_its_own_field() -> None:
    pressed = Heard(
        "", "inform", entities=({"entity": "field", "value": "danger"}, {"entity": "value", "value": "in_use"})
    )
    assert parse(Asked("danger", COMPANY.fields["danger"], COMPANY, NOW), pressed) == Given("danger", "in_use")
    assert parse(Asked("name", COMPANY.fields["name"], COMPANY, NOW), pressed) is None


def test_passing_over_is_recorded_as_such() -> None:
    for field, recorded in (("evidence", "没有"), ("order", UNKNOWN)):
        pressed = Heard(
            "", "inform", entities=({"entity": "field", "value": field}, {"entity": "value", "value": "skip"})
        )
        assert parse(Asked(field, COMPANY.fields[field], COMPANY, NOW), pressed) == Given(field, recorded)


@pytest.mark.parametrize(
    "text, is_one", [("[图片]", True), ("/pictures/3f", True), ("https://a.cn/b.jpg", True), ("没有图片", False)]
)
def test_a_picture_is_known_by_its_place_or_what_a_channel_puts_for_it(text: str, is_one: bool) -> None:
    assert picture.is_sent(text) == is_one


def test_a_picture_at_another_question_is_evidence_of_a_complaint_and_no_answer() -> None:
    form = Form("complaint_form", "complaint", COMPANY, {"category": "delivery"}, NOW)
    assert is_picture_beside(form, heard("[图片]"), "description")
    assert not is_picture_beside(form, heard("[图片]"), "evidence")
    assert not is_picture_beside(form, heard("箱子破了"), "description")
    assert not is_picture_beside(Form("service_form", "invoice", COMPANY, {}, NOW), heard("[图片]"), "order")


@pytest.mark.parametrize(
    "said, wished",
    [
        ("把我的信息都删了", ["delete"]),
        ("先给我查一下有哪些，然后全部删掉", ["access", "delete"]),
        ("导出一份给我", ["copy"]),
        ("我不同意你们再用了", ["withdraw"]),
        ("名字登错了，改过来", ["correct"]),
        ("你们到底有我啥", []),
    ],
)
def test_every_choice_that_is_named_is_heard_in_the_order_told(said: str, wished: list[str]) -> None:
    assert named_choices(COMPANY.fields["data_action"], normalise(said)) == wished


def test_that_it_was_told_before_is_no_part_of_what_is_wished() -> None:
    assert value("new_value", "刚讲过啊，送到麓谷小镇5栋302，我妈收") == "送到麓谷小镇5栋302，我妈收"
    assert value("outcome", "我说过了，退钱") == "退钱"


@pytest.mark.parametrize("text", ["截图有！在地铁上发不了，现在就要发吗", "有转账截图。要不要现在发"])
def test_evidence_is_told_beside_what_is_asked(text: str) -> None:
    found = answer("evidence", text)
    assert isinstance(found, Given)
    assert not found.raw
    assert "截图" in found.value
    assert "要" not in found.value


def test_the_occasion_of_a_charge_and_who_made_it_stand_in_whatever_is_told() -> None:
    assert COMPANY.fields["charge_item"].named_in("额外要280块支架钱") == "支架钱"
    assert COMPANY.fields["charge_item"].named_in("多收了十块钱") is None
    assert COMPANY.fields["charged_by"].named_in("付给师傅的呀") == "师傅"
    assert COMPANY.fields["charged_by"].named_in("师傅说是平台收的") is None
