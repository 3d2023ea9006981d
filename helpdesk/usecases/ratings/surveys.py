"""The survey of service quality (SERVQUAL) goes to the customer of a case that is over, once, and not too often."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, exists, select

from helpdesk.errors import Conflict, Reason
from helpdesk.model.letter import LetterKind, Words, Writing
from helpdesk.model.rights import Deed
from helpdesk.model.ticket import Kind, Status
from helpdesk.model.urgency import Urgency
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Customer, Staff, Survey, Ticket, new_id
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.letters import write_letter
from helpdesk.usecases.people import rights
from helpdesk.usecases.people.tokens import digest
from helpdesk.usecases.tickets.move import locked_ticket

ENDED = (Status.SATISFIED, Status.CONCLUDED)
WINDOW = timedelta(days=14)
"""What ended longer ago is not asked about any more, also when the survey is new."""
BATCH = 20
TOKEN_BYTES = 15  # 120 bits, and no padding

log = structlog.get_logger(__name__)


def token_of(settings: Settings, survey_id: str) -> str:
    """What stands behind `#` in a survey's link: signed with the secret key; the database has its hash."""
    secret = settings.secret_key.get_secret_value().encode()
    made = hmac.new(secret, f"survey link:{survey_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:TOKEN_BYTES]).decode()


async def send(services: Services, number: str, by: Staff) -> Survey:
    """A supervisor's choice: the customer of this case is asked.

    Raises:
        NotFound, NotAllowed. Conflict: it is not over, was asked about, or this customer must not be asked now.
    """
    async with services.db.write() as uow:
        ticket = await locked_ticket(uow, number)
        await rights.require(services, uow.session, ticket, by, Deed.SUPERVISE)
        if refused := await _against(services, uow, ticket):
            raise Conflict(refused.key, **{**refused.fills, "number": number})
        made = await _ask(services, uow, ticket, audit.by_staff(by.id))
        audit.note(uow, audit.by_staff(by.id), "survey_sent", number)
        await uow.commit()
    return made


async def run(services: Services, now: datetime) -> None:
    """The timer: cases that ended so many days ago, a batch at a time; one that fails is logged."""
    if not services.company.survey.after:
        return
    for number in await _due(services, now):
        try:
            async with services.db.write(now) as uow:
                ticket = await locked_ticket(uow, number)
                if not await _against(services, uow, ticket):
                    await _ask(services, uow, ticket, audit.SYSTEM)
                await uow.commit()
        except Exception:
            log.exception("survey_not_sent", number=number)


async def _due(services: Services, now: datetime) -> Sequence[str]:
    survey = services.company.survey
    asked = exists().where(Survey.number == Ticket.number)
    query = (
        select(Ticket.number)
        .join(Customer, Customer.id == Ticket.customer_id)
        .where(Ticket.closed_at.between(now - WINDOW - timedelta(days=survey.days), now - timedelta(days=survey.days)))
        .where(Ticket.status.in_(ENDED), Ticket.kind.in_(survey.after), Ticket.urgency != Urgency.SAFETY)
        .where(Customer.may_follow_up.is_not(False), ~asked, ~_lately(services, now))
        .order_by(Ticket.closed_at)
        .limit(BATCH)
    )
    async with services.db.read() as uow:
        return (await uow.session.scalars(query)).all()


def _lately(services: Services, now: datetime) -> ColumnElement[bool]:
    since = now - services.company.survey.quiet
    return exists().where(Survey.customer_id == Ticket.customer_id, Survey.asked_at > since)


async def _against(services: Services, uow: UnitOfWork, ticket: Ticket) -> Reason | None:
    """Why nobody is asked about this case; nothing where somebody may be. The ticket is locked."""
    if ticket.status not in ENDED or ticket.kind == Kind.INTERNAL:
        return Reason("survey_after_the_end")
    if ticket.urgency == Urgency.SAFETY:
        return Reason("survey_not_of_danger")
    customer = await uow.session.get_one(Customer, ticket.customer_id, with_for_update=True)
    if customer.may_follow_up is False:
        return Reason("survey_not_wished")
    if await uow.session.scalar(select(Survey.id).where(Survey.number == ticket.number)):
        return Reason("survey_sent_already")
    since = uow.now - services.company.survey.quiet
    lately = select(Survey.id).where(Survey.customer_id == ticket.customer_id, Survey.asked_at > since)
    if await uow.session.scalar(lately.limit(1)):
        return Reason("survey_lately", days=services.company.survey.quiet_days)
    return None


async def _ask(services: Services, uow: UnitOfWork, ticket: Ticket, by: str) -> Survey:
    made = Survey(
        id=new_id(),
        number=ticket.number,
        customer_id=ticket.customer_id,
        staff_id=ticket.owner_id,
        department=ticket.department,
        channel=await _channel(uow, ticket),
        category=ticket.category or ticket.kind,
        asked_by=by,
        asked_at=uow.now,
        until=uow.now + timedelta(days=services.company.survey.lasts_days),
    )
    token = token_of(services.settings, made.id)
    made.link_hash = digest(token)
    uow.session.add(made)
    last = made.until.astimezone(services.company.profile.zone)
    fields = {
        "link": f"{services.company.profile.page_of_survey}#{token}",
        "until": f"{last.month}月{last.day}日",
    }
    key = f"{ticket.number}:survey"
    await write_letter(services, uow, ticket, Writing(LetterKind.SURVEY, words=Words(fields=fields), key=key, by=by))
    return made


async def _channel(uow: UnitOfWork, ticket: Ticket) -> str:
    if ticket.source != "chat" or ticket.conversation_id is None:
        return ticket.source
    return (await uow.session.get_one(Conversation, ticket.conversation_id)).channel
