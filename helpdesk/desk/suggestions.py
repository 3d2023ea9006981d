"""Answers to take over into a reply: articles, and what colleagues replied to questions like this one."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from helpdesk.desk import views
from helpdesk.desk.access import Given, Id, Who
from helpdesk.usecases.knowledge import suggestions

router = APIRouter(tags=["conversations"])


class SuggestionView(views.View):
    """`source`: an article of the knowledge base, or an earlier reply; `title` is the question it answers."""

    source: str
    key: str
    title: str
    text: str


@router.get("/conversations/{conversation_id}/suggestions")
async def suggest(conversation_id: Id, services: Given, who: Who) -> list[SuggestionView]:
    """For what the customer said since we last spoke; nothing is sent by itself."""
    found = await suggestions.suggestions(services, conversation_id, who.staff)
    return [SuggestionView(**asdict(one)) for one in found]
