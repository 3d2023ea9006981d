"""A crowd of customers, each with a complaint, while service and worker are killed again and again.

A customer's program repeats a message until it is answered and fetches what it was told by id. It answers
whatever field is asked for, confirms, and then keeps talking until the killing is over.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.settings import Settings
from helpdesk.store.database import Database
from helpdesk.store.tables import Effect, Letter, Message, Ticket
from helpdesk.testing import SHIFT, Process, RestClient, eventually, wait_until_ok
from tests.support.nursery import forked_service, forked_worker

PATIENCE = 600.0  # seconds for one message, restarts of everything included, on a machine that has other work
MOST_MESSAGES = 30  # a complaint that is not registered by then never will be
CHATTER = "你能做什么"
IN_QUEUE, LEAVES_QUEUE = "handoff", "取消排队，接着登记"
THINKING = 12.0  # seconds between two idle remarks: the crowd must leave the processors to those who restart
PROGRESS = 25  # answers between two kills
COMPLAINT = "我要投诉，你们昨天无故取消了我的订单2026110812345，我叫李雷，电话{phone}，希望恢复订单"
ANSWERS = {
    "confirm": "确认提交",
    "evidence": "没有",
    "outcome": "恢复订单并道歉",
    "category": "商家取消订单",
    "order": "2026110812345",
    "occurred": "昨天",
    "name": "李雷",
    "description": "你们无故取消了我的订单",
}


@dataclass
class Customer:
    """One of the crowd; `sent` are the ids of messages, `number` the complaint's."""

    client: RestClient
    phone: str
    thinking: float = THINKING
    sent: list[str] = field(default_factory=list)
    number: str | None = None

    async def live(self, killing: asyncio.Task[None], answered: Callable[[], None]) -> None:
        """Complain, confirm, and talk on until the killing is over."""
        text = COMPLAINT.format(phone=self.phone)
        for _ in range(MOST_MESSAGES):
            said = await self._say(text, answered)
            self.number = self.number or _ticket_in(said)
            if self.number:
                break
            text = self._reply_to(said, text)
        assert self.number, f"{self.client.sender}: no ticket after {MOST_MESSAGES} messages: {said}"
        while not killing.done():
            await asyncio.wait([killing], timeout=self.thinking)
            await self._say(CHATTER, answered)

    async def _say(self, text: str, answered: Callable[[], None]) -> list[dict[str, Any]]:
        said = await self.client.say(text, PATIENCE)
        self.sent.append(f"{self.client.sender}-{len(self.sent) + 1}")
        assert said, f"{self.sent[-1]} was answered with nothing"
        answered()
        return said

    def _reply_to(self, said: list[dict[str, Any]], before: str) -> str:
        """What the form asks for; after an apology, the same again; who was put into the queue goes on without it."""
        if any(one.get("custom", {}).get("kind") == IN_QUEUE for one in said):
            return LEAVES_QUEUE
        asked = [one["custom"] for one in said if one.get("custom", {}).get("kind") == "form"]
        if not asked:
            return before
        wanted = "confirm" if asked[-1]["state"] == "confirm" else asked[-1]["field"]
        return ANSWERS.get(wanted, self.phone)


def _ticket_in(said: list[dict[str, Any]]) -> str | None:
    """The complaint's number, once the bot has told it."""
    for one in said:
        custom = one.get("custom") or {}
        if custom.get("kind") == "ticket_opened":
            return str(custom["number"])
    return None


@dataclass
class Town:
    """A service, a worker, and the crowd."""

    settings: Settings
    service: Process
    worker: Process
    customers: list[Customer]
    answers: int = 0

    def answered(self) -> None:
        """One more message got its answer."""
        self.answers += 1

    async def start(self) -> None:
        """Start both and wait until a message can be answered."""
        self.worker.start()
        self.service.start()
        await asyncio.gather(self._service_is_up(), self._worker_is_up())

    async def _service_is_up(self) -> None:
        await wait_until_ok(f"http://127.0.0.1:{self.settings.port}/healthz", self.service)

    async def _worker_is_up(self) -> None:
        await wait_until_ok(f"{self.settings.workers[0]}/health", self.worker)

    async def kill_both(self, times: int) -> None:
        """Kill each `times` times with kill -9, in the midst of traffic, and start it again.

        One right after the other, first the one and next time the other: who is killed second is then busy with
        the loss of the first, and both come back at the same time.
        """
        for number in range(times):
            await self._progress()
            first, second = (self.service, self.worker) if number % 2 else (self.worker, self.service)
            for process in (first, second):
                process.kill()
                process.start()
            await asyncio.gather(self._service_is_up(), self._worker_is_up())

    async def _progress(self) -> None:
        goal = self.answers + PROGRESS

        async def has_progressed() -> bool:
            return self.answers >= goal

        await eventually(has_progressed, f"{PROGRESS} more answers before the next kill", PATIENCE)

    async def live(self, kills: int) -> None:
        """Everybody complains at the same time while both processes are killed so often."""
        killing = asyncio.create_task(self.kill_both(kills))
        try:
            await asyncio.gather(*(one.live(killing, self.answered) for one in self.customers), killing)
        finally:
            killing.cancel()
            await asyncio.gather(*(one.client.close() for one in self.customers))

    def stop(self) -> None:
        """End both processes."""
        for process in (self.service, self.worker):
            process.stop()


def town(settings: Settings, folder: Path, size: int, model: str) -> Town:
    """A town of so many customers, not started yet."""
    base, token = f"http://127.0.0.1:{settings.port}", settings.rest_token.get_secret_value()
    port = int(settings.workers[0].rpartition(":")[2])
    return Town(
        settings,
        forked_service(settings, folder),
        forked_worker(settings, folder, port, model),
        [Customer(RestClient(base, token, f"customer-{n}"), f"138{n:08}") for n in range(size)],
    )


async def check(town: Town) -> None:
    """What must be true afterwards, by the customers' programs and by the database.

    Raises:
        AssertionError: a message without exactly one answer, a complaint without exactly one ticket.
    """
    await check_ledger(town.settings.database_url, town.customers)


async def check_ledger(database_url: str, customers: list[Customer]) -> None:
    """The same of any crowd's customers.

    Raises:
        AssertionError.
    """
    for one in customers:
        await _check_customer(one)
    database = Database(database_url, Bus(), ShiftedClock(SHIFT))
    try:
        await _check_messages(database, [message_id for one in customers for message_id in one.sent])
        await _check_tickets(database, customers)
        await _check_effects(database)
    finally:
        await database.close()


async def _check_customer(one: Customer) -> None:
    """Told things have different ids, and each message was replied to."""
    ids = [told["id"] for told in one.client.seen]
    assert len(ids) == len(set(ids))
    replied = {message_id for told in one.client.seen for message_id in told["in_reply_to"]}
    assert set(one.sent) == replied


async def _check_messages(database: Database, sent: list[str]) -> None:
    """Each message was stored once, and all that answers it was written by one turn, at one moment."""
    async with database.read() as uow:
        messages = (await uow.session.scalars(select(Message))).all()
    customers = [one for one in messages if one.author == "customer"]
    assert sorted(one.external_id or "" for one in customers) == sorted(sent)
    assert all(one.processed_at for one in customers)
    moments = {(one.answers, one.at) for one in messages if one.author != "customer" and one.answers}
    turns = Counter(answered for answered, _ in moments)
    assert {answered for answered, count in turns.items() if count > 1} == set()
    assert set(turns) == {one.answers or one.id for one in customers}


async def _check_tickets(database: Database, customers: list[Customer]) -> None:
    """One complaint each, under the number its customer was told."""
    async with database.read() as uow:
        every = (await uow.session.scalars(select(Ticket))).all()
    tickets = [one for one in every if one.kind == "complaint"]
    kept = [(one.number, one.kind, one.fields.get("phone"), one.fields.get("description")) for one in every]
    told = sorted(one.number or "" for one in customers)
    assert sorted(one.number for one in tickets) == told, f"told {told}, kept {kept}"
    by_phone = {one.fields["phone"]: one.number for one in tickets}
    assert by_phone == {one.phone: one.number for one in customers}


async def _check_effects(database: Database) -> None:
    """Nothing is staged and forgotten, and each letter was written and sent once."""
    async with database.read() as uow:
        effects = (await uow.session.scalars(select(Effect))).all()
        letters = (await uow.session.scalars(select(Letter))).all()
    assert not [one.key for one in effects if one.status == "staged"]
    written = Counter((one.number, one.kind, one.round) for one in letters)
    assert not [which for which, count in written.items() if count > 1]
    sent = Counter(one.message_id for one in letters if one.message_id)
    assert not [message for message, count in sent.items() if count > 1]
