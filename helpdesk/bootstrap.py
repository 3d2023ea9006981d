"""Everything is wired here, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

import structlog
from sqlalchemy.exc import IntegrityError

from helpdesk.background import in_background
from helpdesk.bus import Bus
from helpdesk.calendar import ServiceCalendar
from helpdesk.channels.wechat import CHANNEL, Account, WeChatCourier, WeChatSettings
from helpdesk.channels.wechat.kept import keeping
from helpdesk.channels.wechat.nonces import tidy_nonces
from helpdesk.clock import Clock, ShiftedClock, SystemClock
from helpdesk.company import Company, load_company
from helpdesk.connectors import open_shop
from helpdesk.couriers import ImapSettings, Mailbox, MailCourier, MailSettings, Rounds, SmsCourier, SmsSettings
from helpdesk.door.limits import Limiter
from helpdesk.knowledge import Knowledge, load_knowledge
from helpdesk.model.notice import Way
from helpdesk.outbox import Postman
from helpdesk.relay import Relay, wire_of
from helpdesk.services import Services, StillLoading
from helpdesk.settings import Settings
from helpdesk.store.database import Database
from helpdesk.store.migrate import is_current
from helpdesk.usecases import timers
from helpdesk.usecases.events.recording import record
from helpdesk.usecases.knowledge import watch as knowledge_watch
from helpdesk.usecases.knowledge.versions import read_published
from helpdesk.usecases.people import news, presence
from helpdesk.usecases.people.lookup import is_anybody_here
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.people.seats import leave_all
from helpdesk.usecases.privacy.deletions import apply_deletions
from helpdesk.usecases.queue.assigning import assign_by_itself
from helpdesk.usecases.settings import adopt as settings_in_use
from helpdesk.usecases.turns.recover import Dispatcher, clear_claims
from helpdesk.webhooks import Bell, Pump
from helpdesk.wording import Wording, load_wording
from helpdesk.worker_client import WorkerPool

log = structlog.get_logger(__name__)

TIMER_SECONDS = 5.0
JOBS: dict[str, timers.Job] = {**timers.JOBS, "nonces": tidy_nonces}
"""What time does by itself: in the business, and for a channel."""


class OldTables(Exception):
    """The database was not migrated to this version."""


class NobodyThere(Exception):
    """Every matter needs an owner from the first message on, and there is no account yet."""


@dataclass(frozen=True)
class CompanyFiles:
    """What a company folder says, the knowledge aside; nothing of it ever changes while it is used."""

    company: Company
    wording: Wording


@dataclass(frozen=True)
class Outside:
    """Settings of what reaches customers outside our own pages; None: it is off."""

    wechat: WeChatSettings | None = None
    sms: SmsSettings | None = None
    mail: MailSettings | None = None
    mailbox: ImapSettings | None = None

    @classmethod
    def from_environment(cls) -> Outside:
        """As the environment says; a half-set one is told by a `SettingsMissing`."""
        return cls(WeChatSettings(), SmsSettings(), MailSettings(), ImapSettings())


def read_files(folder: Path) -> CompanyFiles:
    """Read and check a company folder; a file that cannot be used is a `CompanyFileError`."""
    company = load_company(folder)
    return CompanyFiles(company, load_wording(company))


def build_services(
    settings: Settings,
    clock: Clock | None = None,
    *,
    files: CompanyFiles | None = None,
    open_database: Callable[[str, Bus, Clock], Database] = Database,
    knowledge: Knowledge | StillLoading | None = None,
    outside: Outside | None = None,
) -> Services:
    """All parts, from settings alone; nothing is connected or started yet.

    Files and knowledge are read here unless they are given; who gives `StillLoading` calls `load` later.
    """
    bus = Bus()
    files = files or read_files(settings.company_dir)
    clock = clock or clock_of(settings)
    services = Services(
        settings=settings,
        clock=clock,
        db=open_database(settings.database_url, bus, clock),
        company=files.company,
        calendar=ServiceCalendar.of(files.company, always_open=settings.always_open),
        knowledge=cast(Knowledge, knowledge or load_knowledge(settings.company_dir, settings.var_dir, clock=clock)),
        wording=files.wording,
        workers=WorkerPool(settings),
        bus=bus,
        limiter=Limiter(clock, settings.address_room, settings.redis_url.get_secret_value()),
        shop=open_shop(settings, files.company, clock),
    )
    services.db.witness = partial(record, services)
    services.wording.tell_lent()
    _open_ways(services, outside or Outside())
    return services


def _open_ways(services: Services, outside: Outside) -> None:
    """What has to be called, as far as it is set up."""
    if outside.wechat is not None and outside.wechat.is_on:
        account = Account(services, outside.wechat)
        services.carriers[CHANNEL] = account
        services.couriers[Way.WECHAT] = WeChatCourier(services, account)
    if outside.sms is not None and outside.sms.url:
        services.couriers[Way.SMS] = services.code_sender = SmsCourier(services, outside.sms)
    if outside.mail is not None and outside.mail.host:
        services.couriers[Way.EMAIL] = MailCourier(services, outside.mail)
    if outside.mailbox is not None and outside.mailbox.host:
        services.mailbox = Mailbox(services, outside.mailbox)


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or one that is ahead of it as the settings say."""
    if not settings.clock_shift:
        return SystemClock()
    log.warning("clock_is_shifted", by_seconds=settings.clock_shift)
    return ShiftedClock(timedelta(seconds=settings.clock_shift))


async def prepare(services: Services) -> None:
    """What has to be true of the database before the first message.

    Raises:
        OldTables: `python -m helpdesk migrate` has to be run first. NobodyThere: `python -m helpdesk staff add`.
    """
    if not await is_current(services.db):
        raise OldTables("the database is not up to date: run `python -m helpdesk migrate`")
    if services.db.is_sqlite:
        await clear_claims(services)
        await leave_all(services)
    if services.settings.demo:
        await _know_the_roster(services)
    elif not await is_anybody_here(services):
        raise NobodyThere("nobody is there to own a matter: make the first account by `python -m helpdesk staff add`")
    await apply_deletions(services)
    await presence.await_return(services)


async def load(services: Services) -> None:
    """Read the knowledge in a thread, so that the listeners answer from the first second on."""
    settings = services.settings
    await settings_in_use.catch_up(services)
    async with services.db.read() as uow:
        published = await read_published(uow.session)
    services.knowledge = await asyncio.to_thread(
        load_knowledge,
        settings.company_dir,
        settings.var_dir,
        published.articles,
        published.revision,
        clock=services.clock,
    )
    services.knowledge.go_by(services.company)
    knowledge_watch.tell_left_out(services.knowledge.current)


@asynccontextmanager
async def running(services: Services) -> AsyncIterator[None]:
    """Answer messages and keep time for as long as the block lasts, then end what is under way."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.db.close)
        stack.push_async_callback(services.workers.close)
        stack.push_async_callback(services.limiter.close)
        stack.push_async_callback(services.shop.close)
        stack.callback(services.studio.close)
        for carrier in services.carriers.values():
            stack.push_async_callback(carrier.close)
            await stack.enter_async_context(Postman(services, carrier).running())
        if wire := wire_of(services.settings):
            await stack.enter_async_context(Relay(services.bus, wire, services.notices).running())
        for courier in services.couriers.values():
            stack.push_async_callback(courier.close)
        if services.couriers:
            await stack.enter_async_context(Rounds(services).running())
        bell = Bell(services)
        stack.push_async_callback(bell.close)
        await stack.enter_async_context(Pump(services, bell).running())
        await stack.enter_async_context(keeping(services))
        if services.mailbox is not None:
            await stack.enter_async_context(services.mailbox.watched())
        await stack.enter_async_context(Dispatcher(services).running())
        await stack.enter_async_context(knowledge_watch.watching(services))
        await stack.enter_async_context(news.watching(services))
        await stack.enter_async_context(settings_in_use.watching(services))
        await stack.enter_async_context(in_background(assign_by_itself(services), _tick(services)))
        yield


@asynccontextmanager
async def services_of_a_command(settings: Settings) -> AsyncIterator[Services]:
    """For a command that serves nobody: without articles, and closed behind it."""
    services = build_services(settings, knowledge=StillLoading())
    try:
        yield services
    finally:
        await close(services)


async def close(services: Services) -> None:
    """Give back what services hold before they are served by anybody."""
    await services.limiter.close()
    await services.workers.close()
    await services.db.close()


async def _know_the_roster(services: Services) -> None:
    """In demo mode the roster's people are there from the start; another process may be writing the same rows now."""
    for is_last in (False, True):
        try:
            await ensure_staff(services)
            return
        except IntegrityError:
            if is_last:
                raise


async def _tick(services: Services) -> None:
    while True:
        try:
            await timers.tick(services, JOBS)
        except Exception:
            log.exception("timers_failed")
        await asyncio.sleep(TIMER_SECONDS)
