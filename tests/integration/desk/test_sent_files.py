"""Files that staff send."""

from __future__ import annotations

from urllib.parse import quote, unquote

import httpx
import pytest

from helpdesk.model.document import LARGEST
from helpdesk.store.tables import Outbox, Picture
from tests.integration.desk.conftest import Desk
from tests.integration.desk.files import serving
from tests.support.files import DOCX, PDF

NAME = "保修单.pdf"


async def sent(
    desk: Desk, conversation_id: str, content: bytes = PDF, name: str = NAME, who: str = "agent", client_id: str = "f1"
) -> httpx.Response:
    return await desk.client.post(
        f"/api/conversations/{conversation_id}/files",
        params={"client_id": client_id, "name": name},
        files={"file": ("a", content, "application/pdf")},
        headers=await desk.sign_in(who),
    )


async def test_a_file_is_sent_once_and_fetched_by_its_link_alone(desk: Desk) -> None:
    conversation_id = await serving(desk)
    first, again = [await sent(desk, conversation_id) for _ in range(2)]
    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    told = (await desk.told(conversation_id))[-1]
    assert (told.author, told.staff_id) == ("staff", "agent")
    assert told.custom is not None
    assert (told.custom["kind"], told.custom["name"], told.custom["size"]) == ("file", NAME, len(PDF))
    fetched = await desk.client.get(told.custom["path"])
    assert (fetched.status_code, fetched.content) == (200, PDF)
    assert fetched.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert (await desk.row(Picture)).conversation_id == conversation_id


async def test_a_link_that_was_changed_or_is_over_opens_nothing_but_to_staff(desk: Desk) -> None:
    conversation_id = await serving(desk)
    await sent(desk, conversation_id)
    told = (await desk.told(conversation_id))[-1]
    path = (told.custom or {})["path"]
    bare = path.partition("?")[0]
    for other in (bare, path.replace("until=", "until=9"), path[:-3] + "abc", path.replace(quote("保"), quote("报"))):
        assert (await desk.client.get(other)).status_code in (404, 422), other
    headers = await desk.sign_in("agent2")
    assert (await desk.client.get(bare, headers=headers)).content == PDF
    assert (await desk.client.get(f"/files/{'a' * 32}/a.pdf", headers=headers)).status_code == 404


async def test_words_hold_the_whole_address_where_there_is_no_card(desk: Desk) -> None:
    conversation_id = await serving(desk)
    await sent(desk, conversation_id)
    told = (await desk.told(conversation_id))[-1]
    assert f"《{NAME}》" in told.text
    assert (told.custom or {})["path"] in told.text
    assert "https://" in told.text


async def test_a_file_that_is_taken_back_is_gone(desk: Desk) -> None:
    conversation_id = await serving(desk)
    message = (await sent(desk, conversation_id)).json()
    path = message["custom"]["path"]
    await desk.ok("POST", f"/conversations/{conversation_id}/messages/{message['id']}/recall")
    assert (await desk.client.get(path)).status_code == 404
    assert await desk.rows(Picture) == []


async def test_what_may_not_be_sent_is_not_kept(sqlite_desk: Desk) -> None:
    conversation_id = await serving(sqlite_desk)
    refused = await sent(sqlite_desk, conversation_id, DOCX)
    assert refused.status_code == 422
    assert "PDF" in refused.json()["error"]["message"]
    assert (await sent(sqlite_desk, conversation_id, PDF + b"\0" * LARGEST)).status_code == 413
    assert (await sent(sqlite_desk, conversation_id, who="agent2")).status_code == 403
    assert (await sent(sqlite_desk, "c" * 32)).status_code == 404
    await sqlite_desk.ok("POST", f"/conversations/{conversation_id}/messages", text="您好，请稍等。", client_id="f1")
    assert (await sent(sqlite_desk, conversation_id)).status_code == 409
    assert await sqlite_desk.rows(Picture) == []
    assert await sqlite_desk.rows(Outbox) == []


@pytest.mark.parametrize("name", ["保修 单(1).pdf", "a&b=c#d.pdf", "100%.pdf"])
async def test_any_name_survives_its_address(sqlite_desk: Desk, name: str) -> None:
    conversation_id = await serving(sqlite_desk)
    path = (await sent(sqlite_desk, conversation_id, name=name)).json()["custom"]["path"]
    fetched = await sqlite_desk.client.get(path)
    assert fetched.content == PDF
    assert unquote(fetched.headers["content-disposition"].rpartition("'")[2]) == name
