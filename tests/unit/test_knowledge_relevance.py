"""How often an article is told that only shares words with what was said, on three voices that taught nothing.

Measured 2026-11, by the ranking alone and without clauses that ask nothing: of 94 messages that no article answers 27
are told one and 48 more are offered some; of 47 that one answers 44 are told the right one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.relevance import Relevance, measure
from helpdesk.knowledge import load_knowledge
from tests.support.relevance import read

ROOT = Path(__file__).parents[2] / "company"


@pytest.fixture(scope="module")
def heldout() -> Relevance:
    return measure("held out", load_knowledge(ROOT), read("heldout"))


def test_what_is_measured_with_taught_nothing() -> None:
    assert {said.words for said in read("heldout")} & {said.words for said in read("fitted")} == set()
    assert len(read("heldout")) >= 140


def test_what_no_article_answers_is_not_told_more_often_than_it_was(heldout: Relevance) -> None:
    assert heldout.told <= 28
    assert heldout.told + heldout.offered <= 77


def test_what_an_article_answers_is_told(heldout: Relevance) -> None:
    assert heldout.right / heldout.answerable >= 0.9
    assert heldout.wrong == 0
