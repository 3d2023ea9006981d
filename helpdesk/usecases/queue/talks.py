"""All conversations, those that were written in last first, and those in which something was said. Reads only.

Whoever is shown a mask does not find what is behind it: a hit is tried on the words as they will be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from helpdesk.errors import InvalidInput
from helpdesk.model.conversation import Author, State
from helpdesk.model.place import Place
from helpdesk.model.rights import Deed, by_role, may
from helpdesk.store import search
from helpdesk.store.tables import Conversation, ConversationTag, Customer, Identity, Message, Rating, Staff
from helpdesk.text.masking import mask_text, names_in
from helpdesk.usecases.people import rights

PAGE, LARGEST = 50, 200
READ = 300
"""So many masked messages at most are read for a text."""
CHANNELS = ("web", "wechat", "rest")
KNOWN = 20
"""So many conversations of customers whose name or number has the text come first."""


@dataclass(frozen=True)
class Wanted:
    """Conditions on conversations. `staff_id` serves or served last; `rating` is the last one; `tag` a whole tag."""

    state: str | None = None
    staff_id: str | None = None
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    rating: int | None = None
    tag: str | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Of a query on conversations.

        Raises:
            InvalidInput: there is no such state or channel.
        """
        if self.state:
            yield Conversation.state == _one_of(self.state, tuple(State), "state")
        if self.channel:
            yield Conversation.channel == _one_of(self.channel, CHANNELS, "channel")
        if self.staff_id:
            yield or_(Conversation.staff_id == self.staff_id, Conversation.last_staff_id == self.staff_id)
        if self.rating:
            yield Conversation.id.in_(_rated(self.rating))
        if self.tag:
            yield Conversation.id.in_(select(ConversationTag.conversation_id).where(ConversationTag.name == self.tag))

    def between(self, moment: Any) -> Iterator[ColumnElement[bool]]:
        """Of a moment in the time asked about."""
        if self.since:
            yield moment >= self.since
        if self.until:
            yield moment < self.until


def _one_of(value: str, allowed: Sequence[str], what: str) -> str:
    if value not in allowed:
        raise InvalidInput("no_such_choice", value=value[:40], what=what, allowed=[str(one) for one in allowed])
    return value


def _rated(score: int) -> Select[str]:
    last = (
        select(Rating.conversation_id, func.max(Rating.session_no).label("session_no"))
        .group_by(Rating.conversation_id)
        .subquery()
    )
    is_last = (last.c.conversation_id == Rating.conversation_id) & (last.c.session_no == Rating.session_no)
    return select(Rating.conversation_id).join(last, is_last).where(Rating.score == score)


@dataclass(frozen=True)
class Talk:
    """A conversation in the list, with the words that were found or the customer's last ones, as they may be shown.

    `cursor`: what the page after this row goes on from.
    """

    conversation: Conversation
    identity: Identity
    customer: Customer
    masked: bool
    words: str
    said: Message | None
    cursor: str
    rating: int | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Eyes:
    """Who looks, and what they are shown."""

    by: Staff
    accusers: Set[str]

    def masked(self, conversation: Conversation) -> bool:
        """Whether a customer's data is hidden from them."""
        return not rights.sees_talk(conversation, self.by, self.accusers)

    def reads(self, text: str, conversation: Conversation, customer: Customer) -> str:
        """Words as they are shown."""
        if not self.masked(conversation):
            return text
        fields = (conversation.handoff_note or {}).get("fields") or {}
        return mask_text(text, names_in(fields, {"name": customer.name}))

    def in_charge(self) -> ColumnElement[bool]:
        """Of conversations whose customers they are shown."""
        if may(Deed.SEE_CONTACT, by_role(self.by.role)):
            return Conversation.customer_id.not_in(self.accusers)
        serves = (Conversation.staff_id == self.by.id) & (Conversation.state == State.STAFF)
        return serves & Conversation.customer_id.not_in(self.accusers)


async def eyes_of(session: AsyncSession, by: Staff) -> Eyes:
    """What somebody is shown of conversations."""
    return Eyes(by, await rights.accusers(session, by))


# ---------------------------------------------------------------- without words


async def page(
    session: AsyncSession, eyes: Eyes, wanted: Wanted, *, after: str | None = None, limit: int = PAGE
) -> list[Talk]:
    """Conversations, who wrote last first; those behind the conversation `after`.

    Raises:
        InvalidInput: there is no such state, channel, or conversation to go on from.
    """
    moment = Conversation.last_customer_at
    query = _people().where(*wanted.conditions(), *wanted.between(moment), moment.is_not(None))
    if after:
        query = query.where(await _behind(session, after))
    rows = (await session.execute(query.order_by(moment.desc(), Conversation.id.desc()).limit(limit))).all()
    last = await _last_words(session, [conversation.id for conversation, _, _ in rows])
    talks = [_listed(eyes, *row, last.get(row[0].id)) for row in rows]
    return await _told_more(session, talks)


def _people() -> Select[Conversation, Identity, Customer]:
    return (
        select(Conversation, Identity, Customer)
        .join(Identity, Identity.id == Conversation.identity_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .options(defer(Conversation.dialogue))  # the bot's state is large, and nothing here reads it
    )


async def _behind(session: AsyncSession, after: str) -> ColumnElement[bool]:
    there = await session.get(Conversation, after)
    if there is None or there.last_customer_at is None:
        raise InvalidInput("page_over", field="cursor")
    behind = Conversation.last_customer_at < there.last_customer_at
    return or_(behind, (Conversation.last_customer_at == there.last_customer_at) & (Conversation.id < there.id))


def _listed(
    eyes: Eyes, conversation: Conversation, identity: Identity, customer: Customer, said: Message | None
) -> Talk:
    words = eyes.reads(said.text, conversation, customer) if said else ""
    return Talk(conversation, identity, customer, eyes.masked(conversation), words, said, conversation.id)


async def _last_words(session: AsyncSession, ids: Sequence[str]) -> dict[str, Message]:
    """What customers wrote last, by conversation."""
    last = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(ids), Message.author == Author.CUSTOMER, Message.text != "")
        .group_by(Message.conversation_id)
        .subquery()
    )
    is_last = (last.c.conversation_id == Message.conversation_id) & (last.c.seq == Message.seq)
    found = (await session.scalars(select(Message).join(last, is_last))).all()
    return {message.conversation_id: message for message in found}


async def _told_more(session: AsyncSession, talks: list[Talk]) -> list[Talk]:
    """With the last rating and the tags of each."""
    ids = [talk.conversation.id for talk in talks]
    rated = select(Rating).where(Rating.conversation_id.in_(ids)).order_by(Rating.session_no)
    scores = {one.conversation_id: one.score for one in (await session.scalars(rated)).all()}
    tagged = select(ConversationTag).where(ConversationTag.conversation_id.in_(ids)).order_by(ConversationTag.name)
    tags: dict[str, list[str]] = {}
    for one in (await session.scalars(tagged)).all():
        tags.setdefault(one.conversation_id, []).append(one.name)
    return [_with(talk, scores.get(talk.conversation.id), tags.get(talk.conversation.id, [])) for talk in talks]


def _with(talk: Talk, rating: int | None, tags: Sequence[str]) -> Talk:
    return replace(talk, rating=rating, tags=tags)


# ---------------------------------------------------------------- with words


async def find(session: AsyncSession, eyes: Eyes, wanted: Wanted, text: str, place: Place) -> list[Talk]:
    """Conversations in which the text was said, by whomever, said last first; those behind the message `place.after`.

    On the first page those come first whose customer is known by the text.

    Raises:
        InvalidInput: the text is too short, or there is no such state, channel, or message to go on from.
    """
    if search.is_too_short(text):
        raise InvalidInput("search_too_short", field="q")
    conditions = list(wanted.conditions())
    known = [] if place.after else await _known(session, eyes, [*conditions, *_in_time(wanted)], text)
    before = await _message(session, place.after) if place.after else None
    places = await search.said(session, search.Asked(text, conditions, wanted.between, before))
    seen = {talk.conversation.id for talk in known}
    found = await _Finding(session, eyes, text, place.limit).talks(_first_of_each(places, text, seen))
    return await _told_more(session, [*known, *found])


def _in_time(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    return wanted.between(Conversation.last_customer_at)


async def _message(session: AsyncSession, message_id: str) -> Message:
    found = await session.get(Message, message_id)
    if found is None:
        raise InvalidInput("page_over", field="cursor")
    return found


async def _known(session: AsyncSession, eyes: Eyes, conditions: Sequence[ColumnElement[bool]], text: str) -> list[Talk]:
    """Conversations of customers whose name, phone or mail address has the text, where they are shown."""
    they = search.has(session, search.CUSTOMERS, text)
    query = _people().where(they, eyes.in_charge(), *conditions).order_by(Conversation.last_customer_at.desc())
    rows = (await session.execute(query.limit(KNOWN))).all()
    kept = [row for row in rows if _is_called(row[2], text)]
    last = await _last_words(session, [conversation.id for conversation, _, _ in kept])
    return [_listed(eyes, *row, last.get(row[0].id)) for row in kept]


def _is_called(customer: Customer, text: str) -> bool:
    return any(_shows(value, text) for value in (customer.name, customer.phone, customer.email) if value)


def _shows(words: str, text: str) -> bool:
    return text.casefold() in words.casefold()


def _first_of_each(places: Sequence[search.Place], text: str, seen: set[str]) -> list[list[search.Place]]:
    """The places of each conversation that is not seen yet, in the order of the newest; those that have the text."""
    by_talk: dict[str, list[search.Place]] = {}
    for place in places:
        if place.conversation_id not in seen and _shows(place.words, text):
            by_talk.setdefault(place.conversation_id, []).append(place)
    return list(by_talk.values())


@dataclass
class _Finding:
    """Of each conversation the last place where its reader is shown the text; not more than `limit` of them."""

    session: AsyncSession
    eyes: Eyes
    text: str
    limit: int
    _read: int = field(default=0)

    async def talks(self, places: list[list[search.Place]]) -> list[Talk]:
        """A batch of conversations at a time, for most are shown."""
        found: list[Talk] = []
        for start in range(0, len(places), self.limit):
            batch = places[start : start + self.limit]
            people = await _people_of(self.session, [one[0].conversation_id for one in batch])
            for of_one in batch:
                if len(found) < self.limit:
                    found += self._shown(of_one, *people[of_one[0].conversation_id])
            if len(found) >= self.limit or self._read >= READ:
                break
        return await self._with_messages(found)

    def _shown(
        self, places: list[search.Place], conversation: Conversation, identity: Identity, customer: Customer
    ) -> list[Talk]:
        masked = self.eyes.masked(conversation)
        for place in places:
            if masked and self._read >= READ:
                break
            self._read += masked
            words = self.eyes.reads(place.words, conversation, customer)
            if _shows(words, self.text):
                return [Talk(conversation, identity, customer, masked, words, None, place.message_id)]
        return []

    async def _with_messages(self, talks: list[Talk]) -> list[Talk]:
        query = select(Message).where(Message.id.in_([talk.cursor for talk in talks]))
        said = {message.id: message for message in (await self.session.scalars(query)).all()}
        return [replace(talk, said=said[talk.cursor]) for talk in talks]


async def _people_of(session: AsyncSession, ids: Sequence[str]) -> dict[str, tuple[Conversation, Identity, Customer]]:
    rows = (await session.execute(_people().where(Conversation.id.in_(ids)))).all()
    return {conversation.id: (conversation, identity, customer) for conversation, identity, customer in rows}
