"""Unanswered questions of one meaning come together; the limit was fitted on unanswered_groups.yml."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpdesk.knowledge import load_knowledge
from helpdesk.knowledge.grouping import SAMPLES, Groups, VectorsOf

LABELLED: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "unanswered_groups.yml").read_text("utf-8"))
QUESTIONS = [(text, f"g{n}") for n, texts in enumerate(LABELLED["groups"]) for text in texts]
QUESTIONS += [(text, text) for text in LABELLED["alone"]]
ORDERS = range(4)


@pytest.fixture(scope="module")
def vectors_of() -> VectorsOf:
    return load_knowledge(Path(__file__).parents[2] / "company").current.index.vectors


def no_vectors(texts: Any) -> None:
    return None


def grouped(questions: list[tuple[str, str]], vectors_of: VectorsOf) -> list[tuple[str, str]]:
    """(group, meaning) of each question."""
    groups, found = Groups({}, vectors_of), []
    for text, meaning in questions:
        group = groups.nearest(text) or text
        groups.add(group, text)
        found.append((group, meaning))
    return found


def b_cubed(found: list[tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall: what of a question's group has its meaning, what of its meaning is in its group."""
    by_group, by_meaning = defaultdict(list), defaultdict(list)
    for group, meaning in found:
        by_group[group].append(meaning)
        by_meaning[meaning].append(group)
    precision = sum(by_group[group].count(meaning) / len(by_group[group]) for group, meaning in found)
    recall = sum(by_meaning[meaning].count(group) / len(by_meaning[meaning]) for group, meaning in found)
    return precision / len(found), recall / len(found)


def measured(vectors_of: VectorsOf) -> tuple[float, float]:
    """The mean over shuffled orders: which question comes first is chance."""
    scores = [b_cubed(grouped(random.Random(seed).sample(QUESTIONS, len(QUESTIONS)), vectors_of)) for seed in ORDERS]
    precision, recall = (sum(values) / len(values) for values in zip(*scores, strict=True))
    return precision, recall


def test_the_list_is_worth_measuring_with() -> None:
    assert len(LABELLED["groups"]) >= 20
    assert len({text for text, _ in QUESTIONS}) == len(QUESTIONS) >= 100


def test_questions_of_one_meaning_come_together(vectors_of: VectorsOf) -> None:
    precision, recall = measured(vectors_of)
    assert precision >= 0.84
    assert recall >= 0.70


def test_without_an_encoder_groups_are_smaller_but_as_clean() -> None:
    precision, recall = measured(no_vectors)
    assert precision >= 0.90
    assert recall >= 0.35


@pytest.mark.parametrize("one, other", [("門店可以停車嗎？", "门店可以停车吗"), ("可以租家电吗！！", "可以租家电吗")])
def test_spelling_and_punctuation_make_no_group(one: str, other: str, vectors_of: VectorsOf) -> None:
    groups = Groups({"known": [one]}, vectors_of)
    assert groups.nearest(other) == "known"
    assert groups.nearest("你们赞助的球队是哪支") is None


def test_the_first_question_begins_a_group_and_a_large_group_costs_no_more(vectors_of: VectorsOf) -> None:
    groups = Groups({}, vectors_of)
    assert groups.nearest("门店能停车吗") is None
    for _ in range(SAMPLES * 3):
        groups.add("parking", "门店能停车吗")
    groups.add("parking", "你们赞助的球队是哪支")
    assert groups.nearest("你们赞助的球队是哪支？") is None
