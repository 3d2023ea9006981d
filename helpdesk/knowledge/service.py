"""The door to the FAQ: search, decide, answer; swap the edition at once while others search."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from threadpoolctl import threadpool_limits

from helpdesk.clock import Clock, SystemClock
from helpdesk.company import Company, load_company
from helpdesk.errors import NotFound
from helpdesk.knowledge.articles import Article, BrokenArticle, bare, check_articles, load_articles, values_of
from helpdesk.knowledge.categories import Categories
from helpdesk.knowledge.edition import Edition, reconciled
from helpdesk.knowledge.features import SentenceEncoder
from helpdesk.knowledge.follow_up import FollowUps
from helpdesk.knowledge.kept_vectors import KeptVectors
from helpdesk.knowledge.learnt import KeptFits
from helpdesk.knowledge.outcomes import (
    MOST_SUGGESTIONS,
    Answer,
    Nothing,
    Outcome,
    Suggest,
    is_sure,
    is_unknown,
    others_possible,
)
from helpdesk.knowledge.ranking import Index, Ranked
from zhtext import shared_encoder

__all__ = ["Hit", "Knowledge", "load_knowledge"]

FOLLOW_UP_SCORE = 0.5
"""How surely the question together with its subject must mean an article to leave the topic."""
OWN_SUBJECT_LENGTH = 5
"""A question of so many characters that is answered alone has a subject, however it begins: 「这个怎么连手机」."""

WITHOUT_SUBJECT = 8
"""Characters of a question up to which what was spoken of before may be its subject."""

WARM_UP = "您好"
"""Asked once, for the encoder reads its weights at the first new text: a second that no customer should wait."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found by a search; `score` is its share among all, 0 to 1, `answer` what a customer would be told."""

    faq_id: str
    question: str
    score: float
    answer: str


class Knowledge:
    """All articles, searchable. Threads may share it: readers see either the old edition or the new one.

    `shipped` are the articles of the files; `edits` what was published in their place or beside them, as of
    `revision`. Building an edition takes up to a second: construct and call `edition` in a thread.
    """

    def __init__(
        self,
        company: Company,
        shipped: Iterable[Article],
        encoder: SentenceEncoder | None,
        clock: Clock | None = None,
        edits: Iterable[Article] = (),
        revision: int = 0,
        fits: KeptFits | None = None,
    ) -> None:
        self.encoder = encoder
        self._fits = fits or KeptFits()
        self.shipped: Mapping[str, Article] = {article.id: article for article in shipped}
        self._company = company
        self.categories = Categories(company, encoder, self._fits)
        self._clock = clock or SystemClock()
        self._values = values_of(company)
        self._follow_ups = FollowUps(company.follow_up)
        self._adopting = threading.Lock()
        self._current: Edition | None = None
        self._tried: tuple[object, Edition] | None = None
        self._current = self.edition(edits, revision)

    def _today(self) -> date:
        return self._clock.now().astimezone(self._company.profile.zone).date()

    @property
    def current(self) -> Edition:
        """What is answered from now."""
        if self._current is None:
            raise RuntimeError("no edition before the first one is built")
        return self._current

    @property
    def articles(self) -> Mapping[str, Article]:
        """All articles by id, also those not valid today."""
        return self.current.articles

    @property
    def is_stale(self) -> bool:
        """Whether an article began or ceased to be valid since the edition was built."""
        return self.current.is_stale(self._today())

    # -- asking; `edition`: one that is only tried, instead of the current one

    def search(self, question: str, limit: int = 10, edition: Edition | None = None) -> list[Hit]:
        """The likeliest articles valid today, best first."""
        asked = edition or self.current
        return [self._hit(asked, ranked) for ranked in self._valid(asked, question)[:limit]]

    def _hit(self, edition: Edition, ranked: Ranked) -> Hit:
        said = self._said(edition, edition.articles[ranked.faq_id])
        return Hit(said.id, said.question, ranked.score, said.answer)

    def outcome(self, question: str, topic: str | None = None, edition: Edition | None = None) -> Outcome:
        """Answer, suggestions or nothing; `topic` is the article that answered before, for follow-ups."""
        asked = edition or self.current
        before = self._live(asked, topic)
        if before is not None and self._follow_ups.is_one(question):
            return self._follow_up(asked, question, before)
        return self._decided(asked, self._in_context(asked, question, before))

    def rehearsed(self, question: str, edition: Edition) -> Outcome:
        """What somebody gets who asks nearly so: wordings that are known by heart are ranked like any question."""
        ranked = edition.index.rank(question, by_heart=False)
        return self._decided(edition, [hit for hit in ranked if edition.articles[hit.faq_id].is_valid(self._today())])

    def article(self, faq_id: str) -> Article:
        """An article as it is said, hotline, hours and so on filled in; `NotFound` if it is not there or not valid."""
        asked = self.current
        article = self._live(asked, faq_id)
        if article is None:
            raise NotFound("article_not_found", faq_id=faq_id)
        return self._said(asked, article)

    def of_product(self, question: str) -> str | None:
        """What is asked of a product that is sold (company/product_questions.yml); None: nothing, or an article's."""
        return self.current.index.of_product(question)

    # -- editing

    def edition(self, edits: Iterable[Article], revision: int, changed: Article | None = None) -> Edition:
        """What would be answered from if `edits` and, last of all, `changed` were published; nothing changes yet.

        An edit that newer files made unusable is left out and named; `changed` has to be right as it is.

        Raises:
            BrokenArticle: `changed` cannot be used.
        """
        articles, left_out = reconciled(self.shipped, edits, self._values)
        if changed is not None:
            articles.pop(changed.id, None)
            articles[changed.id] = changed
            check_articles(tuple(articles.values()), self._values)
        today = self._today()
        valid = [article for article in articles.values() if article.is_valid(today)]
        return Edition(revision, articles, self._index(valid), today, left_out)

    def tried(self, edits: Sequence[Article], revision: int, changed: Article) -> Edition:
        """The same edition as long as the same is tried: what is asked of it piece by piece is built once."""
        key, last = (tuple(edits), revision, changed, self._today()), self._tried
        if last is None or last[0] != key:
            self._tried = last = (key, self.edition(edits, revision, changed))
        return last[1]

    def unusable(self, edits: Iterable[Article]) -> tuple[BrokenArticle, ...]:
        """Why which of these edits could not be answered from beside the files; nothing is trained or changed."""
        return reconciled(self.shipped, edits, self._values)[1]

    def go_by(self, company: Company) -> None:
        """Say hotline, hours and so on as this company has them; questions are told apart as before."""
        if company.complaints != self._company.complaints:
            self.categories = Categories(company, self.encoder, self._fits)
        self._company, self._values = company, values_of(company)

    def adopt(self, edition: Edition) -> None:
        """Answer from this edition, unless a later one is there already."""
        with self._adopting:
            if edition.revision >= self.current.revision:
                self._current = edition

    def _index(self, articles: Sequence[Article]) -> Index:
        """Trained anew only when there are other questions than now."""
        known = self._current.index.serving(articles) if self._current else None
        company = self._company
        of_products = company.product_questions.wordings
        chatter = company.chatter.unanswered
        return known or Index(articles, company.concepts, self.encoder, chatter, of_products, self._fits)

    def _live(self, edition: Edition, faq_id: str | None) -> Article | None:
        article = edition.articles.get(faq_id or "")
        return article if article is not None and article.is_valid(self._today()) else None

    # -- ranking

    def _valid(self, edition: Edition, question: str) -> list[Ranked]:
        today = self._today()
        return [hit for hit in edition.index.rank(question) if edition.articles[hit.faq_id].is_valid(today)]

    def _decided(self, edition: Edition, ranked: Sequence[Ranked]) -> Outcome:
        if is_unknown(ranked):
            return Nothing()
        shown = [ranked[0], *others_possible(ranked)] if is_sure(ranked) else ranked[:MOST_SUGGESTIONS]
        first, *others = [self._said(edition, edition.articles[hit.faq_id]) for hit in shown]
        return Answer(first, tuple(others)) if is_sure(ranked) else Suggest((first, *others))

    def _in_context(self, edition: Edition, question: str, topic: Article | None) -> list[Ranked]:
        """Short questions are taken together with the topic, where that says more: 「多久能开出来」 after 发票."""
        alone = self._valid(edition, question)
        is_none_of_ours = is_unknown(alone) and edition.index.of_product(question) is None
        if topic is None or is_none_of_ours or len(bare(question)) > WITHOUT_SUBJECT:
            return alone
        return _surer(alone, self._valid(edition, topic.subject + question))

    def _follow_up(self, edition: Edition, question: str, topic: Article) -> Outcome:
        led = self._live(edition, self._follow_ups.led_to(topic.id, question))
        if led is not None:
            return Answer(self._said(edition, led))
        if self._follow_ups.is_bare(question):
            return Answer(self._said(edition, topic))
        core = self._follow_ups.core(question)
        alone = self._valid(edition, question)
        if is_sure(alone) and len(core) >= OWN_SUBJECT_LENGTH:
            return self._decided(edition, alone)
        with_subject = self._valid(edition, topic.subject + core)
        if is_sure(alone):
            return self._decided(edition, _surer(alone, with_subject))
        is_likelier = bool(with_subject) and with_subject[0].score >= FOLLOW_UP_SCORE
        return self._decided(edition, with_subject if is_likelier else alone)

    def _said(self, edition: Edition, article: Article) -> Article:
        """The names in braces filled in; of the related articles those that may be offered today."""
        related = tuple(other for other in article.related if self._live(edition, other))
        return article.model_copy(update={"answer": article.answer.format_map(self._values), "related": related})


def _surer(alone: list[Ranked], with_subject: list[Ranked]) -> list[Ranked]:
    """A question with the subject before it where that is surer than without."""
    is_surer = is_sure(with_subject) and not (is_sure(alone) and alone[0].score >= with_subject[0].score)
    return with_subject if is_surer else alone


def load_knowledge(
    company_dir: Path,
    var_dir: Path | None = None,
    edits: Iterable[Article] = (),
    revision: int = 0,
    *,
    clock: Clock | None = None,
) -> Knowledge:
    """The articles of a company folder with what was published since, ready to answer.

    With `var_dir` the sentence vectors and what was learnt are kept there: only what is new takes time at a start.
    """
    company = load_company(company_dir)
    articles = load_articles(company_dir / "knowledge", values_of(company))
    encoder = shared_encoder()
    kept = KeptVectors(encoder, var_dir / "knowledge-vectors.npz") if encoder and var_dir else None
    fits = KeptFits(var_dir / "knowledge-fits.npz" if var_dir else None)
    knowledge = Knowledge(company, articles, kept or encoder, clock, edits, revision, fits)
    knowledge.categories.ranked(WARM_UP)
    if kept:
        kept.save()
    fits.save()
    knowledge.search(WARM_UP)
    threadpool_limits(1)  # from now on: for one question's few sums more threads cost three times the CPU
    return knowledge
