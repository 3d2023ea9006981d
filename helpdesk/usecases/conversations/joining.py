"""A customer shows that a mobile number is theirs, by a code that was sent to it; who has shown the same is the same
person, on whatever channel they came.

What somebody merely said is no proof: who types a stranger's number gets nothing of the stranger's. Joined are those
who proved the number not long ago, and whom we know by the number alone (a matter taken down by telephone).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import and_, exists, func, or_, select, update

from helpdesk.errors import ChannelFailed, InvalidInput, NotFound, NotSignedIn
from helpdesk.model.delivery import Verdict
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import customer_of, lock_conversation
from helpdesk.store.tables import Conversation, Customer, Identity, PhoneCode
from helpdesk.text.masking import mask_phone
from helpdesk.text.mobile import mobile
from helpdesk.usecases.conversations.known import join
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.journal import attempts, audit
from helpdesk.usecases.journal.attempts import Throttle

log = structlog.get_logger(__name__)

LINK_LASTS = timedelta(minutes=30)
BETWEEN_CODES = timedelta(minutes=1)
DIGITS = 6
BY_ADDRESS = Throttle("phone_code_address", most=20)
"""So many codes an hour from one address, whoever asks."""
UNKNOWN_WHETHER_SENT = (Verdict.SENT, Verdict.UNKNOWN)


# ---------------------------------------------------------------- the link


def is_asked_for(services: Services, words: str) -> bool:
    """Whether a customer asks for the link by these words alone, and codes can be sent at all."""
    plain = clean(words).strip("。.!！ ")
    return services.code_sender is not None and plain in services.company.joining.words


def link_of(services: Services, conversation_id: str) -> str:
    """The page on which this conversation's customer shows a number; what it is opened by stands behind `#`."""
    until = int((services.clock.now() + LINK_LASTS).timestamp())
    token = f"{conversation_id}.{until}.{_signature(services.settings, conversation_id, until)}"
    return f"{services.company.profile.page_to_join}#{token}"


def _signature(settings: Settings, conversation_id: str, until: int) -> str:
    secret = settings.secret_key.get_secret_value().encode()
    made = hmac.new(secret, f"join link:{conversation_id}:{until}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:18]).decode()


def _opened(services: Services, token: str) -> str:
    """The conversation that a token is for.

    Raises:
        NotSignedIn: it is none of ours, or too old.
    """
    conversation_id, _, rest = token.partition(".")
    told, _, signature = rest.partition(".")
    until = int(told) if told.isascii() and told.isdigit() and len(told) < 12 else 0
    given, ours = signature.encode(), _signature(services.settings, conversation_id, until).encode()
    if not hmac.compare_digest(given, ours) or _moment(until) <= services.clock.now():
        raise NotSignedIn("join_link_over")
    return conversation_id


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


# ---------------------------------------------------------------- the code


async def send_code(services: Services, token: str, phone: str, place: str) -> str:
    """Send a code to a number; the number as it is shown. `place`: the caller's network, empty where it is unknown.

    Raises:
        NotSignedIn: the link is over. NotFound: codes cannot be sent here. InvalidInput: it is no mobile number.
        TooManyTries: too many codes. ChannelFailed: the vendor did not take it.
    """
    conversation_id = _opened(services, token)
    number = mobile(clean(phone))
    if services.code_sender is None:
        raise NotFound("join_not_sent")
    if number is None:
        raise InvalidInput("join_no_mobile", field="phone")
    await _count(services, conversation_id, number, place)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row_id = await _keep(services, conversation_id, number, code)
    minutes = services.company.joining.code_minutes
    text = services.wording.render("join_sms", code=code, minutes=minutes)
    answer = await services.code_sender.send(number, text, row_id)
    if answer.verdict not in UNKNOWN_WHETHER_SENT:
        log.warning("phone_code_not_sent", verdict=str(answer.verdict), reason=answer.reason)
        raise ChannelFailed("join_not_sent")
    return mask_phone(number)


async def _count(services: Services, conversation_id: str, number: str, place: str) -> None:
    """One more code asked for; what is counted names no number."""
    rules, now = services.company.joining, services.clock.now()
    hidden = hmac.new(services.settings.secret_key.get_secret_value().encode(), number.encode(), hashlib.sha256)
    keys = {
        Throttle("phone_code_number", rules.codes_a_day, timedelta(days=1)): hidden.hexdigest(),
        Throttle("phone_code_conversation", rules.codes_an_hour): conversation_id,
        Throttle("phone_code_soon", 1, BETWEEN_CODES): conversation_id,
        **({BY_ADDRESS: place} if place else {}),
    }
    tries = await attempts.try_once(services.db, keys, now)
    if tries.over:
        await attempts.forgive(services.db, tries)
        is_soon = all(one.window == BETWEEN_CODES for one in tries.over)
        raise tries.over[0].refusal("join_too_soon" if is_soon else "join_too_many")


async def _keep(services: Services, conversation_id: str, number: str, code: str) -> str:
    """The code's row; those before it count no longer."""
    now = services.clock.now()
    until = now + timedelta(minutes=services.company.joining.code_minutes)
    async with services.db.write() as uow:
        await lock_conversation(uow.session, conversation_id)
        earlier = update(PhoneCode).where(PhoneCode.conversation_id == conversation_id, PhoneCode.used_at.is_(None))
        await uow.session.execute(earlier.values(expires_at=now))
        row = PhoneCode(conversation_id=conversation_id, phone=number, code_hash="", made_at=now, expires_at=until)
        uow.session.add(row)
        await uow.session.flush()
        row.code_hash = _digest(services, row.id, code)
        await uow.commit()
        return row.id


def _digest(services: Services, row_id: str, code: str) -> str:
    secret = services.settings.secret_key.get_secret_value().encode()
    return hmac.new(secret, f"phone code:{row_id}:{code}".encode(), hashlib.sha256).hexdigest()


# ---------------------------------------------------------------- the proof


async def prove(services: Services, token: str, code: str) -> str:
    """The customer has read the code: the number is theirs, and who proved it elsewhere is they; the number as shown.

    Raises:
        NotSignedIn: the link is over. NotFound: no code holds now. InvalidInput: the code is another one.
    """
    conversation_id, now = _opened(services, token), services.clock.now()
    row = await _tried(services, conversation_id, now)
    if row is None:
        raise NotFound("join_code_over")
    if not hmac.compare_digest(row.code_hash, _digest(services, row.id, clean(code)[: 2 * DIGITS])):
        raise InvalidInput("join_code_wrong", field="code")
    async with services.db.write(now) as uow:
        conversation = await lock_conversation(uow.session, conversation_id)
        if not await _use(uow, row):
            raise NotFound("join_code_over")
        await _take_over(services, uow, conversation, row.phone)
        text = services.wording.render("join_done", phone=mask_phone(row.phone))
        await say(uow, conversation, [Say(text)], answers=None, in_reply_to=[])
        await uow.commit()
    return mask_phone(row.phone)


async def _tried(services: Services, conversation_id: str, now: datetime) -> PhoneCode | None:
    """The code that holds, with one more try counted: of any number at once no more than the allowed ones get it."""
    statement = (
        update(PhoneCode)
        .where(PhoneCode.conversation_id == conversation_id, PhoneCode.used_at.is_(None), PhoneCode.expires_at > now)
        .where(PhoneCode.tries < services.company.joining.tries)
        .values(tries=PhoneCode.tries + 1)
        .returning(PhoneCode)
        .execution_options(synchronize_session=False)
    )
    async with services.db.write() as uow:
        row = (await uow.session.scalars(statement)).first()
        await uow.commit()
        return row


async def _use(uow: UnitOfWork, row: PhoneCode) -> bool:
    """Whether the code is used now and was not before. Who proves the same number just now waits: of two that come
    together the second has to find the first."""
    of_number = select(PhoneCode.id).where(PhoneCode.phone == row.phone).order_by(PhoneCode.id)
    await uow.session.execute(of_number.with_for_update())
    statement = update(PhoneCode).where(PhoneCode.id == row.id, PhoneCode.used_at.is_(None)).values(used_at=uow.now)
    used = await uow.session.scalar(statement.returning(PhoneCode.id))
    return used is not None


async def _take_over(services: Services, uow: UnitOfWork, conversation: Conversation, phone: str) -> None:
    customer = await customer_of(uow.session, conversation)
    others = await _same(services, uow, customer, phone)
    customer.proved_phone, customer.proved_at = phone, uow.now
    customer.phone = customer.phone or phone
    audit.note(uow, audit.CUSTOMER, "phone_proved", customer.id)
    await uow.session.flush()
    for other in others:
        first, last = (customer, other) if customer.user_id is None and other.user_id else (other, customer)
        if first.user_id is not None:
            log.warning("customers_not_joined", why="both are known to the company, as two")
            continue
        await join(uow, first, last)
        customer = last
        customer.proved_phone, customer.proved_at = phone, uow.now
    await uow.session.flush()


async def _same(services: Services, uow: UnitOfWork, customer: Customer, phone: str) -> Sequence[Customer]:
    """Who has shown the same number lately, and whom we know by it alone; always locked in the same order."""
    since = uow.now - timedelta(days=services.company.joining.proof_days)
    bare = func.replace(func.replace(Customer.phone, " ", ""), "-", "")
    by_number_alone = and_(bare == phone, ~exists().where(Identity.customer_id == Customer.id))
    proved = and_(Customer.proved_phone == phone, Customer.proved_at > since)
    query = select(Customer).where(or_(proved, by_number_alone), Customer.id != customer.id)
    return (await uow.session.scalars(query.order_by(Customer.id).with_for_update())).all()
