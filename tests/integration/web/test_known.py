"""Customers who come with a token of the company's site: one person, and nobody who only says so."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from helpdesk.channels.web.sessions import known_sender
from helpdesk.couriers import SmsCourier
from helpdesk.store.tables import Audit, Conversation, Customer, Draft, Identity, Staff, Ticket
from helpdesk.testing import now
from helpdesk.usecases.conversations import joining
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.people.roster import ensure_staff
from tests.integration.web.conftest import Customer as Browser
from tests.integration.web.conftest import Site
from tests.support.notice_servers import SmsServer

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = "a secret of the company's site, long enough"


@pytest.fixture(autouse=True)
def _with_a_secret(site: Site) -> None:
    site.services.settings = site.services.settings.model_copy(update={"identity_secret": SecretStr(SECRET)})


def token(user: str, secret: str = SECRET, **claims: Any) -> str:
    """As the company's site makes it."""
    life = {"exp": int((now() + timedelta(hours=1)).timestamp())}
    return jwt.encode({"sub": user, **life, **claims}, secret, algorithm="HS256")


async def comes(site: Site, identity: object = None, session_id: str | None = None) -> Browser:
    """Somebody opens the page with this identity, if any."""
    browser = await site.customer(session_id)
    await browser.ask("session_request", {"session_id": browser.session_id, "identity": identity})
    return browser


async def customer_of(site: Site, browser: Browser) -> Customer:
    """Who the browser's conversation belongs to."""
    return (await customers_of(site, browser.session_id))[0]


async def customers_of(site: Site, session_id: str | None) -> list[Customer]:
    sender = await known_sender(site.services, session_id)
    query = select(Customer).join(Identity, Identity.customer_id == Customer.id).where(Identity.sender == sender)
    async with site.services.db.read() as uow:
        return list((await uow.session.scalars(query)).all())


async def test_a_token_that_is_no_text_is_none(site: Site) -> None:
    for odd in ("\ud800.a.b", "甲.乙.丙", "[" * 4000, 7, {"a": 1}):
        assert await comes(site, odd)


async def test_what_the_token_says_is_known(site: Site) -> None:
    browser = await comes(site, token("k1", name="王芳", phone="138 1234 5678", tier="key"))
    await browser.say("您好")
    known = await customer_of(site, browser)
    assert (known.user_id, known.name, known.phone, known.tier) == ("k1", "王芳", "13812345678", "key")


async def test_what_the_token_does_not_say_the_company_s_customer_system_does(site: Site) -> None:
    known = await customer_of(site, await comes(site, token("u1002")))
    assert (known.name, known.phone, known.tier) == ("李强", "13912340066", "normal")


async def test_the_same_person_in_two_browsers_is_one_customer(site: Site) -> None:
    first, second = await comes(site, token("two")), await comes(site, token("two"))
    assert first.session_id != second.session_id
    assert (await customer_of(site, first)).id == (await customer_of(site, second)).id


async def test_what_was_said_and_registered_before_follows(site: Site) -> None:
    home = await comes(site, token("follows"))
    anonymous = await comes(site)
    await anonymous.say("冰箱坏了")
    before = await customer_of(site, anonymous)
    await registered(site, before.id)
    await anonymous.ask("session_request", {"session_id": anonymous.session_id, "identity": token("follows")})
    theirs = await customer_of(site, home)
    assert (await customer_of(site, anonymous)).id == theirs.id != before.id
    for table in (Ticket, Draft, Conversation):
        owners = {row.customer_id for row in await site.world.rows(table)}
        assert theirs.id in owners
        assert before.id not in owners
    joined = [row for row in await site.world.rows(Audit, action="customers_joined") if row.subject == theirs.id]
    assert [row.detail for row in joined] == [{"joined": before.id}]


async def registered(site: Site, customer_id: str) -> None:
    """A ticket and a draft of this customer."""
    moment, owner = now(), await somebody(site)
    async with site.services.db.write() as uow:
        query = select(Conversation).where(Conversation.customer_id == customer_id)
        conversation = (await uow.session.scalars(query)).one()
        staff = {"department": "service", "owner_id": owner}
        times = {"created_at": moment, "updated_at": moment}
        uow.session.add(
            Ticket(number=f"TS{customer_id[:8]}", kind="repair", customer_id=customer_id, fields={}, **staff, **times)
        )
        uow.session.add(
            Draft(conversation_id=conversation.id, customer_id=customer_id, form="service_form", slots={}, at=moment)
        )
        await uow.commit()


async def somebody(site: Site) -> str:
    await ensure_staff(site.services)
    return str((await site.world.rows(Staff))[0].id)


async def test_a_wechat_customer_is_joined_by_the_openid_in_the_token(site: Site) -> None:
    message = await receive(site.services, Incoming("wechat", "openid-1", "您好"))
    browser = await comes(site, token("fan", wechat="openid-1"))
    (there,) = await site.world.rows(Conversation, id=message.conversation_id)
    assert there.customer_id == (await customer_of(site, browser)).id
    other = await comes(site, token("another", wechat="openid-1"))
    (still,) = await site.world.rows(Conversation, id=message.conversation_id)
    assert still.customer_id == there.customer_id, "nobody takes over who is known as another"
    assert (await customer_of(site, other)).user_id == "another"


async def test_a_session_is_opened_for_nobody_but_who_signed_in(site: Site) -> None:
    browser = await comes(site, token("mine"))
    await browser.say("只有我能看")
    session_id = browser.session_id
    for identity in (None, token("thief"), token("mine", exp=1), "forged"):
        other = await comes(site, identity, session_id)
        assert other.session_id not in (None, session_id)
        history = await other.ask("history", {"after_seq": 0})
        assert "只有我能看" not in str(history)
    talker = await site.customer(session_id)
    await talker.say("我来了")
    assert talker.session_id != session_id
    again = await comes(site, token("mine"), session_id)
    assert again.session_id == session_id
    assert "只有我能看" in str(await again.ask("history", {"after_seq": 0}))


async def test_who_was_anonymous_keeps_the_conversation_on_signing_in(site: Site) -> None:
    browser = await comes(site)
    await browser.say("先问问")
    session_id = browser.session_id
    await browser.ask("session_request", {"session_id": session_id, "identity": token("later")})
    assert browser.session_id == session_id
    assert "先问问" in str(await browser.ask("history", {"after_seq": 0}))


async def test_who_only_says_so_is_anonymous(site: Site) -> None:
    for identity in (token("x", "another secret that is long enough too"), "x.y.z", 7):
        browser = await comes(site, identity)
        await browser.say("您好")
        assert (await customer_of(site, browser)).user_id is None


async def test_the_bot_is_told_the_phone_of_who_is_known_and_of_nobody_else(site: Site) -> None:
    browser = await comes(site, token("facts", name="赵敏", phone="13700001111"))
    await browser.say("您好")
    await browser.hears("答：您好")
    assert site.world.worker.asked[-1]["facts"]["phone"] == "13700001111"
    assert site.world.worker.asked[-1]["facts"]["name"] == "赵敏"
    stranger = await comes(site)
    await stranger.say("在吗")
    await stranger.hears("答：在吗")
    assert "phone" not in site.world.worker.asked[-1]["facts"]


async def test_who_asks_for_it_is_given_a_page_on_which_a_number_is_shown_to_be_theirs(site: Site) -> None:
    browser = await comes(site)
    await browser.say("关联手机号")
    await browser.hears("答：关联手机号")  # no codes can be sent: the bot answers
    sms = SmsServer()
    async with sms.running():
        sender = SmsCourier(site.services, sms.settings)
        site.services.code_sender = sender
        await browser.say(" 关联手机号。")
        said = await browser.hears("/join#")
        token = re.search(r"/join#(\S+)", said["text"])
        assert token
        code = await joining.send_code(site.services, token[1], "138 1234 5678", "")
        assert code == "138****5678"
        await joining.prove(site.services, token[1], sms.sent[0]["content"].split("验证码 ")[1][:6])
        await browser.hears("确认好了")
        await browser.say("我想问问")
        await browser.hears("答：我想问问")
        assert site.world.worker.asked[-1]["facts"]["phone"] == "13812345678"
        await sender.close()
