"""Customers whom the company knows: by a token that its own site has signed, the same person on every channel.

A token is a JWT (HS256, `HELPDESK_IDENTITY_SECRET`): `sub` the user's id, `exp`; `name`, `phone`, `tier` and `wechat`
(the openid of the company's Official Account) as far as the site knows them. What cannot be believed makes nobody
known: the customer stays anonymous, and a line in the log says why without saying who.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import jwt
import structlog
from jwt.types import Options
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpdesk.errors import Conflict, NotAnswering
from helpdesk.model.shop import ShopCustomer
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import customer_of
from helpdesk.store.tables import Conversation, Customer, Identity
from helpdesk.usecases.conversations.one_person import KEY, fill, move_all
from helpdesk.usecases.conversations.receive import clean, conversation_of
from helpdesk.usecases.journal import audit
from zhtext.values import phones

log = structlog.get_logger(__name__)

LONGEST_TOKEN = 4096  # characters
LONGEST_ID = 128
LONGEST_NAME = 64
LONGEST_LIFE = timedelta(days=7)
"""A token that holds for years would be a password that stands in a page."""
LATE = timedelta(seconds=30)
"""So much may clocks differ."""
TIERS = ("normal", KEY)
WECHAT = "wechat"
RACES = 5
ONLY_SIGNED: Options = {
    "require": ["exp", "sub"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_sub": False,
}


@dataclass(frozen=True)
class Known:
    """What a token says. Empty where it does not say it."""

    user_id: str
    name: str = ""
    phone: str = ""
    tier: str = ""
    openid: str = ""


class _Unbelievable(Exception):
    """Why a token is not believed, in words without anything of it."""


def read_token(services: Services, token: object) -> Known | None:
    """Who the token is about; None, with a line in the log, when it is forged, expired or no token at all."""
    if token is None or token == "":
        return None
    try:
        return _read(services, token)
    except _Unbelievable as problem:
        log.warning("identity_refused", why=str(problem))
        return None


def _read(services: Services, token: object) -> Known:
    secret = services.settings.identity_secret.get_secret_value()
    if not secret:
        raise _Unbelievable("HELPDESK_IDENTITY_SECRET is not set")
    if not isinstance(token, str) or not token.isascii() or len(token) > LONGEST_TOKEN:
        raise _Unbelievable("it is no token")
    claims = _signed(token, secret)
    _check_life(claims.get("exp"), services.clock.now())
    return _known(claims)


def _signed(token: str, secret: str) -> Mapping[str, Any]:
    """The claims. Their times are looked at by our own clock."""
    try:
        return jwt.decode(token, secret, algorithms=["HS256"], options=ONLY_SIGNED)
    except jwt.InvalidTokenError as problem:
        raise _Unbelievable(type(problem).__name__) from None


def _check_life(exp: object, now: datetime) -> None:
    if isinstance(exp, bool) or not isinstance(exp, int | float):
        raise _Unbelievable("exp is no number")
    if exp < (now - LATE).timestamp():
        raise _Unbelievable("it has expired")
    if not exp <= (now + LONGEST_LIFE + LATE).timestamp():
        raise _Unbelievable(f"it holds for more than {LONGEST_LIFE.days} days")


def _known(claims: Mapping[str, Any]) -> Known:
    user_id = claims["sub"]
    if not isinstance(user_id, str) or not 0 < len(user_id) <= LONGEST_ID or not user_id.isprintable():
        raise _Unbelievable("sub is no id")
    tier = claims.get("tier")
    return Known(
        user_id,
        name=_text(claims.get("name"))[:LONGEST_NAME],
        phone=phones.read(_text(claims.get("phone"))) or "",
        tier=tier if tier in TIERS else "",
        openid=_text(claims.get(WECHAT))[:LONGEST_ID],
    )


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


# ---------------------------------------------------------------- one person


async def identify(services: Services, channel: str, sender: str, known: Known) -> None:
    """The sender's conversation, and what came of it, belongs to this user from now on.

    Raises:
        Conflict: the sender is another user already.
    """
    told = await _completed(services, known)
    for _ in range(RACES):
        try:
            return await _identify(services, channel, sender, told)
        except IntegrityError:  # another window made the same customer known just now
            continue
    raise Conflict("customer_twice")


async def _completed(services: Services, known: Known) -> Known:
    """What the token does not say the company's customer system may."""
    if known.name and known.phone and known.tier:
        return known
    try:
        found = (await services.shop.customers.by_id(known.user_id)).value
    except NotAnswering:
        return known
    return _filled(known, found) if found else known


def _filled(known: Known, found: ShopCustomer) -> Known:
    phone = known.phone or phones.read(found.phone) or ""
    return replace(known, name=known.name or clean(found.name), phone=phone, tier=known.tier or found.tier)


async def _identify(services: Services, channel: str, sender: str, known: Known) -> None:
    async with services.db.write() as uow:
        conversation = await conversation_of(uow, channel, sender)
        customer = await _customer(uow, conversation, known.user_id)
        _remember(uow, customer, known)
        if known.openid:
            await _join_openid(uow, known.openid, customer)
        await uow.commit()


async def _customer(uow: UnitOfWork, conversation: Conversation, user_id: str) -> Customer:
    """The user's customer; who spoke until now becomes one with them."""
    speaks = await customer_of(uow.session, conversation)
    if speaks.user_id == user_id:
        return speaks
    if speaks.user_id is not None:
        raise Conflict("conversation_of_another")
    theirs = await uow.session.scalar(select(Customer).where(Customer.user_id == user_id))
    if theirs is None:
        speaks.user_id = user_id
        audit.note(uow, audit.CUSTOMER, "customer_known", speaks.id)
        await uow.session.flush()
        return speaks
    await join(uow, speaks, theirs)
    return theirs


def _remember(uow: UnitOfWork, customer: Customer, known: Known) -> None:
    """The company's own words about its customer win; what changes is noted with its old value (F1)."""
    told = {"name": known.name, "phone": known.phone, "tier": known.tier}
    before = {name: getattr(customer, name) for name in told}
    changed = {name: old for name, old in before.items() if told[name] not in ("", old)}
    for name in changed:
        setattr(customer, name, told[name])
    if any(changed.get(name) for name in ("name", "phone")):
        audit.note(uow, audit.CUSTOMER, "customer_changed", customer.id, before=changed)


async def _join_openid(uow: UnitOfWork, openid: str, customer: Customer) -> None:
    """Who wrote to the Official Account under this openid is the same person, unless they are known as another."""
    query = (
        select(Customer)
        .join(Identity, Identity.customer_id == Customer.id)
        .where(Identity.channel == WECHAT, Identity.sender == openid)
    )
    found = await uow.session.scalar(query)
    if found is None or found.id == customer.id:
        return
    if found.user_id is None:
        await join(uow, found, customer)
    else:
        log.warning("identity_refused", why="the openid belongs to another user")


async def join(uow: UnitOfWork, one: Customer, other: Customer) -> None:
    """Two customers are one person: conversations, tickets, promises, drafts and whatever else names `one` follow to
    `other`. The empty row stays, for a turn under way may still hold its id."""
    await move_all(uow, one.id, other.id)
    fill(other, one)
    audit.note(uow, audit.CUSTOMER, "customers_joined", other.id, joined=one.id)
    await uow.session.flush()
    for row in list(uow.session):  # the tables were changed beneath them
        await uow.session.refresh(row)
    theirs = select(Conversation.id).where(Conversation.customer_id == other.id)
    for conversation_id in await uow.session.scalars(theirs):
        uow.announce("conversation", conversation_id=conversation_id)
