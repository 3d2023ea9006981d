"""What a message costs the database, counted: statements and transactions have ceilings, which are only ever lowered.

Time is no test on a busy machine; a statement more is one on every machine, and was a millisecond once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from helpdesk.app import public_app
from helpdesk.live import lifespan
from helpdesk.services import Services
from tests.integration.steps import LOOKERS
from tests.support.fixtures import World, post

STATEMENTS, TRANSACTIONS = 11.5, 2  # the half is what is asked twice a second, whether or not anybody writes
MESSAGES = 10


@contextmanager
def counted(services: Services) -> Iterator[Counter[str]]:
    """How many statements and transactions there are in the block, those of tasks that look by time left out.

    BEGIN is no statement here on either database.
    """
    found: Counter[str] = Counter()

    def count(what: str) -> Any:
        def note(*_: Any) -> None:
            task = asyncio.current_task()
            if task is None or getattr(task.get_coro(), "__qualname__", "") not in LOOKERS:
                found[what] += 1

        return note

    listeners = [("before_cursor_execute", count("statements")), ("commit", count("transactions"))]
    engines = {engine.sync_engine for engine in services.db.engines}
    for engine in engines:
        for name, listener in listeners:
            event.listen(engine, name, listener)
    try:
        yield found
    finally:
        for engine in engines:
            for name, listener in listeners:
                event.remove(engine, name, listener)


@pytest.mark.parametrize("texts", [["您好", "几点关门", "怎么开发票"]], ids=["questions"])
async def test_a_message_costs_no_more_than_this(world: World, texts: list[str]) -> None:
    world.settings = world.settings.model_copy(update={"recover_every": 600.0})
    async with world.service() as client, lifespan(public_app(world.services)):
        for text in texts:  # the first message of a customer makes rows that the following find
            await post(client, text)
        with counted(world.services) as found:
            for n in range(MESSAGES):
                await post(client, texts[n % len(texts)])
    cost = {what: number / MESSAGES for what, number in found.items()}
    assert cost["statements"] <= STATEMENTS, cost
    assert cost["transactions"] <= TRANSACTIONS, cost
