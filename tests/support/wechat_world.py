"""A service with an Official Account, listening on the loopback, and WeChat's stand-in that calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk.app import public_app
from helpdesk.bootstrap import Outside, prepare, running
from helpdesk.channels.wechat import WeChatSettings, intake
from helpdesk.model.delivery import Status
from helpdesk.model.say import Say
from helpdesk.outbox import Delivery, deliveries
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Identity, Message, Outbox
from helpdesk.testing import Process, eventually, free_port, wait_until_ok
from helpdesk.usecases.conversations import speak
from helpdesk.usecases.conversations.speak import say
from helpdesk.usecases.people.roster import ensure_staff
from tests.support import wechat_server as platform
from tests.support.fixtures import World, services_of, world_on
from tests.support.listener import listening_on
from tests.support.nursery import forked_service
from tests.support.wechat_server import Phone, WeChatServer

PATIENCE_S = 60.0
LOG_SHOWN = 20_000  # characters of what the service wrote, beside a test that fails


def account_settings(api_base: str, *, passive_wait: float | None = None, **changes: Any) -> WeChatSettings:
    """The account that the stand-in knows; it may wait longer than a company's may, for whom WeChat hangs up."""
    given = {
        "token": platform.TOKEN,
        "app_id": platform.APP_ID,
        "app_secret": platform.SECRET,
        "aes_key": platform.AES_KEY,
        "api_base": api_base,
        **changes,
    }
    made = WeChatSettings(_env_file=None, **given)
    return made if passive_wait is None else made.model_copy(update={"passive_wait": passive_wait})


def account_environment(api_base: str) -> dict[str, str]:
    """The same for a process of its own."""
    return {
        "WECHAT_TOKEN": platform.TOKEN,
        "WECHAT_APP_ID": platform.APP_ID,
        "WECHAT_APP_SECRET": platform.SECRET,
        "WECHAT_AES_KEY": platform.AES_KEY,
        "WECHAT_API_BASE": api_base,
    }


@dataclass
class WeChatWorld:
    """The world of the other channels, and WeChat beside it."""

    world: World
    wechat: WeChatServer

    def phone(self, open_id: str = "o_li") -> Phone:
        """What a customer sees."""
        return self.wechat.phones[open_id]

    async def appears(self, text: str, open_id: str = "o_li", seconds: float = 20.0) -> None:
        """Wait until a phone shows a text."""

        async def shown() -> bool:
            return any(text in one for one in self.phone(open_id).texts)

        try:
            await eventually(shown, f"{text!r} is on the phone of {open_id}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows {self.phone(open_id).texts}") from error

    async def is_settled(self, seconds: float = 20.0) -> list[Outbox]:
        """Wait until every message has found its way or waits for its customer; all rows."""

        async def settled() -> bool:
            rows = await self.world.rows(Outbox)
            return bool(rows) and all(
                row.waits or row.status in ("delivered", "failed", "unknown") or row.via == "passive" for row in rows
            )

        await eventually(settled, "the outbox is settled", seconds)
        rows: list[Outbox] = sorted(await self.world.rows(Outbox), key=lambda row: row.id)
        return rows

    async def messages_of(self, open_id: str, *authors: str) -> list[Message]:
        """What these authors wrote in a customer's conversation, in order."""
        (identity,) = await self.world.rows(Identity, sender=open_id)
        (conversation,) = await self.world.rows(Conversation, identity_id=identity.id)
        messages = await self.world.rows(Message, conversation_id=conversation.id)
        return sorted((one for one in messages if one.author in authors), key=lambda one: one.seq)

    async def service_says(self, open_id: str, text: str) -> None:
        """The service says something unasked."""
        first, *_ = await self.messages_of(open_id, "customer")
        async with self.world.services.db.write() as uow:
            conversation = await lock_conversation(uow.session, first.conversation_id)
            await say(uow, conversation, [Say(text)], answers=None, in_reply_to=[])
            await uow.commit()

    async def way_of(self, open_id: str) -> tuple[str, str | None]:
        """How far the last message to a customer has come, once it was tried; and the trouble with it."""

        async def tried() -> Delivery | None:
            last = (await self.messages_of(open_id, "bot", "system"))[-1]
            async with self.world.services.db.read() as uow:
                found = (await deliveries(uow, [last]))[last.id]
            is_kept = found.status == Status.QUEUED and found.error and not found.error.startswith("-1")
            return found if is_kept or found.status not in (Status.QUEUED, Status.SENT) else None

        found = await eventually(tried, f"the last message to {open_id} was tried")
        return str(found.status), found.trouble


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[str]:
    """A service on this world's database behind a real listener; the callback's address."""
    world.services = services_of(world.settings, outside=Outside(wechat=world.wechat))
    await ensure_staff(world.services)
    await prepare(world.services)
    port = free_port()
    async with running(world.services), listening_on(public_app(world.services), port):
        yield f"http://127.0.0.1:{port}/wechat"


@asynccontextmanager
async def wechat_world(url: str, mode: str = "plain", account: dict[str, Any] | None = None, **changes: Any) -> Any:
    """Worker, service and stand-in, all running."""
    async with AsyncExitStack() as stack:
        server = WeChatServer(free_port(), mode=mode)
        world = world_on(url, worker_parallel=200, **changes)
        world.wechat = account_settings(server.url, **(account or {}))
        await stack.enter_async_context(server.running())
        await stack.enter_async_context(world.worker.running())
        server.callback = await stack.enter_async_context(listening(world))
        yield WeChatWorld(world, server)


@asynccontextmanager
async def patient_world(url: str, mode: str = "plain", account: dict[str, Any] | None = None) -> Any:
    """The same with a minute where WeChat gives five seconds, for what is not about time: an answer goes back with the
    request that asked for it, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        for room in (speak, intake):
            patch.setattr(room, "OPEN_REQUEST", timedelta(seconds=PATIENCE_S))
        given = {**(account or {}), "passive_wait": PATIENCE_S, "repeat_window": PATIENCE_S}
        async with wechat_world(url, mode, given, turn_limit=PATIENCE_S) as made:
            made.wechat.patience_s = 2 * PATIENCE_S
            yield made


@dataclass
class WeChatProcess(WeChatWorld):
    """The same with the service as a process of its own, which can be killed and started again."""

    process: Process

    async def start(self) -> None:
        """Start the service and wait until it answers messages."""
        self.process.start()
        await self.is_ready()

    async def is_ready(self) -> None:
        """Wait until the service answers messages."""
        await wait_until_ok(f"http://127.0.0.1:{self.world.settings.port}/readyz", self.process)


@asynccontextmanager
async def wechat_process(url: str, folder: Path, **changes: Any) -> AsyncIterator[WeChatProcess]:
    """Worker and stand-in, running, and a service that is not started yet."""
    server, world = WeChatServer(free_port()), world_on(url, worker_parallel=50, **changes)
    process = forked_service(world.settings, folder, **account_environment(server.url))
    server.callback = f"http://127.0.0.1:{world.settings.port}/wechat"
    world.services = services_of(world.settings)
    async with server.running(), world.worker.running():
        try:
            yield WeChatProcess(world, server, process)
        except BaseException:
            print(process.log.read_text(encoding="utf-8")[-LOG_SHOWN:])
            raise
        finally:
            process.kill()
            await world.services.db.close()
