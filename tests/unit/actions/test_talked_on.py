"""What is said on from a registered matter, an answer or a product: which is meant, and what of it is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Json
from actions.look import look
from actions.talk import asked, details, excerpts
from actions.talk.which import turn_to_meant
from actions.turn import FRAME, Turn
from helpdesk.company import load_company
from helpdesk.knowledge import Knowledge, load_articles
from helpdesk.knowledge.articles import values_of
from helpdesk.model.frame import MOST_EARLIER, Frame
from helpdesk.services import Services
from zhtext import shared_encoder

ROOT = Path(__file__).resolve().parents[3] / "company"
COMPANY = load_company(ROOT)
ARTICLES = {one.id: one for one in load_articles(ROOT / "knowledge", values_of(COMPANY))}
KNOWLEDGE = Knowledge(COMPANY, ARTICLES.values(), shared_encoder())
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CLOCK = SimpleNamespace(now=lambda: NOW)
SERVICES = cast(Services, SimpleNamespace(company=COMPANY, clock=CLOCK, wording=None, knowledge=KNOWLEDGE))
REPAIR: Json = {"number": "TS1", "kind": "repair", "fields": {"product": "冰箱", "description": "不制冷"}}
INVOICE: Json = {"number": "TS2", "kind": "invoice", "fields": {"order": "2026111000789"}}
PRAISE: Json = {"number": "TS3", "kind": "praise", "fields": {"description": "小周态度好"}}


def turn(text: str, frame: Frame | None = None, entities: Json | None = None, **acts: float) -> Turn:
    """A message outside a form; `acts`: what was read of it."""
    message: Json = {
        "text": text,
        "message_id": "m:1",
        "intent": {"name": "inform", "confidence": 0.6},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "reading": {"acts": {act: {"polarity": "+", "confidence": of} for act, of in acts.items()}, "values": {}},
    }
    slots = {FRAME: (frame or Frame()).to_json()}
    return Turn(SERVICES, Tracker("c1", slots, message, [], False, None, {}, None), CollectingDispatcher())


def after(last: Json, *earlier: Json) -> Frame:
    return Frame(registered=last, about={"kind": "ticket"}, earlier=earlier).asking("anything_else")


# ---------------------------------------------------------------- which matter


@pytest.mark.parametrize(
    "text,last,earlier,meant",
    [
        ("那修的事，万一要收费师傅先说价对吧", PRAISE, (REPAIR,), "TS1"),
        ("师傅明天几点来", INVOICE, (REPAIR,), "TS1"),
        ("师傅的工号是D233", PRAISE, (REPAIR,), "TS3"),
        ("开票那边备注加上型号", REPAIR, (INVOICE,), "TS2"),
        ("修改一下时间", INVOICE, (REPAIR,), "TS2"),
        ("退货那个弄好没", REPAIR, (INVOICE,), "TS1"),
        ("TS2 那件催一下", REPAIR, (INVOICE,), "TS1"),
    ],
)
def test_a_matter_is_chosen_by_how_it_is_spoken_of(
    text: str, last: Json, earlier: tuple[Json, ...], meant: str
) -> None:
    spoken = turn(text, after(last, *earlier))
    turn_to_meant(spoken)
    assert (spoken.before.registered or {})["number"] == meant


def test_a_number_of_an_earlier_matter_turns_to_it_and_keeps_the_other() -> None:
    spoken = turn("TS2 到哪了", after(REPAIR, INVOICE), {"ticket": "TS2"})
    turn_to_meant(spoken)
    assert spoken.frame.registered == INVOICE
    assert spoken.frame.earlier == (REPAIR,)


def test_the_name_of_a_registered_matter_is_no_new_wish_where_it_points_at_it() -> None:
    spoken = turn("报修那个，零件没货咋办", after(REPAIR), repair=0.95, ask=0.8)
    turn_to_meant(spoken)
    assert not spoken.reading.says("repair")
    again = turn("再报修一台洗衣机", after(REPAIR), repair=0.95)
    turn_to_meant(again)
    assert again.reading.says("repair")


def test_matters_are_kept_up_to_a_number_and_none_twice() -> None:
    frame = Frame()
    for number in range(MOST_EARLIER + 3):
        frame = Frame(registered={"number": f"TS{number + 1}"}, earlier=frame.earlier).keeping(
            {"number": f"TS{number}"}
        )
    assert len(frame.earlier) == MOST_EARLIER
    assert frame.keeping({"number": frame.earlier[-1]["number"]}).earlier == frame.earlier
    assert frame.keeping(frame.registered) == frame


# ---------------------------------------------------------------- what is asked of it


@pytest.mark.parametrize(
    "text,asked",
    [
        ("师傅过来前会先通知我不", "calls"),
        ("来之前打个电话中不中", "calls"),
        ("维修的师傅贵姓", "who"),
        ("哪位师傅来呀", "who"),
        ("我要准备点啥子不", "ready"),
        ("需要把机器搬出来等吗", "ready"),
        ("家里头必须有人吗", "home"),
        ("我妈在行不行", "home"),
        ("当天有事能改天不", "change"),
        ("师傅上门修得多长时间", "long"),
        ("师傅多久来", "when"),
        ("师傅来要不要收上门费", "cost"),
        ("免贵姓王", None),
        ("师傅没打电话就来了", None),
        ("冰箱里的灯不亮", None),
    ],
)
def test_what_is_asked_of_a_visit_is_known_by_its_words(text: str, asked: str | None) -> None:
    assert look(turn(text, after(REPAIR))).own_question == asked


# ---------------------------------------------------------------- how it is told, and when it should have come


@pytest.mark.parametrize(
    "text,asks",
    [
        ("怎么告诉我啊,你又没留我电话", True),
        ("你们核实好了咋联系我", True),
        ("怎么联系你们", False),
        ("我怎么登录", False),
    ],
)
def test_how_we_shall_tell_is_asked_by_its_words(text: str, asks: bool) -> None:
    assert look(turn(text)).asks_reach is asks


@pytest.mark.parametrize(
    "text,late",
    [
        ("我那空调呢 说好昨天到的", True),
        ("冰箱都过了三天还没影子", True),
        ("今天到底送不送得来", True),
        ("師傅說好昨天到", False),
        ("退款到现在还没到", False),
        ("冰箱明天能到吗", False),
    ],
)
def test_goods_are_late_by_the_words_and_nobody_else_is(text: str, late: bool) -> None:
    assert look(turn(text)).overdue is late


# ---------------------------------------------------------------- a part's price, a sentence of an article


@pytest.mark.parametrize(
    "text,part",
    [
        ("滤芯一个多少钱", "滤芯"),
        ("那滤网多久换一次，一个多少钱", "滤网"),
        ("我问的是滤网的价格,不是机器的", "滤网"),
        ("空气净化器多少钱", ""),
        ("大的那个多少钱", ""),
        ("55寸的多少钱", ""),
        ("两台冰箱差多少钱", ""),
        ("这款现在什么价", ""),
    ],
)
def test_the_price_of_a_part_is_none_of_the_product(text: str, part: str) -> None:
    asks_part = asked.PART_PRICE in asked.of_product(turn(text))
    assert (details.part_priced(turn(text)) if asks_part else "") == part


def test_of_an_article_the_sentence_is_told_that_alone_shares_words_with_the_question() -> None:
    points = ARTICLES["account.points"]
    assert (excerpts.about(points, "去年的有效期到哪天") or "").startswith("积分有效期")
    assert excerpts.about(points, "黑五打几折") is None
    assert excerpts.brief(points, "黑五打几折") == points.answer


@pytest.mark.parametrize("text, clause", [("是变频的吗", "10 公斤变频滚筒"), ("滚筒的洗得到羽绒被不", "")])
def test_the_sheet_is_asked_by_what_is_said_besides_the_name(text: str, clause: str) -> None:
    assert details.spoken_of(COMPANY.products["washer_drum"], text) == clause
