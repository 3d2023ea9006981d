"""What the decision is shown beside the reading: each sign by words that give it and words that nearly do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.decide import Seen, bounds, decide
from actions.decide.seen import Fit
from actions.heard import Json
from actions.look import look
from actions.turn import COMPLAINT_FORM, FRAME, SERVICE_FORM, Turn
from helpdesk.company import load_company
from helpdesk.knowledge import Knowledge, load_articles
from helpdesk.knowledge.articles import values_of
from helpdesk.model.frame import Frame
from helpdesk.services import Services

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
ARTICLES = load_articles(COMPANY.root / "knowledge", values_of(COMPANY))
KNOWLEDGE = Knowledge(COMPANY, ARTICLES, None)
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # a Saturday morning in China
CLOCK = SimpleNamespace(now=lambda: NOW)
SERVICES = cast(Services, SimpleNamespace(company=COMPANY, clock=CLOCK, wording=None, knowledge=KNOWLEDGE))


def seen(text: str, intent: str = "inform", sure: float = 0.95, frame: Frame | None = None, **more: Any) -> Seen:
    """What is seen of a message; `slots`, `entities` and `acts` (act -> confidence) as they came with it."""
    stands = frame or Frame()
    name = (COMPLAINT_FORM if stands.kind == "complaint" else SERVICE_FORM) if stands.form else None
    acts = {act: {"polarity": "+", "confidence": of} for act, of in more.get("acts", {}).items()}
    message: Json = {
        "text": text,
        "message_id": "m:1",
        "intent": {"name": intent, "confidence": sure},
        "entities": [_place(text, *one) for one in more.get("entities", {}).items()],
        "reading": {"acts": acts, "values": {}, **more.get("reading", {})},
    }
    slots = {"kind": stands.kind, **more.get("slots", {}), FRAME: stands.to_json()}
    tracker = Tracker("c1", slots, message, [], False, None, {"name": name} if name else {}, None)
    return look(Turn(SERVICES, tracker, CollectingDispatcher()))


def _place(text: str, entity: str, value: str) -> Json:
    start = text.find(value)
    return {"entity": entity, "value": value, "start": start, "end": start + len(value)}


def at(field: str, kind: str = "complaint") -> Frame:
    return Frame(form=field, kind=kind)


# ---------------------------------------------------------------- inside a form

TOLD: dict[str, Any] = {"slots": {"phone": "13812345678"}, "entities": {"phone": "13987654321"}}
RIGHTED = "等等说错了，电话是13987654321"


def test_what_is_known_and_told_otherwise_is_a_change_where_the_sentence_sounds_like_one() -> None:
    assert seen(RIGHTED, "correct_info", bounds.HARMLESS, at("description"), **TOLD).changes
    assert not seen(RIGHTED, "correct_info", bounds.HARMLESS - 0.01, at("description"), **TOLD).changes
    assert not seen(RIGHTED, "inform", 0.95, at("description"), **TOLD).changes
    assert not seen("等等说错了", "correct_info", 0.95, at("description"), slots=TOLD["slots"]).changes


def test_the_answer_to_what_is_asked_and_what_is_said_outside_a_form_are_no_change() -> None:
    assert not seen(RIGHTED, "correct_info", 0.95, at("phone"), **TOLD).changes
    assert not seen(RIGHTED, "correct_info", 0.95, **TOLD).changes


@pytest.mark.parametrize(
    "text,intent,sure,acts,act",
    [
        ("还有我要退款", "inform", 0.9, {"refund": bounds.OPEN}, "refund"),
        ("另外发票也要开", "request_invoice", bounds.SURE_OF_QUESTION, {"answer": 0.9}, "invoice"),
        ("另外发票也要开", "request_invoice", bounds.SURE_OF_QUESTION - 0.01, {"answer": 0.9}, None),
        ("还有我要退款", "inform", 0.9, {"refund": bounds.MATTER}, None),
        ("还有一个问题", "ask_faq", 0.95, {"ask": 0.9}, None),
        ("还有我要投诉", "file_complaint", 0.95, {"complain": 0.9}, None),
        ("我要退款", "request_refund", 0.95, {"refund": 0.9}, None),
    ],
)
def test_a_further_matter_is_added_by_a_word_that_says_so_and_surely_another_one(
    text: str, intent: str, sure: float, acts: dict[str, float], act: str | None
) -> None:
    assert seen(text, intent, sure, at("description"), acts=acts).added == act


def test_a_question_is_sure_where_the_sentence_is_and_its_words_ask() -> None:
    sure = bounds.SURE_OF_QUESTION
    assert seen("运费谁出？", "ask_faq", sure, at("description"), acts={"answer": 0.9}).asks_surely
    assert not seen("运费谁出？", "ask_faq", sure - 0.01, at("description")).asks_surely
    assert not seen("运费谁出？", "inform", 0.99, at("description")).asks_surely
    assert not seen("运费是我出的", "ask_faq", 0.99, at("description")).asks_surely
    assert not seen("运费谁出？", "ask_faq", 0.99).asks_surely


# ---------------------------------------------------------------- by its words


@pytest.mark.parametrize(
    "text,is_account",
    [
        ("师傅约好上门结果三天都没来也不接电话", True),
        ("冰箱不制冷", True),
        ("我要投诉", False),
        ("13812345678", False),
    ],
)
def test_an_account_tells_more_than_that_one_complains(text: str, is_account: bool) -> None:
    assert seen(text).is_account is is_account


@pytest.mark.parametrize("text,asks", [("洗得动被子不", True), ("大的那个多少钱", True), ("怎么都打不开", False)])
def test_a_question_is_one_by_its_words(text: str, asks: bool) -> None:
    assert seen(text).is_question is asks


@pytest.mark.parametrize(
    "text,back", [("不撤了，继续处理", True), ("撤诉的事我反悔了", True), ("我要撤诉", False), ("继续处理吧", False)]
)
def test_what_was_withdrawn_is_wanted_back_where_both_are_said(text: str, back: bool) -> None:
    assert seen(text, "withdraw_complaint").wants_back is back


@pytest.mark.parametrize("text,points", [("刚才那个填错了", True), ("上一项不对", True), ("电话填错了", False)])
def test_what_was_filled_in_last_is_pointed_back_at(text: str, points: bool) -> None:
    assert seen(text, "correct_info", frame=at("description")).points_back is points


@pytest.mark.parametrize(
    "text,asks",
    [
        ("我要投诉，顺便问下发票怎么开", True),
        ("运费谁出，电话13812345678", True),
        ("发票怎么开", False),
        ("我要投诉，师傅没来", False),
    ],
)
def test_a_question_beside_is_one_clause_of_several(text: str, asks: bool) -> None:
    assert seen(text).asks_beside is asks


@pytest.mark.parametrize("text,unhelped", [("没用，没帮到我", True), ("答非所问", True), ("谢谢，有用", False)])
def test_who_was_not_helped_says_so(text: str, unhelped: bool) -> None:
    assert seen(text, "deny").not_helped is unhelped


def test_a_press_has_no_words_to_look_at() -> None:
    press = seen("", "file_complaint", 1.0)
    assert not any((press.is_account, press.is_question, press.asks_beside, press.not_helped, press.wants_back))
    assert press.added is None


# ---------------------------------------------------------------- what proves whose an order is


@pytest.mark.parametrize(
    "kind, text, entities, more, fit",
    [
        ("order_digits", "0066", {}, {}, Fit.VALUE),
        ("order_digits", "尾号是0066", {}, {}, Fit.VALUE),
        ("order_digits", "不方便说", {}, {}, Fit.NONE),
        ("order_number", "13912340066", {"phone": "13912340066"}, {}, Fit.VALUE),
        ("order_number", "姓李", {}, {"phone": "13912340066"}, Fit.VALUE),
        ("order_number", "姓李", {}, {}, Fit.NONE),
    ],
)
def test_digits_phone_and_surname_answer_for_an_order(
    kind: str, text: str, entities: dict[str, str], more: dict[str, str], fit: Fit
) -> None:
    found = seen(text, frame=Frame().asking(kind, number="2026111500021", **more), entities=entities)
    assert found.fit is fit
    assert (decide(found).name == "value") is (fit is Fit.VALUE)


# ---------------------------------------------------------------- given up, agreed, offered


@pytest.mark.parametrize(
    "text,kind,is_so",
    [
        ("取消取消 我要催送货", "invoice", True),
        ("别登记这个 我空调漏水要修", "refund", True),
        ("不用登记了", "callback", True),
        ("我不删信息 我是要催发货", "data_request", True),
        ("我没要换！谁说换了 我要修", "exchange", True),
        ("退什么退 我要投诉客服", "refund", True),
        ("不投诉了 给我转人工", "complaint", True),
        ("取消排队", "refund", False),
        ("取消订单2026110812345", "order_change", False),
        ("就是这台坏了", "repair", False),
    ],
)
def test_what_is_registered_is_given_up_or_denied_by_its_words(text: str, kind: str, is_so: bool) -> None:
    assert seen(text, frame=at("order", kind)).gives_up is is_so


@pytest.mark.parametrize(
    "text,kind,act",
    [
        ("我没要换！谁说换了 我要修", "exchange", "repair"),
        ("不修了 退货吧", "repair", "refund"),
        ("不删信息 我是要催发货", "data_request", "hurry"),
        ("不登记了", "refund", None),
    ],
)
def test_what_is_wanted_instead_is_told_by_its_words(text: str, kind: str, act: str | None) -> None:
    assert seen(text, frame=at("order", kind)).instead == act


VISIT = Frame(
    registered={"number": "TS1", "kind": "repair", "fields": {"visit_time": "后天下午（11月23日）"}},
    about={"kind": "ticket"},
)
CALL = Frame(
    registered={
        "number": "TS1",
        "kind": "callback",
        "due": "2026-11-21T12:04:00+08:00",
        "fields": {"callback_time": "下午四点以后"},
    },
    about={"kind": "ticket"},
)


@pytest.mark.parametrize(
    "text,frame,asks",
    [
        ("后天下午的上门还有效不", VISIT, True),
        ("明天师傅还来不来", VISIT, True),
        ("到底几点来", VISIT, True),
        ("先等谁的电话", CALL, True),
        ("12点02之前打来我接不了啊", CALL, True),
        ("你们不是说中午前打", CALL, True),
        ("发票怎么开", CALL, False),
        ("明天师傅还来不来", Frame(about={"kind": "ticket"}), False),
    ],
)
def test_what_was_agreed_is_asked_about_where_it_was_told(text: str, frame: Frame, asks: bool) -> None:
    assert seen(text, frame=frame).asks_agreed is asks


@pytest.mark.parametrize(
    "text,frame,wants",
    [
        ("麻烦回个电话，我想问问延保怎么算", Frame(), True),
        ("叫人打电话给我，谈谈团购冰柜", Frame(), True),
        ("请回拨，咨询清洗空调", Frame(), True),
        ("你们啥时候给我回个电话", Frame(), False),
        ("不用给我回个电话，我就问下保修", Frame(), False),
        ("说好给我回个电话的", VISIT, False),
    ],
)
def test_a_call_is_wished_for_whatever_it_is_about(text: str, frame: Frame, wants: bool) -> None:
    assert seen(text, frame=frame).wants_call is wants


NOT_FOUND = Frame(looked_for="2026110877665").asking("order_number", otherwise="callback")


@pytest.mark.parametrize(
    "text,acts,takes",
    [
        ("没输错啊，你先给我记上吧", {"deny": 0.8}, True),
        ("对着截图敲的，错不了", {}, True),
        ("号码千真万确！！", {"anger": 0.98}, True),
        ("号没问题 你们系统咋个查不到嘛", {"ask": 0.6}, True),
        ("行吧就照这个办", {"affirm": 0.7}, True),
        ("算了不查了 不用登记", {"stop": 0.9}, False),
        ("发票怎么开", {"ask": 0.9}, False),
        ("谢谢", {"thank": 0.9}, False),
        ("我不要登记", {"deny": 0.9}, False),
    ],
)
def test_a_number_that_was_not_found_is_registered_in_any_words_that_insist(
    text: str, acts: dict[str, float], takes: bool
) -> None:
    assert seen(text, frame=NOT_FOUND, acts=acts).takes_offer is takes


def test_the_same_number_again_is_the_offer_taken_and_another_one_is_not() -> None:
    for number, takes in (("2026110877665", True), ("2026110877666", False)):
        assert seen(number, frame=NOT_FOUND, entities={"order": number}).takes_offer is takes


# ---------------------------------------------------------------- may it be used

BURNT = Frame(said_once=("danger", "danger:burnt"))


@pytest.mark.parametrize(
    "text, frame",
    [
        ("空调滴水，还能不能开", Frame()),
        ("洗衣机甩干抖得厉害，敢接着用不", Frame()),
        ("烘干机跳闸了，要不要先拔插头", Frame()),
        ("净水器漏水，会不会电到人", Frame()),
        ("现在敢不敢开？", Frame(kind="repair", form="confirm")),
        ("今晚还能烤东西吗", BURNT),
        ("没着火没冒烟，就是还有味", BURNT),
        ("啊要打119吗？没冒烟", BURNT),
        ("你到底让不让我用啊", BURNT),
        ("没有危险吧，就黑了一点，凑合用几天行不行", BURNT),
    ],
)
def test_whether_a_thing_may_be_used_is_heard_where_something_is_wrong(text: str, frame: Frame) -> None:
    assert seen(text, frame=frame).asks_safe


@pytest.mark.parametrize(
    "text, frame",
    [
        ("这张优惠券还能用吗", BURNT),
        ("能用微信付款吗", Frame()),
        ("空调漏水，能开发票吗", Frame()),
        ("洗衣机能洗羽绒服吗", Frame()),
        ("我不敢用，帮我换一个", BURNT),
        ("还能修吗", BURNT),
        ("没着火，是我说错了", BURNT),
        ("要不要紧嘛", Frame(said_once=("danger", "danger:selfharm"))),
    ],
)
def test_nothing_is_to_be_answered_by_the_safe_side_where_no_thing_is_meant(text: str, frame: Frame) -> None:
    assert not seen(text, frame=frame).asks_safe


@pytest.mark.parametrize(
    "text, is_over",
    [
        ("没着火，是我说错了", True),
        ("没着火，就是有点糊味", False),
        ("没有危险吧", False),
        ("没冒烟，插头还烫手", False),
    ],
)
def test_a_danger_is_over_where_all_of_it_is_denied(text: str, is_over: bool) -> None:
    assert seen(text, frame=BURNT).all_clear is is_over


GAS = {"acts": {"danger": {"polarity": "+", "confidence": 0.9}}, "danger": "gas"}


@pytest.mark.parametrize(
    "text, frame, reading, danger",
    [
        ("厨房墙角那儿一直不对劲", None, GAS, "gas"),
        ("厨房墙角那儿一直不对劲", None, {**GAS, "danger": None}, "unnamed"),
        ("厨房墙角那儿一直不对劲", None, {**GAS, "danger": "injury"}, "unnamed"),
        ("插座冒烟了", None, GAS, "fire"),
        ("味还没散，味道越来越大", Frame(said_once=("danger", "danger:gas")), GAS, "gas"),
        ("老人在屋里呢", Frame(said_once=("danger", "danger:gas")), GAS, None),
    ],
)
def test_a_danger_that_no_sign_names_is_the_one_it_was_learnt_to_be(
    text: str, frame: Frame | None, reading: Json, danger: str | None
) -> None:
    """Signs come first; nobody is hurt by a likeness; after a danger that was told a mere likeness is none anew."""
    assert seen(text, frame=frame, reading=reading).danger == danger


# ---------------------------------------------------------------- how to be reached, wrongs, what is covered

REACHES: Json = {"shades": ["reach_me"]}


@pytest.mark.parametrize(
    "text, way",
    [
        ("俺耳朵背，别打电话，发短信", "sms"),
        ("开会不能接电话，有事微信上留言就行", "wechat"),
        ("莫给我打电话哈", "written"),
        ("还是发短信吧，别加微信了", "sms"),
        ("客服不接电话", None),
        ("短信说签收了", None),
        ("电视听不清声音", None),
        ("没收到验证码短信", None),
        ("你们怎么不打电话", None),
    ],
)
def test_how_somebody_wishes_to_be_reached_is_no_tale_of_calls_and_messages(text: str, way: str | None) -> None:
    assert seen(text, reading=REACHES).contact_way == way


@pytest.mark.parametrize(
    "text, picks", [("登记吧", "request_callback"), ("不用回电，那个能水洗不", None), ("唔使登記，保溫幾耐", None)]
)
def test_a_way_that_is_denied_is_not_picked(text: str, picks: str | None) -> None:
    assert seen(text, frame=Frame(question={"kind": "offer_callback"})).picks == picks


def test_a_way_that_is_only_named_wishes_for_none() -> None:
    """That the message tells how to be reached is learnt: 「付给他个人微信」, 「就发微信」 name the same."""
    assert seen("就发微信给我").contact_way is None
    assert seen("就发微信给我", reading=REACHES).contact_way == "wechat"


@pytest.mark.parametrize(
    "text, told",
    [
        ("你们派来的人大呼小叫的", True),
        ("安装师傅把我家地板划花了", True),
        ("说好免费，结果收了我80", True),
        ("搬货的硬要加50块", True),
        ("师傅没骂人，挺好的", False),
        ("师傅态度特别好", False),
        ("安装怎么收费", False),
    ],
)
def test_a_wrong_of_our_people_is_told_in_whatever_words(text: str, told: bool) -> None:
    assert seen(text).tells_misdeed is told


@pytest.mark.parametrize(
    "text, entities, broke",
    [
        ("洗碗机装了三天就漏水", {"product": "洗碗机"}, True),
        ("刚装好的空调不制冷", {"product": "空调"}, True),
        ("空调什么时候来装", {"product": "空调"}, False),
        ("洗碗机漏水", {"product": "洗碗机"}, False),
    ],
)
def test_what_breaks_after_it_was_installed_is_a_fault(text: str, entities: Json, broke: bool) -> None:
    assert seen(text, entities=entities).broke_after_install is broke


@pytest.mark.parametrize(
    "text, covered",
    [
        ("电视用了两年半，还保修不", True),
        ("电视才八个月，修要不要钱", True),
        ("电视保修几年", False),
        ("电视两年了有条线", False),
    ],
)
def test_whether_something_is_covered_is_asked_with_its_age(text: str, covered: bool) -> None:
    assert seen(text, entities={"product": "电视"}).asks_covered is covered


@pytest.mark.parametrize(
    "text, kind, question",
    [
        ("师傅好久来嘛", "repair", "when"),
        ("这回还收不收钱啊", "repair", "cost"),
        ("要不要我寄回去", "exchange", "send"),
        ("多久能给个说法", "complaint", "when"),
        ("退款几天到账", "refund", None),
        ("你们几点下班", "repair", None),
        ("好久没来了", "repair", None),
    ],
)
def test_what_is_asked_of_ones_own_matter_is_told_from_other_questions(
    text: str, kind: str, question: str | None
) -> None:
    assert seen(text, frame=at("confirm", kind)).own_question == question
