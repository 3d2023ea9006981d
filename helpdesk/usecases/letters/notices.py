"""A letter is not told before its customer has it: notices follow it from the chat to short messages, mail and calls.

Whoever works at a notice locks its row first and the ticket after it. What is carried is stored as a row of
`NoticeTry` before it is sent (helpdesk/couriers/rounds.py); what comes of it arrives here: receipts, visits, calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import NotFound
from helpdesk.model.letter import LetterKind
from helpdesk.model.notice import UNDER_WAY, NoticeState, TryState, Way, in_order, may_become, next_way
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Customer, Letter, Notice, NoticeTry, Ticket, TicketEvent, new_id
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.links import token_of
from helpdesk.usecases.letters.reach import addresses, is_stuck, seen_in_chat
from helpdesk.usecases.people.tokens import digest

FIRST_LOOK = timedelta(minutes=1)
"""After this a channel that is called has said whether it takes a letter."""
LOOK_AGAIN = timedelta(minutes=1)
LOOK_AT_RESTING, RESTS_FOR = timedelta(days=1), timedelta(days=30)
DUE = "notice"
"""The topic on which it is announced that something waits to be carried."""


# ---------------------------------------------------------------- it begins


def begin(uow: UnitOfWork, letter: Letter) -> None:
    """A letter whose customer is in no chat: the first way is looked for when it may go."""
    uow.session.add(
        Notice(
            letter_id=letter.id, number=letter.number, state=NoticeState.WAITING, look_at=letter.send_at,
            created_at=letter.written_at,
        )
    )  # fmt: skip


async def said_in_chat(uow: UnitOfWork, letter: Letter) -> None:
    """A letter that was just said in its conversation: the chat is its first way."""
    notice = Notice(
        letter_id=letter.id, number=letter.number, state=NoticeState.ON_ITS_WAY, way=Way.CHAT,
        look_at=uow.now + FIRST_LOOK, created_at=letter.written_at,
    )  # fmt: skip
    uow.session.add(notice)
    await uow.session.flush()
    uow.session.add(NoticeTry(letter_id=letter.id, way=Way.CHAT, state=TryState.SENT, next_at=uow.now, sent_at=uow.now))


async def lock_notice(uow: UnitOfWork, letter_id: str) -> Notice:
    """The notice as it is now, its row locked until the unit ends.

    Raises:
        NotFound: the letter goes no way of its own.
    """
    query = select(Notice).where(Notice.letter_id == letter_id).with_for_update()
    found = await uow.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("notice_not_found", letter_id=letter_id)
    return found


async def tries_of(session: AsyncSession, letter_id: str) -> Sequence[NoticeTry]:
    """The ways that were tried, in their order."""
    query = select(NoticeTry).where(NoticeTry.letter_id == letter_id).order_by(NoticeTry.next_at, NoticeTry.id)
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def of_ticket(session: AsyncSession, number: str) -> Mapping[str, Notice]:
    """Letter -> its notice, for the letters about a ticket that have one."""
    found = await session.scalars(select(Notice).where(Notice.number == number))
    return {one.letter_id: one for one in found}


# ---------------------------------------------------------------- the next way


async def look(services: Services, uow: UnitOfWork, letter_id: str) -> None:
    """See whether a notice has arrived, and take the next way if the last one had its time."""
    notice = await lock_notice(uow, letter_id)
    if notice.state not in UNDER_WAY or notice.look_at > uow.now:
        return
    letter = await uow.session.get_one(Letter, letter_id, populate_existing=True)
    if letter.voided_at is not None or await _is_overtaken(uow, letter):
        notice.state = NoticeState.VOID
        return
    seen = await seen_in_chat(uow, letter)
    if seen is not None:
        receive(uow, notice, Way.CHAT, seen)
        return
    tries = await tries_of(uow.session, letter_id)
    later = await _has_time(services, uow, letter, tries)
    if later is not None:
        notice.look_at = later
        return
    await _go_on(services, uow, notice, letter, {Way(one.way) for one in tries})


async def _is_overtaken(uow: UnitOfWork, letter: Letter) -> bool:
    """News of progress is told no further once there is something newer: nobody wants four messages of one evening."""
    if letter.kind != LetterKind.PROGRESS:
        return False
    newer = select(Letter.id).where(Letter.number == letter.number, Letter.version > letter.version)
    return await uow.session.scalar(newer.limit(1)) is not None


async def _has_time(services: Services, uow: UnitOfWork, letter: Letter, tries: Sequence[NoticeTry]) -> datetime | None:
    """When to look again: nothing more is begun while the last way is under way or has time left."""
    if not tries or tries[-1].state == TryState.FAILED:
        return None
    last = tries[-1]
    if last.state in {TryState.QUEUED, TryState.SENDING}:
        return uow.now + LOOK_AGAIN
    if last.way == Way.CALL:
        return max(last.next_at, uow.now) + LOOK_AGAIN
    if last.way == Way.CHAT and await is_stuck(uow.session, letter):
        return None
    until = (last.sent_at or last.next_at) + patience(services, Way(last.way))
    return until if until > uow.now else None


def patience(services: Services, way: Way) -> timedelta:
    """How long a way may be without a sign of arrival before the next one is taken."""
    return timedelta(minutes=services.company.notices.patience_minutes[way])


async def _go_on(services: Services, uow: UnitOfWork, notice: Notice, letter: Letter, tried: set[Way]) -> None:
    ticket = await uow.session.get_one(Ticket, notice.number, populate_existing=True)
    permitted = permitted_at(services, ticket, uow.now)
    if permitted > uow.now:
        notice.look_at = permitted
        return
    way = await choose(services, uow.session, ticket, letter, tried)
    if way is None and _may_rest(services, letter):
        rests = uow.now - notice.created_at < RESTS_FOR
        notice.state, notice.look_at = NoticeState.ON_ITS_WAY if rests else NoticeState.VOID, uow.now + LOOK_AT_RESTING
        return
    if way is None:
        _give_up(uow, notice, letter)
        return
    notice.state, notice.way, notice.look_at = NoticeState.ON_ITS_WAY, way, uow.now + LOOK_AGAIN
    letter.sent_at = letter.sent_at or uow.now
    uow.session.add(_try(services, letter, way, uow.now))
    uow.announce(DUE)
    uow.announce("ticket", number=notice.number)


def _may_rest(services: Services, letter: Letter) -> bool:
    """A letter that is worth no call and stands in a chat waits there to be read; it is nobody's task."""
    return letter.message_id is not None and Way.CALL not in services.company.notices.ways[LetterKind(letter.kind)]


async def choose(
    services: Services, session: AsyncSession, ticket: Ticket, letter: Letter, tried: set[Way]
) -> Way | None:
    """The next way of a letter; None when every one was tried or is closed."""
    customer = await session.get_one(Customer, ticket.customer_id)
    preferred = Way(customer.reach_by) if customer.reach_by else None
    order = in_order(services.company.notices.ways[LetterKind(letter.kind)], preferred)
    return next_way(order, tried, (await addresses(services, session, ticket)).keys())


def permitted_at(services: Services, ticket: Ticket, now: datetime) -> datetime:
    """`now`, or the end of the night, which only what concerns safety does not wait for."""
    if ticket.urgency == Urgency.SAFETY:
        return now
    return max(now, services.calendar.next_permitted(now, services.company.limits))


def _try(services: Services, letter: Letter, way: Way, now: datetime) -> NoticeTry:
    made = NoticeTry(id=new_id(), letter_id=letter.id, way=way, state=TryState.QUEUED, attempts=0, next_at=now)
    if way is Way.CALL:
        made.state, made.sent_at, made.next_at = TryState.SENT, now, call_due(services, now)
        return made
    made.link_hash = digest(token_of(services.settings, made.id))
    made.link_until = now + timedelta(days=services.company.notices.link_days)
    return made


def call_due(services: Services, now: datetime) -> datetime:
    """By when staff have to call: as soon as a call that a customer asked for."""
    minutes = services.company.limits.callback_open_minutes
    return services.calendar.after_open_time(now, minutes) or now + timedelta(minutes=minutes)


# ---------------------------------------------------------------- it ends


def receive(uow: UnitOfWork, notice: Notice, way: Way, at: datetime) -> None:
    """The customer has the letter, since `at`; the earliest moment counts and nothing takes it back."""
    if notice.state == NoticeState.RECEIVED:
        return
    notice.state, notice.received_at, notice.received_by = NoticeState.RECEIVED, at, way
    _note(uow, notice, "notice_received", {"way": str(way)})


def _give_up(uow: UnitOfWork, notice: Notice, letter: Letter) -> None:
    notice.state = NoticeState.UNDELIVERABLE
    letter.sent_at = letter.sent_at or uow.now
    _note(uow, notice, "notice_undeliverable", {"letter": letter.kind})


def _note(uow: UnitOfWork, notice: Notice, action: str, detail: Mapping[str, str]) -> None:
    event = TicketEvent(number=notice.number, at=uow.now, actor=audit.SYSTEM, action=action, detail=dict(detail))
    uow.session.add(event)
    uow.announce("ticket", number=notice.number)


async def received_at(uow: UnitOfWork, letter: Letter) -> datetime | None:
    """When the customer had a letter: delivered or opened; None while nothing tells so.

    One that goes no way of its own was said with the bot's reply, or is older than notices: it was received when sent.
    """
    notice = await uow.session.get(Notice, letter.id)
    if notice is None:
        return letter.sent_at
    return notice.received_at or await seen_in_chat(uow, letter)


# ---------------------------------------------------------------- receipts and visits


async def settle(uow: UnitOfWork, try_id: str, state: TryState, reason: str = "") -> tuple[Notice, NoticeTry]:
    """What a receipt, a visit or a call tells of one way; what it can no longer change is left as it is.

    Raises:
        NotFound.
    """
    found = await uow.session.get(NoticeTry, try_id)
    if found is None:
        raise NotFound("notice_not_found")
    notice = await lock_notice(uow, found.letter_id)
    await uow.session.refresh(found)
    if may_become(TryState(found.state), state):
        found.state, found.settled_at, found.error = state, uow.now, reason[:500] or None
        if state is TryState.FAILED:
            notice.look_at = uow.now
        else:
            receive(uow, notice, Way(found.way), uow.now)
    return notice, found


async def receipt(services: Services, way: Way, external_id: str, state: TryState, reason: str = "") -> None:
    """What the carrier says of a message that it took.

    Raises:
        NotFound: it names none that we sent; it may be stored in a moment.
    """
    async with services.db.write() as uow:
        await note_receipt(uow, way, external_id, state, reason)
        await uow.commit()


async def note_receipt(uow: UnitOfWork, way: Way, external_id: str, state: TryState, reason: str = "") -> None:
    """The same in a unit of the caller's.

    Raises:
        NotFound.
    """
    query = select(NoticeTry.id).where(NoticeTry.external_id == external_id, NoticeTry.way == way)
    await settle(uow, await uow.session.scalar(query.limit(1)) or "", state, reason)


async def opened(services: Services, token: str) -> str | None:
    """The number of the ticket that a link opens, this once; None when it is unknown, used or too old."""
    async with services.db.write() as uow:
        found = await uow.session.scalar(select(NoticeTry).where(NoticeTry.link_hash == digest(token)))
        if found is None:
            return None
        notice = await lock_notice(uow, found.letter_id)
        await uow.session.refresh(found)
        if found.opened_at is not None or found.link_until is None or found.link_until <= uow.now:
            return None
        found.opened_at = uow.now
        await settle(uow, found.id, TryState.OPENED)
        await uow.commit()
        return notice.number


async def seen_on_page(uow: UnitOfWork, number: str) -> None:
    """The customer looked at their ticket: every letter about it that was sent is received."""
    query = select(Notice).join(Letter, Letter.id == Notice.letter_id)
    query = query.where(Notice.number == number, Letter.send_at <= uow.now, Letter.voided_at.is_(None))
    query = query.where(Notice.state.in_((*UNDER_WAY, NoticeState.UNDELIVERABLE))).order_by(Notice.letter_id)
    locked = query.with_for_update(of=Notice).execution_options(populate_existing=True)
    for notice in (await uow.session.scalars(locked)).all():
        receive(uow, notice, Way(notice.way) if notice.way else Way.CHAT, uow.now)
