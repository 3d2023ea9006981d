"""What counts as a worker's failure, and who is asked next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from helpdesk.errors import WorkerFailed
from helpdesk.testing import free_port, settings_for
from helpdesk.worker_client import WorkerPool
from tests.support.scripted_worker import Failed, ScriptedWorker, answer

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


async def test_each_turn_says_where_its_actions_run(two: list[ScriptedWorker], pool: WorkerPool) -> None:
    async with two[0].running(), two[1].running():
        await pool.turn(BODY)
    (asked,) = [*two[0].asked, *two[1].asked]
    assert asked["actions"].startswith("http://127.0.0.1:")
    assert asked["actions"].endswith("/internal/actions")
