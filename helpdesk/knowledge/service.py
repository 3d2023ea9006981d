"""The door to the FAQ: search, decide, answer; swap all articles at once while others search."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from helpdesk.company import Company, load_company
from helpdesk.errors import NotFound
from helpdesk.knowledge.articles import Article, check_articles, load_articles, values_of
from helpdesk.knowledge.features import SentenceEncoder
from helpdesk.knowledge.follow_up import FollowUps
from helpdesk.knowledge.kept_vectors import KeptVectors
from helpdesk.knowledge.outcomes import MOST_SUGGESTIONS, Answer, Nothing, Outcome, Suggest, is_sure, is_unknown
from helpdesk.knowledge.ranking import Index, Ranked
from zhtext import shared_encoder

__all__ = ["Hit", "Knowledge", "load_knowledge"]

FOLLOW_UP_SCORE = 0.5
"""How surely the question together with its subject must mean an article to leave the topic."""
OWN_SUBJECT_LENGTH = 5
"""A question of so many characters that is answered alone has a subject, however it begins: 「这个怎么连手机」."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found by a search; `score` is its share among all, 0 to 1."""

    faq_id: str
    question: str
    score: float


class Knowledge:
    """All articles, searchable. Threads may share it: readers see either the old index or the new one.

    Building takes seconds (most of it sentence vectors of new wordings): construct and `replace` in a thread.
    """

    def __init__(
        self,
        company: Company,
        articles: Iterable[Article],
        encoder: SentenceEncoder | None,
        today: Callable[[], date] | None = None,
    ) -> None:
        self._company = company
        self._encoder = encoder
        self._today = today or (lambda: datetime.now(company.profile.zone).date())
        self._values = values_of(company)
        self._follow_ups = FollowUps(company.follow_up)
        self._replacing = threading.Lock()
        self._index = self._build(articles)

    # -- reading

    @property
    def articles(self) -> Mapping[str, Article]:
        """All articles by id, also those not valid today."""
        return self._index.articles

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """The likeliest articles valid today, best first."""
        index = self._index
        ranked = self._valid(index, question)[:limit]
        return [Hit(hit.faq_id, index.articles[hit.faq_id].question, hit.score) for hit in ranked]

    def outcome(self, question: str, topic: str | None = None) -> Outcome:
        """Answer, suggestions or nothing; `topic` is the article that answered before, for follow-ups."""
        index = self._index
        if topic in index.articles and self._follow_ups.is_one(question):
            return self._follow_up(index, question, index.articles[topic])
        return self._decided(index, self._valid(index, question))

    def article(self, faq_id: str) -> Article:
        """An article as it is said, hotline, hours and so on filled in; `NotFound` if it is not there or not valid."""
        article = self._index.articles.get(faq_id)
        if article is None or not article.is_valid(self._today()):
            raise NotFound(f"no article {faq_id!r}", faq_id=faq_id)
        return self._said(article)

    # -- writing

    def replace(self, articles: Iterable[Article]) -> None:
        """Put other articles in the place of all; a `BrokenArticle` changes nothing."""
        with self._replacing:
            self._index = self._build(articles)

    def put(self, article: Article) -> None:
        """One new or changed article among the others."""
        with self._replacing:
            self._index = self._build([*self._others(article.id), article])

    def remove(self, faq_id: str) -> None:
        """Take one article away; articles that relate to it no longer do."""
        with self._replacing:
            self._index = self._build(_unrelated(other, faq_id) for other in self._others(faq_id))

    def _others(self, faq_id: str) -> list[Article]:
        return [article for article in self._index.articles.values() if article.id != faq_id]

    def _build(self, articles: Iterable[Article]) -> Index:
        complete = tuple(articles)
        check_articles(complete, self._values)
        return Index(complete, self._company.concepts, self._encoder, self._company.chatter.chatter)

    # -- ranking

    def _valid(self, index: Index, question: str) -> list[Ranked]:
        today = self._today()
        return [hit for hit in index.rank(question) if index.articles[hit.faq_id].is_valid(today)]

    def _decided(self, index: Index, ranked: Sequence[Ranked]) -> Outcome:
        if is_unknown(ranked):
            return Nothing()
        likeliest = [self._said(index.articles[hit.faq_id]) for hit in ranked[:MOST_SUGGESTIONS]]
        return Answer(likeliest[0]) if is_sure(ranked) else Suggest(tuple(likeliest))

    def _follow_up(self, index: Index, question: str, topic: Article) -> Outcome:
        led = index.articles.get(self._follow_ups.led_to(topic.id, question) or "")
        if led is not None and led.is_valid(self._today()):
            return Answer(self._said(led))
        if self._follow_ups.is_bare(question):
            return Answer(self._said(topic))
        core = self._follow_ups.core(question)
        alone = self._valid(index, question)
        if is_sure(alone) and len(core) >= OWN_SUBJECT_LENGTH:
            return self._decided(index, alone)
        with_subject = self._valid(index, topic.subject + core)
        is_likelier = bool(with_subject) and with_subject[0].score >= FOLLOW_UP_SCORE
        return self._decided(index, with_subject if is_likelier else alone)

    def _said(self, article: Article) -> Article:
        return article.model_copy(update={"answer": article.answer.format_map(self._values)})


def load_knowledge(company_dir: Path, var_dir: Path | None = None) -> Knowledge:
    """The articles of a company folder, ready to answer.

    With `var_dir` the sentence vectors are kept there, and only new wordings cost time at the next start.
    """
    company = load_company(company_dir)
    articles = load_articles(company_dir / "knowledge", values_of(company))
    encoder = shared_encoder()
    if encoder is None or var_dir is None:
        return Knowledge(company, articles, encoder)
    kept = KeptVectors(encoder, var_dir / "knowledge-vectors.npz")
    knowledge = Knowledge(company, articles, kept)
    kept.save()
    return knowledge


def _unrelated(article: Article, faq_id: str) -> Article:
    return article.model_copy(update={"related": tuple(other for other in article.related if other != faq_id)})
