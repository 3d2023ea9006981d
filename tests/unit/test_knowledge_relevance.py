"""An article is told only where it answers: what shares its words and asks something else gets none.

Measured 2026-11 on tests/unit/relevance/heldout (three voices that taught nothing): of 94 messages that no article
answers 31 were told one and 44 more were offered some; with what stands beside the articles in company/chatter.yml
11 and 23. Of 47 that one answers 44 were told the right one, before and after.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.relevance import Relevance, measure
from helpdesk.company import load_company
from helpdesk.knowledge import Knowledge, load_knowledge
from tests.support.relevance import read

ROOT = Path(__file__).parents[2] / "company"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(ROOT)


@pytest.fixture(scope="module")
def heldout(knowledge: Knowledge) -> Relevance:
    return measure("held out", knowledge, read("heldout"))


def test_what_is_measured_with_taught_nothing() -> None:
    company = load_company(ROOT)
    taught = set(company.chatter.unanswered)
    assert [said.words for said in read("heldout") if said.words in taught] == []
    assert len(read("heldout")) >= 140


def test_what_was_fitted_on_stands_beside_the_articles() -> None:
    beside = set(load_company(ROOT).chatter.beside)
    assert [said.words for said in read("fitted") if said.article is None and said.words not in beside] == []


def test_what_no_article_answers_is_seldom_told_one(heldout: Relevance) -> None:
    assert heldout.told / heldout.unanswerable <= 0.14


def test_what_no_article_answers_is_seldom_offered_some(heldout: Relevance) -> None:
    assert heldout.offered / heldout.unanswerable <= 0.28


def test_what_an_article_answers_is_told(heldout: Relevance) -> None:
    assert heldout.right / heldout.answerable >= 0.9
    assert heldout.wrong == 0
