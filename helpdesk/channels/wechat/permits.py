"""Subscription messages that customers allow: each yes is one message, a no ends what was allowed before.

WeChat tells both by events. A yes is used up before its message is sent, so that no two processes use the same; it is
given back when the message certainly did not go.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.channels.wechat.xml import Incoming
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import Conversation, Identity, WeChatPermit
from helpdesk.usecases.journal import audit
from helpdesk.usecases.journal.once import once

ANSWERS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent.List",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent.List",
}
"""Event -> where its entries are: the customer was asked; the customer changed their mind later."""
YES = "accept"
LONGEST = 64  # characters of a template's id
MOST = 10
"""Entries of one event that are read."""


async def note_answers(
    services: Services, uow: UnitOfWork, conversation: Conversation, incoming: Incoming, delivery: str
) -> bool:
    """Keep what a customer answered, once a delivery; whether anything was allowed."""
    entries = incoming.entries(ANSWERS[incoming.event], "TemplateId", "SubscribeStatusString")
    answers = [(template, answer == YES) for template, answer in islice(entries, MOST) if 0 < len(template) <= LONGEST]
    if await once(uow, f"wechat_permit:{delivery}"):
        for template, is_yes in answers:
            await _keep(services, uow, conversation.identity_id, template, is_yes)
            action = "wechat_notice_allowed" if is_yes else "wechat_notice_refused"
            audit.note(uow, audit.CUSTOMER, action, conversation.id, template=template)
    return any(is_yes for _, is_yes in answers)


async def _keep(services: Services, uow: UnitOfWork, identity_id: str, template: str, is_yes: bool) -> None:
    dialect: Any = sqlite if services.db.is_sqlite else postgresql
    row = dialect.insert(WeChatPermit).values(identity_id=identity_id, template_id=template, permits=is_yes, at=uow.now)
    then = {"permits": WeChatPermit.permits + 1 if is_yes else 0, "at": uow.now}
    await uow.session.execute(row.on_conflict_do_update(index_elements=["identity_id", "template_id"], set_=then))


# ---------------------------------------------------------------- before and after a message


async def take(services: Services, open_id: str, template: str) -> bool:
    """Use up one yes, if there is one."""
    statement = _of(open_id, template).where(WeChatPermit.permits > 0).values(permits=WeChatPermit.permits - 1)
    async with services.db.write() as uow:
        taken = await uow.session.scalar(statement.returning(WeChatPermit.permits))
        await uow.commit()
    return taken is not None


async def give_back(services: Services, open_id: str, template: str) -> None:
    """The message did not go: the yes may be used again."""
    await _set(services, _of(open_id, template).values(permits=WeChatPermit.permits + 1))


async def end(services: Services, open_id: str, template: str) -> None:
    """WeChat says that this customer wants none: whatever we counted is over."""
    await _set(services, _of(open_id, template).values(permits=0, at=services.clock.now()))


async def _set(services: Services, statement: Update) -> None:
    async with services.db.write() as uow:
        await uow.session.execute(statement)
        await uow.commit()


def _of(open_id: str, template: str) -> Update:
    theirs = select(Identity.id).where(Identity.channel == "wechat", Identity.sender == open_id)
    statement = update(WeChatPermit).execution_options(synchronize_session=False)
    return statement.where(WeChatPermit.identity_id.in_(theirs), WeChatPermit.template_id == template)
