"""From a customer's message to what goes back in the same request; what is late goes by the API."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from helpdesk.channels.wechat import passive, render, xml
from helpdesk.channels.wechat.account import Account
from helpdesk.channels.wechat.intake import take_in
from helpdesk.model.conversation import State
from helpdesk.outbox import release_waiting
from helpdesk.services import Services
from helpdesk.store.tables import Message
from helpdesk.usecases.receive import wait_for_answer
from helpdesk.usecases.speak import OPEN_REQUEST

log = structlog.get_logger(__name__)

TO_DECIDE = 0.3  # seconds that a busy database gets for the decision after the wait
PAST_THE_END = 5.0  # the wait is cut by the clock, so that nobody asks the database once more at the last moment
TYPING_AFTER = 0.5  # seconds; at the last moment other customers' callbacks are more urgent
HINT = "wechat_choose"

_typing: set[asyncio.Task[None]] = set()  # nobody waits for these; held so that they are not collected


async def answer(services: Services, account: Account, incoming: xml.Incoming) -> str:
    """The text of the passive reply, empty when there is none (yet). The message is stored when this returns.

    Raises:
        InvalidInput: the message cannot be used; nothing was stored.
    """
    until = asyncio.get_running_loop().time() + account.settings.passive_wait
    message, before = await take_in(services, incoming)
    if message is None:
        return ""
    try:
        if before.has_kept:
            await release_waiting(services, message.conversation_id, OPEN_REQUEST)
        told = await _told(services, account, message, until)
    except TimeoutError:
        if before.conversation is None or before.conversation.state == State.BOT:
            _show_typing(account, incoming.from_user)
        return ""
    except Exception:  # stored: it will be answered by the API
        log.exception("passive_reply_failed", conversation=message.conversation_id)
        return ""
    return render.passive(told, services.wording.render(HINT))


async def _told(services: Services, account: Account, message: Message, until: float) -> Sequence[Message]:
    """What this request's reply carries; TimeoutError when there is no answer in time."""
    seconds = account.settings.repeat_window
    if message.processed_at and (told := await passive.again(services, message, seconds)):
        return told
    async with asyncio.timeout_at(until):
        await wait_for_answer(services, message, account.settings.passive_wait + PAST_THE_END)
    told = await passive.take(services, message, services.wording.render(HINT), until + TO_DECIDE)
    return told or await passive.again(services, message, seconds)


def _show_typing(account: Account, sender: str) -> None:
    """The answer takes longer; that it is being written is shown meanwhile."""

    async def show() -> None:
        await asyncio.sleep(TYPING_AFTER)
        await account.api.typing(sender)

    task = asyncio.create_task(show())
    _typing.add(task)
    task.add_done_callback(_typing.discard)
