"""What is asked for every message is answered by an index, however long the conversation is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Select, insert, text

from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.store import queries
from helpdesk.store.database import Database
from helpdesk.store.tables import Conversation, Customer, Identity, Message
from helpdesk.testing import SHIFT, Databases

LONG = 8000
AT = datetime(2026, 11, 24, tzinfo=UTC)
CONVERSATION = {"conversation_id": "c"}
OF_EVERY_MESSAGE: list[dict[str, Any]] = [
    {**CONVERSATION, "session_no": 1, "author": author, "at": AT, "processed_at": AT} for author in ("bot", "customer")
]


async def long_conversation(url: str) -> Database:
    """A database with one conversation of `LONG` messages, all answered."""
    database = Database(url, Bus(), ShiftedClock(SHIFT))
    rows: dict[type[Any], list[dict[str, Any]]] = {
        Customer: [{"id": "p", "created_at": AT, "last_seen_at": AT}],
        Identity: [{"id": "i", "channel": "rest", "sender": "li", "customer_id": "p", "created_at": AT}],
        Conversation: [{"id": "c", "identity_id": "i", "customer_id": "p", "channel": "rest", "opened_at": AT}],
        Message: [{"id": f"m{n}", "seq": n, **OF_EVERY_MESSAGE[n % 2]} for n in range(1, LONG + 1)],
    }
    async with database.write() as uow:
        for table, given in rows.items():
            await uow.session.execute(insert(table), given)
        await uow.commit()
    return database


def plan(connection: Connection, statement: Select[Any]) -> str:
    """How the database means to answer once it knows what its tables hold."""
    dialect = connection.dialect
    connection.execute(text("ANALYZE"))
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    explain = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"
    found = connection.exec_driver_sql(f"{explain} {compiled}", _in_order(compiled))
    return "\n".join(str(row) for row in found)


def _in_order(compiled: Any) -> Any:
    given = compiled.construct_params(CONVERSATION)
    return tuple(given[name] for name in compiled.positiontup) if compiled.positiontup else given


@pytest.mark.parametrize("statement", [queries._PENDING, queries._FIRST_PENDING], ids=["all", "any"])
async def test_what_waits_for_an_answer_is_found_without_reading_the_conversation(
    databases: Databases, statement: Select[Any]
) -> None:
    database = await long_conversation(databases.fresh())
    async with database.write() as uow:
        connection = await uow.session.connection()
        assert "ix_messages_pending" in await connection.run_sync(plan, statement)
    await database.close()
