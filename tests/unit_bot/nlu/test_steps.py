"""A message of several things is taken apart where a clause does one thing by itself, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.steps import StepWords, apart, behind_sigh, read_steps

WORDS = read_steps(Path("company/lexicon"))


@pytest.mark.parametrize(
    "text, parts",
    [
        ("不等了，给我登记个回电吧", ["不等了", "给我登记个回电吧"]),
        ("取消排队 上门改成周六上午 提交吧", ["取消排队", "上门改成周六上午", "提交吧"]),
        ("提交，下午再打给我", ["下午再打给我", "提交"]),
        ("唔使轉人工，幫我催下貨", ["唔使轉人工", "幫我催下貨"]),
        ("好的 登记吧 我姓孟 住中山路12号", ["好的", "我姓孟 住中山路12号"]),
        ("不是，我问的是发票", ["不是", "我问的是发票"]),
        ("你们老是弄错 气死我了 转人工", ["你们老是弄错 气死我了", "转人工"]),
        ("电话改成13800138000，谢谢", ["电话改成13800138000，"]),
        ("没事了 拜拜", ["拜拜"]),
    ],
)
def test_what_a_clause_does_by_itself_is_done_by_itself(text: str, parts: list[str]) -> None:
    assert apart(text, WORDS) == parts


@pytest.mark.parametrize(
    "text",
    [
        "提交",
        "好的谢谢",
        "我要退货，包装还在",
        "洗衣机漏水 明天来修",
        "转人工 我要说退款的事",
        "没了，谢谢",
        "",
        "，，",
    ],
)
def test_one_thing_stays_one(text: str) -> None:
    assert apart(text, WORDS) == []


def test_without_the_list_nothing_is_taken_apart(tmp_path: Path) -> None:
    assert read_steps(tmp_path) == StepWords()
    assert apart("好的，提交", StepWords()) == []


@pytest.mark.parametrize(
    "text, rest",
    [
        ("算了算了，先交上去中不中", "先交上去中不中"),
        ("算了你登嘛", "你登嘛"),
        ("唉 算了 转人工", "转人工"),
        ("算了吧", ""),
        ("算了", ""),
    ],
)
def test_what_stands_behind_a_sigh_is_looked_at_by_itself(text: str, rest: str) -> None:
    assert behind_sigh(text, WORDS) == rest
