"""Messages that are stored by one statement are in the unit of work as if it had read them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import add_messages
from helpdesk.store.tables import Message, new_id
from helpdesk.testing import now
from helpdesk.usecases.conversations.receive import conversation_of
from tests.support.fixtures import World


async def made(uow: UnitOfWork, seq: int, **given: Any) -> Message:
    conversation = await conversation_of(uow, "rest", "anna")
    return Message(
        id=new_id(), conversation_id=conversation.id, session_no=1, seq=seq, author="customer", at=now(), **given
    )


async def store(world: World, *messages: dict[str, Any]) -> None:
    async with world.services.db.write() as uow:
        await add_messages(uow.session, [await made(uow, **one) for one in messages])
        await uow.commit()


async def test_all_that_is_said_of_messages_is_stored_and_what_is_changed_later_too(world: World) -> None:
    async with world.service():
        async with world.services.db.write() as uow:
            one = await made(uow, 1, text="几点关门", external_id="a")
            two = await made(uow, 2, input={"start": "open"}, custom={"kind": "x"}, in_reply_to=["a"])
            await add_messages(uow.session, [one, two])
            assert (one.staff_id, two.text, two.buttons) == (None, "", None)  # nothing is asked for again
            one.session_no = 7
            await uow.commit()
        first, second = sorted(await world.rows(Message), key=lambda row: row.seq)
    names = [column.key for column in inspect(Message).columns]
    assert [{name: getattr(row, name) for name in names} for row in (first, second)] == [
        {name: getattr(row, name) for name in names} for row in (one, two)
    ]
    assert (first.session_no, second.custom, second.understood) == (7, {"kind": "x"}, None)


async def test_nothing_is_stored_where_nothing_is_said(world: World) -> None:
    async with world.service():
        await store(world)
        assert await world.rows(Message) == []


@pytest.mark.parametrize("twice", [{"external_id": "a", "seq": 2}, {"external_id": "b", "seq": 1}])
async def test_a_message_that_is_there_already_is_refused(world: World, twice: dict[str, Any]) -> None:
    async with world.service():
        with pytest.raises(IntegrityError):
            await store(world, {"external_id": "a", "seq": 1}, twice)
        assert await world.rows(Message) == []
