"""Exact wordings, masking, and messages of several wishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.clauses import Clause, several_wishes, split_clauses
from bot.nlu.lexicon import key, read_lexicon
from bot.nlu.masking import mask_values

LEXICON = read_lexicon(Path("company/lexicon"))


@pytest.mark.parametrize(
    "text,intent",
    [
        ("好的", "affirm"),
        ("好的！！", "affirm"),
        ("嗯嗯嗯", "affirm"),
        ("對", "affirm"),
        ("ＯＫ", "affirm"),
        ("👌", "affirm"),
        ("不用了，谢谢", "deny"),
        ("８８６", "goodbye"),
        ("转 人 工", "request_human"),
        ("轉人工。", "request_human"),
        ("在吗？", "greet"),
        ("🙏", "thank"),
        ("算了", "stop_form"),
        ("好的，我要投诉", None),
        ("人工费多少", None),
    ],
)
def test_an_exact_wording_has_one_meaning(text: str, intent: str | None) -> None:
    assert LEXICON.get(key(text)) == intent


def test_a_wording_with_two_meanings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "intents.yml").write_text("affirm: [行]\ndeny: [行。]\n", encoding="utf-8")
    with pytest.raises(ValueError, match="means both affirm and deny"):
        read_lexicon(tmp_path)


@pytest.mark.parametrize(
    "text,masked",
    [
        ("电话13800138000", "电话手机号码"),
        ("查ts20261121-0001", "查工单编号"),
        ("2026110100012到哪了", "订单编号到哪了"),
        ("退我200", "退我200"),
    ],
)
def test_long_numbers_are_named_by_their_kind(text: str, masked: str) -> None:
    assert mask_values(text) == masked


@pytest.mark.parametrize(
    "text,clauses",
    [
        ("我要投诉师傅，顺便问下发票怎么开", ["我要投诉师傅", "问下发票怎么开"]),
        ("冰箱不制冷了。另外发票还没开", ["冰箱不制冷了", "发票还没开"]),
        ("我要退款，昨天买的，不想要了", []),
        ("你好！", []),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses


def test_two_sure_wishes_are_kept_in_their_order() -> None:
    said = [Clause("我要投诉", "file_complaint", 0.9), Clause("发票怎么开", "ask_faq", 0.8)]
    assert several_wishes(said) == said


@pytest.mark.parametrize(
    "second",
    [Clause("谢谢", "thank", 0.9), Clause("怎么开", "ask_faq", 0.3), Clause("就要投诉", "file_complaint", 0.9)],
)
def test_politeness_doubt_and_repetition_are_no_second_wish(second: Clause) -> None:
    assert several_wishes([Clause("我要投诉", "file_complaint", 0.9), second]) == []
