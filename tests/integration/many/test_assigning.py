"""Two services that assign at the same moment: every customer is asked of one person, every person of one customer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk.model.assignment import Mode
from helpdesk.store.tables import Offer
from helpdesk.testing import Databases, eventually
from tests.integration.many.conftest import PATIENCE, OpenDesk, Pair, pair_on


@pytest.fixture
async def automatic(postgres: Databases) -> AsyncIterator[Pair]:
    """Both assign by themselves."""
    async with pair_on(postgres.fresh()) as pair:
        for member in (pair.a, pair.b):
            company = member.services.company
            chosen = company.assignment.model_copy(update={"mode": Mode.AUTOMATIC, "accept_seconds": 300})
            member.services.company = company.model_copy(update={"assignment": chosen})
        yield pair


async def offered(pair: Pair) -> list[Offer]:
    async with pair.a.services.db.read() as uow:
        return list((await uow.session.scalars(select(Offer))).all())


async def test_customers_and_staff_at_two_services_find_each_other_once(automatic: Pair) -> None:
    pair = automatic
    desks: dict[str, tuple[OpenDesk, str]] = {}
    for member, name in ((pair.a, "agent"), (pair.b, "agent2")):
        token = await member.token(name)
        desks[name] = (await member.desk(token), token)
        await member.ok("POST", "/presence", token, state="online")
    customers = [await member.customer() for member in (pair.a, pair.b, pair.a, pair.b)]
    await asyncio.gather(*(one.say("转人工") for one in customers))
    for name, (desk, _) in desks.items():
        await desk.hears("offer", staff_id=name)
    made = await offered(pair)
    assert sorted(one.staff_id for one in made) == ["agent", "agent2"]
    assert len({one.conversation_id for one in made}) == 2

    async def accept(member: Any, name: str) -> None:
        [mine] = await member.ok("GET", "/offers", desks[name][1])
        await member.ok("POST", f"/conversations/{mine['conversation_id']}/claim", desks[name][1])

    await asyncio.gather(accept(pair.b, "agent"), accept(pair.a, "agent2"))  # each at the other's service

    async def all_asked() -> bool:
        return len(await offered(pair)) == 4

    await eventually(all_asked, "the other two customers are offered as well", PATIENCE)
    made = await offered(pair)
    assert len({one.conversation_id for one in made}) == 4
    for one in customers:
        await one.leave()
    for desk, _ in desks.values():
        await desk.leave()
