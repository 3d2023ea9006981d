"""The staff API: who gets in, and what each route answers and refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from helpdesk.desk import api
from helpdesk.services import Services
from helpdesk.store.tables import Audit, Staff, StaffSession, Ticket
from helpdesk.testing import Databases
from helpdesk.usecases.people import sign_in
from helpdesk.usecases.people.passwords import give
from helpdesk.usecases.people.roster import ensure_demo_staff
from helpdesk.usecases.people.sign_in import COOKIE
from tests.integration.desk.conftest import Desk, complaint, desk_on
from tests.integration.desk.routes import QUERIES
from tests.integration.desk.steps import ticket_of
from tests.support.route_ids import IDS

PASSWORD = "correct-horse"


async def login(desk: Desk, username: str = "agent", password: str = PASSWORD, **headers: str) -> httpx.Response:
    return await desk.client.post("/api/session", json={"username": username, "password": password}, headers=headers)


@pytest.fixture
async def with_passwords(sqlite_desk: Desk) -> Desk:
    await ensure_demo_staff(sqlite_desk.services, PASSWORD)
    return sqlite_desk


# ---------------------------------------------------------------- signing in


async def test_signing_in_gives_a_token_and_a_cookie_that_scripts_cannot_read(with_passwords: Desk) -> None:
    answer = await login(with_passwords)
    assert answer.json()["role"] == "agent"
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", COOKIE))
    with_passwords.client.cookies.clear()
    bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
    me = await with_passwords.client.get("/api/me", headers=bearer)
    assert (me.json()["id"], me.json()["number"]) == ("agent", "S1001")


async def test_neither_password_nor_token_is_stored(with_passwords: Desk) -> None:
    token = (await login(with_passwords)).json()["token"]
    staff = await with_passwords.row(Staff, id="agent")
    session = await with_passwords.row(StaffSession)
    assert staff.password_hash.startswith("$argon2id$")
    assert token not in (session.token_hash, staff.password_hash)


@pytest.mark.parametrize("username, password", [("agent", "wrong"), ("nobody", PASSWORD), ("agent", " ")])
async def test_a_wrong_account_and_a_wrong_password_look_alike(
    with_passwords: Desk, username: str, password: str
) -> None:
    answer = await login(with_passwords, username, password)
    assert answer.status_code == 401
    assert answer.json() == {
        "error": {"code": "not_signed_in", "reason": "sign_in_wrong", "message": "账号或密码不正确，请核对后再试。"}
    }


async def test_five_failures_a_minute_then_even_the_right_password_waits(with_passwords: Desk) -> None:
    from datetime import timedelta

    statuses = [(await login(with_passwords, password="wrong")).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert (await login(with_passwords)).status_code == 429
    assert (await login(with_passwords, "agent2")).status_code == 200
    with_passwords.clock.advance(timedelta(seconds=61))
    assert (await login(with_passwords)).status_code == 200


@pytest.mark.parametrize(
    "method, path, body, field",
    [
        ("POST", "/api/session", {"username": "a", "password": "b", "pasword": "c"}, "pasword"),
        ("POST", "/api/presence", {"state": "online", "x": {"deep": 1}}, "x"),
    ],
)
async def test_a_field_nobody_knows_is_refused_and_not_dropped(
    with_passwords: Desk, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    token = (await login(with_passwords)).json()["token"]
    head = {"Authorization": f"Bearer {token}"}
    answer = await with_passwords.client.request(method, path, json=body, headers=head)
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"] == [field]


async def test_sixty_guesses_at_once_are_five(with_passwords: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def counting(staff: Staff | None, password: str) -> bool:
        looked_at.append(password)
        return False

    monkeypatch.setattr(sign_in, "matches", counting)
    answers = await asyncio.gather(*(login(with_passwords, password=f"guess {n}") for n in range(60)))
    assert len(looked_at) <= sign_in.FAILED_LOGIN.most
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) == 60 - len(looked_at)
    assert all(1 <= int(one.headers["Retry-After"]) <= 60 for one in refused)


async def test_one_behind_the_same_proxy_locks_nobody_else_out(with_passwords: Desk) -> None:
    guesses = [(await login(with_passwords, f"guess{n}", "wrong")).status_code for n in range(40)]
    assert guesses == [401] * 30 + [429] * 10
    assert (await login(with_passwords, "agent2", "mistyped")).status_code == 401
    assert (await login(with_passwords, "agent")).status_code == 200


async def test_signing_out_revokes_this_session_only(with_passwords: Desk) -> None:
    first, second = [(await login(with_passwords)).json()["token"] for _ in range(2)]
    with_passwords.client.cookies.clear()
    gone = await with_passwords.client.delete("/api/session", headers={"Authorization": f"Bearer {first}"})
    assert gone.status_code == 204
    statuses = [
        (await with_passwords.client.get("/api/me", headers={"Authorization": f"Bearer {token}"})).status_code
        for token in (first, second)
    ]
    assert statuses == [401, 200]


async def test_sessions_end_by_themselves_and_with_the_account(sqlite_desk: Desk) -> None:
    from datetime import timedelta

    await sqlite_desk.ok("GET", "/me")
    await sqlite_desk.change(Staff, "agent", active=False)
    await sqlite_desk.refused(401, "GET", "/me")
    await sqlite_desk.change(Staff, "agent", active=True)
    sqlite_desk.clock.advance(timedelta(hours=13))
    await sqlite_desk.refused(401, "GET", "/me")


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"Origin": "http://desk"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_another_sites_page_cannot_act_with_a_cookie(
    with_passwords: Desk, headers: dict[str, str], status: int
) -> None:
    assert (await login(with_passwords)).status_code == 200
    answer = await with_passwords.client.post("/api/presence", json={"state": "online"}, headers=headers)
    assert answer.status_code == status
    assert (await with_passwords.client.get("/api/me", headers=headers)).status_code == 200


async def test_a_new_password_ends_what_the_old_one_opened(with_passwords: Desk) -> None:
    assert (await login(with_passwords)).status_code == 200
    await give(with_passwords.services, "agent", "another-long-one", "system")
    assert (await with_passwords.client.get("/api/me")).status_code == 401
    assert (await login(with_passwords)).status_code == 401
    again = {"username": "agent", "password": "another-long-one"}
    assert (await with_passwords.client.post("/api/session", json=again)).status_code == 200


async def test_another_sites_page_cannot_sign_anybody_in(with_passwords: Desk) -> None:
    assert (await login(with_passwords, Origin="http://evil.example")).status_code == 403


async def test_a_program_is_on_duty_for_ten_minutes_a_browser_by_heartbeat(with_passwords: Desk) -> None:
    from datetime import datetime, timedelta

    await login(with_passwords)
    present = await with_passwords.client.post("/api/presence", json={"state": "online"})
    by_cookie = datetime.fromisoformat(present.json()["until"]) - with_passwords.clock.now()
    assert timedelta(seconds=40) <= by_cookie <= timedelta(seconds=60)
    with_passwords.client.cookies.clear()
    present_program = await with_passwords.ok("POST", "/presence", state="online")
    assert datetime.fromisoformat(present_program["until"]) - with_passwords.clock.now() == timedelta(minutes=10)
    await with_passwords.refused(422, "POST", "/presence", state="asleep")


# ---------------------------------------------------------------- every route

OPEN = {("POST", "/api/session"), ("POST", "/api/invitation"), ("POST", "/api/invitation/accept")}
ROUTES = [route for route in api.routes() if route not in OPEN]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobody"}, {"Cookie": f"{COOKIE}=nobody"}])
async def test_every_route_needs_a_session_and_says_so_in_the_one_shape(
    sqlite_desk: Desk, headers: dict[str, str]
) -> None:
    for method, path in ROUTES:
        filled = path.format(**IDS)
        answer = await sqlite_desk.client.request(method, filled, headers=headers, json={})
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.json()["error"]["code"] == "not_signed_in"


BODIES: dict[str, dict[str, Any]] = {
    "messages": {"text": "您好"}, "tags": {"name": "回访"}, "transfer": {"to": "agent2"}, "notes": {"text": "注意"},
    "transitions": {"action": "accept"}, "department": {"department": "sales", "note": "价格问题"},
    "escalate": {"note": "超出权限"}, "investigators": {"staff_id": "agent2"}, "alternatives": {"text": "改为换货"},
    "compensations": {"form": "money", "amount": "10", "text": "补偿", "reason": "延误"},
    "decision": {"decision": "approve"}, "publish": {"note": "改了一处"}, "rollback": {"version": 1},
    "whisper": {"text": "请先道歉"}, "assign": {"to": "agent2"},
    "tier": {"tier": "key", "reason": "常年采购"},
    "follow-ups": {"way": "phone", "due_at": "2026-12-01T10:00:00+08:00"}, "drop": {"reason": "已另行联系"},
    "move": {"due_at": "2026-12-01T10:00:00+08:00", "reason": "没有接通"},
    "report": {"as_agreed": True, "satisfied": 5},
    "keeper": {"to": "agent2", "reason": "调岗"}, "merge": {"other": "w" * 32, "reason": "电话核实"},
    "try": {"question": "可以停车吗"}, "rehearse": {"content": None},
    "{group_id}": {"action": "dismiss"}, "ask": {"text": "请补充"},
    "unpause": {"note": "已补充"}, "settle": {"state": "kept"},
    "{call_id}": {"outcome": "reached", "note": "已接通"}, "deletion": {"typed": "删除"},
    "{customer_id}": {"remark": "上午在家"},
    "{staff_id}": {"capacity": 3}, "contacts": {"text": "已电话联系"}, "owner": {"to": "agent2"},
    "reveal": {"reason": "核实"}, "postpone": {"due_at": "2027-01-01T00:00:00+08:00", "reason": "等配件"},
    "tickets": {"kind": "suggestion", "fields": {"description": "希望早点开门"}},
}  # fmt: skip


async def test_what_does_not_exist_is_404(desk: Desk) -> None:
    for method, path in ROUTES:
        if "{" in path and method != "PUT":
            body = BODIES.get(path.rsplit("/", 1)[1], {})
            by = "admin" if path.startswith(("/api/people", "/api/keys", "/api/webhooks")) else "supervisor"
            asked = path.format(**IDS).removeprefix("/api") + QUERIES.get(f"{method} {path}", "")
            error = await desk.refused(404, method, asked, by, **body)
            assert error["code"] == "not_found", path


LISTS = (
    "/staff", "/conversations", "/canned", "/tickets", "/promises", "/promises?state=open", "/titles",
    "/knowledge/articles", "/knowledge/search?q=退款多久到账",
)  # fmt: skip


async def test_every_list_can_be_read(desk: Desk) -> None:
    await ticket_of(desk)
    for path in LISTS:
        assert await desk.ok("GET", path), path
    for path in (
        "/queue",
        "/talks",
        "/talks?q=您好",
        "/tags",
        "/customers",
        "/customers?q=王小",
        "/follow-ups?mine=1",
        "/follow-ups?state=done",
        "/customers?class=served&mine=1&stale=1",
        "/conversations?mine=1",
        "/tickets?mine=1",
        "/promises?state=broken",
    ):
        assert isinstance(await desk.ok("GET", path), list), path


@pytest.mark.parametrize(
    "method, path, body",
    [
        ("GET", "/conversations?state=asleep", {}),
        ("GET", "/conversations?mine=perhaps", {}),
        ("GET", "/tickets?status=lost", {}),
        ("GET", "/tickets?kind=gossip", {}),
        ("GET", "/promises?state=forgotten", {}),
        ("GET", "/knowledge/search", {}),
        ("GET", "/knowledge/search?q=x&limit=0", {}),
        ("POST", "/presence", {"state": ""}),
        ("POST", "/replies/check", {"text": ""}),
        ("POST", "/tickets", {"description": "\x00"}),
        ("POST", "/tickets", {"description": 5}),
    ],
)
async def test_values_that_cannot_be_are_422(sqlite_desk: Desk, method: str, path: str, body: dict[str, Any]) -> None:
    assert (await sqlite_desk.refused(422, method, path, **body))["code"] == "invalid_input"


async def test_nul_and_control_characters_reach_no_database(desk: Desk) -> None:
    for query in ("q=%00", "sender=%00x", "department=%00"):
        await desk.refused(422, "GET", f"/tickets?{query}")
    assert await desk.ok("GET", "/tickets?q=%EF%BF%BF") == []
    await desk.refused(422, "GET", "/conversations/%00")
    await desk.refused(422, "GET", "/tickets/TS%00")


async def test_broken_json_is_one_clear_error(sqlite_desk: Desk) -> None:
    headers = {**await sqlite_desk.sign_in(), "Content-Type": "application/json"}
    answer = await sqlite_desk.client.post("/api/presence", content=b'{"state": ', headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_input")


# ---------------------------------------------------------------- tickets


async def test_a_ticket_is_shown_as_the_contract_says(desk: Desk) -> None:
    await desk.sign_in("agent2")
    number = await ticket_of(desk)
    shown = await desk.ok("GET", f"/tickets/{number}", "agent2")
    assert set(shown) >= {
        "number",
        "kind",
        "status",
        "level",
        "round",
        "owner",
        "department",
        "fields",
        "due",
        "timeline",
    }
    assert set(shown["due"]) == {"first_contact", "result"}
    assert set(shown["timeline"][0]) >= {"at", "actor", "action", "from", "to", "note"}
    assert shown["owner"] == "agent2"


async def test_tickets_are_found_by_each_filter(desk: Desk) -> None:
    number = await ticket_of(desk)
    await desk.turn(
        await desk.customer("li"), "open_ticket", {"kind": "praise", "fields": {"description": "师傅很专业"}}
    )
    queries = (
        "kind=complaint", "status=registered&kind=complaint,refund", "sender=wang", "q=不制冷", f"q={number.lower()}",
        "q=2026110812345", "department=quality",
    )  # fmt: skip
    for query in queries:
        assert [t["number"] for t in await desk.ok("GET", f"/tickets?{query}")] == [number], query
    for query in ("q=100%25", "q=%5C", "status=answered", "sender=nobody"):
        assert await desk.ok("GET", f"/tickets?{query}") == [], query


async def test_fields_are_masked_for_who_is_not_in_charge(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in("agent2")
    number = await ticket_of(sqlite_desk)
    for staff_id, masked in (("agent2", False), ("supervisor", False), ("agent", True), ("admin", False)):
        shown = await sqlite_desk.ok("GET", f"/tickets/{number}", staff_id)
        assert shown["masked"] is masked, staff_id
        assert ("13812345678" in str(shown)) is not masked, staff_id
        listed = await sqlite_desk.ok("GET", "/tickets", staff_id)
        assert ("13812345678" in str(listed)) is not masked, staff_id


async def test_a_look_behind_the_mask_is_recorded(sqlite_desk: Desk) -> None:
    number = await ticket_of(sqlite_desk)
    shown = await sqlite_desk.ok("POST", f"/tickets/{number}/reveal", "admin", reason="核实身份")
    assert shown["fields"]["phone"] == "13812345678"
    look = await sqlite_desk.row(Audit, action="fields_revealed")
    assert (look.actor, look.subject, look.detail["reason"]) == ("staff:admin", number, "核实身份")
    await sqlite_desk.refused(422, "POST", f"/tickets/{number}/reveal", "admin", reason=" ")


async def test_a_conversation_is_masked_until_one_serves_it(sqlite_desk: Desk) -> None:
    await sqlite_desk.sign_in()
    conversation_id = await sqlite_desk.customer("wang", "我的电话是13812345678")
    await sqlite_desk.set_dialogue(conversation_id, name="王小明", phone="13812345678")
    await sqlite_desk.turn(conversation_id, "save_customer", {"name": "王小明", "phone": "13812345678"})
    await sqlite_desk.turn(conversation_id, "join_queue", {"reason": "asked"})
    path = f"/conversations/{conversation_id}"
    before = await sqlite_desk.ok("GET", path)
    assert "13812345678" not in str(before)
    assert before["customer"]["name"] == "王**"
    await sqlite_desk.ok("POST", f"{path}/claim")
    after = await sqlite_desk.ok("GET", path)
    assert after["packet"]["fields"] == {"name": "王小明", "phone": "13812345678"}
    assert set(after) >= {"state", "customer", "packet", "messages"}
    assert {"id", "at", "author", "text"} <= set(after["messages"][0])
    assert "13812345678" not in str(await sqlite_desk.ok("GET", path, "agent2"))


STEPS = (
    ("accept", {}, "accepted"),
    ("investigate", {}, "investigating"),
    ("answer", {"note": "已换新", "cause": "压缩机故障", "corrective_action": "更换批次"}, "answered"),
)


async def test_a_ticket_goes_its_way_and_the_customer_hears_of_each_step(desk: Desk) -> None:
    conversation_id = await desk.customer()
    number = (await desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    for action, body, status in STEPS:
        moved = await desk.ok("POST", f"/tickets/{number}/transitions", action=action, **body)
        assert moved["status"] == status
    told = [m.custom for m in await desk.told(conversation_id)]
    assert told[0] == {"kind": "letter", "number": number, "letter": "acknowledgement"}
    kinds = ("progress", "progress", "result_justified")
    assert told[1:] == [
        {"kind": "ticket_status", "number": number, "status": status, "letter": kind}
        for (_, _, status), kind in zip(STEPS, kinds, strict=True)
    ]
    assert "已换新。" in (await desk.told(conversation_id))[-1].text
    shown = await desk.ok("GET", f"/tickets/{number}", "supervisor")
    assert [(e["action"], e["from"], e["to"]) for e in shown["timeline"]] == [
        ("registered", None, "registered"),
        ("accept", "registered", "accepted"),
        ("investigate", "accepted", "investigating"),
        ("answer", "investigating", "answered"),
    ]
    assert shown["timeline"][-1]["detail"] == {"cause": "压缩机故障", "corrective_action": "更换批次"}
    assert {p["kind"]: p["state"] for p in shown["promises"]} == {"first_contact": "kept", "result": "kept"}


@pytest.mark.parametrize("missing", ["note", "cause", "corrective_action"])
async def test_a_complaint_is_not_answered_without_its_reasons(sqlite_desk: Desk, missing: str) -> None:
    number = await ticket_of(sqlite_desk)
    for action, _, _ in STEPS[:2]:
        await sqlite_desk.ok("POST", f"/tickets/{number}/transitions", action=action)
    body = {name: value for name, value in STEPS[2][1].items() if name != missing}
    error = await sqlite_desk.refused(422, "POST", f"/tickets/{number}/transitions", action="answer", **body)
    assert error["details"]["fields"] == [missing]


async def test_moves_the_table_does_not_have_and_actions_that_are_none_are_refused(sqlite_desk: Desk) -> None:
    number = await ticket_of(sqlite_desk)
    path = f"/tickets/{number}/transitions"
    assert (await sqlite_desk.refused(409, "POST", path, action="satisfy"))["code"] == "move_refused"
    await sqlite_desk.refused(422, "POST", path, action="burn")


async def test_only_a_supervisor_concludes_and_with_reasons(sqlite_desk: Desk) -> None:
    conversation_id = await sqlite_desk.customer()
    number = (await sqlite_desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    path = f"/tickets/{number}/transitions"
    for action, _, _ in STEPS[:2]:
        await sqlite_desk.ok("POST", path, action=action)
    for staff_id in ("agent", "agent2"):
        await sqlite_desk.refused(403, "POST", path, staff_id, action="conclude", note="无法达成一致")
    await sqlite_desk.refused(422, "POST", path, "supervisor", action="conclude")
    await sqlite_desk.ok("POST", path, "supervisor", action="conclude", note="无法达成一致")
    assert "12315" in (await sqlite_desk.told(conversation_id))[-1].text  # the outside remedies are named


async def test_two_staff_cannot_overwrite_each_other(desk: Desk) -> None:
    import asyncio

    number = await ticket_of(desk)
    path = f"/tickets/{number}/transitions"
    await desk.sign_in("agent2")
    answers = await asyncio.gather(
        *(desk.call("POST", path, staff, action="accept", version=1) for staff in ("agent", "agent2"))
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    error = await desk.refused(409, "POST", path, action="investigate", version=1)
    assert error["details"]["version"] == 2


async def test_a_ticket_handed_on_keeps_an_owner_with_its_promises(desk: Desk) -> None:
    conversation_id = await desk.customer()
    number = (await desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    moved = await desk.ok("POST", f"/tickets/{number}/owner", "agent2", to="supervisor", note="需要质量判断")
    assert moved["owner"] == "supervisor"
    assert {p["owner"] for p in moved["promises"]} == {"supervisor"}
    assert "陈静" in (await desk.told(conversation_id))[-1].text
    await desk.refused(422, "POST", f"/tickets/{number}/owner", "supervisor", to="nobody")


async def test_reaching_the_customer_by_phone_keeps_the_promised_call(sqlite_desk: Desk) -> None:
    fields = {"description": "请回电", "name": "王女士", "phone": "13812345678"}
    conversation_id = await sqlite_desk.customer()
    result = await sqlite_desk.turn(conversation_id, "open_ticket", {"kind": "callback", "fields": fields})
    path = f"/tickets/{result['number']}"
    await sqlite_desk.ok("POST", f"{path}/transitions", action="accept")
    assert [p["state"] for p in await sqlite_desk.ok("GET", "/promises")] == ["open"]  # accepting is no call
    moved = await sqlite_desk.ok("POST", f"{path}/contacts", channel="phone", text="已回电说明")
    assert [p["state"] for p in moved["promises"]] == ["kept"]


async def test_notes_are_for_colleagues_only(desk: Desk) -> None:
    conversation_id = await desk.customer()
    number = (await desk.turn(conversation_id, "open_ticket", complaint()))["number"]
    await desk.ok("POST", f"/tickets/{number}/notes", text="客户很着急")
    await desk.ok("POST", f"/conversations/{conversation_id}/notes", text="先安抚")
    shown = await desk.ok("GET", f"/conversations/{conversation_id}")
    assert [(n["by"], n["text"]) for n in shown["notes"]] == [("agent", "先安抚")]
    assert [m.custom["letter"] for m in await desk.told(conversation_id)] == ["acknowledgement"]


async def test_an_internal_ticket_is_answered_within_a_working_day_and_no_customer_hears(desk: Desk) -> None:
    opened = await desk.ok("POST", "/tickets", description="仓库发货太慢，建议加人", category="logistics")
    assert (opened["kind"], opened["due"]["result"][:10]) == ("internal", "2026-11-24")
    await desk.ok("POST", f"/tickets/{opened['number']}/transitions", "supervisor", action="accept")
    again = await desk.ok("POST", "/tickets", description="另一件事")
    assert len({(await desk.row(Ticket, number=n["number"])).customer_id for n in (opened, again)}) == 1


async def test_a_delay_is_told_before_with_a_new_date(desk: Desk) -> None:
    conversation_id = await desk.customer()
    await desk.turn(conversation_id, "open_ticket", complaint())
    promise = (await desk.ok("GET", "/promises?state=open"))[-1]
    path = f"/promises/{promise['id']}/postpone"
    await desk.refused(422, "POST", path, due_at=promise["due_at"], reason="等配件")
    await desk.refused(422, "POST", path, due_at="2026-12-05T18:00:00", reason="没有时区")
    moved = await desk.ok("POST", path, due_at="2026-12-05T18:00:00+08:00", reason="等配件")
    assert (moved["state"], moved["due_at"]) == ("open", "2026-12-05T10:00:00Z")
    told = (await desk.told(conversation_id))[-1]
    assert "11月30日" in told.text
    assert "12月5日" in told.text


# ---------------------------------------------------------------- replies, knowledge, the description


async def test_a_reply_can_be_checked_before_it_is_sent(sqlite_desk: Desk) -> None:
    found = await sqlite_desk.ok("POST", "/replies/check", text="您好，这个不归我管")
    assert [finding["code"] for finding in found] == ["evasion"]
    assert await sqlite_desk.ok("POST", "/replies/check", text="您好，我来为您查询。") == []


async def test_ready_made_replies_pass_the_check(sqlite_desk: Desk) -> None:
    for canned in await sqlite_desk.ok("GET", "/canned"):
        assert await sqlite_desk.ok("POST", "/replies/check", text=canned["text"]) == [], canned["id"]


async def test_the_description_is_for_staff_outside_demo_mode(
    sqlite: Databases, template: Services, sqlite_desk: Desk
) -> None:
    assert (await sqlite_desk.client.get("/api/openapi.json")).status_code == 200
    from helpdesk.testing import settings_for

    async with desk_on(sqlite.fresh(), template) as closed:
        closed.services.settings = settings_for(str(closed.services.db.url), demo=False)
        assert (await closed.client.get("/api/openapi.json")).status_code == 401
        assert (await closed.ok("GET", "/openapi.json"))["openapi"].startswith("3.")


def test_the_description_names_every_route_of_the_contract() -> None:
    promised = {
        "POST /api/session", "DELETE /api/session", "POST /api/presence", "GET /api/queue",
        "GET /api/conversations/{conversation_id}", "POST /api/conversations/{conversation_id}/claim",
        "POST /api/conversations/{conversation_id}/messages", "POST /api/conversations/{conversation_id}/transfer",
        "POST /api/conversations/{conversation_id}/release", "POST /api/conversations/{conversation_id}/close",
        "GET /api/tickets", "GET /api/tickets/{number}", "POST /api/tickets/{number}/transitions",
        "GET /api/promises", "GET /api/knowledge/search", "GET /api/knowledge/articles/{faq_id}",
        "PUT /api/knowledge/articles/{faq_id}",
    }  # fmt: skip
    assert promised <= {f"{method} {path}" for method, path in api.routes()}
