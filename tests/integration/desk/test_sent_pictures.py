"""Pictures that staff send."""

from __future__ import annotations

import pytest

from helpdesk.model.picture import LARGEST
from helpdesk.store.tables import Picture
from tests.integration.desk.conftest import Desk
from tests.integration.desk.files import sent, serving
from tests.support.files import NO_PICTURES, PNG


async def test_a_picture_is_sent_once_and_seen_at_its_address(desk: Desk) -> None:
    conversation_id = await serving(desk)
    first, again = [await sent(desk, conversation_id, PNG) for _ in range(2)]
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    picture = await desk.row(Picture)
    told = (await desk.told(conversation_id))[-1]
    assert (told.author, told.staff_id, told.image) == ("staff", "agent", f"/pictures/{picture.id}")
    assert picture.conversation_id == conversation_id
    shown = await desk.client.get(told.image, headers=await desk.sign_in("agent"))
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/png", "nosniff")


@pytest.mark.parametrize("content", [*NO_PICTURES.values(), b""], ids=[*NO_PICTURES, "empty"])
async def test_what_is_no_picture_is_not_sent(sqlite_desk: Desk, content: bytes) -> None:
    conversation_id = await serving(sqlite_desk)
    before = len(await sqlite_desk.told(conversation_id))
    assert (await sent(sqlite_desk, conversation_id, content)).status_code == 422
    assert len(await sqlite_desk.told(conversation_id)) == before
    assert await sqlite_desk.rows(Picture) == []


async def test_a_picture_that_is_too_large_or_from_somebody_else_is_not_read(sqlite_desk: Desk) -> None:
    conversation_id = await serving(sqlite_desk)
    assert (await sent(sqlite_desk, conversation_id, PNG + b"\0" * LARGEST)).status_code == 413
    assert (await sent(sqlite_desk, conversation_id, PNG, who="agent2")).status_code == 403
    assert (await sent(sqlite_desk, "c" * 32, PNG)).status_code == 404
    reply = {"text": "您好，请稍等。", "client_id": "p1"}
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", **reply)
    assert (await sent(sqlite_desk, conversation_id, PNG)).status_code == 409
