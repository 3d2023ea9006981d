"""The shipped articles are complete and true to the rules; a broken one is refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.company import load_company
from helpdesk.knowledge import Article, BrokenArticle, load_articles, parse_article
from helpdesk.knowledge.articles import check_articles, values_of

ROOT = Path(__file__).parents[2] / "company"
VALUES = values_of(load_company(ROOT))
ARTICLES = {article.id: article for article in load_articles(ROOT / "knowledge", VALUES)}

IDS = """
shipping: dispatch_time delivery_time fee area courier change_address delay damaged sign_for
payment: methods installment coupon price_protection failed future_price deposit coupon_back
invoice: how change lost
returns: seven_days process refund_time freight exchange gift opened address
product: authentic warranty install manual parts out_of_stock trade_in cleaning care consumables extended_warranty
product: repair_fee repair fridge_normal frost first_use noise_normal error_code site relocation wifi child_lock
product: secondhand storage energy serial gas_type radiation
account: register password phone_change delete points privacy scam order_number
service: hours hotline store complaint_process corporate review_gift accessible other_brand compensation
"""


def test_every_question_of_the_contract_is_answered() -> None:
    lines = [line.split(":") for line in IDS.strip().splitlines()]
    assert set(ARTICLES) == {f"{group}.{name}" for group, names in lines for name in names.split()}


@pytest.mark.parametrize("faq_id", sorted(ARTICLES))
def test_an_answer_is_courteous_concrete_and_leads_on(faq_id: str) -> None:
    answer = ARTICLES[faq_id].answer
    assert 60 <= len(answer) <= 200
    assert "您" in answer
    assert "你" not in answer


@pytest.mark.parametrize("faq_id", sorted(ARTICLES))
def test_a_question_has_wordings_enough(faq_id: str) -> None:
    article = ARTICLES[faq_id]
    assert len(article.spoken()) >= 20
    assert len(article.question) <= 25


# What retail-facts demands of single answers: (article, must be said, must not be said).
@pytest.mark.parametrize(
    "faq_id, said, unsaid",
    [
        ("returns.seven_days", ["次日起 7 天", "完好", "定制"], ["拆封不退", "未拆封"]),
        ("returns.opened", ["不影响七天无理由", "激活"], ["不能退", "拆封不退"]),
        ("returns.freight", ["质量问题", "由我们承担", "由您承担"], []),
        ("returns.refund_time", ["7 天内", "原路"], []),
        ("returns.exchange", ["7 天内", "15 天内"], []),
        ("payment.deposit", ["20%", "双倍", "七天无理由"], []),
        ("account.scam", ["验证码", "110", "原路"], []),
        ("product.repair_fee", ["先检测报价", "同意后再修"], []),
        ("service.compensation", ["依法负责"], ["请您证明"]),
        ("service.review_gift", ["不影响售后"], []),
        ("product.gas_type", ["12T", "20Y", "不要自己改"], []),
        ("product.warranty", ["1 年", "3 年", "开票日", "订单记录或序列号"], ["请您证明"]),
        ("invoice.how", ["18 位", "个人不能开专用发票"], []),
        ("invoice.change", ["红字发票", "与实际商品一致"], []),
        ("account.delete", ["三年", "登记"], []),
        ("account.privacy", ["查询", "更正", "删除", "撤回", "上门师傅"], []),
        ("shipping.sign_for", ["经您同意"], ["签收后概不负责"]),
        ("shipping.damaged", ["由我们负责", "由我们承担"], ["签收后概不负责"]),
        ("product.trade_in", ["退货时补贴会一并退回"], []),
        ("service.complaint_process", ["1 个工作日", "3 个工作日", "7 天", "12315"], []),
        ("service.hotline", ["{hotline}"], []),
        ("service.hours", ["{hours}"], []),
    ],
)
def test_an_answer_says_what_the_law_and_the_standard_want(faq_id: str, said: list[str], unsaid: list[str]) -> None:
    answer = ARTICLES[faq_id].answer
    told = answer.format_map(VALUES)  # what is promised of personal data is filled in from company/personal_data.yml
    assert [words for words in said if words not in answer and words not in told] == []
    assert [words for words in unsaid if words in answer] == []


def test_what_changes_is_marked_for_review() -> None:
    changing = {"shipping.fee", "payment.coupon", "payment.installment", "product.trade_in", "service.hours"}
    assert [faq_id for faq_id in changing if not ARTICLES[faq_id].check] == []


# ---------------------------------------------------------------- broken ones


def article(**changes: Any) -> Article:
    base: dict[str, Any] = {
        "id": "shipping.test",
        "question": "测试问题？",
        "subject": "测试",
        "answer": "您好，这是一条测试答案。",
        "wordings": ["测试怎么问"],
    }
    return parse_article(base | changes, "shipping.test")


@pytest.mark.parametrize(
    "changes, key",
    [
        ({"answer": ""}, "answer"),
        ({"wordings": []}, "wordings"),
        ({"wordings": ["？？"]}, "wordings"),
        ({"id": "Shipping Test"}, "id"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"answr": "x"}, "answr"),
    ],
)
def test_a_broken_article_is_refused_by_its_key(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(BrokenArticle) as caught:
        article(**changes)
    assert caught.value.key == key
    assert caught.value.faq_id == "shipping.test"


@pytest.mark.parametrize(
    "others, key",
    [
        ([{"id": "shipping.test"}], "id"),
        ([{"id": "shipping.other", "wordings": ["測試怎麼問？"]}], "wordings"),
        (
            [{"id": "shipping.other", "wordings": ["别的"], "question": "别的问题", "related": ["shipping.gone"]}],
            "related",
        ),
        (
            [
                {
                    "id": "shipping.other",
                    "wordings": ["别的"],
                    "question": "别的",
                    "answer": "您好，请拨打 {phone} 联系我们",
                }
            ],
            "answer",
        ),
        (
            [
                {
                    "id": "shipping.other",
                    "wordings": ["别的"],
                    "question": "别的",
                    "answer": "您好，括号没有配对 { 的答案",
                }
            ],
            "answer",
        ),
    ],
)
def test_articles_that_disagree_are_refused(others: list[dict[str, Any]], key: str) -> None:
    with pytest.raises(BrokenArticle) as caught:
        check_articles([article(), *(article(**other) for other in others)], VALUES)
    assert caught.value.key == key


def test_a_file_must_bear_the_name_of_its_article(tmp_path: Path) -> None:
    content = article().model_dump(mode="json", exclude_defaults=True)
    (tmp_path / "shipping.else.yml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(BrokenArticle, match=r"shipping\.else"):
        load_articles(tmp_path, VALUES)


@pytest.mark.parametrize(
    "day, valid",
    [("2026-10-31", False), ("2026-11-01", True), ("2026-11-11", True), ("2026-11-12", False)],
)
def test_an_article_is_valid_from_its_first_to_its_last_day(day: str, valid: bool) -> None:
    sale = article(valid_from="2026-11-01", valid_until="2026-11-11")
    assert sale.is_valid(date.fromisoformat(day)) is valid
