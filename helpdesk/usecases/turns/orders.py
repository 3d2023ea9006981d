"""What the company's own systems tell in a conversation, and to whom: an order's number alone opens state and date.

What is personal - where a parcel is, how far a refund is, which orders somebody has - is told to whom the order
belongs: by the signed identity, by the last four digits of its phone, or by full phone and surname.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from helpdesk.company import Product
from helpdesk.errors import NotAnswering
from helpdesk.model.conversation import TurnRef
from helpdesk.model.shop import Order, Parcel, Progress, Told
from helpdesk.services import Services
from helpdesk.store.queries import customer_of
from helpdesk.store.tables import Conversation
from helpdesk.usecases.journal import attempts
from helpdesk.usecases.journal.attempts import Throttle

WRONG_DIGITS = Throttle("order_digits")
PROVED = "order_proof"
PROOF_LASTS = timedelta(hours=24)


async def find(services: Services, number: str) -> Told[Order | None]:
    """One order.

    Raises:
        NotAnswering.
    """
    return await services.shop.orders.by_number(number)


async def own(services: Services, turn: TurnRef) -> Sequence[Order] | None:
    """The orders of a customer who came with a signed identity; None of anybody else.

    Raises:
        NotAnswering.
    """
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        user = (await customer_of(uow.session, conversation)).user_id
    return (await services.shop.orders.of_customer(user)).value if user else None


async def by_contact(services: Services, turn: TurnRef, phone: str, surname: str) -> Sequence[Order]:
    """The orders under a full phone number and surname, from now on proved to be theirs who said both.

    Raises:
        NotAnswering. TooManyTries: five wrong ones within an hour.
    """
    tried = await attempts.try_once(services.db, {WRONG_DIGITS: await _identity(services, turn)}, services.clock.now())
    if tried.over:
        raise WRONG_DIGITS.refusal("too_many_tries")
    found = (await services.shop.orders.by_phone(phone, surname)).value
    if found:
        await attempts.forgive(services.db, tried)
        await _note_proof(services, turn, [order.number for order in found])
    return found


async def is_theirs(services: Services, turn: TurnRef, order: Order) -> bool:
    """Whether the order belongs to whoever speaks, by identity or by digits of late."""
    async with services.db.read() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        user = (await customer_of(uow.session, conversation)).user_id
        if user is not None and user == order.customer:
            return True
        since = services.clock.now() - PROOF_LASTS
        key = f"{conversation.identity_id}:{order.number}"
        return await attempts.count(uow.session, PROVED, key, since) > 0


async def prove(services: Services, turn: TurnRef, order: Order, digits: str) -> bool:
    """Whether these are the last digits of its phone; from now on it is open to who said them.

    Raises:
        TooManyTries: five wrong sets of digits within an hour.
    """
    tried = await attempts.try_once(services.db, {WRONG_DIGITS: await _identity(services, turn)}, services.clock.now())
    if tried.over:
        raise WRONG_DIGITS.refusal("too_many_tries")
    if order.phone_last4 is None or digits != order.phone_last4:
        return False
    await attempts.forgive(services.db, tried)
    await _note_proof(services, turn, [order.number])
    return True


async def _identity(services: Services, turn: TurnRef) -> str:
    async with services.db.read() as uow:
        return (await uow.session.get_one(Conversation, turn.conversation_id)).identity_id


async def _note_proof(services: Services, turn: TurnRef, numbers: Sequence[str]) -> None:
    async with services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, turn.conversation_id)
        for number in numbers:
            attempts.note(uow, PROVED, f"{conversation.identity_id}:{number}")
        await uow.commit()


async def details(services: Services, number: str) -> list[str]:
    """Where its parcels are and how far refund, invoice and repair are, a line each, as customers read it.

    Raises:
        NotAnswering.
    """
    orders = services.shop.orders
    parcels, progress = await asyncio.gather(orders.parcels(number), orders.progress(number))
    return [
        *(parcel_line(services, one) for one in parcels.value),
        *(progress_line(services, one) for one in progress.value),
    ]


def parcel_line(services: Services, parcel: Parcel) -> str:
    """Carrier, number, state, and where it was seen when."""
    told = [services.wording.render(f"parcel_{parcel.state}")]
    if parcel.seen_at and parcel.place:
        at = _moment(services, parcel)
        told.append(services.wording.render("parcel_seen", at=at, place=parcel.place))
    if parcel.expected:
        told.append(services.wording.render("shop_expected", day=f"{parcel.expected.month}月{parcel.expected.day}日"))
    return services.wording.render(
        "parcel_line", carrier=parcel.carrier, waybill=parcel.waybill, told="，".join(told)
    ).strip()


def progress_line(services: Services, progress: Progress) -> str:
    """What it is of, how far, and by when."""
    told = [services.wording.render(f"progress_{progress.state}")]
    if progress.expected:
        day = f"{progress.expected.month}月{progress.expected.day}日"
        told.append(services.wording.render("shop_expected", day=day))
    kind = services.wording.render(f"progress_of_{progress.kind}")
    since = f"{progress.since.month}月{progress.since.day}日"
    return services.wording.render("progress_line", kind=kind, since=since, told="，".join(told))


def _moment(services: Services, parcel: Parcel) -> str:
    zone: ZoneInfo = services.company.profile.zone
    seen = parcel.seen_at.astimezone(zone) if parcel.seen_at and parcel.seen_at.tzinfo else parcel.seen_at
    return f"{seen.month}月{seen.day}日 {seen:%H:%M}" if seen else ""


async def parcel_told(services: Services, waybill: str) -> str | None:
    """The state of a parcel in words, without where it is: a number alone opens no more. None for an unknown one.

    Raises:
        NotAnswering.
    """
    found = (await services.shop.orders.parcel(waybill)).value
    if found is None:
        return None
    return parcel_line(services, replace(found, place="", waybill="", carrier="")).strip("：")


async def today(services: Services, products: Sequence[Product]) -> list[Product]:
    """The products with what they cost today and whether they can be had; the catalogue's own where nobody says."""
    keys = {product.name: key for key, product in services.company.products.items()}
    return list(await asyncio.gather(*(_offered(services, keys[one.name], one) for one in products)))


async def _offered(services: Services, key: str, product: Product) -> Product:
    try:
        offer = (await services.shop.products.offer(key)).value
    except NotAnswering:
        return product
    return product.model_copy(update={"price": offer.price, "in_stock": offer.in_stock}) if offer else product
