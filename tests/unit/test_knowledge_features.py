"""What is computed of one question in another way than of all wordings is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpdesk.company import load_company
from helpdesk.knowledge.articles import load_articles, values_of
from helpdesk.knowledge.bm25 import Bm25
from helpdesk.knowledge.features import Features, Vectors
from helpdesk.knowledge.ranking import NEAREST, Index

ROOT = Path(__file__).parents[2] / "company"
COMPANY = load_company(ROOT)
ARTICLES = load_articles(ROOT / "knowledge", values_of(COMPANY))
WORDINGS = [text for article in ARTICLES for text in article.spoken()]
ASKED = [
    "退款多久到账",
    "冰箱冰箱冰箱冰箱保修几年",
    "我想问一下小李楼下昨晚门口几点关门",
    "q",
    "鑫龘",
    "电视机和洗衣机的运费谁出呢",
]


@pytest.mark.parametrize("text", ASKED)
@pytest.mark.parametrize("has_vector", [False, True])
def test_the_row_of_one_question_is_that_of_the_matrix(text: str, has_vector: bool) -> None:
    features = Features(WORDINGS, COMPANY.concepts, None)
    vectors: Vectors | None = np.linspace(-1, 1, 512, dtype=np.float32)[None] if has_vector else None
    columns, values = features.row(text, vectors)
    whole = features.matrix([text], vectors).toarray()[0]
    row = np.zeros_like(whole)
    row[columns] = values
    np.testing.assert_allclose(row, whole, rtol=1e-6, atol=1e-7)
    assert len(set(columns.tolist())) == len(columns)


@pytest.mark.parametrize("text", ASKED)
def test_shared_words_are_summed_over_the_columns_of_the_question(text: str) -> None:
    scorer = Bm25(WORDINGS)
    grams = {text[start : start + size] for size in (1, 2) for start in range(len(text) - size + 1)}
    known = [scorer._column[gram] for gram in grams if gram in scorer._column]
    shared = scorer._weights.toarray()[:, known].sum(axis=1)
    itself = scorer._idf[known].sum() + scorer._idf_unknown * (len(grams) - len(known))
    np.testing.assert_allclose(scorer.scores(text), shared / itself, rtol=1e-9)


def test_the_nearest_of_a_topic_are_its_own_be_they_fewer_than_three() -> None:
    few = [ARTICLES[0].model_copy(update={"wordings": ("甲乙丙",)}), *ARTICLES[1:9]]
    index = Index(few, COMPANY.concepts, None)
    sizes = [len(one.spoken()) for one in sorted(few, key=lambda one: one.id)]
    assert min(sizes) < NEAREST <= max(sizes)
    scores = np.random.default_rng(7).uniform(-1, 1, sum(sizes)).round(1)  # many are equal
    own = np.split(scores, np.cumsum(sizes)[:-1])
    np.testing.assert_allclose(index._mean_of_nearest(scores), [np.sort(one)[-NEAREST:].mean() for one in own])
