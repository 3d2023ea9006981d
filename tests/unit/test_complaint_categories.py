"""What a complaint is about is read from the account, also where no keyword of a category stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from helpdesk.company import load_company
from helpdesk.knowledge.categories import Categories
from zhtext import normalise, shared_encoder

COMPANY = load_company(Path(__file__).parents[2] / "company")
HELD_OUT = yaml.safe_load(Path(__file__).with_name("complaint_categories.yml").read_text(encoding="utf-8"))
"""Accounts by category, written before any example was; none of them is one."""


@pytest.fixture(scope="module")
def categories() -> Categories:
    return Categories(COMPANY, shared_encoder())


def test_most_accounts_are_of_the_category_that_is_likeliest(categories: Categories) -> None:
    ranked = [
        (name, [one for one, _ in categories.ranked(normalise(told))])
        for name, texts in HELD_OUT.items()
        for told in texts
    ]
    assert sum(name == found[0] for name, found in ranked) >= 0.85 * len(ranked)
    assert sum(name in found[:3] for name, found in ranked) >= 0.95 * len(ranked)


def test_a_category_is_taken_only_where_it_is_sure(categories: Categories) -> None:
    taken = [(name, categories.of(normalise(told))) for name, texts in HELD_OUT.items() for told in texts]
    sure = [(name, found) for name, found in taken if found]
    assert len(sure) >= 0.85 * len(taken)
    assert sum(name == found for name, found in sure) >= 0.88 * len(sure)


def test_nothing_is_guessed_from_nothing(categories: Categories) -> None:
    assert categories.of("") is None


def test_no_example_is_tested_on() -> None:
    taught = {text for one in COMPANY.complaints.categories.values() for text in one.examples}
    assert taught.isdisjoint(text for texts in HELD_OUT.values() for text in texts)
