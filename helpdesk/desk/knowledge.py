"""The questions customers ask, and what we answer: read by all staff, edited by supervisors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from helpdesk.desk import knowledge_loop
from helpdesk.desk.access import Given, Who
from helpdesk.desk.excel import IS_EXCEL, excel
from helpdesk.desk.knowledge_views import (
    ArticleEdit,
    ArticlePut,
    ArticleView,
    HitView,
    OneArticle,
    Publication,
    RehearsalView,
    Rehearsed,
    Rollback,
    Trial,
    TrialView,
    VersionView,
    article_view,
    history_view,
    hit_view,
    rehearsal_view,
    trial_view,
    whole_view,
)
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.knowledge import articles
from helpdesk.usecases.knowledge import drafts as article_drafts
from helpdesk.usecases.knowledge import rehearsal as article_rehearsal
from helpdesk.usecases.knowledge import sheet as article_sheet

router = APIRouter(prefix="/knowledge", tags=["knowledge"])
router.include_router(knowledge_loop.router)

FaqId = Annotated[str, Path(pattern=r"^[a-z_]+\.[a-z0-9_]+$", max_length=80)]


@router.get("/search")
async def search(
    services: Given, who: Who, q: Annotated[str, Query(max_length=500)], limit: Annotated[int, Query(ge=1, le=50)] = 5
) -> list[HitView]:
    """The likeliest articles, best first."""
    return [hit_view(hit) for hit in await articles.search(services, clean(q), limit)]


@router.get("/sheet", **IS_EXCEL)
async def sheet(services: Given, who: Who) -> Response:
    """All published articles as an Excel file, in the columns that an import reads."""
    return excel(await article_sheet.sheet(services), article_sheet.TITLE, "articles")


@router.get("/articles")
async def every(services: Given, who: Who) -> list[ArticleView]:
    """All articles, by id; drafts of new ones too."""
    return [article_view(found) for found in await articles.every(services)]


@router.get("/articles/{faq_id}")
async def article(faq_id: FaqId, services: Given, who: Who) -> OneArticle:
    """One article, with its draft."""
    return whole_view(await articles.find(services, faq_id))


@router.put("/articles/{faq_id}")
async def put(faq_id: FaqId, body: ArticlePut, services: Given, who: Who) -> OneArticle:
    """Make or change an article; it answers from now on."""
    return whole_view(await articles.put_article(services, faq_id, body.by(who.staff), body.draft))


@router.put("/articles/{faq_id}/draft")
async def save_draft(faq_id: FaqId, body: ArticleEdit, services: Given, who: Who) -> OneArticle:
    """Keep an edit, unfinished perhaps, without answering from it."""
    return whole_view(await article_drafts.save_draft(services, faq_id, body.by(who.staff)))


@router.delete("/articles/{faq_id}/draft", status_code=204)
async def drop_draft(faq_id: FaqId, services: Given, who: Who) -> Response:
    """Throw the draft away."""
    await article_drafts.drop_draft(services, faq_id, who.staff)
    return Response(status_code=204)


@router.post("/articles/{faq_id}/publish")
async def publish(faq_id: FaqId, body: Publication, services: Given, who: Who) -> OneArticle:
    """Answer from the draft from now on."""
    return whole_view(await articles.publish_draft(services, faq_id, who.staff, body.note or None, body.version))


@router.get("/articles/{faq_id}/versions")
async def versions(faq_id: FaqId, services: Given, who: Who) -> list[VersionView]:
    """All versions, the newest first; the company's file is the last."""
    return history_view(*await articles.history(services, faq_id))


@router.post("/articles/{faq_id}/rollback")
async def roll_back(faq_id: FaqId, body: Rollback, services: Given, who: Who) -> OneArticle:
    """Publish an earlier version again."""
    return whole_view(await articles.roll_back(services, faq_id, body.version, who.staff, body.note or None))


@router.post("/articles/{faq_id}/try")
async def try_article(faq_id: FaqId, body: Trial, services: Given, who: Who) -> TrialView:
    """What a question would get if this were published; nothing changes."""
    content = body.content.model_dump(mode="json", exclude_none=True) if body.content else None
    tried = await article_drafts.try_article(services, faq_id, body.question, content, who.staff)
    return trial_view(tried, faq_id)


@router.post("/articles/{faq_id}/rehearse")
async def rehearse(faq_id: FaqId, body: Rehearsed, services: Given, who: Who) -> RehearsalView:
    """Which known questions would be answered otherwise if this were published; nothing changes. All are asked piece by
    piece: the next call goes on `after` so many."""
    content = body.content.model_dump(mode="json", exclude_none=True) if body.content else None
    return rehearsal_view(await article_rehearsal.rehearse(services, faq_id, content, who.staff, body.after))
