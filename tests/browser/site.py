"""A service with a scripted bot, in a thread of its own, so that the browser can be driven step by step."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import update

from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import Conversation, Handoff
from helpdesk.testing import Process, free_port, wait_until_ok
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.people.roster import ensure_demo_staff
from helpdesk.usecases.queue.queueing import Wish, join
from tests.browser.scripted_bot import ScriptedBot
from tests.integration.web.conftest import listening
from tests.support.fixtures import World, services_of, world_on
from tests.support.nursery import forked_service
from tests.support.scripted_worker import ScriptedWorker

PASSWORD = "三声-demo-2026"  # of throw-away databases
PATIENCE = 240.0


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Run a coroutine function in it and wait for it."""

        async def run() -> Any:
            return await work(*arguments)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(PATIENCE)

    def stop(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)


class Site:
    """Started and stopped from another thread; `restart` keeps the database and the address."""

    def __init__(self, database_url: str) -> None:
        self.world: World = world_on(database_url, demo=True)
        self.url = f"http://127.0.0.1:{self.world.settings.port}"
        self.services: Services | None = None
        self._thread = LoopThread()
        self._open = AsyncExitStack()
        self._service = AsyncExitStack()

    def start(self) -> None:
        """The scripted bot, the service, and accounts to sign in with."""
        self.do(self._begin)

    async def _begin(self) -> None:
        self.world.worker.script = ScriptedBot(lambda: self.live())
        await self._open.enter_async_context(self.world.worker.running())
        await self._serve()
        await ensure_demo_staff(self.live(), PASSWORD)

    async def _serve(self) -> None:
        self.services = await self._service.enter_async_context(listening(self.world))

    def live(self) -> Services:
        """The running service's parts; for its loop alone (`do`)."""
        assert self.services is not None
        return self.services

    def do(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Run a coroutine function in the service's loop and wait for it."""
        return self._thread.do(work, *arguments)

    def program(self, username: str = "supervisor") -> Callable[..., Any]:
        """A signed-in program's requests: `request(method, path, body)` gives the answer's JSON."""
        token = self._asked("POST", "/api/session", {"username": username, "password": PASSWORD})["token"]

        def request(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
            return self._asked(method, path, body, Authorization=f"Bearer {token}")

        return request

    def _asked(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """A connection a request: one that is kept and forgotten warns in whatever test collects garbage."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE, headers=headers) as client:
            response = client.request(method, path, json=body)
            assert response.is_success, response.text
            return response.json()

    def waiting(self, sender: str, words: str) -> str:
        """A customer of another channel, who wrote and waits for a person; the conversation's id."""
        made: str = self.do(self._waiting, sender, words)
        return made

    async def _waiting(self, sender: str, words: str) -> str:
        services = self.live()
        message = await receive(services, Incoming("rest", sender, words))
        async with services.db.write() as uow:
            conversation = await lock_conversation(uow.session, message.conversation_id)
            await join(services, uow, conversation, Wish("asked"))
            await uow.commit()
        return message.conversation_id

    def down(self) -> None:
        """The service ends."""
        self.do(self._service.aclose)

    def up(self) -> None:
        """It starts again, on the same database and port."""
        self._service = AsyncExitStack()
        self.do(self._serve)

    def clear(self) -> None:
        """Nobody waits and nobody is served: a test leaves nothing to the next."""
        self.do(self._clear)

    async def _clear(self) -> None:
        async with self.live().db.write() as uow:
            busy = Conversation.state.in_(("waiting", "staff"))
            await uow.session.execute(update(Conversation).where(busy).values(state="closed", staff_id=None))
            over = {"ended_at": self.live().clock.now(), "outcome": "closed"}
            await uow.session.execute(update(Handoff).where(Handoff.ended_at.is_(None)).values(over))
            await uow.commit()

    async def _settle(self) -> None:
        """Connections of pages that are gone still have their timers."""
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def stop(self) -> None:
        """End everything."""
        self.down()
        self.do(self._open.aclose)
        self.do(self._settle)
        self._thread.stop()


class Twins:
    """Two service processes `a` and `b` on one database; the scripted bot they ask stages its effects from here."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        with ThreadPoolExecutor(1) as other:  # this thread may run the browser driver's loop
            self._processes = [other.submit(_process, settings, folder).result() for _ in range(2)]
        self.a, self.b = (f"http://127.0.0.1:{one.env['HELPDESK_PORT']}" for one in self._processes)
        port = int(settings.workers[0].rpartition(":")[2])
        self._worker = ScriptedWorker("worker-token", port, ScriptedBot(lambda: self._services))
        self._services = services_of(settings)
        self._thread = LoopThread()

    def start(self) -> None:
        """Accounts to sign in with, the bot, and both processes."""
        self._thread.do(ensure_demo_staff, self._services, PASSWORD)
        self._thread.do(self._worker.start)
        for process in self._processes:
            process.start()
        for url, process in zip((self.a, self.b), self._processes, strict=True):
            self._thread.do(wait_until_ok, f"{url}/readyz", process)

    def kill_a(self) -> None:
        """kill -9."""
        self._processes[0].kill()

    def start_a(self) -> None:
        """At the same address."""
        self._processes[0].start()
        self._thread.do(wait_until_ok, f"{self.a}/readyz", self._processes[0])

    def stop(self) -> None:
        """End everything."""
        for process in self._processes:
            process.stop()
        self._thread.do(self._worker.stop)
        self._thread.do(self._services.workers.close)
        self._thread.do(self._services.db.close)
        self._thread.stop()


def _process(settings: Settings, folder: Path) -> Process:
    ports = {"port": free_port(), "internal_port": free_port()}
    return forked_service(settings.model_copy(update=ports), folder)
