"""New messages are stored by one statement: every turn writes two, and finding out what to write took as long as it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached

from helpdesk.store.tables import Message

MESSAGES = cast(Table, Message.__table__)
_INSERT = insert(MESSAGES)
_UNSET: dict[str, Any] = {column.key: None for column in MESSAGES.columns} | {"text": ""}


async def add_messages(session: AsyncSession, messages: Sequence[Message]) -> None:
    """Store new messages; their conversation is stored already.

    The session has them from then on as if it had read them: what is changed in them later is written with the rest.

    Raises:
        IntegrityError: a message is there already, or another one has its place.
    """
    rows = [_UNSET | {name: value for name, value in vars(one).items() if name in _UNSET} for one in messages]
    if rows:
        await session.execute(_INSERT, rows if len(rows) > 1 else rows[0])
    for message, row in zip(messages, rows, strict=True):
        vars(message).update(row)  # nothing is left to be read when somebody asks for it
        make_transient_to_detached(message)
        session.add(message)
