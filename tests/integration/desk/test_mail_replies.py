"""Answers by mail come to their ticket once, and nothing else of a mailbox is touched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as LINES
from typing import Any

import pytest
from pydantic import SecretStr

from helpdesk.couriers import Mailbox, MailCourier, replies
from helpdesk.errors import InvalidInput
from helpdesk.model.notice import Way
from helpdesk.store.tables import Message, Notice, NoticeTry, TicketEvent
from tests.integration.desk.conftest import Desk
from tests.integration.desk.outside import Outside, made_outside
from tests.support.imap_server import ImapServer

CUSTOMER = "wang@customer.example"
TOKEN = "reply-token"


@pytest.fixture
async def outside(desk: Desk) -> AsyncIterator[Outside]:
    async with made_outside(desk) as made:
        yield made


@pytest.fixture
async def sqlite_outside(sqlite_desk: Desk) -> AsyncIterator[Outside]:
    async with made_outside(sqlite_desk) as made:
        yield made


async def lettered(outside: Outside) -> tuple[str, EmailMessage]:
    """A complaint with a result that was sent by mail; its number, and the mail."""
    _, number = await outside.result(email=CUSTOMER)
    await outside.rounds(minutes=31)
    await outside.rounds(hours=12)
    outside.desk.clock.advance(timedelta(hours=12))
    await outside.rounds()
    sent = [one for one in outside.smtp.taken if "处理结果" in str(one["Subject"])]
    assert sent, await outside.tries(number)
    return number, sent[-1]


def answer(letter: EmailMessage, text: str = "冰箱又不制冷了", **heads: str) -> bytes:
    """What a customer's program makes of 回复."""
    made = EmailMessage(policy=LINES)
    given = {"From": CUSTOMER, "To": "service@sansheng.example", "Subject": f"回复：{letter['Subject']}"}
    threads = {"Message-ID": "<one@customer.example>", "In-Reply-To": str(letter["Message-ID"]).strip()}
    for name, value in {**given, **threads, **{key.replace("_", "-"): value for key, value in heads.items()}}.items():
        made[name] = value
    made.set_content(f"{text}\n\n在 2026年11月24日，三声电器 写道：\n> 您好，处理结果如下\n> 登记号\n")
    return bytes(made)


async def notes(desk: Desk, number: str) -> list[TicketEvent]:
    return [one for one in await desk.rows(TicketEvent, number=number) if one.action == "customer_note"]


async def test_an_answer_is_the_tickets_and_the_conversations_once_and_the_letter_is_received(outside: Outside) -> None:
    number, letter = await lettered(outside)
    content = answer(letter, "冰箱又不制冷了，身份证 11010519491231002X")
    told = await asyncio.gather(*(replies.take(outside.desk.services, content) for _ in range(3)))
    assert told == [True, True, True]
    [note] = await notes(outside.desk, number)
    assert (note.actor, note.detail["channel"]) == ("customer", "email")
    assert "又不制冷" in note.note
    assert "11010519491231002X" not in note.note
    assert "写道" not in note.note
    [shown] = [one for one in await outside.desk.rows(Message) if (one.custom or {}).get("kind") == "mail"]
    assert (shown.author, shown.text, shown.processed_at is not None) == ("customer", note.note, True)
    assert (await outside.notice(number)).state == "received"


async def test_the_thread_is_followed_by_references_too_and_a_stranger_is_not_heard(outside: Outside) -> None:
    number, letter = await lettered(outside)
    ours = str(letter["Message-ID"]).strip()
    second = {"Message_ID": "<two@customer.example>", "In_Reply_To": "<one@customer.example>"}
    assert await replies.take(
        outside.desk.services, answer(letter, **second, References=f"{ours} <one@customer.example>")
    )
    assert len(await notes(outside.desk, number)) == 1
    strange = {"Message_ID": "<three@customer.example>", "In_Reply_To": f"<{'0' * 32}@sansheng.example>"}
    assert not await replies.take(outside.desk.services, answer(letter, **strange))
    assert len(await notes(outside.desk, number)) == 1


async def test_a_letter_that_comes_back_makes_room_for_the_next_way(outside: Outside) -> None:
    number, letter = await lettered(outside)
    report = EmailMessage(policy=LINES)
    report["From"], report["Message-ID"] = "MAILER-DAEMON@customer.example", "<bounce@customer.example>"
    report["Auto-Submitted"] = "auto-replied"
    report.set_content("Undelivered Mail Returned to Sender")
    report.add_attachment(bytes(letter), maintype="application", subtype="octet-stream", cte="8bit")
    report.replace_header("Content-Type", 'multipart/report; report-type=delivery-status; boundary="x1"')
    content = bytes(report).replace(report.get_boundary("").encode(), b"x1")
    assert await replies.take(outside.desk.services, content)
    [tried] = [one for one in await outside.desk.rows(NoticeTry, way="email") if one.state == "failed"]
    assert tried.external_id == str(letter["Message-ID"]).strip()
    assert await notes(outside.desk, number) == []


@pytest.mark.parametrize("heads", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}])
async def test_what_a_program_wrote_by_itself_changes_nothing(sqlite_outside: Outside, heads: dict[str, str]) -> None:
    number, letter = await lettered(sqlite_outside)
    assert not await replies.take(sqlite_outside.desk.services, answer(letter, **heads))
    assert await notes(sqlite_outside.desk, number) == []
    [notice] = await sqlite_outside.desk.rows(Notice, number=number, received_by="email") or [None]
    assert notice is None


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xff\xfe\x00" * 100])
def test_what_is_no_mail_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        replies.read(content, ())


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: =?gb18030?B?//?=\r\nIn-Reply-To: <a@b.c>\r\nContent-Type: text/plain; charset=no\r\n\r\n\xc4\xe3",
        b"In-Reply-To: <a@b.c>\r\nContent-Type: text/html\r\n\r\n<style>x{}</style><p>hi<br>there</p><blockquote>old",
        b"In-Reply-To: <a@b.c>\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\nhi\r\n",
        b"In-Reply-To: <a@b.c>\r\nFrom: \x00\xff\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
)
def test_an_odd_mail_is_read_as_far_as_it_can_be(content: bytes) -> None:
    read = replies.read(content, ("写道",))
    assert read is not None
    assert list(read.answers) == ["<a@b.c>"]
    assert "old" not in read.text
    assert "style" not in read.text


def _parts(kind: bytes, count: int) -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + count * (b"--x\r\n" + kind + b"\r\n\r\na\r\n")
        + b"--x--\r\n"
    )


def _nested(depth: int) -> bytes:
    inner = (b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth))
    return b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + b"".join(inner)


SLOW = {
    "comments in a disposition": _parts(b"Content-Disposition: " + b"(a)" * 3000, 1),
    "comments in comments": b"Subject: x\r\nContent-Type: " + b"(" * 100_000 + b"\r\n\r\nhi",
    "an id of comments": b"Subject: x\r\nMessage-ID: <" + b"((" * 100_000 + b"\r\n\r\nhi",
    "parameters": b"Subject: x\r\nContent-Type: text/plain" + b"; a=b" * 500_000 + b"\r\n\r\nhi",
    "quotes": b"Subject: x\r\nContent-Type: text/plain" + b';"' * 500_000 + b"\r\n\r\nhi",
    "references": b"Subject: x\r\nReferences: " + b" a" * 500_000 + b"\r\n\r\nhi",
    "parts": _parts(b"Subject: x", 100_000),
    "parts within parts": _nested(3000),
    "lines within parts": _nested(300) + b"\n" * 1_000_000,
    "a character set of no letters": b"Content-Type: text/plain; charset=punycode\r\n\r\na-" + b"9" * 500_000,
    "no character set": b"Content-Type: text/plain; charset=undefined\r\n\r\nhi\xff",
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<a " * 500_000,
}


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_no_mail_takes_long_to_read(content: bytes) -> None:
    """Some of a few kilobytes took minutes, in which the service did nothing else; some ended the reading for good."""
    began = time.process_time()
    with suppress(InvalidInput):
        replies.read(content, ("写道",))
    assert time.process_time() - began < 1


async def test_a_mail_that_cannot_be_read_does_not_stand_before_others(outside: Outside) -> None:
    number, letter = await lettered(outside)
    box = ImapServer()
    for content in (
        SLOW["parts within parts"],
        b"Message-ID: <a\0b>\r\nIn-Reply-To: <c\0d>\r\nSubject: \xff\r\n\r\nhi\0",
    ):
        box.deliver(content)
    own = box.deliver(answer(letter))
    async with box.running():
        assert await Mailbox(outside.desk.services, box.settings).look() == 1
    assert box.read == {own}
    assert len(await notes(outside.desk, number)) == 1


async def test_a_mailbox_is_read_and_only_what_was_taken_is_marked(outside: Outside) -> None:
    number, letter = await lettered(outside)
    box = ImapServer()
    own = box.deliver(answer(letter))
    box.deliver(answer(letter, Message_ID="<x@y.z>", In_Reply_To="<somebody@else.example>"))
    box.deliver(b"no mail at all")
    async with box.running():
        mailboxes = [Mailbox(outside.desk.services, box.settings) for _ in range(2)]
        assert sorted(await asyncio.gather(*(one.look() for one in mailboxes))) in ([0, 1], [1, 1])
        assert box.read == {own}
        fetched = len(box.fetched)
        assert [await one.look() for one in mailboxes] == [0, 0]
        assert len(box.fetched) == fetched, "what is not ours is not read again"
        box.deliver(answer(letter, "还有一件事", Message_ID="<later@customer.example>"))
        assert await mailboxes[0].look() == 1
    assert len(await notes(outside.desk, number)) == 2


async def test_a_mailbox_that_lets_nobody_in_or_is_away_is_looked_at_again(sqlite_outside: Outside) -> None:
    number, letter = await lettered(sqlite_outside)
    box = ImapServer(refuses=True)
    settings = box.settings.model_copy(update={"every": 0.01})
    mailbox = Mailbox(sqlite_outside.desk.services, settings)
    box.deliver(answer(letter))
    async with mailbox.watched(), box.running(), asyncio.timeout(20):
        await asyncio.sleep(0.05)
        assert await notes(sqlite_outside.desk, number) == []
        box.refuses = False
        while not await notes(sqlite_outside.desk, number):
            await asyncio.sleep(0.01)


async def test_a_server_of_mail_hands_answers_on_with_its_token(sqlite_outside: Outside) -> None:
    number, letter = await lettered(sqlite_outside)
    courier = sqlite_outside.desk.services.couriers[Way.EMAIL]
    assert isinstance(courier, MailCourier)
    client = sqlite_outside.desk.client
    assert (await client.post("/receipts/mail", content=answer(letter))).status_code == 404
    courier.settings = courier.settings.model_copy(update={"reply_token": SecretStr(TOKEN)})
    wrong: dict[str, Any] = {"content": answer(letter), "headers": {"Authorization": "Bearer wrong"}}
    assert (await client.post("/receipts/mail", **wrong)).status_code == 403
    right = {**wrong, "headers": {"Authorization": f"Bearer {TOKEN}"}}
    assert (await client.post("/receipts/mail", **right)).json() == {"taken": True}
    assert len(await notes(sqlite_outside.desk, number)) == 1
    assert (await client.post("/receipts/mail", **{**right, "content": b"x"})).status_code == 422
