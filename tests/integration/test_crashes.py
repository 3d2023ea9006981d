"""Every crash point of a turn: whatever was being written, one answer and one ticket come of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from helpdesk.bus import Bus
from helpdesk.clock import Clock
from helpdesk.errors import TurnLost
from helpdesk.model.conversation import State, TurnRef
from helpdesk.model.say import Say
from helpdesk.store.database import Database, UnitOfWork
from helpdesk.store.tables import Effect, Letter, Message, Ticket
from helpdesk.testing import Databases
from helpdesk.usecases.conversations.locks import Claim
from helpdesk.usecases.conversations.standing import Standing
from helpdesk.usecases.turns.finish import finish
from tests.integration.steps import LOOKERS, open_ticket
from tests.support.fixtures import World, post, told_to, world_on
from tests.support.scripted_worker import answer, heard

Json = dict[str, Any]
POINTS = range(1, 6)
"""Commits of a turn: the message with its claim, the staged effect, the end; and some that may not come."""
BY_TIME = LOOKERS | {"_renew"}


class Crash(BaseException):
    """The process ends here."""


class MortalUnit(UnitOfWork):
    """A unit of work of a process that dies at its database's appointed commit."""

    database: MortalDatabase

    async def commit(self) -> None:
        self.database.commits += not _comes_by_time()
        is_due = self.database.commits >= self.database.dies_at
        if is_due and (self.database.before or self.database.is_dead):
            self.database.is_dead = True
            raise Crash
        await super().commit()
        if is_due:
            self.database.is_dead = True
            raise Crash


def _comes_by_time() -> bool:
    """Whether a timer commits, or a claim is renewed: on a busy machine that may come between any two of a turn."""
    task = asyncio.current_task()
    return task is not None and getattr(task.get_coro(), "__qualname__", "") in BY_TIME


class MortalDatabase(Database):
    """Dies at its n-th commit, before or after it is made; a dead process writes nothing more."""

    def __init__(self, url: str, bus: Bus, clock: Clock, dies_at: int, before: bool) -> None:
        super().__init__(url, bus, clock)
        self.dies_at, self.before = dies_at, before
        self.commits, self.is_dead = 0, False

    @asynccontextmanager
    async def _unit(self, engine: Any, now: datetime) -> AsyncIterator[UnitOfWork]:
        async with super()._unit(engine, now) as uow:
            unit = MortalUnit(uow.session, self._bus, now)
            unit.database = self
            yield unit


@pytest.fixture
async def fragile(databases: Databases) -> AsyncIterator[World]:
    """Claims lapse after a second, so that another process need not wait long; POSTs neither."""
    made = world_on(databases.fresh(), claim_seconds=1.0, recover_every=0.2, rest_wait=1.0)
    made.worker.script = lambda body: open_ticket(made, body)
    async with made.worker.running():
        yield made


async def live_until_death(world: World, dies_at: int, before: bool) -> None:
    """A service whose process dies while it deals with one confirmed complaint."""
    async with world.service() as client:
        mortal = MortalDatabase(world.settings.database_url, world.services.bus, world.services.clock, dies_at, before)
        world.services.db = mortal
        try:
            await post(client, "您好，确认", message_id="m1")
        except (Crash, BaseExceptionGroup):
            assert mortal.is_dead


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("dies_at", POINTS)
async def test_a_death_at_any_commit_leaves_one_answer_and_one_ticket(
    dies_at: int, before: bool, fragile: World
) -> None:
    await live_until_death(fragile, dies_at, before)
    async with fragile.service() as client:
        while (response := await post(client, "您好，确认", message_id="m1")).status_code == 202:
            pass
        (ticket,) = await fragile.rows(Ticket)
        welcome, told, letter = await told_to(client)
        assert [one["text"] for one in response.json()] == [welcome["text"], told["text"], letter["text"]]
        assert [one.message_id for one in await fragile.rows(Letter)] == [letter["id"]]
        assert (told["custom"]["number"], told["in_reply_to"]) == (ticket.number, ["m1"])
        (said,) = await fragile.rows(Message, author="customer")
        assert said.processed_at is not None
        assert (await fragile.conversation()).turn_until is None


async def test_an_unanswered_message_is_taken_up_at_the_next_start(fragile: World) -> None:
    """Stored, acknowledged, and then the process was gone: nobody repeats the message."""
    await live_until_death(fragile, dies_at=2, before=True)
    async with fragile.service() as client:
        while not (told := await told_to(client)):
            await asyncio.sleep(0.05)
        assert [one["in_reply_to"] for one in told] == [["m1"]] * 3


async def test_a_worker_that_dies_in_mid_turn_is_asked_again_when_it_is_back(fragile: World) -> None:
    tries: list[str] = []

    async def die_once(body: Json) -> Json:
        tries.append(body["message_id"])
        given = await open_ticket(fragile, body)
        if len(tries) == 1:
            await asyncio.sleep(30)  # the worker is stopped meanwhile
        return given

    fragile.worker.script = die_once
    async with fragile.service() as client:
        asked = asyncio.create_task(post(client, "您好，确认", message_id="m1"))
        while not await fragile.rows(Message) or not tries:
            await asyncio.sleep(0.02)
        await fragile.worker.stop()
        await asked
        await fragile.worker.start()
        while (response := await post(client, "您好，确认", message_id="m1")).status_code == 202:
            pass
        (ticket,) = await fragile.rows(Ticket)
        assert response.json()[-1]["custom"]["number"] == ticket.number
    assert tries[0] == tries[1]


async def test_what_an_abandoned_try_staged_is_dropped_when_the_answer_knows_nothing_of_it(fragile: World) -> None:
    """The first process staged a ticket and died; the second one's answer was another."""

    async def only_talk(body: Json) -> Json:
        return answer(body, "请问您要投诉什么", intent="greet")

    await live_until_death(fragile, dies_at=3, before=True)
    fragile.worker.script = only_talk
    async with fragile.service() as client:
        (staged,) = await fragile.rows(Effect)
        assert staged.status == "staged"
        while (response := await post(client, "您好，确认", message_id="m1")).status_code == 202:
            pass
        assert [one["text"] for one in response.json()] == ["请问您要投诉什么"]
        assert await fragile.rows(Ticket) == await fragile.rows(Effect) == []


async def test_two_processes_never_answer_the_same_conversation_at_once(
    postgres: Databases,
) -> None:
    """Forty messages of four customers through two services: each answered once, one turn at a time."""
    one = world_on(postgres.fresh(), recover_every=0.1)
    two = world_on("", recover_every=0.1)
    two.settings = one.settings
    under_way: set[str] = set()
    answered: list[str] = []

    async def script(body: Json) -> Json:
        assert body["conversation"] not in under_way
        under_way.add(body["conversation"])
        await asyncio.sleep(0.01)
        under_way.discard(body["conversation"])
        answered.extend(heard(body).split("\n"))
        return answer(body, "好的", intent="greet")

    one.worker.script = script
    async with one.worker.running(), one.service() as first, two.service() as second:
        sent = [
            post(client, f"s{n % 4}-{n}", sender=f"s{n % 4}", message_id=f"{n}")
            for n in range(40)
            for client in (first, second)
        ]
        responses = await asyncio.gather(*sent)
        assert {one.status_code for one in responses} == {200}
        assert all(one.json() for one in responses)
        assert sorted(answered) == sorted(f"s{n % 4}-{n}" for n in range(40))
        told = [element for n in range(4) for element in await told_to(first, f"s{n}")]
        replied = [message_id for element in told for message_id in element["in_reply_to"]]
        assert sorted(replied, key=int) == [f"{n}" for n in range(40)]


async def test_a_lapsed_claim_writes_nothing(fragile: World) -> None:
    """A process that slept through its claim finds that another has answered."""
    async with fragile.service() as client:
        await post(client, "您好", message_id="m1")
        (said,) = await fragile.rows(Message, author="customer")
        lapsed = (await fragile.conversation()).turn_no - 1
        held = Claim(said.conversation_id, lapsed, State.BOT, (said,), None, "", "rest", 1, False, False, Standing())

        async def write(*_: Any) -> list[Say]:
            return [Say("太晚了")]

        with pytest.raises(TurnLost):
            await finish(fragile.services, held, write)
        assert "太晚了" not in [one.text for one in await fragile.told()]


def test_a_turn_is_named_by_message_and_number() -> None:
    ref = TurnRef("c", "m", 7)
    assert TurnRef.parse("c", str(ref)) == ref
