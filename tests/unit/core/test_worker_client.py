"""What counts as a worker's failure, and who is asked next."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from helpdesk import worker_client
from helpdesk.breaker import FAILURES, LOOKED_AFTER, SLOW_SECONDS, Worker, slow_limit
from helpdesk.errors import WorkerFailed
from helpdesk.testing import eventually, free_port, settings_for
from helpdesk.worker_client import PROBE, WorkerPool
from tests.support.scripted_worker import Failed, ScriptedWorker, answer, echo

BODY: dict[str, Any] = {
    "conversation": "c",
    "message_id": "m:1",
    "state": None,
    "facts": {},
    "input": {"text": "在吗"},
}


@pytest.fixture
def two() -> list[ScriptedWorker]:
    return [ScriptedWorker("worker-token", free_port()) for _ in range(2)]


@pytest.fixture
async def pool(two: list[ScriptedWorker]) -> AsyncIterator[WorkerPool]:
    made = WorkerPool(
        settings_for("sqlite+aiosqlite://", workers=tuple(w.url for w in two), worker_wait=5, turn_limit=0.3)
    )
    yield made
    await made.close()


async def fail(_: dict[str, Any]) -> dict[str, Any]:
    raise Failed("action_failed")


async def sleep(_: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(30)
    return {}


async def mute(body: dict[str, Any]) -> dict[str, Any]:
    return {**answer(body, "x"), "replies": []}


async def odd(_: dict[str, Any]) -> dict[str, Any]:
    return {"replies": "x"}


def told_of(worker: ScriptedWorker) -> list[dict[str, Any]]:
    """What customers asked of it; probes are nobody's."""
    return [body for body in worker.asked if body["conversation"] != PROBE["conversation"]]


async def put_aside(pool: WorkerPool, worker: ScriptedWorker, *, wanted: bool = True) -> None:
    """Wait until it is, or is not any more."""

    async def done() -> bool:
        return (await pool.health())[worker.url] is not wanted

    await eventually(done, f"{worker.url} is {'put aside' if wanted else 'back'}")


async def test_workers_take_turns(two: list[ScriptedWorker], pool: WorkerPool) -> None:
    async with two[0].running(), two[1].running():
        for _ in range(4):
            await pool.turn(BODY)
    assert [len(one.asked) for one in two] == [2, 2]


@pytest.mark.parametrize("broken", [fail, sleep, mute, odd])
async def test_a_failed_turn_is_tried_on_the_other(broken: Any, two: list[ScriptedWorker], pool: WorkerPool) -> None:
    two[0].script = broken
    async with two[0].running(), two[1].running():
        answers = [await pool.turn(BODY) for _ in range(2)]
    assert [one.replies for one in answers] == [[{"text": "答：在吗"}]] * 2


@pytest.mark.parametrize("broken", [fail, sleep, mute, odd])
async def test_two_failures_are_a_failure(broken: Any, two: list[ScriptedWorker], pool: WorkerPool) -> None:
    two[0].script = two[1].script = broken
    async with two[0].running(), two[1].running():
        with pytest.raises(WorkerFailed):
            await pool.turn(BODY)
    assert sum(len(one.asked) for one in two) == 2


async def test_a_worker_that_is_starting_is_waited_for(two: list[ScriptedWorker], pool: WorkerPool) -> None:
    asked = asyncio.create_task(pool.turn(BODY))
    assert await pool.health() == {one.url: False for one in two}
    async with two[0].running():
        assert (await asked).replies == [{"text": "答：在吗"}]


async def test_waiting_has_an_end(two: list[ScriptedWorker]) -> None:
    pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(two[0].url,), worker_wait=0.2))
    with pytest.raises(WorkerFailed, match="no worker"):
        await pool.turn(BODY)
    await pool.close()


async def test_no_more_turns_at_once_than_agreed(two: list[ScriptedWorker]) -> None:
    pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(two[0].url,), worker_parallel=3))
    at_once: list[int] = []
    under_way = 0

    async def count(body: dict[str, Any]) -> dict[str, Any]:
        nonlocal under_way
        under_way += 1
        at_once.append(under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        return answer(body, "好")

    two[0].script = count
    async with two[0].running():
        await asyncio.gather(*(pool.turn(BODY) for _ in range(12)))
    await pool.close()
    assert max(at_once) == 3


async def test_health_is_told_by_address(two: list[ScriptedWorker], pool: WorkerPool) -> None:
    async with two[1].running():
        assert await pool.health() == {two[0].url: False, two[1].url: True}


class Hanging(ScriptedWorker):
    """A worker that may stop answering anything, as a stopped process does."""

    hangs = False

    async def _health(self, request: Any) -> Any:
        await self._hang()
        return await super()._health(request)

    async def _turn(self, request: Any) -> Any:
        await self._hang()
        return await super()._turn(request)

    async def _hang(self) -> None:
        while self.hangs:
            await asyncio.sleep(0.01)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks more often than in earnest."""
    monkeypatch.setattr(worker_client, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(worker_client, "PROBE_SECONDS", 0.02)


@pytest.fixture
async def pair(quick: None) -> AsyncIterator[tuple[Hanging, Hanging, WorkerPool]]:
    """Two workers that may hang, and a pool with the turn's limit of every day."""
    one, other = (Hanging("worker-token", free_port()) for _ in range(2))
    async with one.running(), other.running():
        pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(one.url, other.url)))
        yield one, other, pool
        one.hangs = other.hangs = False
        await pool.close()


async def test_a_hung_worker_is_put_aside_and_its_turn_answered_elsewhere(
    pair: tuple[Hanging, Hanging, WorkerPool],
) -> None:
    one, other, pool = pair
    await pool.turn(BODY)
    one.hangs = True
    began = asyncio.get_running_loop().time()
    answers = await asyncio.gather(*(pool.turn(BODY) for _ in range(6)))
    assert [one.replies for one in answers] == [[{"text": "答：在吗"}]] * 6
    assert asyncio.get_running_loop().time() - began < 6, "nobody waited for the limit of a turn"
    await put_aside(pool, one)
    before = len(told_of(other))
    for _ in range(4):
        await pool.turn(BODY)
    assert len(told_of(other)) == before + 4


async def test_it_comes_back_by_a_real_turn(pair: tuple[Hanging, Hanging, WorkerPool]) -> None:
    one, _, pool = pair
    await pool.turn(BODY)
    one.hangs = True
    await put_aside(pool, one)
    one.script = fail
    one.hangs = False
    probes = len(one.asked)

    async def probed() -> bool:
        return len(one.asked) > probes

    await eventually(probed, "a turn is tried there")
    assert (await pool.health())[one.url] is False, "its health route answers, its turns fail"
    one.script = echo
    await put_aside(pool, one, wanted=False)
    await asyncio.gather(*(pool.turn(BODY) for _ in range(4)))
    assert told_of(one)


async def test_the_last_worker_is_given_its_time(quick: None) -> None:
    worker = Hanging("worker-token", free_port())
    async with worker.running():
        pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(worker.url,)))
        worker.hangs = True
        asked = asyncio.create_task(pool.turn(BODY))
        await asyncio.wait([asked], timeout=2 * LOOKED_AFTER)
        worker.hangs = False
        assert (await asked).replies == [{"text": "答：在吗"}]
        assert len(worker.asked) == 1
        await pool.close()


async def test_who_fails_again_and_again_is_put_aside_and_one_bad_message_is_not_enough(
    pair: tuple[Hanging, Hanging, WorkerPool],
) -> None:
    one, other, pool = pair
    one.script = fail
    while len(told_of(one)) < FAILURES:
        assert (await pool.health())[one.url]
        await pool.turn(BODY)
    await put_aside(pool, one)
    assert (await pool.health())[other.url]


async def test_who_is_far_slower_than_the_others_is_put_aside(pair: tuple[Hanging, Hanging, WorkerPool]) -> None:
    one, other, pool = pair

    async def slow(body: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(2 * SLOW_SECONDS)
        return await echo(body)

    one.script = slow
    await asyncio.gather(*(pool.turn(BODY) for _ in range(4)))
    await put_aside(pool, one)
    before = len(told_of(one))
    await asyncio.gather(*(pool.turn(BODY) for _ in range(4)))
    assert len(told_of(one)) == before
    assert (await pool.health())[other.url]


def test_slow_is_who_is_slow_beside_others() -> None:
    workers = [Worker(f"http://{n}", asyncio.Semaphore(1), usual=usual) for n, usual in enumerate((0.1, 2.0, 0.0))]
    assert slow_limit(workers) == 1.0
    assert slow_limit(workers[1:]) == 6.0
    assert slow_limit(workers[2:]) == float("inf")


async def test_each_turn_says_where_its_actions_run(two: list[ScriptedWorker], pool: WorkerPool) -> None:
    async with two[0].running(), two[1].running():
        await pool.turn(BODY)
    (asked,) = [*two[0].asked, *two[1].asked]
    assert asked["actions"].startswith("http://127.0.0.1:")
    assert asked["actions"].endswith("/internal/actions")


async def test_where_nobody_else_is_left_it_is_enough_that_a_worker_lives(quick: None) -> None:
    """A probe that fails for a reason of ours must not keep the only worker away."""
    worker = ScriptedWorker("worker-token", free_port(), fail)
    pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(worker.url,), worker_wait=60))
    asked = asyncio.create_task(pool.turn(BODY))
    await pool.health()
    async with worker.running():
        with pytest.raises(WorkerFailed):
            await asked
        assert len(told_of(worker)) == 2
        worker.script = echo
        assert (await pool.turn(BODY)).replies
    await pool.close()


class Curt:
    """A worker that closes a kept connection when its next request comes, as one does that was about to close it."""

    def __init__(self, port: int, answers: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.requests = 0
        self._port, self._answers = port, answers  # so many requests of a connection are answered

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listening for as long as the block lasts."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(self._answers):
            await self._read(reader)
            told = json.dumps(answer(BODY, "好")).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(told) + told)
        await self._read(reader)
        writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        await reader.readexactly(int((head.lower().partition(b"content-length:")[2].split() or [b"0"])[0]))


async def test_a_kept_connection_that_is_cut_is_no_failure() -> None:
    worker = Curt(free_port(), answers=1)
    pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(worker.url,)))
    async with worker.running():
        answers = [await pool.turn(BODY) for _ in range(3)]
        await pool.close()
    assert [one.replies for one in answers] == [[{"text": "好"}]] * 3
    assert worker.requests == 5  # the first, and two that were cut and asked again


async def test_a_worker_that_cuts_every_connection_is_not_asked_for_ever() -> None:
    worker = Curt(free_port(), answers=0)
    pool = WorkerPool(settings_for("sqlite+aiosqlite://", workers=(worker.url,), worker_wait=0.3))
    async with worker.running():
        with pytest.raises(WorkerFailed):
            await pool.turn(BODY)
        await pool.close()
    assert worker.requests <= 6  # with those that ask whether it is healthy
