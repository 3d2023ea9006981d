"""What is computed of one question in another way than of all wordings is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from helpdesk.company import load_company
from helpdesk.knowledge.articles import load_articles, values_of
from helpdesk.knowledge.bm25 import Bm25
from helpdesk.knowledge.features import CONCEPT_WEIGHT, Features, Vectors
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


@pytest.mark.parametrize("is_masked", [False, True])
def test_characters_weigh_what_scikit_learn_would_give_them(is_masked: bool) -> None:
    features = Features(WORDINGS, COMPANY.concepts, None)
    theirs = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2, dtype=np.float32)
    theirs.fit([features._masked(text) for text in WORDINGS])
    assert theirs.vocabulary_ == features._column
    texts = WORDINGS[:200] if is_masked else ASKED
    expected = theirs.transform([features._masked(text) for text in texts]).toarray()
    found = features.matrix(texts, None).toarray()[:, : expected.shape[1]]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("has_vector", [False, True])
def test_a_row_of_the_matrix_is_characters_then_concepts_then_the_vector(has_vector: bool) -> None:
    features = Features(WORDINGS, COMPANY.concepts, None)
    vectors: Vectors | None = np.linspace(-1, 1, 512 * len(ASKED), dtype=np.float32).reshape(-1, 512)
    matrix = features.matrix(ASKED, vectors if has_vector else None).toarray()
    count = len(features._column)
    concepts = CONCEPT_WEIGHT * features._spoken_concepts(ASKED)
    np.testing.assert_allclose(matrix[:, count : count + concepts.shape[1]], concepts)
    np.testing.assert_array_equal(matrix[:, count + concepts.shape[1] :], vectors if has_vector else matrix[:, :0])


@pytest.mark.parametrize("text", ASKED)
def test_shared_words_are_summed_over_the_columns_of_the_question(text: str) -> None:
    scorer = Bm25(WORDINGS)
    grams = {text[start : start + size] for size in (1, 2) for start in range(len(text) - size + 1)}
    known = [scorer._column[gram] for gram in grams if gram in scorer._column]
    by_columns = sparse.csc_matrix((scorer._weights, scorer._rows, scorer._starts))
    shared = by_columns.toarray()[:, known].sum(axis=1)
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
