"""The knowledge base as the staff API shows it, and what an editor sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk.access import Clean, Filled
from helpdesk.knowledge import Answer, Article, Hit, Outcome, Suggest
from helpdesk.store.tables import ArticleVersion, Staff
from helpdesk.usecases.knowledge import articles
from helpdesk.usecases.knowledge.drafts import Tried
from helpdesk.usecases.knowledge.rehearsal import Rehearsal
from helpdesk.usecases.knowledge.versions import DRAFT, PUBLISHED, REPLACED

LATEST = 2**31 - 1
Version = Annotated[int, Field(ge=0, le=LATEST)]
NOTE_LIMIT = 500
CHANGES_SHOWN = 100
COMPANY = "company"
"""Who wrote the files' articles."""


class HitView(BaseModel):
    """An article found; `score` is its share among all, 0 to 1, `answer` what a customer would be told."""

    faq_id: str
    question: str
    score: float
    answer: str


class Written(BaseModel):
    """An article's content as it is edited: names in braces are not filled in. Of a draft anything may be missing."""

    question: str = ""
    subject: str = ""
    answer: str = ""
    wordings: list[str] = []
    related: list[str] = []
    check: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


class ArticleView(Written):
    """An article with where it stands; version 0 is the company's file."""

    faq_id: str
    version: int
    state: str
    edited_by: str | None
    edited_at: datetime | None
    has_draft: bool


class DraftView(BaseModel):
    """What is written but not answered from."""

    version: int
    note: str | None
    written_by: str
    written_at: datetime
    content: Written


class OneArticle(ArticleView):
    """An article with its draft."""

    draft: DraftView | None


class VersionView(BaseModel):
    """One entry of an article's history; the file's has no dates."""

    version: int
    state: str
    note: str | None
    written_by: str
    written_at: datetime | None
    published_by: str | None
    published_at: datetime | None
    content: Written


class ArticleContent(BaseModel):
    """What an editor writes; the rules are in `helpdesk.knowledge.articles`. `version`: what the editor began with."""

    model_config = ConfigDict(extra="forbid")

    question: Clean = Field(max_length=100)
    subject: Clean = Field(max_length=20)
    answer: Clean = Field(max_length=1000)
    wordings: list[Clean] = Field(max_length=500)
    related: list[Clean] = Field([], max_length=20)
    check: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


class ArticleEdit(ArticleContent):
    """The same with why, and the version that the editor saw."""

    note: Clean | None = Field(None, max_length=NOTE_LIMIT)
    version: Version | None = None

    def by(self, staff: Staff) -> articles.Edit:
        content = self.model_dump(mode="json", exclude_none=True, exclude={"note", "version", "draft"})
        return articles.Edit(content, staff, self.note or None, self.version)


class ArticlePut(ArticleEdit):
    """What is published. `draft`: the version of the draft it grew from, whose place it takes."""

    draft: Version | None = None


class Publication(BaseModel):
    """Why a draft is published, and which."""

    model_config = ConfigDict(extra="forbid")

    note: Clean | None = Field(None, max_length=NOTE_LIMIT)
    version: Version | None = None


class Rollback(BaseModel):
    """Which version is published again; 0 is the company's file."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    note: Clean | None = Field(None, max_length=NOTE_LIMIT)


class Trial(BaseModel):
    """A question to try; `content` instead of what is drafted or live."""

    model_config = ConfigDict(extra="forbid")

    question: Filled = Field(max_length=500)
    content: ArticleContent | None = None


class Rehearsed(BaseModel):
    """What would be published; without `content` the draft. `after`: so many questions have been asked already."""

    model_config = ConfigDict(extra="forbid")

    content: ArticleContent | None = None
    after: int = Field(0, ge=0, le=LATEST)


class OutcomeView(BaseModel):
    """answer, suggestions or nothing, and of which articles."""

    outcome: str
    faq_ids: list[str]


class ChangeView(BaseModel):
    """A question whose answer would change; `wanted` is the article it belongs to, `worse`: which would lose it."""

    question: str
    wanted: str
    worse: bool
    before: OutcomeView
    after: OutcomeView


class RehearsalView(BaseModel):
    """How many questions have been asked now, `of` how many; of the last of them how many answers would change and get
    worse, and the first hundred changes."""

    asked: int
    of: int
    changed: int
    worse: int
    changes: list[ChangeView]


class TrialView(BaseModel):
    """What the question would get; `answers`: this article, directly."""

    outcome: str
    answers: bool
    faq_ids: list[str]
    hits: list[HitView]


def hit_view(hit: Hit) -> HitView:
    """An article found."""
    return HitView(faq_id=hit.faq_id, question=hit.question, score=round(hit.score, 4), answer=hit.answer)


def article_view(found: articles.ArticleState) -> ArticleView:
    """An article without its draft."""
    return ArticleView(**_shown(found))


def _shown(found: articles.ArticleState) -> dict[str, Any]:
    written = found.written
    return {
        **found.content,
        "faq_id": found.faq_id,
        "version": found.version if found.is_published or written is None else written.version,
        "state": PUBLISHED if found.is_published else DRAFT,
        "edited_by": written.written_by if written else None,
        "edited_at": written.written_at if written else None,
        "has_draft": found.draft is not None,
    }


def whole_view(found: articles.ArticleState) -> OneArticle:
    """An article with its draft."""
    draft = found.draft
    shown = draft and DraftView(
        version=draft.version,
        note=draft.note,
        written_by=draft.written_by,
        written_at=draft.written_at,
        content=Written(**draft.content),
    )
    return OneArticle(**_shown(found), draft=shown)


def history_view(rows: Sequence[ArticleVersion], shipped: Article | None) -> list[VersionView]:
    """What editors wrote, the newest first, then the file."""
    views = [_row(row) for row in rows]
    if shipped is not None:
        is_live = all(row.state != PUBLISHED for row in rows)
        views.append(_file(articles.content_of(shipped), PUBLISHED if is_live else REPLACED))
    return views


def trial_view(tried: Tried, faq_id: str) -> TrialView:
    """What a question would get."""
    return TrialView(
        outcome=_kind(tried.outcome),
        answers=tried.answers(faq_id),
        faq_ids=list(tried.outcome.faq_ids),
        hits=[hit_view(hit) for hit in tried.hits],
    )


def rehearsal_view(found: Rehearsal) -> RehearsalView:
    """What a publication would change."""
    return RehearsalView(
        asked=found.asked,
        of=found.of,
        changed=len(found.changes),
        worse=sum(one.worse for one in found.changes),
        changes=[
            ChangeView(
                question=one.question,
                wanted=one.wanted,
                worse=one.worse,
                before=_outcome(one.before),
                after=_outcome(one.after),
            )
            for one in found.changes[:CHANGES_SHOWN]
        ],
    )


def _outcome(found: Outcome) -> OutcomeView:
    return OutcomeView(outcome=_kind(found), faq_ids=list(found.faq_ids))


def _kind(found: Outcome) -> str:
    return {Answer: "answer", Suggest: "suggestions"}.get(type(found), "nothing")


def _row(row: ArticleVersion) -> VersionView:
    return VersionView(
        version=row.version,
        state=row.state,
        note=row.note,
        written_by=row.written_by,
        written_at=row.written_at,
        published_by=row.published_by,
        published_at=row.published_at,
        content=Written(**row.content),
    )


def _file(content: dict[str, Any], state: str) -> VersionView:
    return VersionView(
        version=articles.SHIPPED,
        state=state,
        note=None,
        written_by=COMPANY,
        written_at=None,
        published_by=None,
        published_at=None,
        content=Written(**content),
    )
