"""From probabilities to acts: what is denied is not started, what is no answer is not stored, no danger is missed."""

from __future__ import annotations

import pytest

from bot.nlu.reader.decision import Bounds, Words, decide
from bot.nlu.reader.guard import MATTER_WORDS, denied
from bot.nlu.reader.labels import STARTING
from bot.nlu.reader.model import Scores
from zhtext import normalise_apart

BOUNDS = Bounds()
NO_WORDS = Words()


def scores(**chances: float) -> Scores:
    """`refund_` stands for refund-; the likeliest is also the most important."""
    present = {name.replace("_", "-"): chance for name, chance in chances.items()}
    total = sum(present.values()) or 1
    return Scores({label: chance / total for label, chance in present.items()}, present)


def acts(given: Scores, words: Words = NO_WORDS, *, at_field: bool = False) -> list[str]:
    return list(decide(given, words, BOUNDS, at_field=at_field))


def test_the_likeliest_comes_first_and_no_act_twice() -> None:
    assert acts(scores(refund=0.6, story=0.7, thank=0.1)) == ["story", "refund"]
    assert acts(scores(danger=0.5, danger_=0.9)) == ["danger-"]


def test_a_matter_is_not_started_where_the_model_hears_a_denial_too() -> None:
    assert acts(scores(refund=0.6, refund_=0.35, ask=0.5)) == ["ask"]


def test_a_matter_that_the_words_deny_is_denied() -> None:
    assert acts(scores(refund=0.9, ask=0.5), Words(denied=frozenset({"refund"}))) == ["ask", "refund-"]


def test_a_doubtful_answer_is_not_stored_at_a_field() -> None:
    doubtful = scores(answer=0.5, grumble=0.45)
    assert acts(doubtful, at_field=True) == ["grumble"]
    assert acts(doubtful) == ["answer", "grumble"]
    assert acts(scores(answer=0.8, grumble=0.1), at_field=True) == ["answer"]


def test_a_danger_is_told_where_the_alarm_rings_or_the_words_say_so() -> None:
    spoken_of = frozenset({"danger"})
    assert "danger" in acts(scores(story=0.9), Words(alarm=0.6))
    assert "danger" not in acts(scores(danger=0.9, story=0.3), Words(alarm=0.4))
    assert "danger" in acts(scores(story=0.9), Words(dangers=spoken_of, alarm=0.4))
    assert "danger" not in acts(scores(anger=0.9), Words(dangers=spoken_of, alarm=0.02))
    assert "danger" not in acts(scores(answer=0.9, danger_=0.95), Words(dangers=spoken_of, alarm=0.3))


def test_where_no_danger_was_taught_the_words_alone_count() -> None:
    assert "danger" in acts(scores(story=0.9), Words(dangers=frozenset({"danger"})))
    assert "danger" not in acts(scores(danger=0.9, story=0.3))


def test_who_is_hurt_is_heard_only_where_a_danger_is_told() -> None:
    assert acts(scores(story=0.9, injury=0.4), Words(alarm=0.9)) == ["story", "injury"]
    assert acts(scores(story=0.9, injury=0.4, danger=0.5), Words(alarm=0.9)) == ["story", "injury", "danger"]
    assert acts(scores(story=0.9, injury=0.4), Words(alarm=0.1)) == ["story"]
    assert acts(scores(story=0.9), Words(dangers=frozenset({"injury"}), alarm=0.9)) == ["story", "injury"]


def test_every_matter_that_can_be_started_can_be_denied() -> None:
    assert MATTER_WORDS.keys() == STARTING


@pytest.mark.parametrize(
    "said, act",
    [
        ("不是要退货，问下运费", "refund"),
        ("谁要取消！我问几时到", "cancel_order"),
        ("先别转人工，我找找号码", "person"),
        ("发票就不用了", "invoice"),
        ("退什么退 我等着用呢", "refund"),
        ("我没让你们取消", "cancel_order"),
        ("修就算了", "repair"),
        ("唔使裝喇 我自己搞掂", "install"),
        ("回电就免了，发短信", "callback"),
        ("不是退货，是问退货的运费", "refund"),
        ("退货？先不退", "refund"),
        ("换货的申请撤了吧，我不换了", "exchange"),
        ("不是换货，是换个地址", "exchange"),
        ("本来打算投诉，他赔了不是就没事了", "complain"),
        ("发票我早就有了，只要盖章", "invoice"),
        ("找客服也白搭，不找了", "person"),
        ("咱啥时候说要退了", "refund"),
        ("咋给我弄成换货了", "exchange"),
        ("別取消喔，我是改時間", "withdraw"),
        ("不退不换，派人修", "exchange"),
        ("我不敢退", "refund"),
        ("不用派師傅裝，我會", "install"),
    ],
)
def test_a_denial_is_read_from_the_words(said: str, act: str) -> None:
    assert act in denied(normalise_apart(said))


@pytest.mark.parametrize(
    "said, act",
    [
        ("怎么还不给我退款", "refund"),
        ("能不能退货", "refund"),
        ("修不好就换一台", "exchange"),
        ("不用修了，直接退", "refund"),
        ("没有 转人工", "person"),
        ("不是装热水器 是装浴霸", "install"),
        ("是不是要取消才行", "cancel_order"),
        ("别问了给我转人工", "person"),
        ("退不退啊", "refund"),
        ("换不换都行，先看看", "exchange"),
        ("吊灯谁给装啊", "install"),
        ("不换了，还是换吧", "exchange"),
    ],
)
def test_a_wish_is_no_denial(said: str, act: str) -> None:
    assert act not in denied(normalise_apart(said))
