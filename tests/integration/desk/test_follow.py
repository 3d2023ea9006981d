"""The follow-up page: a number and four digits open it, guessing does not, and it tells nothing it should not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from helpdesk.__main__ import listener
from helpdesk.app import public_app
from helpdesk.door.addresses import network
from helpdesk.store.tables import Attempt, Letter, Ticket
from helpdesk.testing import eventually, free_port
from tests.integration.desk.conftest import Desk, complaint

MARKUP = "<img src=x onerror=alert(1)>"
RIGHT, WRONG = "5678", "0000"
SHAPE = {
    "number", "kind_title", "status", "status_title", "level_title", "round", "owner", "promised_at",
    "steps", "letters", "key", "may_appeal", "may_rate",
}  # fmt: skip


async def registered(desk: Desk, sender: str = "wang", **fields: Any) -> str:
    """A complaint of somebody whose phone ends in 5678; its number."""
    conversation = await desk.customer(sender)
    return str((await desk.turn(conversation, "open_ticket", complaint(**fields)))["number"])


async def ask(desk: Desk, number: str, last4: str) -> httpx.Response:
    """What the page sends."""
    return await desk.client.post("/follow", json={"number": number, "last4": last4})


async def test_the_right_digits_show_who_is_at_it_and_by_when(desk: Desk) -> None:
    number = await registered(desk)
    await desk.ok("POST", f"/tickets/{number}/transitions", "supervisor", action="accept")
    await desk.ok("POST", f"/tickets/{number}/notes", "supervisor", text="内部看法：客户可能在试探")
    response = await ask(desk, number.lower(), "５６７８ ")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    shown = response.json()
    assert set(shown) == SHAPE
    assert (shown["number"], shown["status"], shown["status_title"]) == (number, "accepted", "已受理")
    assert (shown["kind_title"], shown["level_title"], shown["round"]) == ("投诉", "部门", 1)
    assert "工号" in shown["owner"]
    assert shown["promised_at"]
    assert [step["text"] for step in shown["steps"]] == ["已登记，谢谢您告诉我们", "已受理，有专人负责"]
    assert "试探" not in response.text


async def test_letters_are_shown_without_what_four_digits_do_not_entitle_to(desk: Desk) -> None:
    number = await registered(desk, address="上海市静安区江宁路 88 号 302 室")
    held = f"师傅会打 13812345678，上门到上海市静安区江宁路 88 号 302 室。{MARKUP}"
    now = desk.clock.now()
    await _write(desk, number, "result_justified", held, sent_at=now)
    await _write(desk, number, "progress", "作废的信", sent_at=now, voided_at=now)
    await _write(desk, number, "conclusion", "还没寄出的信", send_at=now + timedelta(hours=9))
    shown = (await ask(desk, number, RIGHT)).json()
    letters = {letter["title"]: letter["text"] for letter in shown["letters"]}
    assert "138****5678" in letters["处理结果"]
    assert MARKUP in letters["处理结果"]  # as text, which the page never takes for HTML
    for secret in ("13812345678", "江宁路", "作废的信", "还没寄出的信"):
        assert secret not in str(shown)


async def _write(desk: Desk, number: str, kind: str, text: str, **times: Any) -> None:
    now = desk.clock.now()
    given = {"written_at": now, "send_at": now, **times}
    letter = Letter(key=f"{number}:{kind}", number=number, kind=kind, round=1, text=text, written_by="system", **given)
    async with desk.services.db.write() as uow:
        uow.session.add(letter)
        await uow.commit()


async def test_unknown_and_wrong_look_the_same(desk: Desk) -> None:
    number = await registered(desk)
    without_phone = await registered(desk, "li", phone=None, email="li@example.com")
    answers = [await ask(desk, *asked) for asked in (
        (number, WRONG), ("TS20200101-0001", WRONG), (without_phone, WRONG), (without_phone, "none"), ("x\0' OR 1", ""),
    )]  # fmt: skip
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert len({str(sorted(set(answer.headers) - {"date"})) for answer in answers}) == 1


async def test_an_internal_ticket_is_nobodys_to_follow(desk: Desk) -> None:
    number = await registered(desk)
    await desk.change(Ticket, number, kind="internal")
    assert (await ask(desk, number, RIGHT)).status_code == 404


async def test_five_wrong_tries_close_the_door_for_an_hour(desk: Desk) -> None:
    number = await registered(desk)
    assert [(await ask(desk, number, WRONG)).status_code for _ in range(5)] == [404] * 5
    for last4 in (WRONG, RIGHT):
        held_up = await ask(desk, number, last4)
        assert held_up.status_code == 429
        assert held_up.json()["error"]["code"] == "too_many_tries"
    desk.clock.advance(timedelta(minutes=61))
    assert (await ask(desk, number, RIGHT)).status_code == 200


async def test_right_tries_are_not_counted(desk: Desk) -> None:
    number = await registered(desk)
    assert [(await ask(desk, number, RIGHT)).status_code for _ in range(8)] == [200] * 8
    assert await desk.rows(Attempt) == []


async def test_one_address_cannot_try_one_number_after_the_other(desk: Desk) -> None:
    number = await registered(desk)
    for count in range(30):
        assert (await ask(desk, f"TS20260101-00{count:02}", WRONG)).status_code == 404
    assert (await ask(desk, number, RIGHT)).status_code == 429


async def test_a_neighbours_wrong_tries_keep_nobody_else_out(desk: Desk) -> None:
    number, of_the_neighbour = await registered(desk), await registered(desk, "li")
    assert [(await ask(desk, of_the_neighbour, WRONG)).status_code for _ in range(6)] == [404] * 5 + [429]
    assert (await ask(desk, number, RIGHT)).status_code == 200


async def test_a_strangers_wrong_tries_at_a_number_do_not_keep_its_customer_out(desk: Desk) -> None:
    number = await registered(desk)
    await _from_addresses(desk, number, ["203.0.113.7"] * 5)
    assert (await ask(desk, number, RIGHT)).status_code == 200


async def test_many_addresses_cannot_share_the_guessing_of_one_number(desk: Desk) -> None:
    number = await registered(desk)
    await _from_addresses(desk, number, [f"203.0.113.{n}" for n in range(15)])
    async with _client(desk, "203.0.113.99") as client:
        response = await client.post("/follow", json={"number": number, "last4": RIGHT})
    assert response.status_code == 429


async def test_fifty_guesses_at_once_are_still_five(desk: Desk) -> None:
    number = await registered(desk)
    guesses = await asyncio.gather(*(ask(desk, number, f"{guess:04}") for guess in range(50)))
    statuses = [guess.status_code for guess in guesses]
    assert set(statuses) <= {404, 429}
    assert statuses.count(404) <= 5


async def _from_addresses(desk: Desk, number: str, addresses: list[str]) -> None:
    for address in addresses:
        async with _client(desk, address) as client:
            response = await client.post("/follow", json={"number": number, "last4": WRONG})
        assert response.status_code == 404


@asynccontextmanager
async def _client(desk: Desk, address: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(public_app(desk.services), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


@pytest.mark.parametrize("body", [{}, {"number": 1, "last4": "0000"}, {"number": "x" * 200, "last4": "0000"}, []])
async def test_another_body_is_refused(sqlite_desk: Desk, body: Any) -> None:
    refused = await sqlite_desk.client.post("/follow", json=body)
    assert refused.status_code == 422
    assert set(refused.json()) == {"error"}


async def test_the_page_is_given_out_with_a_strict_policy(sqlite_desk: Desk) -> None:
    for path in ("/follow", "/follow/follow.css", "/follow/follow.js", "/follow/about.js", "/join", "/join/join.js"):
        given = await sqlite_desk.client.get(path)
        assert given.status_code == 200
        assert "frame-ancestors 'none'" in given.headers["content-security-policy"]
    assert "innerHTML" not in (await sqlite_desk.client.get("/follow/follow.js")).text
    about = (await sqlite_desk.client.get("/follow/about.json")).json()
    assert (about["company"], about["zone"]) == ("三声电器", "Asia/Shanghai")
    assert (await sqlite_desk.client.get("/follow/index.html")).status_code == 404


@pytest.mark.parametrize(
    "address,counted_as",
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_address(address: str, counted_as: str) -> None:
    assert network(address) == counted_as


@pytest.mark.parametrize("trusted,one_place", [("", False), ("127.0.0.1", False), ("127.0.0.1", True)])
async def test_one_place_is_shut_out_and_nobody_for_their_neighbours(
    sqlite_desk: Desk, trusted: str, one_place: bool
) -> None:
    """A proxy that we were not told to trust speaks for many; tries at one number count anyway."""
    settings = sqlite_desk.services.settings.model_copy(update={"trusted_proxies": trusted, "port": free_port()})
    server = listener(public_app(sqlite_desk.services), "127.0.0.1", settings.port, settings)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, "the service listens")
    try:
        url = f"http://127.0.0.1:{settings.port}"
        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
            answers = [
                await client.post(
                    "/follow",
                    json={"number": f"TS20260101-00{count:02}", "last4": WRONG},
                    headers={"X-Forwarded-For": f"203.0.113.{0 if one_place else count}"},
                )
                for count in range(31)
            ]
            at_one_number = [
                await client.post(
                    "/follow",
                    json={"number": "TS20260101-0099", "last4": WRONG},
                    headers={"X-Forwarded-For": f"203.0.113.{100 + count}"},
                )
                for count in range(16)
            ]
    finally:
        server.should_exit = True
        await serving
    assert answers[-1].status_code == (429 if one_place else 404)
    assert at_one_number[-1].status_code == 429
