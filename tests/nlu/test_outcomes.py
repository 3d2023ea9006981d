"""What the pipeline says beside the intent: values, several wishes, doubt, refusal; and what it costs."""

from __future__ import annotations

import time

import pytest

from tests.nlu.conftest import Parse

# Agreed with others who read intents: docs/understanding.md.
CONVENTIONS = [
    ("2026110100012", "inform"),
    ("13800138000", "inform"),
    ("李明", "inform"),
    ("查一下2026110100012", "check_order"),
    ("2026110100012到哪了", "check_order"),
    ("有人吗", "greet"),
    ("是的", "affirm"),
    ("不是", "deny"),
    ("我要退款", "request_refund"),
    ("帮我办退货", "request_refund"),
    ("退款多久到账", "ask_faq"),
    ("怎么申请退货", "ask_faq"),
    ("预约安装空调", "request_repair"),
    ("刚买就降价了，退我差价", "request_refund"),
    ("怎么注销账号", "ask_faq"),
    ("把我的个人信息删掉", "ask_faq"),
    ("轉人工", "request_human"),
    ("热水器漏电了", "file_complaint"),
]


@pytest.mark.parametrize("text, intent", CONVENTIONS)
def test_conventions(parse: Parse, text: str, intent: str) -> None:
    assert parse(text)["intent"]["name"] == intent


def test_values_stand_beside_the_intent(parse: Parse) -> None:
    found = parse("我叫李明，电话138 0013 8000，订单2026110100012要退款")
    values = {entity["entity"]: entity["value"] for entity in found["entities"]}
    assert values == {"name": "李明", "phone": "13800138000", "order": "2026110100012"}
    assert found["intent"]["name"] == "request_refund"


def test_two_wishes_are_told_apart(parse: Parse) -> None:
    clauses = parse("我要投诉你们的安装师傅乱收费，另外我要开发票")["clauses"]
    assert [clause["intent"] for clause in clauses] == ["file_complaint", "request_invoice"]


def test_one_wish_has_no_clauses(parse: Parse) -> None:
    assert "clauses" not in parse("你好，我要退款，谢谢")


def test_a_refused_message_keeps_the_models_own_ranking(parse: Parse) -> None:
    found = parse("聪明的海豚用尾巴弹钢琴给邮递员听")
    assert found["intent"]["name"] == "out_of_scope"
    assert len(found["intent_ranking"]) > 3


def test_a_page_of_text_costs_little_more_than_a_sentence(parse: Parse) -> None:
    sentence, page = (min(cost(parse, "我买的洗衣机坏了，" * times) for _ in range(5)) for times in (3, 220))
    assert page < 25 * sentence, "73 times as long"


def cost(parse: Parse, text: str) -> float:
    """CPU seconds."""
    started = time.process_time()
    parse(text)
    return time.process_time() - started
