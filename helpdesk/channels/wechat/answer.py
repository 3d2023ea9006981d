"""From a customer's message to what goes back in the same request; what is late goes by the API."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError

from helpdesk.bus import Feed
from helpdesk.channels.wechat import passive, render, xml
from helpdesk.channels.wechat.account import Account
from helpdesk.channels.wechat.intake import Taken, take_in
from helpdesk.channels.wechat.nonces import Signed
from helpdesk.services import Services
from helpdesk.store.tables import Message, new_id
from helpdesk.usecases.conversations.receive import wait_for_answer
from helpdesk.usecases.conversations.speak import processed

log = structlog.get_logger(__name__)

EACH_SOONER, AT_MOST_SOONER = 0.007, 0.7  # seconds; a crowd that came together is not let go in one moment
TO_DECIDE = 0.3  # seconds that a busy database gets for the decision after the wait
STORE_WITHIN = 5.5  # seconds that an absent database is asked again: after five WeChat hangs up and comes back
STORE_PAUSE = 0.25
PAST_THE_END = 5.0  # the wait is cut by the clock, so that nobody asks the database once more at the last moment
TYPING_AFTER = 0.5  # seconds; at the last moment other customers' callbacks are more urgent


@dataclass(frozen=True)
class Delivery:
    """A call of WeChat: what it brings, what its signature stands for, and when it came (the loop's clock)."""

    incoming: xml.Incoming
    call: Signed
    came: float


async def answer(services: Services, account: Account, delivery: Delivery) -> str:
    """The text of the passive reply, empty when there is none (yet). The message is stored when this returns.

    Raises:
        InvalidInput: the message cannot be used; nothing was stored.
        NotAllowed: the signature was used before; nothing was stored.
    """
    stored_as = new_id()
    async with services.bus.subscribe(processed(stored_as)) as feed:
        taken = await _stored(services, delivery, stored_as)
        try:
            with account.waiting() as others:
                sooner = min(others * EACH_SOONER, AT_MOST_SOONER)
                until = delivery.came + account.settings.passive_wait - sooner
                told = await _told(services, account, taken, feed, until)
        except TimeoutError:
            if taken.is_for_the_bot:
                account.later(_show_typing(account, delivery.incoming.from_user))
            return ""
        except Exception:  # stored: it will be answered by the API
            log.exception("passive_reply_failed", sender=delivery.incoming.from_user)
            return ""
    return render.passive(told, services.wording.render(render.HINT)) if told else ""


async def _stored(services: Services, delivery: Delivery, stored_as: str) -> Taken:
    """Stored before anything is acknowledged; a database that is away for a moment is waited for."""
    clock = asyncio.get_running_loop().time
    while True:
        try:
            return await take_in(services, delivery.incoming, delivery.call, stored_as)
        except DBAPIError as error:
            if clock() + STORE_PAUSE > delivery.came + STORE_WITHIN:
                raise
            log.warning("message_not_stored_yet", error=type(error).__name__)
            await asyncio.sleep(STORE_PAUSE)


async def _told(services: Services, account: Account, taken: Taken, feed: Feed, until: float) -> Sequence[Message]:
    """What this request's reply carries; TimeoutError when there is no answer in time."""
    message, seconds = taken.message, account.settings.repeat_window
    if message is None:
        return ()
    if message.processed_at and (told := await passive.again(services, message, seconds)):
        return told
    async with asyncio.timeout_at(until):
        if taken.is_repeat:
            await wait_for_answer(services, message, account.settings.passive_wait + PAST_THE_END)
        else:
            await feed.get()
    told = await passive.take(services, account, message, until + TO_DECIDE)
    return told or await passive.again(services, message, seconds)


async def _show_typing(account: Account, sender: str) -> None:
    """The answer takes longer; that it is being written is shown meanwhile."""
    await asyncio.sleep(TYPING_AFTER)
    await account.api.typing(sender)
