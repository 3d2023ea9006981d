"""From a customer's message to what goes back in the same request; what is late goes by the API."""

from __future__ import annotations

import asyncio

import structlog

from helpdesk.channels.wechat import passive, render, xml
from helpdesk.channels.wechat.account import Account
from helpdesk.channels.wechat.intake import take_in
from helpdesk.model.conversation import State
from helpdesk.outbox import release_waiting
from helpdesk.services import Services
from helpdesk.store.tables import Conversation, Message
from helpdesk.usecases.receive import wait_for_answer
from helpdesk.usecases.speak import OPEN_REQUEST

log = structlog.get_logger(__name__)

TO_DECIDE = 0.3  # seconds that a busy database gets for the decision after the wait

_typing: set[asyncio.Task[None]] = set()  # nobody waits for these; held so that they are not collected


async def answer(services: Services, account: Account, incoming: xml.Incoming) -> str:
    """The text of the passive reply, empty when there is none (yet). The message is stored when this returns.

    Raises:
        InvalidInput: the message cannot be used; nothing was stored.
    """
    until = asyncio.get_running_loop().time() + account.settings.passive_wait
    message = await take_in(services, incoming)
    if message is None:
        return ""
    try:
        return await _reply(services, account, message, incoming.from_user, until)
    except Exception:  # stored: it will be answered by the API
        log.exception("passive_reply_failed", conversation=message.conversation_id)
        return ""


async def _reply(services: Services, account: Account, message: Message, sender: str, until: float) -> str:
    hint = services.wording.render("wechat_choose")
    seconds = account.settings.repeat_window
    if message.processed_at and (told := await passive.again(services, message, seconds)):
        return render.passive(told, hint)
    conversation = await _conversation(services, message)
    await release_waiting(services, conversation, OPEN_REQUEST)
    left = until - asyncio.get_running_loop().time()
    if await wait_for_answer(services, message, left) is None:
        if conversation.state == State.BOT:
            _show_typing(account, sender)
        return ""
    told = await passive.take(services, message, hint, until + TO_DECIDE)
    told = told or await passive.again(services, message, seconds)
    return render.passive(told, hint)


async def _conversation(services: Services, message: Message) -> Conversation:
    async with services.db.read() as uow:
        return await uow.session.get_one(Conversation, message.conversation_id)


def _show_typing(account: Account, sender: str) -> None:
    """The answer takes longer; that it is being written is shown meanwhile."""
    task = asyncio.create_task(account.api.typing(sender))
    _typing.add(task)
    task.add_done_callback(_typing.discard)
