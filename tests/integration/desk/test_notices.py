"""Letters reach customers who are not in the chat: one way after the other, each once, and nothing counts too early."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from helpdesk.channels.wechat import Account, WeChatCourier
from helpdesk.couriers import SmsCourier, rounds
from helpdesk.model.letter import LetterKind
from helpdesk.model.notice import Way
from helpdesk.store.tables import (
    Audit,
    Conversation,
    Customer,
    Identity,
    Letter,
    NoticeTry,
    Promise,
    Ticket,
    TicketEvent,
    WeChatPermit,
)
from helpdesk.testing import free_port
from helpdesk.usecases import timers
from helpdesk.usecases.conversations.read_marks import customer_read
from tests.integration.desk.conftest import Desk
from tests.integration.desk.letters import MORNING, MOVES, NIGHT, appealed, moved, opened, written
from tests.integration.desk.outside import LINK, Outside, made_outside
from tests.support.notice_servers import RECEIPTS, SENDER, SmsServer
from tests.support.wechat_server import SUBSCRIPTION, TEMPLATE, TEMPLATE_IDS, WeChatServer, as_xml
from tests.support.wechat_world import account_settings

PERSONAL = ("王", "小明", "1381", "5678", "TS2026", "冰箱", "换新", "投诉")


@pytest.fixture
async def outside(desk: Desk) -> AsyncIterator[Outside]:
    async with made_outside(desk) as made:
        yield made


@pytest.fixture
async def sqlite_outside(sqlite_desk: Desk) -> AsyncIterator[Outside]:
    async with made_outside(sqlite_desk) as made:
        yield made


async def test_what_nobody_reads_goes_one_way_after_the_other_each_once(outside: Outside) -> None:
    _, number = await outside.result(email="wang@customer.example")
    await outside.rounds(minutes=29)
    assert await outside.tries(number) == {"chat": "sent"}
    await outside.rounds(minutes=2)
    assert await outside.tries(number) == {"chat": "sent", "sms": "sent"}
    await outside.rounds(hours=11)
    assert list(await outside.tries(number)) == ["chat", "sms"]
    outside.desk.clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    await outside.rounds()
    assert list(await outside.tries(number)) == ["chat", "sms", "email"]
    await outside.rounds(days=1, minutes=1)
    assert list(await outside.tries(number)) == ["chat", "sms", "email", "call"]
    results = [one for one in outside.smtp.taken if "处理结果" in str(one["Subject"])]
    assert len(results) == 1
    assert len({one["custom_id"] for one in outside.sms.sent}) == len(outside.sms.sent)


async def test_a_short_message_tells_nothing_but_that_there_is_news(sqlite_outside: Outside) -> None:
    await sqlite_outside.result()
    await sqlite_outside.rounds(minutes=31)
    [sent] = sqlite_outside.sms.sent
    assert sent["mobile"] == "13812345678"
    assert not [word for word in PERSONAL if word in LINK.sub("", sent["content"])]
    assert sent["content"].startswith("【三声电器】您好")


async def test_the_link_opens_once_and_the_letter_is_received_then(outside: Outside) -> None:
    conversation_id, number = await outside.result()
    await outside.rounds(minutes=31)
    assert (await outside.notice(number)).state == "on_its_way"
    outside.desk.clock.advance(timedelta(days=2))
    when = outside.desk.clock.now()
    asked = [outside.desk.client.post("/follow/link", json={"token": outside.token()}) for _ in range(3)]
    codes = sorted([answer.status_code for answer in await asyncio.gather(*asked)])
    assert codes == [200, 404, 404]
    notice = await outside.notice(number)
    assert (notice.state, notice.received_at, notice.received_by) == ("received", when, "sms")
    assert (await outside.tries(number))["sms"] == "opened"
    await outside.rounds(days=3)
    assert list(await outside.tries(number)) == ["chat", "sms"]
    outside.desk.clock.set(when + timedelta(days=10))
    assert await appealed(outside.desk, conversation_id, number) == "reinvestigating"
    outside.desk.clock.set(when + timedelta(days=11))
    assert await appealed(outside.desk, conversation_id, number) == "new"


async def test_a_link_is_worth_nothing_when_it_is_old_or_made_up(sqlite_outside: Outside) -> None:
    await sqlite_outside.result()
    await sqlite_outside.rounds(minutes=31)
    sqlite_outside.desk.clock.advance(timedelta(days=7, minutes=1))
    for token in (sqlite_outside.token(), "A" * 20, "", "x' or 1=1 --"):
        answer = await sqlite_outside.desk.client.post("/follow/link", json={"token": token})
        assert answer.status_code == 404, token
        assert "登记号" in answer.json()["error"]["message"]


async def test_a_result_that_was_sent_and_not_received_can_be_appealed_against_for_ever(outside: Outside) -> None:
    conversation_id, number = await outside.result()
    await outside.rounds(minutes=31)
    outside.desk.clock.advance(timedelta(days=40))
    assert await appealed(outside.desk, conversation_id, number) == "reinvestigating"


async def test_who_reads_or_writes_in_the_chat_is_told_nowhere_else(outside: Outside) -> None:
    conversation_id, number = await outside.result()
    await customer_read(outside.desk.services, conversation_id, 100)
    _, other = await outside.result(sender="li", phone="13912345678", order="2026110899999")
    await outside.desk.customer("li", "看到了")
    at = outside.desk.clock.now()
    await outside.rounds(minutes=31)
    assert outside.sms.sent == []
    assert (await outside.notice(number)).received_by == "chat"
    assert ((await outside.notice(other)).state, (await outside.notice(other)).received_at) == ("received", at)


async def test_the_follow_page_counts_as_reading(outside: Outside) -> None:
    _, number = await outside.result()
    await outside.rounds(minutes=31)
    shown = await outside.desk.client.post("/follow", json={"number": number, "last4": "5678"})
    assert shown.status_code == 200
    assert (await outside.notice(number)).state == "received"


async def test_nobody_is_woken_but_for_danger(outside: Outside) -> None:
    _, number = await opened(outside.desk)
    await outside.desk.change(Ticket, number, conversation_id=None)
    outside.desk.clock.set(NIGHT)
    await moved(outside.desk, number, *MOVES)
    await outside.rounds(minutes=31)
    assert (outside.sms.sent, outside.smtp.taken) == ([], [])
    outside.desk.clock.set(MORNING)
    await outside.rounds()
    assert (await outside.tries(number)) == {"sms": "sent"}


async def test_danger_is_told_at_night(sqlite_outside: Outside) -> None:
    _, number = await opened(sqlite_outside.desk, danger="danger")
    await sqlite_outside.desk.change(Ticket, number, conversation_id=None)
    sqlite_outside.desk.clock.set(NIGHT)
    await written(sqlite_outside.desk, number, LetterKind.RESULT_UNFOUNDED, "x")
    await sqlite_outside.rounds(minutes=1)
    assert len(sqlite_outside.sms.sent) == 1


async def test_a_message_that_waits_for_the_vendor_does_not_go_out_at_night(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result()
    sqlite_outside.desk.clock.set(datetime(2026, 11, 23, 12, 55, tzinfo=UTC))
    sqlite_outside.sms.answers = [JSONResponse({"code": "429"})]
    await sqlite_outside.rounds()
    await sqlite_outside.rounds(minutes=6)  # 21:01 in Shanghai
    assert (await sqlite_outside.tries(number), sqlite_outside.sms.calls) == ({"chat": "sent", "sms": "queued"}, 1)
    sqlite_outside.desk.clock.set(MORNING)
    await sqlite_outside.rounds(minutes=5)
    assert len(sqlite_outside.sms.sent) == 1


async def test_what_was_under_way_when_a_process_died_is_not_sent_again(outside: Outside) -> None:
    _, number = await outside.result()
    outside.desk.clock.advance(timedelta(minutes=31))
    await timers.tick(outside.desk.services)
    [waiting] = await rounds.due(outside.desk.services)
    assert await rounds.take(outside.desk.services, waiting) is not None  # and then it is killed
    await outside.rounds(minutes=1)
    assert outside.sms.calls == 0
    await rounds.give_up_lost(outside.desk.services, outside.desk.clock.now() + timedelta(seconds=1))
    await outside.rounds(minutes=10)
    assert (await outside.tries(number))["sms"] == "unknown"
    assert outside.sms.calls == 0
    outside.desk.clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    await outside.rounds()
    assert list(await outside.tries(number)) == ["chat", "sms", "call"]


BAD_ANSWERS: dict[str, tuple[Response, str]] = {
    "refused": (JSONResponse({"code": "1002", "message": "黑名单"}), "failed"),
    "HTTP 403": (JSONResponse({"code": "0"}, 403), "failed"),
    "HTTP 500": (HTMLResponse("<h1>oops</h1>", 500), "unknown"),
    "a page of HTML": (HTMLResponse("<h1>登录</h1>"), "unknown"),
    "ten megabytes": (Response(b"[" + b"1," * 5_000_000, media_type="application/json"), "unknown"),
    "busy": (JSONResponse({}, 429), "queued"),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
async def test_a_vendor_that_answers_oddly_sends_nothing_twice(sqlite_outside: Outside, case: str) -> None:
    _, number = await sqlite_outside.result()
    answer, state = BAD_ANSWERS[case]
    sqlite_outside.sms.answers = [answer]
    sqlite_outside.desk.clock.advance(timedelta(minutes=31))
    await timers.tick(sqlite_outside.desk.services)
    for one in await rounds.due(sqlite_outside.desk.services):
        await rounds.serve(sqlite_outside.desk.services, one)
    assert (await sqlite_outside.tries(number))["sms"] == state
    await sqlite_outside.rounds(minutes=6)
    assert sqlite_outside.sms.calls == (2 if state == "queued" else 1)
    assert list(await sqlite_outside.tries(number)) == ["chat", "sms", *(["call"] if state == "failed" else [])]


async def test_a_vendor_that_is_not_there_is_called_again_and_then_given_up(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result()
    gone = SmsCourier(sqlite_outside.desk.services, SmsServer().settings)
    sqlite_outside.desk.services.couriers[Way.SMS] = gone
    await sqlite_outside.rounds(minutes=31)
    assert await sqlite_outside.tries(number) == {"chat": "sent", "sms": "queued"}
    for _ in range(rounds.TRIES):
        await sqlite_outside.rounds(hours=1)
        if sqlite_outside.desk.clock.now().hour >= 12:
            sqlite_outside.desk.clock.set(sqlite_outside.desk.clock.now() + timedelta(hours=13))
    assert (await sqlite_outside.tries(number))["sms"] == "failed"
    await gone.close()


# ---------------------------------------------------------------- receipts


async def receipt(outside: Outside, message_id: str, state: str, token: str = RECEIPTS) -> int:
    answer = await outside.desk.client.post(
        "/receipts/sms", params={"token": token}, json=[{"message_id": message_id, "state": state}]
    )
    return answer.status_code


async def test_a_receipt_moves_the_state_once_and_late_ones_change_nothing(outside: Outside) -> None:
    _, number = await outside.result()
    await outside.rounds(minutes=31)
    assert await receipt(outside, "sms-1", "ACCEPTD") == 200
    assert (await outside.notice(number)).state == "on_its_way"
    assert await receipt(outside, "sms-1", "DELIVRD") == 200
    notice = await outside.notice(number)
    assert (notice.state, notice.received_by) == ("received", "sms")
    outside.desk.clock.advance(timedelta(hours=1))
    for state in ("DELIVRD", "UNDELIV"):
        assert await receipt(outside, "sms-1", state) == 200
    assert ((await outside.notice(number)).received_at, (await outside.tries(number))["sms"]) == (
        notice.received_at,
        "delivered",
    )
    events = [one for one in await outside.desk.rows(TicketEvent, number=number) if one.action == "notice_received"]
    assert [one.detail for one in events] == [{"way": "sms"}] * len(events)


async def test_a_receipt_for_what_no_database_can_look_for_is_unknown(outside: Outside) -> None:
    for odd in ("\0", "sms-1\0x", "\ud800"):
        body = json.dumps([{"message_id": odd, "state": "DELIVRD"}])
        assert (await outside.desk.client.post(f"/receipts/sms?token={RECEIPTS}", content=body)).status_code == 404


async def test_a_message_that_did_not_arrive_is_followed_by_the_next_way_at_once(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result(email="wang@customer.example")
    await sqlite_outside.rounds(minutes=31)
    assert await receipt(sqlite_outside, "sms-1", "UNDELIV") == 200
    await sqlite_outside.rounds(minutes=1)
    assert await sqlite_outside.tries(number) == {"chat": "sent", "sms": "failed", "email": "sent"}


async def test_receipts_are_the_vendors_alone(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result()
    await sqlite_outside.rounds(minutes=31)
    assert await receipt(sqlite_outside, "sms-1", "DELIVRD", token="guessed") == 403
    assert await receipt(sqlite_outside, "sms-1", "DELIVRD", token="") == 403
    assert await receipt(sqlite_outside, "sms-99", "DELIVRD") == 404
    for body in (b"", b"[]", b"[1]", b"\xff\xfe", b"[" * 5000):
        answer = await sqlite_outside.desk.client.post(f"/receipts/sms?token={RECEIPTS}", content=body)
        assert answer.status_code == 422, body
    assert (await sqlite_outside.notice(number)).state == "on_its_way"
    sqlite_outside.desk.services.couriers = {}
    assert await receipt(sqlite_outside, "sms-1", "DELIVRD") == 404


# ---------------------------------------------------------------- mail


async def test_a_letter_by_mail_holds_the_letter_as_text_and_as_html(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result(phone="0212345678", email="wang@customer.example")
    await sqlite_outside.rounds(minutes=31)
    [message] = [one for one in sqlite_outside.smtp.taken if "处理结果" in str(one["Subject"])]
    letter = await sqlite_outside.desk.row(Letter, number=number, kind="result_justified")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert letter.text.replace("\n", "\r\n") in plain.get_content().replace("\n", "\r\n").replace("\r\r", "\r")
    assert all(line in html.get_content() for line in letter.text.splitlines())
    assert LINK.search(plain.get_content())
    assert (message["To"], message["Auto-Submitted"]) == ("wang@customer.example", "auto-generated")
    assert SENDER in str(message["From"])
    sent = await sqlite_outside.desk.row(NoticeTry, letter_id=letter.id, way="email")
    assert message["Message-ID"] == f"<{sent.id}@sansheng.example>" == sent.external_id


@pytest.mark.parametrize("answer, state, calls", [("451 later", "queued", 2), ("550 unknown user", "failed", 1)])
async def test_a_mail_server_that_refuses(sqlite_outside: Outside, answer: str, state: str, calls: int) -> None:
    _, number = await sqlite_outside.result(phone="0212345678", email="wang@customer.example")
    sqlite_outside.desk.clock.advance(timedelta(minutes=31))
    sqlite_outside.smtp.answers = [answer] * 2
    await timers.tick(sqlite_outside.desk.services)
    letter_id = (await sqlite_outside.notice(number)).letter_id
    row = await sqlite_outside.desk.row(NoticeTry, letter_id=letter_id, way="email")
    await rounds.serve(sqlite_outside.desk.services, row.id)
    assert (await sqlite_outside.tries(number))["email"] == state
    assert answer[:3] in (await sqlite_outside.desk.row(NoticeTry, id=row.id)).error
    sqlite_outside.smtp.answers = []
    await sqlite_outside.rounds(minutes=1)
    assert (await sqlite_outside.desk.row(NoticeTry, id=row.id)).attempts == calls


# ---------------------------------------------------------------- who can be reached how


async def test_the_way_that_a_customer_prefers_is_taken_after_the_chat(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result(email="wang@customer.example")
    customer = (await sqlite_outside.desk.row(Ticket, number=number)).customer_id
    await sqlite_outside.desk.change(Customer, customer, reach_by="email")
    await sqlite_outside.rounds(minutes=31)
    assert list(await sqlite_outside.tries(number)) == ["chat", "email"]


async def test_who_can_be_reached_no_way_is_listed(outside: Outside) -> None:
    conversation_id, number = await outside.result(phone="12345", email=None)
    outside.desk.services.couriers = {}
    await outside.desk.change(Ticket, number, fields={"name": "王小明", "description": "不制冷"})
    customer = (await outside.desk.row(Ticket, number=number)).customer_id
    await outside.desk.change(Customer, customer, phone=None, email=None)
    await outside.rounds(minutes=31)
    assert (await outside.notice(number)).state == "undeliverable"
    assert "notice_undeliverable" in [one.action for one in await outside.desk.rows(TicketEvent, number=number)]
    outside.desk.clock.advance(timedelta(days=30))
    assert await appealed(outside.desk, conversation_id, number) == "reinvestigating"


async def test_a_letter_worth_no_call_waits_in_the_chat_and_is_nobodys_task(sqlite_outside: Outside) -> None:
    _, number = await opened(sqlite_outside.desk)
    await moved(sqlite_outside.desk, number, MOVES[0])
    sqlite_outside.desk.services.couriers = {}
    for _ in range(3):
        await sqlite_outside.rounds(days=1)
    assert (await sqlite_outside.notice(number, "progress")).state == "on_its_way"
    await sqlite_outside.desk.customer(words="看到了")
    await sqlite_outside.rounds(days=1)
    assert (await sqlite_outside.notice(number, "progress")).received_by == "chat"


async def test_a_corrected_result_takes_the_first_off_its_way(sqlite_outside: Outside) -> None:
    _, number = await sqlite_outside.result()
    await moved(sqlite_outside.desk, number, {"action": "correct", "note": "改为全额退款"})
    await sqlite_outside.rounds(minutes=31)
    assert (await sqlite_outside.notice(number)).state == "void"
    assert list(await sqlite_outside.tries(number, "corrected_result")) == ["chat", "sms"]
    assert len(sqlite_outside.sms.sent) == 1


# ---------------------------------------------------------------- WeChat


async def followed(desk: Desk, number: str, server: WeChatServer, **templates: str) -> Account:
    """The ticket's customer follows the account too; the account carries notices from now on."""
    templates = templates or {"template_id": TEMPLATE}
    customer = (await desk.row(Ticket, number=number)).customer_id
    async with desk.services.db.write() as uow:
        now = desk.clock.now()
        identity = Identity(channel="wechat", sender="open-1", customer_id=customer, created_at=now)
        uow.session.add(identity)
        await uow.session.flush()
        talk = {"identity_id": identity.id, "customer_id": customer, "channel": "wechat", "opened_at": now}
        uow.session.add(Conversation(**talk))
        await uow.commit()
    server.phones["open-1"].last_wrote = None
    account = Account(desk.services, account_settings(server.url, **templates))
    desk.services.carriers = {"wechat": account}
    desk.services.couriers = {Way.WECHAT: WeChatCourier(desk.services, account)}
    return account


@pytest.mark.parametrize(
    "status, states", [("success", ["chat", "wechat"]), ("failed:user block", ["chat", "wechat", "call"])]
)
async def test_who_is_silent_on_wechat_gets_a_template_and_its_receipt_counts(
    outside: Outside, status: str, states: list[str]
) -> None:
    _, number = await outside.result()
    server = WeChatServer(free_port(), now=outside.desk.clock.now)
    async with server.running():
        account = await followed(outside.desk, number, server)
        await outside.rounds(minutes=31)
        [seen] = server.phones["open-1"].seen
        assert LINK.search(seen.text)
        assert not [word for word in PERSONAL if word in LINK.sub("", seen.text)]
        done = server.message(
            "open-1", "event", Event="TEMPLATESENDJOBFINISH", MsgID=str(TEMPLATE_IDS + 1), Status=status
        )
        query, body = server.signed(done)
        answer = await outside.desk.client.post("/wechat", params=query, content=body)
        assert (answer.status_code, answer.text) == (200, "success")
        await outside.rounds(minutes=1)
        await account.close()
    assert list(await outside.tries(number)) == states
    assert ((await outside.notice(number)).state == "received") is (status == "success")


async def heard(desk: Desk, server: WeChatServer, event: str) -> None:
    """WeChat tells of something, twice, as it does when it was not sure."""
    query, body = server.signed_xml(event)
    for _ in range(2):
        answer = await desk.client.post("/wechat", params=query, content=body)
        assert (answer.status_code, answer.text) == (200, "success")


@asynccontextmanager
async def silent_follower(outside: Outside, **templates: str) -> AsyncIterator[tuple[str, WeChatServer]]:
    """A result for somebody who follows the account and has not written to it for days."""
    _, number = await outside.result()
    server = WeChatServer(free_port(), now=outside.desk.clock.now)
    async with server.running():
        account = await followed(outside.desk, number, server, **templates)
        yield number, server
        await account.close()


def ways_seen(server: WeChatServer) -> list[str]:
    return [one.via for one in server.phones["open-1"].seen]


async def test_a_subscription_message_goes_to_who_allowed_it_once_for_each_yes(outside: Outside) -> None:
    async with silent_follower(outside, subscription_id=SUBSCRIPTION) as (number, server):
        await heard(outside.desk, server, server.answered("open-1", subscription_1="accept", other_1="reject"))
        kept = {one.template_id: one.permits for one in await outside.desk.rows(WeChatPermit)}
        assert kept == {SUBSCRIPTION: 1, "other-1": 0}
        assert {one.action for one in await outside.desk.rows(Audit) if one.action.startswith("wechat_notice")} == {
            "wechat_notice_allowed", "wechat_notice_refused",
        }  # fmt: skip
        await outside.rounds(minutes=31)
        [seen] = server.phones["open-1"].seen
        assert (seen.via, bool(LINK.search(seen.text))) == ("subscription", True)
        assert not [word for word in PERSONAL if word in LINK.sub("", seen.text)]
        assert (await outside.desk.row(WeChatPermit, template_id=SUBSCRIPTION)).permits == 0
        done = as_xml(server.message("open-1", "event", Event="subscribe_msg_sent_event")).removesuffix("</xml>")
        entry = f"<MsgID>{TEMPLATE_IDS + 1}</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus>"
        told = f"{done}<SubscribeMsgSentEvent><List>{entry}</List></SubscribeMsgSentEvent></xml>"
        await heard(outside.desk, server, told)
    assert (await outside.notice(number)).received_by == "wechat"


async def test_who_was_never_asked_is_told_by_the_next_way_at_once(sqlite_outside: Outside) -> None:
    async with silent_follower(sqlite_outside, subscription_id=SUBSCRIPTION) as (number, server):
        await sqlite_outside.rounds(minutes=31)
        await sqlite_outside.rounds(minutes=1)
        assert ways_seen(server) == []
    tried = await sqlite_outside.tries(number)
    assert (tried["wechat"], "call" in tried) == ("failed", True)


async def test_a_no_ends_what_was_allowed(sqlite_outside: Outside) -> None:
    async with silent_follower(sqlite_outside, subscription_id=SUBSCRIPTION) as (number, server):
        for answer in ("accept", "reject"):
            sqlite_outside.desk.clock.advance(timedelta(seconds=1))
            await heard(sqlite_outside.desk, server, server.answered("open-1", subscription_1=answer))
        await sqlite_outside.rounds(minutes=31)
        assert ways_seen(server) == []
    assert (await sqlite_outside.tries(number))["wechat"] == "failed"


REFUSALS = {
    "unwanted": ({"errcode": 43101, "errmsg": "user refuse"}, ["template"], 0),
    "wrong fields": ({"errcode": 47003, "errmsg": "argument invalid"}, ["template"], 1),
    "stale token": ({"errcode": 40001, "errmsg": "invalid credential"}, ["subscription"], 0),
    "busy": ({"errcode": -1, "errmsg": "system error"}, [], 1),
    "too often": ({"errcode": 45009, "errmsg": "reach max api daily quota limit"}, [], 1),
    "nonsense": ({"what": "is this"}, [], 0),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_what_wechat_refuses_goes_another_way_or_later_and_never_twice(
    sqlite_outside: Outside, name: str
) -> None:
    refusal, seen, left = REFUSALS[name]
    templates = {"subscription_id": SUBSCRIPTION, "template_id": TEMPLATE}
    async with silent_follower(sqlite_outside, **templates) as (_, server):
        await heard(sqlite_outside.desk, server, server.answered("open-1", subscription_1="accept"))
        server.subscription_answers = [refusal]
        await sqlite_outside.rounds(minutes=31)
        assert ways_seen(server) == seen
        assert (await sqlite_outside.desk.row(WeChatPermit)).permits == left
        await sqlite_outside.rounds(minutes=20)
        expected = ["subscription"] if name in ("busy", "too often") else seen
        assert ways_seen(server) == expected


async def test_who_wrote_lately_is_answered_by_a_plain_message_and_no_yes_is_used(sqlite_outside: Outside) -> None:
    """WeChat's own count of the 48 hours decides: out of it the yes is used."""
    async with silent_follower(sqlite_outside, subscription_id=SUBSCRIPTION) as (_, server):
        await heard(sqlite_outside.desk, server, server.answered("open-1", subscription_1="accept"))
        talk = await sqlite_outside.desk.row(Conversation, channel="wechat")
        await sqlite_outside.desk.change(Conversation, talk.id, last_customer_at=sqlite_outside.desk.clock.now())
        server.phones["open-1"].last_wrote = sqlite_outside.desk.clock.now().timestamp()
        await sqlite_outside.rounds(minutes=31)
        assert ways_seen(server) == ["api"]
        assert (await sqlite_outside.desk.row(WeChatPermit)).permits == 1


# ---------------------------------------------------------------- calls


async def to_call(outside: Outside) -> tuple[str, str, dict[str, Any]]:
    """(conversation, number, call) of a result that only a call can bring."""
    conversation_id, number = await outside.result()
    outside.desk.services.couriers = {}
    await outside.rounds(minutes=31)
    [call] = await outside.desk.ok("GET", "/calls", "supervisor")
    return conversation_id, number, call


async def test_a_call_in_which_somebody_spoke_is_a_result_received(outside: Outside) -> None:
    _, number, call = await to_call(outside)
    assert (call["number"], call["why"], call["phone"]) == (number, "处理结果", "13812345678")
    assert call["words"] == ["您好"]
    await outside.desk.refused(422, "POST", f"/calls/{call['id']}", "supervisor", outcome="reached", note="")
    assert await outside.desk.ok("POST", f"/calls/{call['id']}", "supervisor", outcome="reached", note="已告知") == []
    assert (await outside.notice(number)).received_by == "call"
    await outside.desk.refused(409, "POST", f"/calls/{call['id']}", "supervisor", outcome="missed", note="又打")
    assert [one.note for one in await outside.desk.rows(TicketEvent, action="contacted")] == ["已告知"]


async def test_who_never_answers_is_listed_as_not_reached(outside: Outside) -> None:
    _, number, call = await to_call(outside)
    for tried in range(3):
        await outside.desk.ok("POST", f"/calls/{call['id']}", "supervisor", outcome="missed", note="无人接听")
        await outside.rounds(days=1)
        outside.desk.tokens.clear()
        assert len(await outside.desk.ok("GET", "/calls", "supervisor")) == (1 if tried < 2 else 0)
    [listed] = await outside.desk.ok("GET", "/undelivered", "supervisor")
    assert (listed["number"], listed["letter"]) == (number, "result_justified")
    assert [one["way"] for one in listed["tries"]] == ["chat", "call"]
    shown = await outside.desk.client.post("/follow", json={"number": number, "last4": "5678"})
    assert shown.status_code == 200
    assert await outside.desk.ok("GET", "/undelivered", "supervisor") == []


async def test_another_time_can_be_agreed_but_not_one_that_is_over(sqlite_outside: Outside) -> None:
    desk = sqlite_outside.desk
    _, _, call = await to_call(sqlite_outside)
    later = desk.clock.now() + timedelta(hours=5)
    path = f"/calls/{call['id']}"
    for due in (None, (desk.clock.now() - timedelta(hours=1)).isoformat()):
        await desk.refused(422, "POST", path, "supervisor", outcome="moved", note="晚上", due_at=due)
    [moved_to] = await desk.ok("POST", path, "supervisor", outcome="moved", note="晚上打", due_at=later.isoformat())
    assert datetime.fromisoformat(moved_to["due_at"]) == later


async def test_a_promised_call_is_kept_only_by_speaking(sqlite_outside: Outside) -> None:
    desk = sqlite_outside.desk
    conversation_id = await desk.customer(words="请给我回电话")
    fields = {"name": "王小明", "phone": "13812345678", "description": "咨询冰箱保养"}
    result = await desk.turn(conversation_id, "open_ticket", {"kind": "callback", "fields": fields})
    [call] = await desk.ok("GET", "/calls", "supervisor")
    assert (call["about"], call["words"]) == ("咨询冰箱保养", ["请给我回电话"])
    await desk.ok("POST", f"/calls/{call['id']}", "supervisor", outcome="missed", note="没人接")
    assert (await desk.row(Promise, id=call["id"])).state == "open"
    await desk.ok("POST", f"/calls/{call['id']}", "supervisor", outcome="reached", note="讲清楚了")
    assert (await desk.row(Promise, id=call["id"])).state == "kept"
    assert [one.action for one in await desk.rows(TicketEvent, number=result["number"])][-2:] == [
        "call_missed",
        "contacted",
    ]


async def test_who_is_not_in_charge_sees_no_number_and_no_name_in_the_list(sqlite_outside: Outside) -> None:
    _, number, _ = await to_call(sqlite_outside)
    owner = (await sqlite_outside.desk.row(Ticket, number=number)).owner_id
    other = next(one for one in ("agent", "agent2") if one != owner)
    [call] = await sqlite_outside.desk.ok("GET", "/calls", other)
    assert (call["name"], call["phone"], call["masked"]) == ("王**", "138****5678", True)
    assert "13812345678" not in str(call)
