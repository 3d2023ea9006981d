"""人员: invitations, passwords, second factors, sessions, locking; each as an administrator and the person meet it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest

from helpdesk.errors import Conflict
from helpdesk.store.tables import Audit, Conversation, Promise, Staff, StaffInvitation, Ticket
from helpdesk.usecases.journal.numbers import count_of
from helpdesk.usecases.leaving.lock import lock
from helpdesk.usecases.people.accounts import Wishes, change
from helpdesk.usecases.people.news import REVISION
from helpdesk.usecases.people.passwords import give
from helpdesk.usecases.queue.position import position_in_queue
from tests.integration.desk.conftest import Desk, complaint

NEW: dict[str, Any] = {
    "id": "wangfang",
    "name": "王芳",
    "number": "S1008",
    "role": "agent",
    "department": "service",
    "skills": ["returns"],
    "capacity": 4,
}
CHOSEN = "一个自己选的口令-2026"


async def invited(desk: Desk, **changes: Any) -> str:
    """王芳 is invited; what stands after `#` in the link."""
    made = await desk.ok("POST", "/people", "admin", **{**NEW, **changes})
    return str(made["invitation"]["path"]).split("#")[1]


async def post(desk: Desk, path: str, session: str | None = None, /, **body: Any) -> httpx.Response:
    """A request of whoever has this session's token, or of nobody."""
    desk.client.cookies.clear()
    headers = {"Authorization": f"Bearer {session}"} if session else {}
    return await desk.client.post(f"/api{path}", json=body, headers=headers)


async def sign_in(desk: Desk, username: str, password: str, **more: Any) -> httpx.Response:
    return await post(desk, "/session", username=username, password=password, **more)


async def token_of(desk: Desk, username: str, password: str, **more: Any) -> str:
    answer = await sign_in(desk, username, password, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


async def joined(desk: Desk, **changes: Any) -> str:
    """王芳 came by her link and signed in; her token."""
    link = await invited(desk, **changes)
    accepted = await post(desk, "/invitation/accept", token=link, password=CHOSEN)
    assert accepted.status_code == 200, accepted.text
    return await token_of(desk, "wangfang", CHOSEN)


def codes(desk: Desk, secret: str, ahead: int = 0) -> str:
    """What a telephone with this secret shows now, or so many half minutes from now."""
    return pyotp.TOTP(secret).at(desk.clock.now(), counter_offset=ahead)


async def with_second_factor(desk: Desk, token: str) -> str:
    """A telephone is set up; its secret."""
    offered = (await post(desk, "/me/second-factor", token)).json()
    confirmed = await post(desk, "/me/second-factor/confirm", token, code=codes(desk, offered["secret"]))
    assert confirmed.status_code == 204, confirmed.text
    return str(offered["secret"])


# ---------------------------------------------------------------- invitations


async def test_who_is_invited_chooses_a_password_and_serves(desk: Desk) -> None:
    link = await invited(desk)
    assert (await post(desk, "/invitation", token=link)).json() == {"id": "wangfang", "name": "王芳", "number": "S1008"}
    assert (await sign_in(desk, "wangfang", CHOSEN)).status_code == 401
    assert (await post(desk, "/invitation/accept", token=link, password=CHOSEN)).status_code == 200
    token = await token_of(desk, "wangfang", CHOSEN)
    assert (await post(desk, "/presence", token, state="online")).status_code == 200
    waiting = await desk.waiting()
    assert (await post(desk, f"/conversations/{waiting}/claim", token)).status_code == 200
    assert "王芳" in (await desk.told(waiting))[-1].text


async def test_a_link_holds_once_three_days_and_until_the_next(desk: Desk) -> None:
    first = await invited(desk)
    second = str((await desk.ok("POST", "/people/wangfang/invitation", "admin"))["path"]).split("#")[1]
    assert (await post(desk, "/invitation", token=first)).status_code == 404
    desk.clock.advance(timedelta(days=3, seconds=1))
    desk.tokens.clear()
    late = await post(desk, "/invitation/accept", token=second, password=CHOSEN)
    assert (late.status_code, late.json()["error"]["code"]) == (404, "not_found")
    third = str((await desk.ok("POST", "/people/wangfang/invitation", "admin"))["path"]).split("#")[1]
    answers = [await post(desk, "/invitation/accept", token=third, password=CHOSEN) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 404]
    assert all(third not in one.token_hash for one in await desk.rows(StaffInvitation))


@pytest.mark.parametrize(
    "password, said",
    [
        ("short", "至少 10 个字符"),
        ("x" * 300, "最多 256 个字符"),
        ("aaaaaaaaaaaa", "太容易猜到"),
        ("wangfang2026", "太容易猜到"),
    ],
)
async def test_a_weak_password_is_refused_at_its_field_and_the_link_stays(
    sqlite_desk: Desk, password: str, said: str
) -> None:
    link = await invited(sqlite_desk)
    refused = (await post(sqlite_desk, "/invitation/accept", token=link, password=password)).json()["error"]
    assert said in refused["details"]["reasons"]["password"]
    assert (await post(sqlite_desk, "/invitation/accept", token=link, password=CHOSEN)).status_code == 200


# ---------------------------------------------------------------- accounts


@pytest.mark.parametrize(
    "changes, field, said",
    [
        ({"id": "Wang Fang"}, "id", "小写英文字母"),
        ({"id": "agent"}, "id", "已经有人用了"),
        ({"name": "  "}, "name", "请填写姓名"),
        ({"number": "s1001"}, "number", "已经是林晓的"),
        ({"number": "工号一"}, "number", "字母、数字"),
        ({"role": "boss"}, "role", "没有这个角色"),
        ({"department": "moon"}, "department", "没有这个部门"),
        ({"skills": ["returns", "magic"]}, "skills", "magic"),
        ({"capacity": 0}, "capacity", "1 到 50"),
    ],
)
async def test_bad_values_are_refused_at_their_field_and_nothing_is_made(
    sqlite_desk: Desk, changes: dict[str, Any], field: str, said: str
) -> None:
    error = await sqlite_desk.refused(422, "POST", "/people", "admin", **{**NEW, **changes})
    assert list(error["details"]["reasons"]) == error["details"]["fields"] == [field]
    assert said in error["details"]["reasons"][field]
    assert await sqlite_desk.rows(Staff, id="wangfang") == []


async def test_several_bad_values_are_all_named(sqlite_desk: Desk) -> None:
    error = await sqlite_desk.refused(422, "PATCH", "/people/agent", "admin", number="S2001", capacity=99)
    assert set(error["details"]["reasons"]) == {"number", "capacity"}


async def test_a_change_counts_at_once_and_raises_the_revision(desk: Desk) -> None:
    async with desk.services.db.read() as uow:
        before = await count_of(uow.session, REVISION)
    changed = await desk.ok("PATCH", "/people/agent", "admin", capacity=7, department="sales", skills=["price"])
    assert (changed["capacity"], changed["department"], changed["skills"]) == (7, "sales", ["price"])
    assert (await desk.ok("GET", "/me"))["capacity"] == 7
    async with desk.services.db.read() as uow:
        assert await count_of(uow.session, REVISION) == before + 1
    (noted,) = await desk.rows(Audit, action="staff_changed")
    assert (noted.actor, noted.detail["before"]["capacity"]) == ("staff:admin", 3)


@pytest.mark.parametrize("staff_id", ["agent", "supervisor"])
async def test_only_administrators_manage_people_and_keys(sqlite_desk: Desk, staff_id: str) -> None:
    for method, path in (("GET", "/people"), ("POST", "/people/agent2/lock"), ("GET", "/keys")):
        assert (await sqlite_desk.refused(403, method, path, staff_id))["code"] == "not_allowed"
    assert (await sqlite_desk.row(Staff, id="agent2")).active


async def test_somebody_is_always_left_who_can_manage_people(sqlite_desk: Desk) -> None:
    await sqlite_desk.refused(409, "PATCH", "/people/admin", "admin", role="agent")
    await sqlite_desk.refused(409, "POST", "/people/admin/lock", "admin")
    with pytest.raises(Conflict):
        await lock(sqlite_desk.services, "admin", "system")
    await change(sqlite_desk.services, "supervisor", Wishes(role="admin"), "system")
    assert (await sqlite_desk.ok("POST", "/people/admin/lock", "supervisor"))["person"]["state"] == "locked"


# ---------------------------------------------------------------- passwords


async def test_a_given_password_has_to_be_changed_before_anything_else(desk: Desk) -> None:
    await joined(desk)
    await give(desk.services, "wangfang", "vorläufig-1234", "system")
    token = await token_of(desk, "wangfang", "vorläufig-1234")
    me = await desk.client.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["needs"] == ["password"]
    refused = await post(desk, "/presence", token, state="online")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "setup_needed")
    wrong = await post(desk, "/me/password", token, current="nope-nope-nope", password=CHOSEN)
    assert wrong.json()["error"]["details"]["reasons"] == {"current": "现在的密码不正确，请核对后再试。"}
    same = await post(desk, "/me/password", token, current="vorläufig-1234", password="vorläufig-1234")
    assert "password" in same.json()["error"]["details"]["reasons"]
    assert (await post(desk, "/me/password", token, current="vorläufig-1234", password=CHOSEN)).status_code == 204
    assert (await post(desk, "/presence", token, state="online")).status_code == 200


async def test_a_new_password_of_ones_own_ends_the_other_sessions(desk: Desk) -> None:
    token = await joined(desk)
    other = await token_of(desk, "wangfang", CHOSEN)
    changed = await post(desk, "/me/password", token, current=CHOSEN, password="etwas anderes 26")
    assert changed.status_code == 204
    answers = [await post(desk, "/presence", one, state="away") for one in (token, other)]
    assert [one.status_code for one in answers] == [200, 401]


async def test_the_present_password_cannot_be_guessed_from_an_open_desk(sqlite_desk: Desk) -> None:
    token = await joined(sqlite_desk)
    tries = [
        await post(sqlite_desk, "/me/password", token, current=f"guess-{n}-guess", password=CHOSEN) for n in range(6)
    ]
    assert [one.status_code for one in tries] == [422] * 5 + [429]


# ---------------------------------------------------------------- second factor


async def test_with_a_second_factor_a_password_alone_does_not_do(desk: Desk) -> None:
    token = await joined(desk)
    secret = await with_second_factor(desk, token)
    desk.clock.advance(timedelta(seconds=60))
    without = await sign_in(desk, "wangfang", CHOSEN)
    assert (without.status_code, without.json()["error"]["code"]) == (401, "second_factor")
    wrong = await sign_in(desk, "wangfang", CHOSEN, code="000000")
    assert wrong.json()["error"]["code"] == "second_factor"
    code = codes(desk, secret)
    assert (await sign_in(desk, "wangfang", CHOSEN, code=code)).status_code == 200
    assert (await sign_in(desk, "wangfang", CHOSEN, code=code)).status_code == 401, "no code counts twice"
    assert (await sign_in(desk, "wangfang", "wrong password", code=codes(desk, secret, 1))).json()["error"]["code"] == (
        "not_signed_in"
    )
    staff = await desk.row(Staff, id="wangfang")
    assert secret not in staff.totp_secret


async def test_codes_half_a_minute_off_count_and_older_ones_do_not(sqlite_desk: Desk) -> None:
    secret = await with_second_factor(sqlite_desk, await joined(sqlite_desk))
    sqlite_desk.clock.advance(timedelta(minutes=5))
    statuses = [
        (await sign_in(sqlite_desk, "wangfang", CHOSEN, code=codes(sqlite_desk, secret, ahead))).status_code
        for ahead in (-2, 2, -1, 0, 1)
    ]
    assert statuses == [401, 401, 200, 200, 200]


async def test_codes_cannot_be_tried_out(sqlite_desk: Desk) -> None:
    secret = await with_second_factor(sqlite_desk, await joined(sqlite_desk))
    for _ in range(5):
        await sign_in(sqlite_desk, "wangfang", CHOSEN, code="000000")
    sqlite_desk.clock.advance(timedelta(seconds=30))
    assert (await sign_in(sqlite_desk, "wangfang", CHOSEN, code=codes(sqlite_desk, secret))).status_code == 429


async def test_an_administrator_requires_a_second_factor_and_takes_a_lost_telephone_off(desk: Desk) -> None:
    token = await joined(desk, second_factor_required=True)
    assert (await post(desk, "/presence", token, state="online")).json()["error"]["details"]["needs"] == [
        "second_factor"
    ]
    wrong = (
        await post(desk, "/me/second-factor", token),
        await post(desk, "/me/second-factor/confirm", token, code="1"),
    )
    assert [one.status_code for one in wrong] == [201, 422]
    secret = await with_second_factor(desk, token)
    assert (await post(desk, "/presence", token, state="online")).status_code == 200
    reset = await desk.ok("DELETE", "/people/wangfang/second-factor", "admin")
    assert (reset["second_factor"], reset["second_factor_required"], reset["sessions"]) == (False, True, 0)
    again = await token_of(desk, "wangfang", CHOSEN)
    assert (await post(desk, "/presence", again, state="online")).status_code == 403
    assert await with_second_factor(desk, again) != secret


async def test_who_is_not_required_to_may_switch_the_second_factor_off_with_a_code(sqlite_desk: Desk) -> None:
    token = await joined(sqlite_desk)
    secret = await with_second_factor(sqlite_desk, token)
    sqlite_desk.clock.advance(timedelta(seconds=30))
    assert (await post(sqlite_desk, "/me/second-factor/drop", token, code="123")).status_code == 422
    assert (
        await post(sqlite_desk, "/me/second-factor/drop", token, code=codes(sqlite_desk, secret))
    ).status_code == 204
    assert (await sign_in(sqlite_desk, "wangfang", CHOSEN)).status_code == 200


# ---------------------------------------------------------------- sessions


async def test_sessions_are_listed_with_where_they_come_from_and_revoked_one_by_one(desk: Desk) -> None:
    await joined(desk)
    body = {"username": "wangfang", "password": CHOSEN}
    opened = await desk.client.post("/api/session", json=body, headers={"User-Agent": "Firefox am Empfang"})
    desk.client.cookies.clear()
    listed = await desk.ok("GET", "/people/wangfang/sessions", "admin")
    found = next(one for one in listed if one["agent"] == "Firefox am Empfang")
    assert len(listed) == 2
    assert (found["current"], bool(found["address"])) == (False, True)
    await desk.ok("DELETE", f"/people/wangfang/sessions/{found['id']}", "admin")
    assert (await post(desk, "/presence", opened.json()["token"], state="away")).status_code == 401
    await desk.refused(404, "DELETE", f"/people/wangfang/sessions/{found['id']}", "admin")
    await desk.ok("DELETE", "/people/wangfang/sessions", "admin")
    assert await desk.ok("GET", "/people/wangfang/sessions", "admin") == []


async def test_everybody_sees_and_ends_their_own_sessions(sqlite_desk: Desk) -> None:
    token = await joined(sqlite_desk)
    await token_of(sqlite_desk, "wangfang", CHOSEN)
    headers = {"Authorization": f"Bearer {token}"}
    mine = (await sqlite_desk.client.get("/api/me/sessions", headers=headers)).json()
    assert [one["current"] for one in mine].count(True) == 1
    assert (await sqlite_desk.client.delete("/api/me/sessions", headers=headers)).status_code == 204
    assert len((await sqlite_desk.client.get("/api/me/sessions", headers=headers)).json()) == 1


# ---------------------------------------------------------------- locking


async def test_who_is_locked_is_out_at_once_and_their_customers_keep_their_place(desk: Desk) -> None:
    await desk.sign_in("agent")
    first = await desk.waiting("wang")
    desk.clock.advance(timedelta(seconds=5))
    second = await desk.waiting("zhao")
    desk.clock.advance(timedelta(minutes=1))
    await desk.ok("POST", f"/conversations/{first}/claim")
    desk.clock.advance(timedelta(minutes=1))
    third = await desk.waiting("qian")
    done = await desk.ok("POST", "/people/agent/lock", "admin")
    assert (done["requeued"], done["person"]["state"]) == (1, "locked")
    await desk.refused(401, "GET", "/me")
    places = {}
    async with desk.services.db.read() as uow:
        for one in (first, second, third):
            places[one] = (await position_in_queue(uow.session, desk.clock.now(), conversation_id=one)).position
    assert places == {first: 1, second: 2, third: 3}
    assert (await desk.row(Conversation, id=first)).last_staff_id == "agent"
    assert (await desk.told(first))[-1].custom["state"] == "waiting"


async def test_tickets_and_promises_of_who_is_locked_go_to_whom_was_chosen(desk: Desk) -> None:
    numbers = [(await desk.turn(await desk.customer(who), "open_ticket", complaint()))["number"] for who in ("a", "b")]
    for number in numbers:
        await desk.change(Ticket, number, owner_id="agent")
    letters = [len(await desk.told((await desk.row(Ticket, number=one)).conversation_id)) for one in numbers]
    done = await desk.ok("POST", "/people/agent/lock", "admin", hand_on=True, to="agent2")
    assert done["handed_on"]["tickets"] == numbers
    tickets = [await desk.row(Ticket, number=number) for number in numbers]
    assert {one.owner_id for one in tickets} == {"agent2"}
    promises = [one for number in numbers for one in await desk.rows(Promise, ticket_number=number)]
    assert {one.owner_id for one in promises} == {"agent2"}
    assert letters == [len(await desk.told(one.conversation_id)) - 1 for one in tickets], "each customer is told"
    assert done["person"]["open_tickets"] == 0


async def test_tickets_may_go_to_whom_each_fits_but_never_to_who_is_complained_of(desk: Desk) -> None:
    about = complaint(staff_name="周敏")
    number = (await desk.turn(await desk.customer(), "open_ticket", about))["number"]
    await desk.change(Ticket, number, owner_id="agent")
    await desk.ok("POST", "/people/agent/lock", "admin")
    assert (await desk.row(Ticket, number=number)).owner_id == "agent"
    await desk.ok("POST", "/people/agent/hand-on", "admin", to="agent2")
    assert (await desk.row(Ticket, number=number)).owner_id not in ("agent", "agent2")
    refused = await desk.refused(422, "POST", "/people/agent/hand-on", "admin", to="agent")
    assert "to" in refused["details"]["reasons"]


async def test_who_is_let_in_again_signs_in_as_before(sqlite_desk: Desk) -> None:
    await joined(sqlite_desk)
    await sqlite_desk.ok("POST", "/people/wangfang/lock", "admin")
    assert (await sign_in(sqlite_desk, "wangfang", CHOSEN)).status_code == 401
    await sqlite_desk.refused(404, "POST", "/people/wangfang/invitation", "admin")
    await sqlite_desk.ok("POST", "/people/wangfang/unlock", "admin")
    assert (await sign_in(sqlite_desk, "wangfang", CHOSEN)).status_code == 200


async def test_a_link_of_who_was_locked_holds_no_longer(sqlite_desk: Desk) -> None:
    link = await invited(sqlite_desk)
    await sqlite_desk.ok("POST", "/people/wangfang/lock", "admin")
    assert (await post(sqlite_desk, "/invitation/accept", token=link, password=CHOSEN)).status_code == 404
