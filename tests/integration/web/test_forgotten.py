"""「忘记我」 and the whole of a conversation: what a customer keeps of it, and what a browser keeps of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from helpdesk.channels.web.sessions import known_sender
from helpdesk.channels.web.wire import PAGE
from helpdesk.model.conversation import Author
from helpdesk.store.queries import find_conversation
from helpdesk.store.tables import Audit, Conversation, Message, new_id
from helpdesk.testing import eventually, now
from helpdesk.usecases.queue.forgotten import FORGOTTEN
from tests.integration.web.conftest import PATIENCE, Customer, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def talking(site: Site, state: str = "bot") -> tuple[Customer, str]:
    """Somebody who has said something, and the id of their conversation, which stands so."""
    customer = await site.customer()
    await customer.begin()
    await customer.say("我的订单到哪了")
    await customer.hears("答：我的订单到哪了")
    sender = await known_sender(site.services, customer.session_id)
    async with site.services.db.write() as uow:
        found = await find_conversation(uow.session, "web", str(sender))
        assert found is not None
        await uow.session.execute(update(Conversation).where(Conversation.id == found.id).values(state=state))
        await uow.commit()
    return customer, found.id


async def test_who_is_forgotten_comes_back_as_somebody_new(site: Site) -> None:
    customer, conversation_id = await talking(site)
    before = customer.session_id
    assert await customer.ask("forget", {}) == {"forgotten": True}
    assert await known_sender(site.services, before) is None
    assert (await customer.ask("history", {"after_seq": 0}))["messages"] == []
    again = await site.customer(before)
    await again.begin()
    assert again.session_id != before
    assert [one.action for one in await site.world.rows(Audit) if one.subject == conversation_id][-1] == FORGOTTEN


async def test_every_window_of_the_session_is_told_and_hears_nothing_more(site: Site) -> None:
    customer, _ = await talking(site)
    other = await site.customer(customer.session_id)
    await other.begin()
    await customer.ask("forget", {})

    async def told() -> bool:
        return other.count("forgotten") == 1

    await eventually(told, "the other window is told", PATIENCE)
    assert customer.count("forgotten") == 0
    assert (await other.ask("history", {"after_seq": 0}))["messages"] == []


async def test_nobody_waits_for_who_is_forgotten(site: Site) -> None:
    customer, conversation_id = await talking(site, "waiting")
    await customer.ask("forget", {})
    async with site.services.db.read() as uow:
        assert (await uow.session.get_one(Conversation, conversation_id)).state == "bot"


async def test_who_serves_reads_that_the_customer_is_gone(site: Site) -> None:
    customer, conversation_id = await talking(site, "staff")
    await customer.ask("forget", {})
    async with site.services.db.read() as uow:
        newest = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc())
        last = (await uow.session.scalars(newest)).first()
    assert last is not None
    assert last.text in site.services.wording.variants("customer_forgot")


async def test_who_has_no_session_is_forgotten_already(site: Site) -> None:
    customer = await site.customer()
    assert await customer.ask("forget", {}) == {"forgotten": True}


async def test_the_whole_of_a_long_conversation_can_be_read(site: Site) -> None:
    customer, conversation_id = await talking(site)
    async with site.services.db.write() as uow:
        conversation = await uow.session.get_one(Conversation, conversation_id)
        first = conversation.last_seq + 1
        conversation.last_seq += PAGE
        count = conversation.last_seq
        uow.session.add_all(
            Message(
                id=new_id(),
                conversation_id=conversation_id,
                seq=first + n,
                session_no=conversation.session_no,
                author=Author.BOT,
                text=f"第{n}句",
                at=now(),
            )
            for n in range(PAGE)
        )
        await uow.commit()
    newest = await customer.ask("history", {"after_seq": 0})
    assert (len(newest["messages"]), newest["messages"][-1]["text"]) == (PAGE, f"第{PAGE - 1}句")
    page = await customer.ask("history", {"after_seq": 0, "whole": True})
    rest = await customer.ask("history", {"after_seq": page["messages"][-1]["seq"], "whole": True})
    assert (page["messages"][0]["text"], page["more"], rest["more"]) == ("我的订单到哪了", True, False)
    assert len(page["messages"]) + len(rest["messages"]) == count
