"""Stand-ins of a vendor of short messages and of a mail server; each checks what it is given and keeps what it took."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.couriers import MailSettings, SmsSettings
from helpdesk.testing import free_port
from tests.support.listener import listening_on

SECRET, RECEIPTS = "sms-secret", "receipt-token"
SENDER = "service@sansheng.example"


@dataclass
class SmsServer:
    """Takes short messages as company/notices.yml says; `answers` are given first, one a message, instead."""

    port: int = field(default_factory=free_port)
    sent: list[dict[str, str]] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    calls: int = 0

    @property
    def settings(self) -> SmsSettings:
        """Those of a service that uses it."""
        url = f"http://127.0.0.1:{self.port}/send"
        given: dict[str, Any] = {"url": url, "secret": SecretStr(SECRET), "receipt_token": SecretStr(RECEIPTS)}
        return SmsSettings(_env_file=None, **given)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SmsServer]:
        """Listening for as long as the block lasts."""
        async with listening_on(Starlette(routes=[Route("/send", self._send, methods=["POST"])]), self.port):
            yield self

    async def _send(self, request: Request) -> Response:
        self.calls += 1
        if self.answers:
            return self.answers.pop(0)
        if request.headers.get("authorization") != f"Bearer {SECRET}":
            return JSONResponse({"code": "401"})
        body = await request.json()
        if set(body) != {"mobile", "content", "custom_id"}:
            return JSONResponse({"code": "400"})
        self.sent.append(body)
        return JSONResponse({"code": 0, "message_id": f"sms-{len(self.sent)}"})


@dataclass
class SmtpServer:
    """Takes mail; `answers` are given first, one a message, instead of taking it."""

    port: int = field(default_factory=free_port)
    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def settings(self) -> MailSettings:
        """Those of a service that uses it."""
        given: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "security": "none", "sender": SENDER}
        return MailSettings(_env_file=None, **given)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SmtpServer]:
        """Listening for as long as the block lasts."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(self, loop=loop, hostname="stand-in"), "127.0.0.1", self.port)
        async with server:
            yield self

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"
