"""A desk whose letters go out by short message, mail and WeChat, to stand-ins that keep what came."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from helpdesk.couriers import MailCourier, SmsCourier, rounds
from helpdesk.model.notice import Way
from helpdesk.store.tables import (
    Letter,
    Notice,
    NoticeTry,
)
from helpdesk.usecases import timers
from tests.integration.desk.conftest import Desk
from tests.integration.desk.letters import MOVES, moved, opened
from tests.support.notice_servers import SmsServer, SmtpServer

LINK = re.compile(r"/follow#([A-Za-z0-9_-]{20})")


@dataclass
class Outside:
    """A desk whose customers can be reached by short message and by mail."""

    desk: Desk
    sms: SmsServer
    smtp: SmtpServer

    async def rounds(self, **later: float) -> None:
        """Time passes, what is due is looked at, and what waits is carried; several processes do it at once."""
        self.desk.clock.advance(timedelta(**later))
        for _ in range(2):
            await timers.tick(self.desk.services)
            due = await rounds.due(self.desk.services)
            await asyncio.gather(*(rounds.serve(self.desk.services, one) for one in due for _ in range(2)))

    async def result(self, **fields: Any) -> tuple[str, str]:
        """(conversation, number) of a complaint that was answered in the chat, and nobody has read it."""
        conversation_id, number = await opened(self.desk, **fields)
        await moved(self.desk, number, *MOVES)
        return conversation_id, number

    async def notice(self, number: str, kind: str = "result_justified") -> Notice:
        letter = await self.desk.row(Letter, number=number, kind=kind)
        found: Notice = await self.desk.row(Notice, letter_id=letter.id)
        return found

    async def tries(self, number: str, kind: str = "result_justified") -> dict[str, str]:
        """Way -> what became of it, in the order of trying."""
        found = await self.desk.rows(NoticeTry, letter_id=(await self.notice(number, kind)).letter_id)
        return {one.way: one.state for one in sorted(found, key=lambda one: one.sent_at or one.next_at)}

    def token(self) -> str:
        """Of the link in the last short message."""
        found = LINK.search(self.sms.sent[-1]["content"])
        assert found
        return found[1]


class made_outside(AsyncExitStack):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._made = Outside(desk, SmsServer(), SmtpServer())

    async def __aenter__(self) -> Outside:  # type: ignore[override]
        await super().__aenter__()
        sms = SmsCourier(self._made.desk.services, self._made.sms.settings)
        self.push_async_callback(sms.close)
        mail = MailCourier(self._made.desk.services, self._made.smtp.settings)
        self._made.desk.services.couriers = {Way.SMS: sms, Way.EMAIL: mail}
        await self.enter_async_context(self._made.sms.running())
        await self.enter_async_context(self._made.smtp.running())
        return self._made
