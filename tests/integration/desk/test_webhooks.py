"""Events reach the company's own systems: what happened and nothing else, signed, and again until it is taken."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from starlette.responses import Response

from helpdesk.model.event import CATALOGUE, PAUSES, EventType
from helpdesk.model.promise import PromiseKind
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.queries import lock_conversation
from helpdesk.store.tables import (
    AnswerRating,
    Audit,
    Conversation,
    Delivery,
    Message,
    Promise,
    Rating,
    SettingVersion,
    Ticket,
)
from helpdesk.testing import ROOT, eventually, free_port, settings_for
from helpdesk.usecases import timers
from helpdesk.usecases.events.deliveries import due, take
from helpdesk.usecases.promises.promises import Given, make_promise
from helpdesk.webhooks import Bell, Pump, calls, problem_of, secret_of
from helpdesk.webhooks.pump import serve
from helpdesk.webhooks.targets import problem_of_name
from tests.integration.desk.conftest import Desk
from tests.integration.desk.letters import MOVES, moved, opened
from tests.support.webhook_receiver import EventReceiver, answering

DOCUMENT = ROOT / "docs" / "webhooks.md"
CRM = "/webhooks/receivers/crm"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return own(desk)


@pytest.fixture
def sqlite_desk(sqlite_desk: Desk) -> Desk:
    return own(sqlite_desk)


def own(desk: Desk) -> Desk:
    """Its services are its own: a receiver counts for no other test."""
    desk.services.bus = copy(desk.services.bus)
    desk.services.knowledge = copy(desk.services.knowledge)
    return desk


@asynccontextmanager
async def receiving(desk: Desk, *events: str, name: str = "crm") -> AsyncIterator[EventReceiver]:
    """A receiver that is known at the desk."""
    made = EventReceiver()
    await desk.ok("PUT", f"/webhooks/receivers/{name}", "admin", url=made.url, events=list(events or ("*",)))
    made.secret = (await desk.ok("POST", f"/webhooks/receivers/{name}/secret", "admin"))["secret"]
    async with made.running():
        yield made


async def delivered(desk: Desk, name: str = "crm", bell: Bell | None = None) -> None:
    """Two processes send what is due until nothing is."""
    bells = [bell or Bell(desk.services) for _ in range(2)]
    while waiting := await due(desk.services, name, 4):
        await asyncio.gather(*(serve(desk.services, one, row) for row in waiting for one in bells))
    for one in bells:
        await one.close()


async def row(desk: Desk, **where: Any) -> Delivery:
    found: Delivery = await desk.row(Delivery, **where)
    return found


async def pinged(desk: Desk) -> Delivery:
    sent = await desk.ok("POST", f"{CRM}/ping", "admin")
    return await row(desk, id=sent["id"])


# ---------------------------------------------------------------- what is told


async def test_a_complaint_from_the_first_word_to_the_rating_is_told_event_by_event(desk: Desk) -> None:
    async with receiving(desk) as crm:
        await desk.sign_in("agent2")
        conversation_id, number = await opened(desk)
        await moved(desk, number, *MOVES)
        await desk.turn(conversation_id, "join_queue", {"reason": "customer_asked"})
        await desk.sign_in("agent")
        await desk.ok("POST", f"/conversations/{conversation_id}/claim")
        await desk.ok("POST", f"/conversations/{conversation_id}/close")
        await delivered(desk)
        assert crm.forged == 0
        assert {one.state for one in await desk.rows(Delivery)} == {"delivered"}
        told = [one["type"] for one in crm.taken]
        assert len({one["id"] for one in crm.taken}) == len(told)
        expected = ["conversation.opened", "ticket.registered", "promise.made", "ticket.moved", "promise.kept",
                    "conversation.waiting", "conversation.taken", "conversation.closed"]  # fmt: skip
        assert [one for one in expected if one not in told] == []
        ticket = next(one for one in crm.taken if one["type"] == "ticket.registered")["data"]
        stored: Ticket = await desk.row(Ticket, number=number)
        assert (ticket["number"], ticket["owner_id"], ticket["category"]) == (number, stored.owner_id, "quality")
        statuses = [one["data"]["status"] for one in crm.taken if one["type"] == "ticket.moved"]
        assert stored.status in statuses  # they are sent side by side, and may arrive in another order
        for one in crm.taken:
            assert list(one["data"]) == list(CATALOGUE[EventType(one["type"])])


async def test_every_event_of_the_catalogue_happens(desk: Desk) -> None:
    async with receiving(desk) as crm:
        conversation_id, number = await opened(desk)
        promise: Promise = (await desk.rows(Promise, ticket_number=number, state="open"))[0]
        await desk.change(Promise, promise.id, due_at=promise.due_at + timedelta(hours=1))
        await desk.change(Promise, promise.id, state="kept")
        await desk.change(Promise, promise.id, state="broken")
        await moved(desk, number, *MOVES)
        await desk.change(Ticket, number, owner_id="supervisor")
        for state in ("waiting", "staff", "bot", "closed", "bot"):
            await desk.change(
                Conversation, conversation_id, state=state, staff_id="agent" if state == "staff" else None
            )
        await desk.change(Conversation, conversation_id, state="staff", staff_id="agent")
        await desk.change(Conversation, conversation_id, staff_id="agent2")
        await rated(desk, conversation_id)
        article = await desk.ok("GET", "/knowledge/articles/service.hours", "supervisor")
        given = {name: article[name] for name in ("question", "subject", "wordings")}
        given["answer"] = "人工客服每天九点上班，一般几分钟内接待。"
        await desk.ok("PUT", "/knowledge/articles/service.hours", "supervisor", **given)
        await pinged(desk)
        await delivered(desk)
        assert {one["type"] for one in crm.taken} == set(EventType)


async def rated(desk: Desk, conversation_id: str) -> None:
    said = (await desk.rows(Message, conversation_id=conversation_id))[0]
    now = desk.clock.now()
    async with desk.services.db.write() as uow:
        uow.session.add(Rating(conversation_id=conversation_id, session_no=1, score=5, at=now))
        uow.session.add(AnswerRating(message_id=said.id, faq_id="service.hours", helpful=True, at=now))
        await uow.commit()


async def test_nothing_of_a_person_is_in_an_event(desk: Desk) -> None:
    async with receiving(desk) as crm:
        _, number = await opened(desk)
        await moved(desk, number, *MOVES)
        await delivered(desk)
        assert crm.taken
        assert not [word for word in ("王小明", "13812345678", "5678", "不制冷", "新的") if word in str(crm.taken)]


async def test_what_is_not_kept_is_not_told(desk: Desk) -> None:
    async with receiving(desk):
        conversation_id, number = await opened(desk)
        before = len(await desk.rows(Delivery))
        async with desk.services.db.write() as uow:
            await lock_conversation(uow.session, conversation_id)
            ticket = await uow.session.get_one(Ticket, number)
            ticket.status = "closed"
            make_promise(uow, ticket, Given(PromiseKind.STAFF, "x", desk.clock.now(), "system"))
            await uow.session.flush()
            found = await uow.session.scalar(select(func.count()).select_from(Delivery))
            assert found == before + 2, "they are there, and go with what they tell of"
        assert len(await desk.rows(Delivery)) == before


async def test_a_receiver_is_told_of_what_it_wants_and_one_event_has_one_id_for_all(desk: Desk) -> None:
    async with (
        receiving(desk, "ticket.*") as crm,
        receiving(desk, "ticket.registered", "rating.given", name="bi") as bi,
    ):
        _, number = await opened(desk)
        await moved(desk, number, *MOVES)
        await delivered(desk)
        await delivered(desk, "bi")
        assert {one["type"] for one in crm.taken} == {"ticket.registered", "ticket.moved"}
        assert [one["type"] for one in bi.taken] == ["ticket.registered"]
        assert bi.taken[0]["id"] in {one["id"] for one in crm.taken}


async def test_nobody_is_told_where_nobody_listens_or_it_is_paused(desk: Desk) -> None:
    await opened(desk)
    assert await desk.rows(Delivery) == []
    await desk.ok("PUT", CRM, "admin", url="https://crm.example/hooks", events=["*"], paused=True)
    await opened(desk, sender="li", phone="13912345678", order="2026110899999")
    assert await desk.rows(Delivery) == []


# ---------------------------------------------------------------- until it is taken


async def test_a_refused_event_is_sent_again_later_and_later_and_is_dead_in_the_end(desk: Desk) -> None:
    async with receiving(desk) as crm:
        sent = await pinged(desk)
        crm.answers = [answering(500) for _ in range(9)]
        for wait in (*PAUSES, None):
            await delivered(desk)
            now = await row(desk, id=sent.id)
            assert (now.status, now.error) == (500, "HTTP 500")
            if wait is not None:
                assert (now.state, now.next_at) == ("queued", desk.clock.now() + wait)
                desk.clock.advance(wait)
        assert (now.state, now.attempts) == ("dead", 9)
        assert len({(one["webhook-id"]) for one in crm.calls}) == 1
        assert len({(one["webhook-timestamp"]) for one in crm.calls}) == 9
        desk.tokens.clear()  # a day has gone by
        [listed] = await desk.ok("GET", "/webhooks/deliveries?state=dead", "admin")
        again = await desk.ok("POST", f"/webhooks/deliveries/{listed['id']}/replay", "admin")
        assert again["state"] == "queued"
        await delivered(desk)
        assert [one["id"] for one in crm.taken] == [sent.event_id]
        assert (await row(desk, id=sent.id)).state == "delivered"
        [note] = await desk.rows(Audit, action="event_replayed")
        assert note.subject == sent.event_id


async def test_all_that_a_receiver_missed_is_sent_again_at_once(desk: Desk) -> None:
    async with receiving(desk) as crm:
        crm.answers = [answering(410) for _ in range(3)]
        sent = [(await pinged(desk)).event_id for _ in range(3)]
        await delivered(desk)
        assert {one.state for one in await desk.rows(Delivery)} == {"dead"}
        [shown] = (await desk.ok("GET", "/webhooks", "admin"))["receivers"]
        assert (shown["dead"], shown["waiting"], shown["last_taken_at"]) == (3, 0, None)
        assert (await desk.ok("POST", f"{CRM}/replay", "admin"))["count"] == 3
        await delivered(desk)
        assert sorted(one["id"] for one in crm.taken) == sorted(sent)
        [shown] = (await desk.ok("GET", "/webhooks", "admin"))["receivers"]
        assert (shown["dead"], shown["last_taken_at"] is not None) == (0, True)


@pytest.mark.parametrize(
    "answer, status",
    [
        (answering(302, Location="http://127.0.0.1:1/elsewhere"), 302),
        (answering(200, b"x" * 10_000_000), 200),
        (answering(429), 429),
        (answering(400, b"<html>"), 400),
    ],
)
async def test_only_a_plain_yes_is_one_and_nothing_else_is_read(sqlite_desk: Desk, answer: Any, status: int) -> None:
    async with receiving(sqlite_desk) as crm:
        crm.answers = [answer]
        sent = await pinged(sqlite_desk)
        await delivered(sqlite_desk)
        now = await row(sqlite_desk, id=sent.id)
        assert (now.status, now.state) == (status, "delivered" if status == 200 else "queued")
        assert len(crm.calls) == 1


async def test_who_hangs_or_is_not_there_keeps_no_other_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_S", 0.2)
    is_over = asyncio.Event()

    async def hanging() -> Response:
        await is_over.wait()
        return Response(status_code=204)

    async with receiving(desk) as crm, receiving(desk, name="bi") as bi:
        await desk.ok("PUT", "/webhooks/receivers/gone", "admin", url=f"http://127.0.0.1:{free_port()}", events=["*"])
        crm.answers = [hanging for _ in range(20)]
        bell = Bell(desk.services)
        async with Pump(desk.services, bell).running():
            await opened(desk)
            async with asyncio.timeout(20):
                while {one.state for one in await desk.rows(Delivery, receiver="bi")} != {"delivered"}:
                    await asyncio.sleep(0.02)
                while not all(one.error for one in await desk.rows(Delivery, receiver="gone")):
                    await asyncio.sleep(0.02)
        assert {one.error for one in await desk.rows(Delivery, receiver="crm")} <= {"no answer within 0 s", None}
        assert {one.error for one in await desk.rows(Delivery, receiver="gone")} == {"ConnectError"}
        assert crm.taken == []
        is_over.set()
        await bell.close()
        assert len({one["id"] for one in bi.taken}) == len(bi.taken)


async def test_two_processes_send_each_event_once(desk: Desk) -> None:
    async with receiving(desk) as crm:
        others = [Services(**vars(desk.services)) for _ in range(2)]
        bells = [Bell(one) for one in others]
        async with Pump(others[0], bells[0]).running(), Pump(others[1], bells[1]).running():
            for at in range(4):
                await opened(desk, sender=f"c{at}", phone=f"1381234560{at}", order=f"202611081234{at}")
            async with asyncio.timeout(30):
                while {one.state for one in await desk.rows(Delivery)} != {"delivered"}:
                    await asyncio.sleep(0.02)
        assert len(crm.calls) == len({one["id"] for one in crm.taken}) == len(await desk.rows(Delivery))
        for bell in bells:
            await bell.close()


async def test_what_a_process_was_sending_when_it_died_is_sent_again_under_its_id(desk: Desk) -> None:
    async with receiving(desk) as crm:
        sent = await pinged(desk)
        assert await take(desk.services, sent.id)
        assert await take(desk.services, sent.id) is None
        await timers.tick(desk.services)
        await delivered(desk)
        assert crm.taken == []
        desk.clock.advance(timedelta(minutes=3))
        await timers.tick(desk.services)
        await delivered(desk)
        assert [one["id"] for one in crm.taken] == [sent.event_id]


async def test_what_waits_for_a_receiver_that_is_gone_is_given_up_and_old_rows_go(desk: Desk) -> None:
    async with receiving(desk):
        first, second = await pinged(desk), await pinged(desk)
        await desk.ok("DELETE", CRM, "admin")
        await timers.tick(desk.services)
        assert (await row(desk, id=first.id)).state == "queued"
        desk.clock.advance(timedelta(minutes=11))
        await timers.tick(desk.services)
        assert [one.state for one in await desk.rows(Delivery)] == ["dead", "dead"]
        error = await desk.refused(409, "POST", f"/webhooks/deliveries/{second.id}/replay", "admin")
        assert "接收方" in error["message"]
        desk.clock.advance(timedelta(days=91))
        await timers.tick(desk.services)
        assert await desk.rows(Delivery) == []


# ---------------------------------------------------------------- who is told, and with what secret


async def test_receivers_are_versions_of_one_file_and_hold_no_secret(desk: Desk) -> None:
    async with receiving(desk) as crm:
        [stored] = await desk.rows(SettingVersion, name="webhooks.yml")
        assert crm.url in stored.content
        assert (await desk.ok("GET", "/webhooks", "admin"))["version"] == 1
        tables = [await desk.rows(table) for table in (SettingVersion, Delivery, Audit)]
        assert crm.secret not in str([vars(one) for rows in tables for one in rows])
        [shown] = await desk.rows(Audit, action="webhook_secret_shown")
        assert (shown.actor, shown.subject) == ("staff:admin", "crm")
        stale = {"url": crm.url, "events": ["*"], "version": 0}
        await desk.refused(409, "PUT", CRM, "admin", **stale)
        await desk.ok("POST", "/settings/file/rollback?name=webhooks.yml", "admin", version=0)
        assert (await desk.ok("GET", "/webhooks", "admin"))["receivers"] == []


async def test_a_new_secret_is_signed_with_beside_the_one_before(sqlite_desk: Desk) -> None:
    async with receiving(sqlite_desk) as crm:
        before = crm.secret
        await sqlite_desk.ok("PUT", CRM, "admin", url=crm.url, events=["*"], key_number=2)
        after = (await sqlite_desk.ok("POST", f"{CRM}/secret", "admin"))["secret"]
        assert after != before
        for secret in (before, after):
            crm.secret = secret
            await pinged(sqlite_desk)
            await delivered(sqlite_desk)
        assert (len(crm.taken), crm.forged) == (2, 0)
        crm.secret = before
        await sqlite_desk.ok("PUT", CRM, "admin", url=crm.url, events=["*"], key_number=3)
        await pinged(sqlite_desk)
        await delivered(sqlite_desk)
        assert crm.forged == 1


def test_secrets_are_each_receivers_own_and_hang_on_our_key() -> None:
    ours, other = settings_for("sqlite://"), settings_for("sqlite://", secret_key=SecretStr("another"))
    made = {secret_of(ours, "crm", 1), secret_of(ours, "crm", 2), secret_of(ours, "bi", 1), secret_of(other, "crm", 1)}
    assert len(made) == 4


@pytest.mark.parametrize(
    "values, field",
    [
        ({"url": "crm.example"}, "url"),
        ({"url": "ftp://crm.example"}, "url"),
        ({"url": "https://user:word@crm.example"}, "url"),
        ({"url": "https://crm.example/#part"}, "url"),
        ({"url": "https://crm.example:99999/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["ticket.eaten"]}, "events"),
        ({"key_number": 0}, "key_number"),
    ],
)
async def test_a_receiver_that_cannot_be_is_refused_at_its_field(
    sqlite_desk: Desk, values: dict[str, Any], field: str
) -> None:
    given = {"url": "https://crm.example/hooks", "events": ["*"], **values}
    error = await sqlite_desk.refused(422, "PUT", CRM, "admin", **given)
    assert field in str(error["details"])
    assert await sqlite_desk.rows(SettingVersion) == []


@pytest.mark.parametrize(
    "url, is_permitted",
    [
        ("https://crm.example/hooks", True),
        ("https://10.1.2.3/hooks", True),
        ("http://127.0.0.1:9000/hooks", True),
        ("http://[::1]:9000/hooks", True),
        ("http://crm.example/hooks", False),
        ("http://10.1.2.3/hooks", False),
        ("http://127.0.0.1:8001/internal/actions", False),
        ("http://localhost:8005/turn", False),
        ("https://127.0.0.1:8001/", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://[::ffff:169.254.169.254]/", False),
        ("https://[fe80::1]/", False),
        ("https://224.0.0.1/", False),
        ("https://0.0.0.0/", False),
    ],
)
async def test_events_go_only_where_a_system_of_the_company_can_be(url: str, is_permitted: bool) -> None:
    settings = Settings(_env_file=None, demo=False, internal_port=8001)  # type: ignore[call-arg]
    assert (problem_of(url, settings) is None) == is_permitted
    if url.startswith(("https://169", "https://224")):
        assert await problem_of_name(url)


async def test_what_is_not_permitted_is_not_called_although_the_file_says_so(sqlite_desk: Desk) -> None:
    async with receiving(sqlite_desk) as crm:
        sent = await pinged(sqlite_desk)
        port = crm.port
        sqlite_desk.services.settings = sqlite_desk.services.settings.model_copy(update={"internal_port": port})
        await delivered(sqlite_desk)
        assert (crm.calls, (await row(sqlite_desk, id=sent.id)).error) == ([], "这是本系统自己的内部端口")


# ---------------------------------------------------------------- what the document says


def test_the_catalogue_in_the_document_is_that_of_the_program() -> None:
    text = DOCUMENT.read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| [^|]+ \| (.+) \|$", text, re.MULTILINE)
    told: dict[str, tuple[str, ...]] = {}
    for name, fields in rows:
        told[name] = told[list(told)[-1]] if fields == "the same" else tuple(re.findall(r"`(\w+)`", fields))
    assert told == {str(event): fields for event, fields in CATALOGUE.items()}


def block(language: str) -> str:
    """The first example in this language in the document."""
    found = re.search(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


async def test_the_examples_understand_each_other_and_us(sqlite_desk: Desk, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/hooks"
    await sqlite_desk.ok("PUT", CRM, "admin", url=url, events=["ticket.*"])
    secret = (await sqlite_desk.ok("POST", f"{CRM}/secret", "admin"))["secret"]
    program, printed = tmp_path / "receiver.py", tmp_path / "printed.txt"
    program.write_text(block("python"), "utf-8")
    env = {**os.environ, "WEBHOOK_SECRET": secret, "WEBHOOK_URL": url, "PORT": str(port), "no_proxy": "*"}
    with printed.open("w") as out, subprocess.Popen([sys.executable, str(program)], env=env, stdout=out) as running:
        try:
            await eventually(lambda: listens(port), "the example listens")
            assert (curl(env), curl({**env, "WEBHOOK_SECRET": "whsec_AAAA"})) == ("204", "401")
            sqlite_desk.clock.set(datetime.now(UTC))  # the example looks at the machine's
            sqlite_desk.tokens.clear()
            _, number = await opened(sqlite_desk)
            await delivered(sqlite_desk)
            [sent] = await sqlite_desk.rows(Delivery, type="ticket.registered")
            assert sent.state == "delivered", sent.error
            await sqlite_desk.ok("POST", f"/webhooks/deliveries/{sent.id}/replay", "admin")
            await delivered(sqlite_desk)
        finally:
            running.terminate()
    lines = printed.read_text("utf-8").splitlines()
    assert lines[0].startswith("ping ")
    assert [number in line for line in lines if line.startswith("ticket.registered")] == [True]


async def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def curl(env: dict[str, str]) -> str:
    return subprocess.run(["sh", "-c", block("sh")], env=env, capture_output=True, text=True, check=True).stdout.strip()
