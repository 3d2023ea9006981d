"""Who has shown that a number is theirs is one person, wherever they came; who only says so gets nothing of anybody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse

from helpdesk.couriers import SmsCourier
from helpdesk.store.tables import Audit, Conversation, Customer, Draft, PhoneCode, Promise, Ticket
from helpdesk.usecases.conversations import joining
from helpdesk.usecases.conversations.known import Known, identify
from helpdesk.usecases.conversations.receive import Incoming, receive
from tests.integration.desk.conftest import Desk, complaint
from tests.support.notice_servers import SmsServer

PHONE = "13812345678"
CODE = re.compile(r"验证码 (\d{6})")


@dataclass
class Joining:
    """A desk whose vendor sends codes."""

    desk: Desk
    sms: SmsServer = field(default_factory=SmsServer)

    async def comes(self, channel: str, sender: str, words: str = "您好") -> str:
        """Somebody writes; the conversation's id."""
        return (await receive(self.desk.services, Incoming(channel, sender, words))).conversation_id

    def token(self, conversation_id: str) -> str:
        return joining.link_of(self.desk.services, conversation_id).partition("#")[2]

    async def ask(self, conversation_id: str, phone: str = PHONE) -> httpx.Response:
        body = {"token": self.token(conversation_id), "phone": phone}
        return await self.desk.client.post("/join/code", json=body)

    async def answer(self, conversation_id: str, code: str) -> httpx.Response:
        return await self.desk.client.post("/join", json={"token": self.token(conversation_id), "code": code})

    def code(self) -> str:
        """That of the last short message."""
        found = CODE.search(self.sms.sent[-1]["content"])
        assert found
        return found[1]

    async def proves(self, conversation_id: str, phone: str = PHONE) -> None:
        asked = await self.ask(conversation_id, phone)
        assert asked.status_code == 200, asked.text
        answered = await self.answer(conversation_id, self.code())
        assert answered.status_code == 200, answered.text

    async def customer(self, conversation_id: str) -> Customer:
        found: Conversation = await self.desk.row(Conversation, id=conversation_id)
        customer: Customer = await self.desk.row(Customer, id=found.customer_id)
        return customer

    async def complains(self, conversation_id: str, **fields: Any) -> str:
        return str((await self.desk.turn(conversation_id, "open_ticket", complaint(**fields)))["number"])


@pytest.fixture
async def joined(desk: Desk) -> AsyncIterator[Joining]:
    async with _joining(desk) as made:
        yield made


@pytest.fixture
async def sqlite_joined(sqlite_desk: Desk) -> AsyncIterator[Joining]:
    async with _joining(sqlite_desk) as made:
        yield made


class _joining:
    def __init__(self, desk: Desk) -> None:
        self._made = Joining(desk)
        self._sms = self._made.sms.running()

    async def __aenter__(self) -> Joining:
        await self._sms.__aenter__()
        self._sender = SmsCourier(self._made.desk.services, self._made.sms.settings)
        self._made.desk.services.code_sender = self._sender
        return self._made

    async def __aexit__(self, *problem: Any) -> None:
        await self._sender.close()
        await self._sms.__aexit__(*problem)


async def test_tickets_promises_and_drafts_follow_from_wechat_to_the_web(joined: Joining) -> None:
    wechat = await joined.comes("wechat", "openid-1")
    number = await joined.complains(wechat)
    theirs = (await joined.customer(wechat)).id
    async with joined.desk.services.db.write() as uow:
        now = joined.desk.clock.now()
        uow.session.add(
            Draft(conversation_id=wechat, customer_id=theirs, form="repair_form", kind="repair", slots={}, at=now)
        )
        await uow.commit()
    await joined.proves(wechat)
    web = await joined.comes("web", "browser-1")
    await joined.proves(web)
    one = await joined.customer(web)
    assert (await joined.customer(wechat)).id == one.id
    assert (await joined.desk.row(Ticket, number=number)).customer_id == one.id
    assert {row.customer_id for row in await joined.desk.rows(Promise, ticket_number=number)} == {one.id}
    assert {row.customer_id for row in await joined.desk.rows(Draft)} == {one.id}
    assert (one.proved_phone, one.phone) == (PHONE, PHONE)
    assert len(await joined.desk.rows(Audit, action="customers_joined")) == 1
    said = [message.text for message in await joined.desk.told(web)]
    assert any("138****5678" in text for text in said)
    assert PHONE not in "".join(said)


async def test_what_was_taken_down_by_telephone_follows_too(joined: Joining) -> None:
    await joined.desk.sign_in("agent")
    given = {**complaint(), "source": "phone", "client_id": "call-1"}
    number = (await joined.desk.ok("POST", "/walk-ins", **given))["number"]
    web = await joined.comes("web", "browser-1")
    await joined.proves(web)
    assert (await joined.desk.row(Ticket, number=number)).customer_id == (await joined.customer(web)).id


async def test_who_only_says_a_number_is_not_joined_and_gets_nothing(joined: Joining) -> None:
    stranger = await joined.comes("web", "stranger")
    await joined.complains(stranger, phone=PHONE, order="2026110899999")
    owner = await joined.comes("wechat", "openid-1")
    number = await joined.complains(owner)
    await joined.proves(owner)
    assert (await joined.customer(stranger)).id != (await joined.customer(owner)).id
    assert (await joined.desk.row(Ticket, number=number)).customer_id == (await joined.customer(owner)).id


async def test_a_number_that_somebody_proved_long_ago_may_be_somebody_elses_now(joined: Joining) -> None:
    before, after = await joined.comes("web", "before"), await joined.comes("web", "after")
    await joined.proves(before)
    joined.desk.clock.advance(timedelta(days=91))
    await joined.proves(after)
    assert (await joined.customer(before)).id != (await joined.customer(after)).id


async def test_two_whom_the_company_knows_as_two_stay_two(joined: Joining) -> None:
    first, second, third = [await joined.comes("web", name) for name in ("first", "second", "third")]
    for sender, user in (("first", "u1"), ("second", "u2")):
        known = Known(user, name="王芳", phone="13700000000", tier="normal")
        await identify(joined.desk.services, "web", sender, known)
    for conversation in (first, second):
        await joined.proves(conversation)
        joined.desk.clock.advance(timedelta(minutes=2))
    ids = {(await joined.customer(one)).id for one in (first, second)}
    assert len(ids) == 2
    await joined.proves(third)
    assert (await joined.customer(third)).id in ids, "who is nobody else becomes the one that was found first"


async def test_two_who_prove_the_same_number_at_once_are_one(joined: Joining) -> None:
    both = [await joined.comes("web", "browser-1"), await joined.comes("wechat", "openid-1")]
    codes = []
    for one in both:
        assert (await joined.ask(one)).status_code == 200
        codes.append(joined.code())
    answers = await asyncio.gather(*(joined.answer(one, code) for one, code in zip(both, codes, strict=True)))
    assert [one.status_code for one in answers] == [200, 200]
    assert len({(await joined.customer(one)).id for one in both}) == 1


async def test_a_code_is_tried_five_times_also_all_at_once_and_used_once(joined: Joining) -> None:
    web = await joined.comes("web", "browser-1")
    await joined.ask(web)
    right = joined.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    answers = await asyncio.gather(*(joined.answer(web, wrong) for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [404] * 3 + [422] * 5
    assert (await joined.answer(web, right)).status_code == 404
    joined.desk.clock.advance(timedelta(minutes=2))
    await joined.ask(web)
    both = await asyncio.gather(*(joined.answer(web, joined.code()) for _ in range(2)))
    assert sorted(one.status_code for one in both) == [200, 404]


async def test_an_old_code_and_one_that_was_replaced_hold_no_longer(sqlite_joined: Joining) -> None:
    web = await sqlite_joined.comes("web", "browser-1")
    await sqlite_joined.ask(web)
    first = sqlite_joined.code()
    sqlite_joined.desk.clock.advance(timedelta(minutes=2))
    await sqlite_joined.ask(web)
    second = sqlite_joined.code()
    if first != second:
        assert (await sqlite_joined.answer(web, first)).status_code == 422
    sqlite_joined.desk.clock.advance(timedelta(minutes=11))
    assert (await sqlite_joined.answer(web, second)).status_code == 404


async def test_codes_are_sent_seldom(sqlite_joined: Joining) -> None:
    web = await sqlite_joined.comes("web", "browser-1")
    assert (await sqlite_joined.ask(web)).status_code == 200
    assert (await sqlite_joined.ask(web)).status_code == 429
    for _ in range(2):
        sqlite_joined.desk.clock.advance(timedelta(minutes=2))
        assert (await sqlite_joined.ask(web)).status_code == 200
    sqlite_joined.desk.clock.advance(timedelta(minutes=2))
    refused = await sqlite_joined.ask(web)
    assert (refused.status_code, "太多" in refused.json()["error"]["message"]) == (429, True)
    statuses = []
    for at in range(4):
        other = await sqlite_joined.comes("web", f"other-{at}")
        statuses.append((await sqlite_joined.ask(other)).status_code)
    assert statuses == [200, 200, 429, 429], "five a day to one number, whoever asks"
    assert len(sqlite_joined.sms.sent) == 5


@pytest.mark.parametrize("phone", ["", "12", "01012345678", "+1 202 555 0100", "x' or 1=1 --", "1381234567890"])
async def test_only_a_mobile_number_gets_a_code(sqlite_joined: Joining, phone: str) -> None:
    web = await sqlite_joined.comes("web", "browser-1")
    assert (await sqlite_joined.ask(web, phone)).status_code == 422
    assert sqlite_joined.sms.sent == []


async def test_nobody_comes_without_a_link_that_holds(sqlite_joined: Joining) -> None:
    web = await sqlite_joined.comes("web", "browser-1")
    good = sqlite_joined.token(web)
    conversation, until, signature = good.split(".")
    forged = ("", "x", f"{conversation}.{int(until) + 9999}.{signature}", f"{'0' * 32}.{until}.{signature}")
    client = sqlite_joined.desk.client
    for token in forged:
        assert (await client.post("/join/code", json={"token": token, "phone": PHONE})).status_code == 401, token
    sqlite_joined.desk.clock.advance(timedelta(minutes=31))
    assert (await client.post("/join/code", json={"token": good, "phone": PHONE})).status_code == 401
    assert sqlite_joined.sms.sent == []


async def test_a_vendor_that_refuses_is_said_and_the_short_message_names_nobody(sqlite_joined: Joining) -> None:
    web = await sqlite_joined.comes("web", "browser-1")
    sqlite_joined.sms.answers = [JSONResponse({"code": "500"})]
    refused = await sqlite_joined.ask(web)
    assert (refused.status_code, "没有发出去" in refused.json()["error"]["message"]) == (502, True)
    sqlite_joined.desk.clock.advance(timedelta(minutes=2))
    await sqlite_joined.ask(web)
    text = sqlite_joined.sms.sent[-1]["content"]
    assert text.startswith("【三声电器】验证码 ")
    assert PHONE not in text
    kept = await sqlite_joined.desk.rows(PhoneCode)
    assert sqlite_joined.code() not in str([vars(one) for one in kept])


async def test_without_a_vendor_nobody_is_offered_anything(sqlite_desk: Desk) -> None:
    assert not joining.is_asked_for(sqlite_desk.services, "关联手机号")
