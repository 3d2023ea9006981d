"""All conversations, found by what is known of them and by what was said in them; their tags."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import AtWork, Filled, Given, Id, InQuery, Moment, Who
from helpdesk.model.place import Place
from helpdesk.usecases.conversations.receive import as_stored, clean
from helpdesk.usecases.queue import tags, talks

WORDS = 120
"""Characters of what was said that a row shows, those around the words that were found."""

router = APIRouter(tags=["conversations"])
Tag = Annotated[str, Path(min_length=1, max_length=tags.LONGEST), AfterValidator(as_stored)]


class TalkView(views.View):
    """A conversation in the list. `words`: what was found, or what its customer said last; `staff_id` who serves it,
    else who did last; `cursor` is where the next page goes on."""

    conversation_id: str
    state: str
    channel: str
    sender: str
    customer_name: str | None
    tier: str
    masked: bool
    staff_id: str | None
    last_customer_at: datetime | None
    words: str
    said_at: datetime | None
    said_by: str | None
    rating: int | None
    tags: list[str]
    cursor: str


class TagBody(BaseModel):
    """One tag."""

    name: Filled = Field(max_length=tags.LONGEST)


class TagUse(views.View):
    """A tag, and how many conversations have it."""

    name: str
    count: int


class TalkQuery(BaseModel):
    """Which conversations are asked for; `q`: what was said in them."""

    q: InQuery = None
    state: InQuery = None
    staff: InQuery = None
    channel: InQuery = None
    since: Moment | None = None
    until: Moment | None = None
    rating: int | None = Field(None, ge=1, le=5)
    tag: InQuery = None
    cursor: InQuery = None
    limit: int = Field(talks.PAGE, ge=1, le=talks.LARGEST)

    def wanted(self) -> talks.Wanted:
        """What the list is to hold."""
        return talks.Wanted(
            _given(self.state),
            _given(self.staff),
            _given(self.channel),
            self.since,
            self.until,
            self.rating,
            _given(self.tag),
        )


@router.get("/talks")
async def listed(services: Given, who: Who, asked: Annotated[TalkQuery, Query()]) -> list[TalkView]:
    """Conversations, who wrote last first; with `q` those in which it was said, said last first.

    The next page begins after `cursor`, which the last row of this one has. What a mask hides is not found.
    """
    text, after, wanted = clean(asked.q or ""), _given(asked.cursor), asked.wanted()
    async with services.db.read(much=True) as uow:
        eyes = await talks.eyes_of(uow.session, who.staff)
        if text:
            found = await talks.find(uow.session, eyes, wanted, text, Place(after, asked.limit))
        else:
            found = await talks.page(uow.session, eyes, wanted, after=after, limit=asked.limit)
    return [_view(talk, text) for talk in found]


def _given(value: str | None) -> str | None:
    return clean(value or "") or None


def _view(talk: talks.Talk, text: str) -> TalkView:
    conversation = talk.conversation
    customer = views.customer_view(talk.customer, talk.identity, masked=talk.masked)
    return TalkView(
        conversation_id=conversation.id,
        state=conversation.state,
        channel=conversation.channel,
        sender=customer.sender,
        customer_name=customer.name,
        tier=customer.tier,
        masked=talk.masked,
        staff_id=conversation.staff_id or conversation.last_staff_id,
        last_customer_at=conversation.last_customer_at,
        words=_around(talk.words, text),
        said_at=talk.said.at if talk.said else None,
        said_by=talk.said.author if talk.said else None,
        rating=talk.rating,
        tags=list(talk.tags),
        cursor=talk.cursor,
    )


def _around(words: str, text: str) -> str:
    """So much of long words that what was looked for is in it."""
    place = words.casefold().find(text.casefold()) if text else 0
    start = max(0, place - WORDS // 3)
    return ("…" if start else "") + words[start : start + WORDS] + ("…" if start + WORDS < len(words) else "")


@router.get("/tags")
async def all_tags(services: Given, who: Who) -> list[TagUse]:
    """The tags there are, the most used first."""
    async with services.db.read() as uow:
        return [TagUse(name=name, count=count) for name, count in await tags.used(uow.session)]


@router.post("/conversations/{conversation_id}/tags", status_code=201)
async def put_tag(conversation_id: Id, body: TagBody, services: Given, who: AtWork) -> list[str]:
    """Tag a conversation; all its tags."""
    return await tags.put(services, conversation_id, body.name, who.staff)


@router.delete("/conversations/{conversation_id}/tags/{name}")
async def take_tag_off(conversation_id: Id, name: Tag, services: Given, who: AtWork) -> list[str]:
    """Take a tag off a conversation; those that are left."""
    return await tags.take_off(services, conversation_id, name, who.staff)
