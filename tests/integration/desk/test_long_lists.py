"""A list asks the database no more often when it is long: a statement a row was half a second for two hundred."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.integration.desk.conftest import Desk, complaint

LISTS = ("/promises?state=open", "/tickets", "/talks", "/customers", "/conversations", "/follow-ups", "/calls")


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """What the block asks the database."""
    asked: list[str] = []
    engines = {engine.sync_engine for engine in desk.services.db.engines}

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("who", ["agent", "supervisor"])
async def test_a_long_list_asks_no_more_often_than_a_short_one(sqlite_desk: Desk, path: str, who: str) -> None:
    counts = []
    for many in (range(2), range(2, 14)):
        for n in many:
            conversation = await sqlite_desk.customer(f"customer{n}")
            told = complaint(phone=f"138000000{n:02d}", order=f"20261108000{n:02d}")
            await sqlite_desk.turn(conversation, "open_ticket", told)
        await sqlite_desk.ok("GET", path, who)
        with statements(sqlite_desk) as asked:
            await sqlite_desk.ok("GET", path, who)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
