"""The first day outside demo mode: an order of the company's own system, a customer by token, a complaint by telephone,
letters by short message and mail, an event, a copy of somebody's data and its deletion.

The service is set up by the settings that docs/operations.md names and by nothing else.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import jwt
import pytest
from pydantic import SecretStr

from demo.shop import TOKEN, StubShop, serving
from helpdesk.company import load_company
from helpdesk.testing import Process, environment_of, eventually, free_port, now, wait_until_ok
from tests.integration.desk.conftest import complaint
from tests.integration.desk.letters import MOVES
from tests.integration.installation import ADMIN, CHOSEN, LINK, Installation
from tests.integration.web.conftest import Customer as Browser
from tests.support.imap_server import PASSWORD, USER, ImapServer
from tests.support.notice_servers import SECRET, SENDER, SmsServer, SmtpServer
from tests.support.scripted_worker import ScriptedWorker
from tests.support.typed import Typed
from tests.support.webhook_receiver import EventReceiver

IDENTITY = "an identity secret of the company's site"
USER_ID, PHONE, MAIL = "u1001", "13812345678", "wang@customer.example"


@dataclass
class FirstDay:
    """The company around its new service."""

    machine: Installation
    boss: httpx.AsyncClient = field(init=False)
    sms: SmsServer = field(default_factory=SmsServer)
    smtp: SmtpServer = field(default_factory=SmtpServer)
    imap: ImapServer = field(default_factory=ImapServer)
    events: EventReceiver = field(default_factory=EventReceiver)
    shop_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.machine.settings.port}"

    def service(self) -> Process:
        """The installation's own with what reaches customers and what asks the shop."""
        settings = self.machine.settings.model_copy(
            update={
                "shop_address": f"http://127.0.0.1:{self.shop_port}",
                "shop_token": SecretStr(TOKEN),
                "identity_secret": SecretStr(IDENTITY),
            }
        )
        outside = {
            "SMS_URL": self.sms.settings.url, "SMS_SECRET": SECRET,
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.smtp.port), "SMTP_SECURITY": "none", "SMTP_SENDER": SENDER,
            "IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(self.imap.port), "IMAP_SECURITY": "none", "IMAP_USER": USER,
            "IMAP_PASSWORD": PASSWORD, "IMAP_EVERY": "0.2",
        }  # fmt: skip
        return replace(self.machine.service(), env=environment_of(settings, **outside))

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await self.boss.request(method, f"/api{path}", json=body)
        assert answer.is_success, (path, answer.text)
        return answer.json() if answer.content else None


@pytest.fixture
async def day(tmp_path: Path, typed: Typed) -> AsyncIterator[FirstDay]:
    made = FirstDay(Installation(tmp_path, typed))
    await asyncio.to_thread(made.machine.ok, "migrate")
    link = LINK.findall(await asyncio.to_thread(made.machine.ok, "staff", "add", *ADMIN))[0]
    service = made.service()
    worker = ScriptedWorker("worker-token", int(made.machine.settings.workers[0].rsplit(":", 1)[1]))
    async with AsyncExitStack() as around:
        for one in (made.sms, made.smtp, made.imap, made.events, worker):
            await around.enter_async_context(one.running())
        shop = StubShop(load_company(made.machine.company))
        await around.enter_async_context(serving(shop, made.shop_port))
        around.callback(service.stop)
        service.start()
        await wait_until_ok(f"{made.url}/healthz", service)
        made.boss = await around.enter_async_context(httpx.AsyncClient(base_url=made.url, timeout=60, trust_env=False))
        accepted = await made.boss.post("/api/invitation/accept", json={"token": link, "password": CHOSEN})
        assert accepted.status_code == 200, accepted.text
        await made.ask("POST", "/session", {"username": "zhaomin", "password": CHOSEN})
        yield made


async def test_the_first_day_reaches_beyond_the_chat(day: FirstDay) -> None:
    await day.ask("PUT", "/webhooks/receivers/crm", {"url": day.events.url, "events": ["ticket.*"]})
    day.events.secret = (await day.ask("POST", "/webhooks/receivers/crm/secret"))["secret"]
    await _a_customer_is_known_and_has_orders(day)
    number = await _a_complaint_by_telephone(day)
    await _its_result_goes_by_mail_and_is_answered(day, number)
    await _somebody_wants_their_data(day)


async def _a_customer_is_known_and_has_orders(day: FirstDay) -> None:
    browser = Browser(day.url)
    await browser.connect()
    known = {
        "sub": USER_ID,
        "exp": int((now() + timedelta(hours=1)).timestamp()),
        "name": "王芳",
        "phone": PHONE,
        "tier": "key",
    }
    token = jwt.encode(known, IDENTITY, algorithm="HS256")
    await browser.ask("session_request", {"session_id": None, "identity": token})
    await browser.say("您好")
    await browser.hears("答：您好")
    await browser.client.disconnect()
    (row,) = await day.ask("GET", "/conversations")
    await day.ask("POST", "/presence", {"state": "online"})
    path = f"/conversations/{row['conversation_id']}"
    await day.ask("POST", f"{path}/claim")
    shown = await day.ask("GET", path)
    assert (shown["customer"]["name"], shown["customer"]["tier"]) == ("王芳", "key")
    orders = await day.ask("GET", f"{path}/orders")
    assert orders, "the shop's own system told of them"
    await day.ask("POST", f"{path}/close")


async def _a_complaint_by_telephone(day: FirstDay) -> str:
    given = {**complaint(email=MAIL), "source": "phone", "reach_by": "email", "client_id": "call-1"}
    number: str = (await day.ask("POST", "/walk-ins", given))["number"]
    await eventually(_mail(day, "受理回执"), "the acknowledgement comes by mail", 60)
    await eventually(_event(day, "ticket.registered", number), "the company's system is told", 60)
    assert day.events.forged == 0
    return number


async def _its_result_goes_by_mail_and_is_answered(day: FirstDay, number: str) -> None:
    for step in MOVES:
        await day.ask("POST", f"/tickets/{number}/transitions", dict(step))
    letter = await eventually(_mail(day, "处理结果"), "the result comes by mail", 60)
    reply = EmailMessage()
    reply["From"], reply["Message-ID"] = MAIL, "<answer@customer.example>"
    reply["In-Reply-To"] = str(letter["Message-ID"]).strip()
    reply.set_content("收到了，谢谢\n")
    day.imap.deliver(bytes(reply))

    async def is_noted() -> bool:
        shown = await day.ask("GET", f"/tickets/{number}")
        return "收到了，谢谢" in json.dumps(shown, ensure_ascii=False)

    await eventually(is_noted, "the answer stands on the ticket", 60)


async def _somebody_wants_their_data(day: FirstDay) -> None:
    fields = {"data_action": "delete", "name": "王小明", "phone": PHONE, "description": "请删除我的信息"}
    given = {"source": "phone", "kind": "data_request", "fields": fields, "client_id": "call-2"}
    number = (await day.ask("POST", "/walk-ins", given))["number"]

    async def is_told() -> bool:
        return any(one["mobile"] == PHONE for one in day.sms.sent)

    await eventually(is_told, "the acknowledgement comes by short message", 60)
    exported = await day.boss.post(f"/api/tickets/{number}/person/export")
    assert exported.status_code == 200, exported.text
    assert PHONE in ZipFile(io.BytesIO(exported.content)).read("data.json").decode()
    confirmed = ("--confirm", f"删除 {number}", "--end-open", "--now")
    told = await asyncio.to_thread(day.machine.ok, "person", "delete", number, *confirmed)
    assert "erased: " in told
    left = await day.boss.get(f"/api/tickets/{number}")
    assert PHONE not in left.text


def _mail(day: FirstDay, title: str) -> Any:
    async def found() -> EmailMessage | None:
        return next((one for one in day.smtp.taken if title in str(one["Subject"])), None)

    return found


def _event(day: FirstDay, kind: str, number: str) -> Any:
    async def found() -> bool:
        return any(one["type"] == kind and one["data"]["number"] == number for one in day.events.taken)

    return found
