"""Keys of programs: what they open, what they do not, and when they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.desk import api
from helpdesk.store.tables import ApiKey, TicketEvent
from helpdesk.usecases.people.programs import SCOPES
from tests.integration.desk.conftest import Desk, complaint
from tests.integration.desk.steps import ask, key_of
from tests.support.route_ids import IDS


async def test_a_key_opens_what_its_scopes_say_and_nothing_else(desk: Desk) -> None:
    number = (await desk.turn(await desk.customer(), "open_ticket", complaint()))["number"]
    key = await key_of(desk, "tickets:read", "tickets:write")
    statuses = {
        (method, path): (await ask(desk, key, method, path, **body)).status_code
        for method, path, body in (
            ("GET", "/tickets", {}),
            ("GET", f"/tickets/{number}", {}),
            ("GET", "/titles", {}),
            ("POST", f"/tickets/{number}/notes", {"text": "配件已到货"}),
            ("GET", "/conversations", {}),
            ("GET", "/people", {}),
            ("GET", "/keys", {}),
            ("GET", "/me", {}),
            ("POST", "/presence", {"state": "online"}),
            ("POST", "/tickets", {"description": "内部意见"}),
            ("POST", f"/tickets/{number}/reveal", {"reason": "好奇"}),
        )
    }
    assert [path for (_, path), status in statuses.items() if status == 403] == [
        "/conversations", "/people", "/keys", "/me", "/presence", "/tickets", f"/tickets/{number}/reveal"
    ]  # fmt: skip
    assert {status for status in statuses.values() if status != 403} == {200, 201}
    noted = [one for one in await desk.rows(TicketEvent, number=number) if one.action == "note"]
    assert [one.actor for one in noted] == ["staff:program:crm"]


async def test_personal_data_is_masked_for_a_program(sqlite_desk: Desk) -> None:
    number = (await sqlite_desk.turn(await sqlite_desk.customer(), "open_ticket", complaint()))["number"]
    key = await key_of(sqlite_desk, "tickets:read")
    seen = (await ask(sqlite_desk, key, "GET", f"/tickets/{number}")).json()
    assert seen["masked"]
    assert "13812345678" not in str(seen)


async def test_a_personnel_system_invites_and_locks(sqlite_desk: Desk) -> None:
    key = await key_of(sqlite_desk, "people:read", "people:write", name="hr")
    person = {"id": "wangfang", "name": "王芳", "number": "S1008"}
    assert (await ask(sqlite_desk, key, "POST", "/people", **person)).status_code == 201
    assert (await ask(sqlite_desk, key, "POST", "/people/wangfang/lock")).status_code == 200
    listed = (await ask(sqlite_desk, key, "GET", "/people")).json()
    assert {one["state"] for one in listed if one["id"] == "wangfang"} == {"locked"}


async def test_a_key_ends_by_itself_and_when_it_is_revoked(desk: Desk) -> None:
    short, long = await key_of(desk, "tickets:read", days=1), await key_of(desk, "tickets:read", name="bi")
    desk.clock.advance(timedelta(days=1, seconds=1))
    assert (await ask(desk, short, "GET", "/tickets")).status_code == 401
    assert (await ask(desk, long, "GET", "/tickets")).status_code == 200
    desk.tokens.clear()
    listed = {one["name"]: one for one in await desk.ok("GET", "/keys", "admin")}
    assert listed["bi"]["seen_at"] is not None
    await desk.ok("DELETE", f"/keys/{listed['bi']['id']}", "admin")
    assert (await ask(desk, long, "GET", "/tickets")).status_code == 401
    assert [one["name"] for one in await desk.ok("GET", "/keys", "admin")] == ["crm"]


async def test_no_key_is_stored(sqlite_desk: Desk) -> None:
    key = await key_of(sqlite_desk, "tickets:read")
    row = await sqlite_desk.row(ApiKey)
    assert key not in (row.token_hash, row.hint)
    assert (await ask(sqlite_desk, key[:-1] + "x", "GET", "/tickets")).status_code == 401


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_at": "2020-01-01T00:00:00+08:00"}, "expires_at"),
        ({"expires_at": "2036-01-01T00:00:00+08:00"}, "expires_at"),
    ],
)
async def test_bad_values_are_refused_at_their_field(sqlite_desk: Desk, changes: dict[str, Any], field: str) -> None:
    wanted = {"name": "crm", "scopes": ["tickets:read"], "expires_at": "2027-01-01T00:00:00+08:00", **changes}
    error = await sqlite_desk.refused(422, "POST", "/keys", "admin", **wanted)
    assert list(error["details"]["reasons"]) == [field]


async def test_a_key_of_every_scope_still_opens_nothing_that_needs_a_person(sqlite_desk: Desk) -> None:
    key = await key_of(sqlite_desk, *SCOPES)
    personal = [one for one in api.routes() if one[1].startswith(("/api/me", "/api/keys", "/api/presence"))]
    assert len(personal) > 8
    for method, path in personal:
        filled = path.removeprefix("/api").format(**IDS)
        assert (await ask(sqlite_desk, key, method, filled)).status_code == 403, (method, path)
