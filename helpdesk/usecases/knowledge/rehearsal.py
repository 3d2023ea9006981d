"""Before an article goes live: known wordings and answered questions are asked, and what would change is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from helpdesk.knowledge import Answer, Article, Outcome, parse_article
from helpdesk.knowledge.articles import bare
from helpdesk.knowledge.ranking import Index
from helpdesk.services import Services
from helpdesk.store.tables import QuestionGroup, Staff
from helpdesk.usecases.knowledge.articles import check_editor, find
from helpdesk.usecases.knowledge.versions import read_published

AT_ONCE = 400
"""So many questions are asked at a time: a second or two; whoever waits sees how far it is, and may go on before."""
ANSWERED = "answered"


@dataclass(frozen=True)
class Change:
    """A question whose answer would change. `wanted`: the article it belongs to; `worse`: which would lose it."""

    question: str
    wanted: str
    before: Outcome
    after: Outcome

    @property
    def worse(self) -> bool:
        return _is_answered(self.before, self.wanted) and not _is_answered(self.after, self.wanted)


@dataclass(frozen=True)
class Rehearsal:
    """How many questions have been asked `of` all, and of the last of them those whose answer would change, the worse
    ones first."""

    asked: int
    of: int
    changes: Sequence[Change]


NOTHING = Rehearsal(0, 0, ())


async def rehearse(
    services: Services, faq_id: str, content: Mapping[str, Any] | None, by: Staff, after: int = 0
) -> Rehearsal:
    """Ask the next questions `after` so many, as if `content`, else the draft, were published. Nothing changes.

    Raises:
        NotAllowed, NotFound. InvalidInput: it could not be published.
    """
    check_editor(by)
    if content is None:
        found = await find(services, faq_id)
        content = found.draft.content if found.draft else None
    if content is None:
        return NOTHING
    changed = parse_article({**content, "id": faq_id}, faq_id)
    async with services.db.read() as uow:
        published = await read_published(uow.session)
        answered = select(QuestionGroup.text, QuestionGroup.faq_id).where(QuestionGroup.state == ANSWERED)
        rows = (await uow.session.execute(answered.order_by(QuestionGroup.count.desc(), QuestionGroup.id))).all()
    groups = {text: wanted for text, wanted in rows if wanted}
    return await asyncio.to_thread(_rehearsed, services, published.articles, changed, groups, after)


def _rehearsed(
    services: Services, edits: Sequence[Article], changed: Article, groups: Mapping[str, str], after: int
) -> Rehearsal:
    """What customers asked first, then the wordings of all articles, those nearest to what was changed first. Where
    wordings stay as they are nothing is ranked otherwise, and nothing has to be asked."""
    knowledge, now = services.knowledge, services.knowledge.current
    then = knowledge.tried(edits, now.revision, changed)
    if then.index.ranks_like(now.index):
        return NOTHING
    before = now.articles.get(changed.id)
    moved = set(changed.spoken()) ^ set(before.spoken() if before else ()) or set(changed.spoken())
    questions = {**dict(_questions(then.articles)), **groups}
    order = [*groups, *(one for one in _nearest_first(then.index, list(questions), sorted(moved)) if one not in groups)]
    asked = {one: questions[one] for one in order[after : after + AT_ONCE]}
    changes = (
        Change(question, wanted, knowledge.rehearsed(question, now), knowledge.rehearsed(question, then))
        for question, wanted in asked.items()
    )
    found = [one for one in changes if _told(one.before) != _told(one.after)]
    so_far = min(after + len(asked), len(order))
    return Rehearsal(so_far, len(order), sorted(found, key=lambda one: not one.worse))


def _nearest_first(index: Index, texts: Sequence[str], moved: Sequence[str]) -> list[str]:
    """By what was added or taken away: there a change reaches first."""
    theirs, ours = index.vectors([bare(one) for one in texts]), index.vectors(moved)
    if theirs is None or ours is None:
        return list(texts)
    return [texts[at] for at in (theirs @ ours.T).max(axis=1).argsort(kind="stable")[::-1]]


def _questions(articles: Mapping[str, Article]) -> Iterator[tuple[str, str]]:
    for article in articles.values():
        yield from ((text, article.id) for text in (article.question, *article.wordings))


def _is_answered(outcome: Outcome, faq_id: str) -> bool:
    return isinstance(outcome, Answer) and outcome.faq_ids == (faq_id,)


def _told(outcome: Outcome) -> tuple[type[Outcome], frozenset[str]]:
    """In which order suggestions stand is no change."""
    return type(outcome), frozenset(outcome.faq_ids)
