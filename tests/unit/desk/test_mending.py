"""The language check as staff meet it: tricks are seen through, and what is adopted rewrites the sentence at fault."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk.calendar import ServiceCalendar
from helpdesk.company import load_company
from helpdesk.text.language import Finding
from helpdesk.usecases.journal.courtesy import BLOCK, check_reply
from helpdesk.wording import load_wording

COMPANY = load_company(Path(__file__).parents[3] / "company")
LATE = datetime(2026, 11, 23, 23, 31, tzinfo=ZoneInfo("Asia/Shanghai"))
SERVICES: Any = SimpleNamespace(
    company=COMPANY,
    calendar=ServiceCalendar.of(COMPANY),
    wording=load_wording(COMPANY),
    clock=SimpleNamespace(now=lambda: LATE),
)


def found(text: str, code: str) -> Finding:
    return next(one for one in check_reply(SERVICES, text, greeted=True) if one.code == code)


@pytest.mark.parametrize(
    "text, words",
    [
        ("您好，這不歸我管", "不歸我管"),
        ("您好，不\u200b归\u200b我\u200b管。", "不\u200b归\u200b我\u200b管"),
        ("您好，不 归 我 管", "不 归 我 管"),
        ("您好，不.归.我.管", "不.归.我.管"),
    ],
)
def test_tricks_hide_nothing_and_the_words_at_fault_are_shown_as_typed(text: str, words: str) -> None:
    assert found(text, "evasion").text == words


@pytest.mark.parametrize("text", ["你是不是傻逼", "您真笨蛋", "脑子有病", "沒素質", "买不起就别买", "废 物", "SB"])
def test_an_insult_is_not_sent(text: str) -> None:
    assert found(text, "insult").severity == BLOCK


@pytest.mark.parametrize("text", ["您好，厨余垃圾处理器有货", "您好，操作方法在说明书第三页", "您好，USB 接口在背面"])
def test_what_only_looks_like_an_insult_passes(text: str) -> None:
    assert check_reply(SERVICES, text) == []


OURS = COMPANY.forbidden["evasion"].instead


@pytest.mark.parametrize(
    "text, code, rewritten",
    [
        ("您好，配件有货，这不归我管，您找售后。谢谢您。", "evasion", f"您好，配件有货，{OURS}谢谢您。"),
        ("亲~，您的快递到了", "padded", "您好，您的快递到了"),
        ("你的订单发出了，你们收一下", "informal_you", "您的订单发出了，您收一下"),
        ("我们会尽快给您答复。", "undated_promise", "我们会在11月24日（周二）18:00前给您答复。"),
        ("好的，今天下午5点前给您答复。", "past_promise", "好的，11月24日（周二）18:00前给您答复。"),
    ],
)
def test_adopting_rewrites_the_sentence_and_leaves_the_rest(text: str, code: str, rewritten: str) -> None:
    assert found(text, code).rewrite == rewritten
    assert code not in {one.code for one in check_reply(SERVICES, rewritten)}


def test_the_same_sentence_is_not_said_twice() -> None:
    once = found("这不归我管。您去找物流。", "evasion").rewrite
    assert found(once, "evasion").rewrite == OURS
