"""What one keeps for oneself: replies in one's own words, and views of the lists."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from helpdesk.desk import views
from helpdesk.desk.access import Anybody, Filled, Given, Id
from helpdesk.store.tables import OwnItem
from helpdesk.usecases.people import own_items
from helpdesk.usecases.people.own_items import VIEWS, Kind

TITLE = 20
LONGEST = 2000
FILTERS = 20
Value = Annotated[str, StringConstraints(max_length=100)]

router = APIRouter(tags=["session"])


class OwnReply(BaseModel):
    """A reply under the title it is found by; what stands in braces is filled in at the desk."""

    title: Filled = Field(max_length=TITLE)
    text: Filled = Field(max_length=LONGEST)


class OwnReplyView(views.View):
    """The same, as it is kept."""

    id: str
    title: str
    text: str


class OwnView(BaseModel):
    """A list as it is filtered, under a name."""

    page: Literal["talks", "tickets"]
    title: Filled = Field(max_length=TITLE)
    filters: dict[Value, Value] = Field(max_length=FILTERS)


class OwnViewView(views.View):
    """The same, as it is kept."""

    id: str
    page: str
    title: str
    filters: dict[str, str]


@router.get("/me/replies")
async def replies(services: Given, who: Anybody) -> list[OwnReplyView]:
    """One's own ready-made replies."""
    async with services.db.read() as uow:
        found = await own_items.of(uow.session, who.staff, Kind.REPLY)
    return [_reply(one) for one in found]


@router.post("/me/replies", status_code=201)
async def keep_reply(body: OwnReply, services: Given, who: Anybody) -> OwnReplyView:
    """Keep a reply; one with the same title is replaced."""
    return _reply(await own_items.keep(services, who.staff, Kind.REPLY, body.title, {"text": body.text}))


@router.delete("/me/replies/{item_id}", status_code=204)
async def drop_reply(item_id: Id, services: Given, who: Anybody) -> None:
    """Keep a reply no longer."""
    await own_items.drop(services, who.staff, item_id, Kind.REPLY)


@router.get("/me/views")
async def kept_views(services: Given, who: Anybody) -> list[OwnViewView]:
    """One's own views of the lists."""
    async with services.db.read() as uow:
        found = await own_items.of(uow.session, who.staff, *VIEWS)
    return [_view(one) for one in found]


@router.post("/me/views", status_code=201)
async def keep_view(body: OwnView, services: Given, who: Anybody) -> OwnViewView:
    """Keep a view; one of the same list with the same name is replaced."""
    return _view(await own_items.keep(services, who.staff, Kind(body.page), body.title, {"filters": body.filters}))


@router.delete("/me/views/{item_id}", status_code=204)
async def drop_view(item_id: Id, services: Given, who: Anybody) -> None:
    """Keep a view no longer."""
    await own_items.drop(services, who.staff, item_id, *VIEWS)


def _reply(item: OwnItem) -> OwnReplyView:
    return OwnReplyView(id=item.id, title=item.title, text=item.content["text"])


def _view(item: OwnItem) -> OwnViewView:
    return OwnViewView(id=item.id, page=item.kind, title=item.title, filters=item.content["filters"])
