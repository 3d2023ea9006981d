"""A message as acts with polarity: what the reader says, what the sentence alone says, and which of them counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.decide import Reading, bounds
from actions.decide.reading import ACT_OF_INTENT, BESIDE, MATTERS, UNREAD
from helpdesk.company import load_company

ROOT = Path(__file__).resolve().parents[3]
COMPANY = load_company(ROOT / "company")
Json = dict[str, Any]


def message(text: str, intent: str = "inform", sure: float = 0.9, **acts: float) -> Json:
    """A message with what the reader makes of it, less than nothing being a denial."""
    read = {act: {"polarity": "-" if of < 0 else "+", "confidence": abs(of)} for act, of in acts.items()}
    return {
        "text": text,
        "intent": {"name": intent, "confidence": sure},
        "reading": {"acts": read, "values": {"wish": "退款"} if acts else {}},
    }


def read(text: str, intent: str = "inform", sure: float = 0.9, **acts: float) -> Reading:
    return Reading.of(message(text, intent, sure, **acts), {})


def read_denying(act: str, text: str, intent: str, **acts: float) -> Reading:
    """As `read`, surely, where rules find that the words deny this act."""
    said = message(text, intent, 0.99, **acts)
    return Reading.of({**said, "reading": {**said["reading"], "denied": [act]}}, {})


# ---------------------------------------------------------------- what was read


def test_polarity_is_kept() -> None:
    said = read("别给我转人工，几天退款", person=-0.8, ask=0.7)
    assert said.denies("person")
    assert not said.says("person")
    assert said.says("ask", "ask_own")


def test_acts_keep_their_order_the_most_important_first() -> None:
    said = read("还是退吧，顺便问下几天到账", refund=0.6, ask=0.9, complain=-0.9)
    assert list(said.acts) == ["refund", "ask", "complain"]
    assert said.first(("ask", "refund", "complain")) == "refund"
    assert said.first(("complain",)) is None


def test_what_is_wanted_is_the_first_matter_that_is_not_denied() -> None:
    assert read("不投诉了，退货", complain=-0.9, refund=0.8).wanted == "refund"
    assert read("不退了", refund=-0.9).wanted is None


def test_values_and_words_come_along() -> None:
    said = Reading.of(message("我要退款", "request_refund", refund=0.9), {"order": "7"})
    assert (said.values, said.words) == ({"order": "7"}, {"wish": "退款"})
    assert not said.is_press


def test_silence_is_when_nothing_but_values_was_read() -> None:
    assert Reading.of(message("13812345678"), {"phone": "13812345678"}).is_silent
    assert read("不要人工", person=-0.9).is_silent
    assert not read("谢谢", thank=0.9).is_silent


def test_an_act_without_confidence_is_none() -> None:
    assert read("嗯", affirm=0.0).acts == {}


# ---------------------------------------------------------------- the sentence alone


@pytest.mark.parametrize("intent,act", ACT_OF_INTENT.items())
def test_a_press_says_its_act_by_its_intent(intent: str, act: str) -> None:
    pressed = Reading.of({"text": "", "intent": {"name": intent, "confidence": 1.0}}, {})
    assert (pressed.acts, pressed.is_press) == ({act: 1.0}, True)


def test_a_press_of_a_value_says_no_act() -> None:
    pressed = Reading.of({"text": None, "intent": {"name": "inform", "confidence": 1.0}}, {"category": "quality"})
    assert (pressed.acts, pressed.is_press) == ({}, True)


def test_where_the_reader_is_silent_the_sentence_counts() -> None:
    assert read("我要退货", "request_refund", bounds.INTENT).says("refund")
    assert read("我要退货", "request_refund", bounds.INTENT - 0.01).is_silent


def test_where_the_reader_is_sure_the_sentence_does_not_count() -> None:
    said = read("我要退货", "request_refund", 0.99, ask=0.9)
    assert list(said.acts) == ["ask"]


@pytest.mark.parametrize("act", BESIDE)
def test_a_leave_taking_and_a_person_count_beside_what_one_says_while_meaning_them(act: str) -> None:
    """What the reader has no name for takes the place of what it guessed instead."""
    [intent] = [name for name, of in ACT_OF_INTENT.items() if of == act]
    for beside in BESIDE[act]:
        assert read("晓得了，再会", intent, bounds.HARMLESS, **{beside: 0.9}).says(act)
        assert read("晓得了，再会", intent, bounds.HARMLESS, **{beside: 0.9}).says(beside) is (act not in UNREAD)
        assert not read("晓得了，再会", intent, bounds.HARMLESS - 0.01, **{beside: 0.9}).says(act)
    assert not read("退了吧", intent, 0.99, refund=0.9).says(act)


# ---------------------------------------------------------------- how surely


@pytest.mark.parametrize("sure,is_wanted", [(bounds.MATTER, True), (bounds.MATTER - 0.01, False)])
def test_a_matter_that_is_hardly_heard_is_no_wish(sure: float, is_wanted: bool) -> None:
    assert (read("退货的事", refund=sure).wanted == "refund") is is_wanted


def test_a_matter_is_begun_at_once_where_it_is_sure_or_both_readings_agree() -> None:
    assert read("我要退货", refund=bounds.OPEN).is_sure
    assert not read("退货的事", refund=bounds.OPEN - 0.01).is_sure
    assert read("退货的事", "request_refund", bounds.OPEN, refund=bounds.MATTER).is_sure
    assert not read("退货的事", "request_repair", 0.99, refund=bounds.MATTER).is_sure
    assert not read("几点开门", ask=0.99).is_sure


def test_what_the_reader_hears_denied_no_sentence_makes_wanted() -> None:
    said = read("不是要退货", "request_refund", 0.99, refund=-bounds.FAINT)
    assert said.denies("refund")
    assert said.wanted is None


def test_an_intent_whose_act_the_words_deny_never_counts() -> None:
    assert read("我不要退货", "request_refund", 0.99).wanted == "refund"
    heard: list[dict[str, float]] = [{}, {"answer": 0.9}, {"grumble": 0.9}]
    for acts in heard:
        said = read_denying("refund", "我不要退货", "request_refund", **acts)
        assert said.denies("refund")
        assert said.wanted is None
        assert said.says(*acts) is bool(acts)


def test_a_person_whom_the_words_deny_does_not_count_beside_a_grumble() -> None:
    assert read("别给我转人工，烦死了", "request_human", 0.99, grumble=0.9).says("person")
    denied = read_denying("person", "别给我转人工，烦死了", "request_human", grumble=0.9)
    assert (denied.denies("person"), denied.says("grumble")) == (True, True)


def test_what_the_words_deny_leaves_another_wish_alone() -> None:
    assert read_denying("refund", "不退了，换一台", "request_exchange", exchange=0.9).wanted == "exchange"
    assert read_denying("refund", "不退了，换一台", "request_exchange").wanted == "exchange"


@pytest.mark.parametrize("sure,counts", [(bounds.FAINT, True), (bounds.FAINT - 0.01, False)])
def test_what_the_reader_hears_faintly_counts_for_nothing_but_a_danger(sure: float, counts: bool) -> None:
    assert read("嗯哼", grumble=sure).says("grumble") is counts
    assert read("有点味道", danger=sure).says("danger")


def test_a_guess_at_words_that_are_none_of_ours_is_dropped_where_the_sentence_is_surer() -> None:
    assert read("天王盖地虎", "out_of_scope", 0.9, affirm=0.6).acts == {"offtopic": 0.9}
    assert read("天王盖地虎", "out_of_scope", 0.6, affirm=0.9).says("affirm")
    assert read("天王盖地虎", "out_of_scope", 0.9, refund=0.6).says("refund")


def test_who_tells_where_to_come_and_whom_to_call_wants_it() -> None:
    said = message("油烟机吸力小，周五上午来修，徐东大街18号，汪洋13100009999", repair=0.6)
    assert Reading.of(said, {"phone": "13100009999", "place": "徐东大街18号"}).is_sure
    assert not Reading.of(said, {"phone": "13100009999"}).is_sure


def test_a_faint_matter_gives_way_to_the_one_the_sentence_is_surer_of_and_that_is_asked_about() -> None:
    heard = read("我要退一台净水器，水有味道", "request_refund", 0.69, repair=0.47)
    assert heard.wanted == "refund"
    assert not heard.is_sure
    assert read("我要退一台净水器，水有味道", "request_refund", 0.8, repair=0.65).wanted == "repair"


def shaded(text: str, shade: str, in_form: bool = False, **acts: float) -> Reading:
    said = message(text, "out_of_scope", 0.4, **acts)
    return Reading.of({**said, "reading": {**said["reading"], "shades": [shade]}}, {}).by_shades(in_form)


def test_where_the_goods_are_is_asked_whatever_else_was_heard() -> None:
    asked = shaded("你就说它现在在哪儿嘛", "asks_where", challenge=0.7)
    assert asked.says("status")
    assert not asked.says("challenge")
    assert shaded("等下，我那货到哪了", "asks_where", in_form=True, ask_own=0.6).says("status")


def test_another_day_is_a_wish_outside_a_form_and_an_answer_in_one() -> None:
    assert shaded("约的那天我不在，换个日子装", "moves_date", install=0.6).wanted == "change_order"
    books = {**message("预约周日装洗碗机", "request_repair", 0.8), "reading": {"shades": ["moves_date"]}}
    assert Reading.of(books, {}).by_shades(in_form=False).wanted != "change_order"
    assert shaded("改后天吧", "moves_date", in_form=True, correct=0.9).wanted is None
    assert shaded("谁说要改时间了", "moves_date", change_order=-0.9).wanted is None


@pytest.mark.parametrize("message", [{}, {"text": "喂"}, {"text": "喂", "intent": {}}, {"text": "喂", "reading": {}}])
def test_a_message_without_anything_says_nothing(message: Json) -> None:
    assert Reading.of(message, {}).acts == {}


# ---------------------------------------------------------------- names


def test_every_intent_that_says_something_is_one_of_the_domain() -> None:
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["intents"])
    without_act = {intent for intent in intents if intent.startswith("start_")} | {"inform"}
    assert set(ACT_OF_INTENT) == intents - without_act


def test_every_matter_is_a_kind_of_ticket() -> None:
    assert set(MATTERS.values()) <= set(COMPANY.kinds)


def test_what_both_readers_hear_as_cross_is_anger() -> None:
    angry = {
        **message("什么垃圾售后", "express_anger", 0.49),
        "reading": {"acts": {"grumble": {"polarity": "+", "confidence": 0.6}}},
    }
    assert next(iter(Reading.of(angry, {}).acts)) == "anger"
    faint = {**message("慢得很", "express_anger", 0.3), "reading": angry["reading"]}
    assert "anger" not in Reading.of(faint, {}).acts
