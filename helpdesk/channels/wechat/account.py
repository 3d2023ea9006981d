"""One Official Account: its settings, its keys, its API, and how bubbles are carried to its customers."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from helpdesk.channels.wechat.api import WeChatApi
from helpdesk.channels.wechat.crypto import Envelope
from helpdesk.channels.wechat.media import Media
from helpdesk.channels.wechat.render import HINT, Menu, Part, Picture, for_api
from helpdesk.channels.wechat.settings import WeChatSettings
from helpdesk.model.delivery import Outcome, Parcel, Verdict
from helpdesk.services import Services
from helpdesk.store.tables import Message

CHANNEL = "wechat"
FORGOTTEN = "40007"  # invalid media_id: the upload is older than WeChat keeps it


class WeChatCarrier:
    """The outbox's way to WeChat; see `helpdesk.model.delivery.Carrier`."""

    channel = CHANNEL

    def __init__(self, services: Services, settings: WeChatSettings) -> None:
        self.api = WeChatApi(services, settings)
        self._services = services
        self._media = Media(services, self.api)
        self.window = timedelta(hours=settings.window_hours)
        self.budget = settings.budget

    def cost(self, messages: Sequence[Message]) -> int:
        """API messages that these bubbles need, sent together."""
        return len(self._rendered(messages))

    async def deliver(self, parcel: Parcel[Message]) -> Outcome:
        """Send the parts in order; one that was accepted in an earlier try is not sent again."""
        parts = self._rendered(parcel.messages)
        accepted = parcel.accepted
        for part in parts[accepted:]:
            verdict, reason = await self._send(parcel.sender, part)
            if verdict is not Verdict.SENT:
                return Outcome(verdict, reason, accepted)
            accepted += 1
        return Outcome(Verdict.SENT, accepted=accepted)

    async def close(self) -> None:
        """Give back the connections."""
        await self.api.close()

    def _rendered(self, messages: Sequence[Message]) -> list[Part]:
        return for_api(messages, self._services.wording.render(HINT))

    async def _send(self, open_id: str, part: Part) -> tuple[Verdict, str]:
        if isinstance(part, Menu):
            return await self.api.send_menu(open_id, part.head, list(part.items))
        if isinstance(part, Picture):
            return await self._send_picture(open_id, part.address)
        return await self.api.send_text(open_id, part)

    async def _send_picture(self, open_id: str, address: str) -> tuple[Verdict, str]:
        """As a picture where WeChat takes it, else as its link."""
        for _ in range(2):
            media_id = await self._media.id_of(address)
            if media_id is None:
                return await self.api.send_text(open_id, address)
            verdict, reason = await self.api.send_image(open_id, media_id)
            if not reason.startswith(FORGOTTEN):
                break
            self._media.forget(address)
        return verdict, reason


class Account(WeChatCarrier):
    """The account, ready to use: a carrier that can be called back too."""

    def __init__(self, services: Services, settings: WeChatSettings) -> None:
        super().__init__(services, settings)
        key = settings.aes_key.get_secret_value()
        self.settings = settings
        self.token = settings.token.get_secret_value()
        self.envelope = Envelope(key, settings.app_id) if key else None
        self._waiting = 0
        self._chores: set[asyncio.Task[None]] = set()

    @classmethod
    def of(cls, services: Services) -> Account | None:
        """The account that these services carry messages with; None while the channel is off."""
        found = services.carriers.get(CHANNEL)
        return found if isinstance(found, cls) else None

    @contextmanager
    def waiting(self) -> Iterator[int]:
        """One more request waits for its answer; gives how many others do."""
        others = self._waiting
        self._waiting += 1
        try:
            yield others
        finally:
            self._waiting -= 1

    def later(self, chore: Coroutine[Any, Any, None]) -> None:
        """Do something that no request waits for."""
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def close(self) -> None:
        """Let chores end and give back the connections."""
        await asyncio.gather(*self._chores, return_exceptions=True)
        await super().close()
