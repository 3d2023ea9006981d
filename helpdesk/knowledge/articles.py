"""Articles of the FAQ: read, checked, and complete before anything of them is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from helpdesk.company import Company, read_yaml
from helpdesk.company.shape import reason_of
from helpdesk.errors import InvalidInput, Reason
from zhtext import normalise

__all__ = ["Article", "BrokenArticle", "bare", "check_articles", "load_articles", "parse_article", "values_of"]

FEWEST_WORDINGS = 1
"""A new article may start with one wording; the shipped ones have twenty and more."""

BARE_KEPT = 16_384
"""Every wording is compared at every edit, and hardly one of them is new."""

_NOT_WORDS = re.compile(r"\W+")


class BrokenArticle(InvalidInput):
    """An article cannot be used; nothing was changed."""

    code: ClassVar[str] = "broken_article"

    def __init__(self, faq_id: str, key: str, problem: Reason) -> None:
        super().__init__(faq_id=faq_id, key=key, problem=problem)
        self.problem = problem
        self.faq_id = faq_id
        self.key = key


class Article(BaseModel):
    """One question with its answer. `answer` may name {hotline}, {hours} ...: see `values_of`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=80)
    question: str = Field(min_length=2, max_length=100)
    subject: str = Field(min_length=1, max_length=20)
    answer: str = Field(min_length=10, max_length=1000)
    wordings: tuple[str, ...] = Field(min_length=FEWEST_WORDINGS)
    related: tuple[str, ...] = ()
    check: bool = False
    """The answer rests on something that changes: an editor looks at it again from time to time."""
    valid_from: date | None = None
    valid_until: date | None = None

    @field_validator("wordings")
    @classmethod
    def _says_something(cls, wordings: tuple[str, ...]) -> tuple[str, ...]:
        for wording in wordings:
            if not bare(wording):
                raise ValueError(f"a wording without a word: {wording!r}")
        return wordings

    def is_valid(self, day: date) -> bool:
        """Whether the answer may be given on `day` (both ends included)."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def spoken(self) -> tuple[str, ...]:
        """Question and wordings, normalised and bare, each once."""
        return tuple(dict.fromkeys(bare(text) for text in (self.question, *self.wordings)))


@lru_cache(BARE_KEPT)
def bare(text: str) -> str:
    """A question as it is compared: normalised, without punctuation."""
    return _NOT_WORDS.sub("", normalise(text))


def values_of(company: Company) -> dict[str, str]:
    """What an answer may name in braces."""
    profile = company.profile
    return {
        "name": profile.name,
        "hotline": profile.hotline,
        "website": profile.website,
        "email": profile.email,
        "address": profile.address,
        "hours": company.opening_hours.text,
        **company.told_of_personal_data,
    }


def load_articles(folder: Path, values: Mapping[str, str]) -> tuple[Article, ...]:
    """All articles of a folder, in the order of their ids; the first broken one is a `BrokenArticle`."""
    articles = tuple(_read(path) for path in sorted(folder.glob("*.yml")))
    check_articles(articles, values)
    return articles


def _read(path: Path) -> Article:
    article = parse_article(read_yaml(path), path.stem)
    if article.id != path.stem:
        raise BrokenArticle(path.stem, "id", Reason("article_file_name", id=article.id))
    return article


def parse_article(data: Any, faq_id: str) -> Article:
    """One article from what an editor wrote; `faq_id` only names it in the error."""
    try:
        return Article.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"]) or "(article)"
        raise BrokenArticle(faq_id, key, reason_of(first["type"], first.get("ctx", {}))) from error


def check_articles(articles: Sequence[Article], values: Mapping[str, str]) -> None:
    """What only shows among all: ids and wordings used once, related ids that exist, braces that mean something."""
    _check_ids(articles)
    _check_wordings(articles)
    for article in articles:
        _check_answer(article, values)


def _check_ids(articles: Iterable[Article]) -> None:
    known: set[str] = set()
    for article in articles:
        if article.id in known:
            raise BrokenArticle(article.id, "id", Reason("article_twice"))
        known.add(article.id)
    for article in articles:
        for other in article.related:
            if other not in known:
                raise BrokenArticle(article.id, "related", Reason("article_unknown", other=other))


def _check_wordings(articles: Iterable[Article]) -> None:
    owner: dict[str, str] = {}
    for article in articles:
        for text in article.spoken():
            other = owner.setdefault(text, article.id)
            if other != article.id:
                raise BrokenArticle(article.id, "wordings", Reason("wording_of_another", text=text, other=other))


def _check_answer(article: Article, values: Mapping[str, str]) -> None:
    try:
        names = [name for _, name, _, _ in Formatter().parse(article.answer) if name is not None]
    except ValueError as error:
        raise BrokenArticle(article.id, "answer", Reason("wrong_braces")) from error
    for name in names:
        if name not in values:
            raise BrokenArticle(article.id, "answer", Reason("answer_field_unknown", name=name, known=list(values)))
