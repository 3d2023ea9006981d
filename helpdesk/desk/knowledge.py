"""The questions customers ask, and what we answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk.access import Clean, Given, Who
from helpdesk.knowledge import Article
from helpdesk.usecases import articles
from helpdesk.usecases.receive import clean

router = APIRouter(prefix="/knowledge", tags=["knowledge"])

FaqId = Annotated[str, Path(pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=80)]


class HitView(BaseModel):
    """An article found; `score` is its share among all, 0 to 1."""

    faq_id: str
    question: str
    score: float


class ArticleView(BaseModel):
    """An article as it is edited: names in braces are not filled in."""

    faq_id: str
    question: str
    subject: str
    answer: str
    wordings: list[str]
    related: list[str]
    check: bool
    valid_from: date | None
    valid_until: date | None


class ArticleContent(BaseModel):
    """What an editor writes; the rules are in `helpdesk.knowledge.articles`."""

    model_config = ConfigDict(extra="forbid")

    question: Clean = Field(max_length=100)
    subject: Clean = Field(max_length=20)
    answer: Clean = Field(max_length=1000)
    wordings: list[Clean] = Field(max_length=500)
    related: list[Clean] = Field([], max_length=20)
    check: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


@router.get("/search")
async def search(
    services: Given, who: Who, q: Annotated[str, Query(max_length=500)], limit: Annotated[int, Query(ge=1, le=50)] = 5
) -> list[HitView]:
    """The likeliest articles, best first."""
    hits = await articles.search(services, clean(q), limit)
    return [HitView(faq_id=hit.faq_id, question=hit.question, score=round(hit.score, 4)) for hit in hits]


@router.get("/articles")
async def every(services: Given, who: Who) -> list[ArticleView]:
    """All articles, by id."""
    found = services.knowledge.articles
    return [_shown(found[faq_id]) for faq_id in sorted(found)]


@router.get("/articles/{faq_id}")
async def article(faq_id: FaqId, services: Given, who: Who) -> ArticleView:
    """One article."""
    return _shown(articles.find_article(services, faq_id))


@router.put("/articles/{faq_id}")
async def put(faq_id: FaqId, body: ArticleContent, services: Given, who: Who) -> ArticleView:
    """Make or change an article; it answers from now on."""
    return _shown(await articles.put_article(services, faq_id, body.model_dump(exclude_none=True), who.staff))


def _shown(found: Article) -> ArticleView:
    values: dict[str, Any] = found.model_dump(exclude={"id"})
    return ArticleView(faq_id=found.id, **values)
