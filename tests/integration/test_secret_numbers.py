"""An identity or bank card number that a customer sends is nowhere afterwards, whatever becomes of the message."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from helpdesk.store.tables import Base, Message, Rating
from helpdesk.testing import Databases, now
from helpdesk.usecases.queue.handoff_note import build_handoff_note
from helpdesk.usecases.ratings.card import rate
from tests.support.fixtures import World, post, texts
from tests.support.wechat_world import patient_world

Json = dict[str, Any]
IDENTITY, CARD = "11010519491231002X", "6222 0212 3456 7890 128"
SAID = f"身份证{IDENTITY}，卡号{CARD}，帮我办退货"
STORED = "身份证1101************2X，卡号6222 **** **** **** *28，帮我办退货"


async def everything(world: World) -> str:
    """Every row of every table, in words."""
    async with world.services.db.read() as uow:
        found = [await uow.session.execute(select(table)) for table in Base.metadata.sorted_tables]
        return "\n".join(str(row) for rows in found for row in rows)


def assert_nowhere(text: str) -> None:
    for number in (IDENTITY, CARD):
        assert number not in text


async def test_no_row_and_no_worker_has_it(world: World, client: httpx.AsyncClient) -> None:
    assert (await texts(client, SAID, message_id="m1"))[-1] == f"答：{STORED}"
    assert [one.text for one in await world.rows(Message, author="customer")] == [STORED]
    assert [one["input"] for one in world.worker.asked] == [{"text": STORED}]
    assert_nowhere(await everything(world))
    assert_nowhere(str(world.worker.asked))


async def test_the_same_message_again_is_known_by_what_was_stored(world: World, client: httpx.AsyncClient) -> None:
    first = await post(client, SAID, message_id="m1")
    again = await post(client, SAID, message_id="m1")
    assert again.json() == first.json()
    assert (await post(client, f"{SAID}！", message_id="m1")).status_code == 409


async def test_a_turn_that_fails_logs_no_such_number(
    world: World, client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(body: Json) -> Json:
        raise ValueError(body)

    world.worker.script = broken
    await texts(client, SAID)
    out, err = capfd.readouterr()
    assert_nowhere(out + err)
    assert_nowhere(await everything(world))


async def test_neither_the_desk_nor_the_handoff_note_shows_it(world: World, client: httpx.AsyncClient) -> None:
    await texts(client, SAID)
    conversation = await world.conversation()
    async with world.services.db.write(now()) as uow:
        note = await build_handoff_note(world.services, uow, conversation, reason="staff", mood=None)
    assert STORED in str(note)
    assert_nowhere(str(note))


async def test_the_words_beside_a_rating_are_no_other_matter(world: World, client: httpx.AsyncClient) -> None:
    await texts(client, "您好")
    await rate(world.services, (await world.conversation()).id, 5, SAID)
    assert [one.comment for one in await world.rows(Rating)] == [STORED]
    assert_nowhere(await everything(world))


@pytest.mark.parametrize("mode", ["plain", "safe"])
async def test_what_comes_by_wechat_is_blanked_too(mode: str, databases: Databases) -> None:
    async with patient_world(databases.fresh(), mode) as here:
        await here.wechat.say("o_li", SAID)
        assert STORED in [one.text for one in await here.world.rows(Message, author="customer")]
        assert_nowhere(await everything(here.world))
