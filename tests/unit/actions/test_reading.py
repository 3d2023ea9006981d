"""What is taken from a message unasked, what counts as an account, corrections, masked numbers, dates."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from actions.dates import spoken
from actions.forms.correct import is_correction, mentioned, new_values
from actions.forms.form import CONFIRM, Form
from actions.forms.lexicon import CALL_ME, COMPLAINS, NEEDS_HELP, WHERE_IS_IT, asks_why
from actions.forms.moves import GOES_ON
from actions.forms.volunteered import account, volunteered
from actions.heard import Heard, Json
from actions.talk.feelings import score_of
from helpdesk.company import load_company
from zhtext.values.secrets import hide_secrets

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ALL_AT_ONCE = "我叫王芳，电话13812345678，上周买的冰箱2026110812345不制冷，要求换货"


def heard(text: str, intent: str = "inform", **entities: str) -> Heard:
    found = [
        {"entity": e, "value": v, "start": text.find(v), "end": text.find(v) + len(v)} for e, v in entities.items()
    ]
    return Heard(text, intent, 0.9, tuple(found), intent)


def complaint(**known: str) -> Form:
    return Form("complaint_form", "complaint", COMPANY, dict(known), NOW)


def service(kind: str, **known: str) -> Form:
    return Form("service_form", kind, COMPANY, dict(known), NOW)


def all_at_once() -> Heard:
    return heard(ALL_AT_ONCE, "file_complaint", name="王芳", phone="13812345678", order="2026110812345")


def test_nothing_said_in_the_first_sentence_is_asked_again() -> None:
    found = volunteered(complaint(), all_at_once())
    wanted = {
        "name": "王芳",
        "phone": "13812345678",
        "order": "2026110812345",
        "outcome": "换货",
        "category": "quality",
    }
    assert wanted.items() <= found.items()
    assert found["product"] == "冰箱"
    form = complaint(**{**found, "description": ALL_AT_ONCE, "occurred": "上周"})
    assert form.next_field() == "danger"


def test_what_is_known_is_not_overwritten_by_a_passing_mention() -> None:
    assert "name" not in volunteered(complaint(name="李雷"), all_at_once())


@pytest.mark.parametrize("text", ["我要投诉", "我要投诉安装师傅", "投诉你们的快递", "你好，帮我登记一下投诉"])
def test_only_announcing_a_complaint_is_no_account(text: str) -> None:
    assert account(heard(text, "file_complaint")) is None


@pytest.mark.parametrize("text", ["我要投诉，你们卖假货", "冰箱漏水把地板泡了", "快递员把包裹扔在门口还骂人"])
def test_what_happened_is_an_account(text: str) -> None:
    assert account(heard(text, "file_complaint")) == text


def test_who_comes_last_in_a_service_request() -> None:
    form = service("order_change", order="2026110899887", change_kind="address")
    assert form.next_field() == "new_value"
    assert service("order_change", order="1", change_kind="cancel").next_field() == "name"


def test_a_form_that_knows_everything_asks_to_confirm() -> None:
    form = service("callback", description="想问安装", name="李雷", phone="13900001111")
    assert form.next_field() == CONFIRM
    assert "13900001111" in form.summary()


def test_wechat_alone_is_asked_for_a_second_contact() -> None:
    known: Json = {"category": "other", "description": "事情经过", "occurred": "昨天", "outcome": "道歉",
                   "name": "王芳", "evidence": "没有", "wechat": "wang_fang"}  # fmt: skip
    assert complaint(**known).next_field() == "second_contact"


def test_a_choice_is_read_back_by_its_title() -> None:
    assert "· 是否有危险：还在用，没有危险" in complaint(category="quality", danger="in_use").summary()


def test_a_correction_names_its_field_and_value() -> None:
    form = complaint(name="王芳", phone="13812345678", category="other")
    said = heard("电话错了，是13987654321", "correct_info", phone="13987654321")
    assert is_correction(form, said, CONFIRM)
    assert new_values(form, said) == {"phone": "13987654321"}
    assert new_values(form, heard("名字写错了，应该是王方", "correct_info")) == {"name": "王方"}


def test_a_correction_without_a_value_names_the_field_only() -> None:
    form = complaint(phone="13812345678", category="other")
    said = heard("电话写错了", "correct_info")
    assert new_values(form, said) == {}
    assert mentioned(form, said)[0] == "phone"


def test_a_story_of_a_wrong_parcel_is_no_correction() -> None:
    form = complaint(category="delivery")
    assert not is_correction(form, heard("快递发错了，不是我买的那个", "file_complaint"), "description")


@pytest.mark.parametrize("text", ["为什么要电话", "要这个干什么", "为什么？", "一定要填吗", "留电话有什么用"])
def test_asking_why_is_recognised(text: str) -> None:
    assert asks_why(Heard(text, "ask_faq").plain)


@pytest.mark.parametrize("text", ["为什么冰箱不制冷", "退款为什么这么慢", "你们为什么不发货"])
def test_other_whys_are_not(text: str) -> None:
    assert not asks_why(Heard(text, "ask_faq").plain)


@pytest.mark.parametrize("text", ["继续登记", "接着填吧", "继续办", "把刚才的填完"])
def test_taking_a_form_up_again_is_recognised(text: str) -> None:
    assert GOES_ON.search(text)


def test_who_needs_help_and_who_wants_a_call() -> None:
    assert NEEDS_HELP.search("我年纪大了，不会弄")
    assert not NEEDS_HELP.search("我会自己弄")
    assert CALL_ME.search("给我打个电话")


@pytest.mark.parametrize(
    "text, shown",
    [
        ("身份证11010519491231002X", "身份证1101**************"),
        ("卡号6222021234567890128", "卡号6222*************28"[:6] + "*" * 15),
        ("订单2026110812345", "订单2026110812345"),
        ("运单123456789012345678", "运单123456789012345678"),
    ],
)
def test_secret_numbers_are_masked_in_place(text: str, shown: str) -> None:
    masked = hide_secrets(text)
    assert len(masked) == len(text)
    assert masked[:8] == shown[:8]
    assert ("*" in masked) == ("*" in shown)


def test_a_masked_number_is_no_value() -> None:
    number = "11010519491231002X"
    message = {"text": f"身份证{number}", "intent": {"name": "inform", "confidence": 1.0},
               "entities": [{"entity": "order", "value": number, "start": 3, "end": 21}]}  # fmt: skip
    read = Heard.of(message)
    assert read.had_secrets
    assert read.values == {}
    assert number not in read.text


def _phones(text: str, *numbers: str) -> Json:
    entities = [
        {"entity": "phone", "value": number, "start": text.index(number), "end": text.index(number) + len(number)}
        for number in numbers
    ]
    message = {"text": text, "intent": {"name": "inform", "confidence": 1.0}, "entities": entities}
    return Heard.of(message).values


def test_two_numbers_keep_their_words() -> None:
    found = _phones("白天打13700137001，晚上打13700137002", "13700137001", "13700137002")
    assert found == {"phone": "13700137001（白天）", "second_contact": "13700137002（晚上）"}
    assert _phones("13700137001，不对，13700137002", "13700137001", "13700137002") == {"phone": "13700137002"}


def test_who_corrects_himself_says_the_right_value_last() -> None:
    read = Heard("", "inform", entities=({"entity": "phone", "value": "1"}, {"entity": "phone", "value": "2"}))
    assert read.values == {"phone": "2"}


@pytest.mark.parametrize(
    "text, score", [("5分", 5), ("给四星", 4), ("非常满意", 5), ("不满意", 2), ("3", 3), ("还行吧", None)]
)
def test_scores_in_words_and_digits(text: str, score: int | None) -> None:
    assert score_of(text) == score


def test_dates_are_read_aloud_in_the_company_time() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert spoken(datetime(2026, 11, 24, 10, 0, tzinfo=UTC), zone) == "11月24日（周二）18:00"
    assert spoken("2026-11-24T10:00:00+00:00", zone) == "11月24日（周二）18:00"
    assert spoken(None, zone) == ""


def test_how_likely_a_question_is_comes_from_the_ranking() -> None:
    ranking = [{"name": "change_order", "confidence": 0.7}, {"name": "ask_faq", "confidence": 0.2}]
    assert Heard.of({"text": "地址填错了能改吗", "intent_ranking": ranking}).question_chance == 0.2
    assert Heard.of({"text": "地址填错了能改吗"}).question_chance == 0.0


@pytest.mark.parametrize("text", ["我要投诉", "还是那个冰箱，我要再投诉一次", "必须投诉", "想去投诉你们"])
def test_a_plain_demand_to_complain_is_heard(text: str) -> None:
    assert COMPLAINS.search(text)


@pytest.mark.parametrize("text", ["投诉电话是多少", "上次投诉的结果", "被人投诉了"])
def test_speaking_of_complaints_is_no_demand(text: str) -> None:
    assert not COMPLAINS.search(text)


@pytest.mark.parametrize("text", ["帮我看下到哪了", "发货了没", "什么时候到", "物流怎么不动"])
def test_asking_where_an_order_is_is_heard(text: str) -> None:
    assert WHERE_IS_IT.search(text)
