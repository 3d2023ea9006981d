"""`python -m helpdesk doctor`: what is missing before going live, by name, and what is worth a thought."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from helpdesk.channels.wechat import WeChatSettings
from helpdesk.couriers import ImapSettings, MailSettings, SmsSettings
from helpdesk.disk import free_megabytes
from helpdesk.services import Services
from helpdesk.settings import REQUIRED_SECRETS, Settings, SettingsMissing
from helpdesk.store.away import AWAY, in_one_line
from helpdesk.store.migrate import is_current
from helpdesk.store.tables import Staff
from helpdesk.usecases.settings import adopt as settings_in_use
from helpdesk.webhooks import problem_of

SHORTEST_SECRET = 24  # characters


class NotHealthy(Exception):
    """The doctor found something that is missing."""


@dataclass(frozen=True)
class Finding:
    """`is_missing`: going live has to wait for it."""

    text: str
    is_missing: bool = True


async def examine(services: Services) -> list[Finding]:
    """Everything that was found, the missing first."""
    found = [
        *_settings(services.settings),
        *_outside(),
        *_receivers(services),
        *await _wordings(services),
        *await _database(services),
        *await _workers(services),
        *await _redis(services),
    ]
    return sorted(found, key=lambda one: not one.is_missing)


def _settings(settings: Settings) -> Iterator[Finding]:
    yield from _secrets(settings)
    if not settings.trusted_proxies:
        yield Finding("HELPDESK_TRUSTED_PROXIES is not set: behind a proxy all customers look like one address")
    if settings.clock_shift:
        yield Finding("HELPDESK_CLOCK_SHIFT is not 0: the service lives in another hour")
    if settings.is_sqlite:
        yield Finding("DATABASE_URL is SQLite: one process, one machine", is_missing=False)
    if not settings.widget_origins:
        yield Finding("HELPDESK_WIDGET_ORIGINS is empty: only our own pages may embed the chat", is_missing=False)
    if not settings.shop_address:
        yield Finding("HELPDESK_SHOP_ADDRESS is empty: no order system is asked", is_missing=False)
    free = free_megabytes(settings)
    if free < settings.disk_floor:
        yield Finding(f"{free} MB are free on the disk, less than HELPDESK_DISK_FLOOR ({settings.disk_floor})")


def _outside() -> Iterator[Finding]:
    """What reaches customers who are not in the chat; what is half set up keeps the service from starting."""
    for setting, kind, off in (
        ("WECHAT_TOKEN", WeChatSettings, "no Official Account"),
        ("SMS_URL", SmsSettings, "no short messages, and no number can be shown to be a customer's own"),
        ("SMTP_HOST", MailSettings, "no letters by mail"),
        ("IMAP_HOST", ImapSettings, "nobody looks for answers to letters"),
    ):
        try:
            is_on = getattr(kind(), setting.partition("_")[2].lower())
        except SettingsMissing as problem:
            yield Finding(str(problem))
            continue
        if not is_on:
            yield Finding(f"{setting} is empty: {off}", is_missing=False)


def _receivers(services: Services) -> Iterator[Finding]:
    for name, receiver in services.company.webhooks.items():
        if problem := problem_of(receiver.url, services.settings):
            yield Finding(f"company/webhooks.yml: {name}: {problem}")


async def _wordings(services: Services) -> list[Finding]:
    """Words that a company lacks since an upgrade, in its files or in what was edited at the desk."""
    with suppress(*AWAY):
        await settings_in_use.catch_up(services)
    lent = ", ".join(sorted(services.wording.lent))
    text = f"company/messages, company/letters: the product's own words stand in for what yours lack: {lent}"
    return [Finding(text, is_missing=False)] if lent else []


def _secrets(settings: Settings) -> Iterator[Finding]:
    if settings.demo:
        yield Finding("HELPDESK_DEMO is on: accounts and secrets are those of a demo")
    for name in (*REQUIRED_SECRETS, "rest_token"):
        secret = getattr(settings, name).get_secret_value()
        if secret and len(secret) < SHORTEST_SECRET:
            yield Finding(f"HELPDESK_{name.upper()} has fewer than {SHORTEST_SECRET} characters")


async def _database(services: Services) -> list[Finding]:
    try:
        if not await is_current(services.db):
            return [Finding("the database is not up to date: run `python -m helpdesk migrate`")]
        async with services.db.read() as uow:
            query = select(func.count()).where(Staff.password_hash.is_not(None))
            return [] if await uow.session.scalar(query) else [Finding("nobody has a password: nobody can sign in")]
    except AWAY as error:
        if services.db.is_sqlite and not Path(str(services.db.url.database)).exists():
            return [Finding("there is no database yet: run `python -m helpdesk migrate`")]
        return [Finding(f"the database does not answer: {in_one_line(error)}")]


async def _redis(services: Services) -> list[Finding]:
    answers = await services.limiter.is_shared()
    return [Finding("the Redis of HELPDESK_REDIS_URL does not answer")] if answers is False else []


async def _workers(services: Services) -> list[Finding]:
    health = await services.workers.health()
    return [Finding(f"the worker at {url} does not answer") for url, is_up in health.items() if not is_up]
