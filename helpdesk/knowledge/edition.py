"""All articles at one moment: those of the files, with what editors published in their place.

A published edit wins over the file of the same id, also after a new release of the files. The edit was checked
against the files of its time; where newer ones disagree with it, the file's wording gives way to the editor's, and
an edit that cannot be used at all is left out and named, so that one article never takes the others with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from helpdesk.knowledge.articles import Article, BrokenArticle, bare, check_articles
from helpdesk.knowledge.ranking import Index

__all__ = ["Edition", "reconciled"]


@dataclass(frozen=True, slots=True)
class Edition:
    """What is answered from: immutable, swapped as a whole.

    `revision` counts what was published (0: the files alone); `index` ranks the articles that are valid on `day`.
    """

    revision: int
    articles: Mapping[str, Article]
    index: Index
    day: date
    left_out: tuple[BrokenArticle, ...] = ()

    def is_stale(self, today: date) -> bool:
        """Whether an article began or ceased to be valid since the index was built."""
        return any(article.is_valid(self.day) != article.is_valid(today) for article in self.articles.values())


def reconciled(
    shipped: Mapping[str, Article], edits: Iterable[Article], values: Mapping[str, str]
) -> tuple[dict[str, Article], tuple[BrokenArticle, ...]]:
    """All articles by id, and why which edits were left out."""
    edited = {article.id: article for article in edits}
    left_out: list[BrokenArticle] = []
    while True:
        articles = _merged(shipped, edited)
        try:
            check_articles(tuple(articles.values()), values)
        except BrokenArticle as problem:
            culprit = _culprit(problem, edited)
            if culprit is None:
                raise
            del edited[culprit]
            left_out.append(problem)
        else:
            return articles, tuple(left_out)


def _merged(shipped: Mapping[str, Article], edited: Mapping[str, Article]) -> dict[str, Article]:
    """The files' wordings without those that an edited article claims, then the edited articles."""
    claimed = {text: article.id for article in edited.values() for text in article.spoken()}
    kept = [_yielding(article, claimed) for article in shipped.values() if article.id not in edited]
    return {article.id: article for article in (*kept, *edited.values())}


def _yielding(article: Article, claimed: Mapping[str, str]) -> Article:
    wordings = tuple(text for text in article.wordings if bare(text) not in claimed)
    if len(wordings) == len(article.wordings):
        return article
    return article.model_copy(update={"wordings": wordings or (article.question,)})


def _culprit(problem: BrokenArticle, edited: dict[str, Article]) -> str | None:
    """The edited article to leave out; the last one when a file's article was named."""
    if problem.faq_id in edited:
        return problem.faq_id
    return next(reversed(edited), None)
