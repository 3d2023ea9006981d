"""What the knowledge base is missing: unanswered questions in groups, and answers that did not help."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk.access import Clean, Given, Id, Who
from helpdesk.usecases.knowledge import unanswered
from helpdesk.usecases.knowledge.unanswered import Asked, GroupState
from helpdesk.usecases.ratings import answers as answer_ratings

router = APIRouter()


class GroupView(BaseModel):
    """Questions of one meaning; nothing personal in them. `suggested`: the nearest articles, nearest first."""

    id: str
    text: str
    count: int
    first_at: datetime
    last_at: datetime
    state: str
    faq_id: str | None
    examples: list[str]
    suggested: list[str]


class Decision(StrEnum):
    """What an editor makes of a group."""

    DISMISS = "dismiss"
    REOPEN = "reopen"
    ANSWER = "answer"


STATES = {
    Decision.DISMISS: GroupState.DISMISSED,
    Decision.REOPEN: GroupState.OPEN,
    Decision.ANSWER: GroupState.ANSWERED,
}


class Settlement(BaseModel):
    """`answer` needs the article whose wordings the questions become."""

    model_config = ConfigDict(extra="forbid")

    action: Decision
    faq_id: Clean | None = Field(None, max_length=80)


class HelpedView(BaseModel):
    """How often an article's answers helped the customers who said so."""

    faq_id: str
    question: str | None
    helpful: int
    not_helpful: int


@router.get("/unanswered")
async def every(services: Given, who: Who, state: str = GroupState.OPEN) -> list[GroupView]:
    """Groups in a state, those asked most often first."""
    return [_shown(found) for found in await unanswered.listed(services, state)]


@router.get("/unanswered/{group_id}")
async def one(group_id: Id, services: Given, who: Who) -> GroupView:
    """One group with all its questions."""
    return _shown(await unanswered.find(services, group_id))


@router.post("/unanswered/{group_id}")
async def settle(group_id: Id, body: Settlement, services: Given, who: Who) -> GroupView:
    """Dismiss it, open it again, or let an article answer it from now on."""
    return _shown(await unanswered.settle(services, group_id, STATES[body.action], who.staff, body.faq_id))


@router.get("/ratings")
async def ratings(services: Given, who: Who) -> list[HelpedView]:
    """Rated articles, the least helpful first."""
    known = services.knowledge.articles
    questions = {faq_id: article.question for faq_id, article in known.items()}
    return [
        HelpedView(question=questions.get(found.faq_id), **vars(found))
        for found in await answer_ratings.summary(services)
    ]


def _shown(found: Asked) -> GroupView:
    group = found.group
    return GroupView(
        id=group.id,
        text=group.text,
        count=group.count,
        first_at=group.first_at,
        last_at=group.last_at,
        state=group.state,
        faq_id=group.faq_id,
        examples=found.examples,
        suggested=found.suggested,
    )
