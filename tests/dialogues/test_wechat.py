"""Whole conversations on a phone: the real callback in safe mode, the real worker, numbers in place of buttons."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.store.database import Database
from helpdesk.store.tables import Conversation, Identity, Message, Outbox
from helpdesk.testing import SHIFT, SqliteDatabases, eventually, free_port, settings_for, wait_until_ok
from tests.dialogues.conftest import Worker
from tests.dialogues.talk import FAILURE, HIDDEN, Town
from tests.support.nursery import forked_service
from tests.support.wechat_server import UNREACHABLE, Seen, WeChatServer
from tests.support.wechat_world import account_environment

PASSWORD = "dialogue-tests"
NUMBER = re.compile(r"TS\d{8}-\d{4}")
MOST_QUESTIONS = 16
Json = dict[str, Any]


@dataclass
class OnPhone:
    """One customer with a phone; what is shown there is all they know."""

    town: Town
    wechat: WeChatServer
    open_id: str

    async def say(self, text: str, **more: str) -> str:
        """What appears on the phone after a text, all of it."""
        return await self._after(self.wechat.message(self.open_id, "text", Content=text, **more))

    async def event(self, event: str, key: str = "") -> str:
        """What appears after an event."""
        return await self._after(self.wechat.message(self.open_id, "event", Event=event, EventKey=key))

    async def pick(self, title: str) -> str:
        """Choose a line of the last menu: by its number, or by a click where it can be clicked."""
        for seen in reversed(self.wechat.phones[self.open_id].seen):
            for line in seen.menu:
                if title in line["content"]:
                    return await self.say(line["content"], bizmsgmenuid=line["id"])
            if found := re.search(rf"^(\d+)\. .*{re.escape(title)}", seen.text, re.MULTILINE):
                return await self.say(found[1])
        raise AssertionError(f"no choice {title} on the phone: {self.shown()}")

    async def fill(self, answers: Mapping[str, str]) -> str:
        """Answer whatever the form asks until a number is told; that."""
        for _ in range(MOST_QUESTIONS):
            if number := NUMBER.search(self.shown()):
                return number[0]
            custom = await self._asked()
            if custom["state"] == "confirm":
                await self.pick("确认")
            else:
                assert custom["field"] in answers, f"{custom['field']} is asked: {self.shown()}"
                await self.say(answers[custom["field"]])
        raise AssertionError(f"no number was told: {self.shown()}")

    async def told(self, words: str) -> None:
        """Wait until the phone shows something."""

        async def shown() -> bool:
            return re.search(words, self.shown()) is not None

        await eventually(shown, f"{words} is on the phone: {self.shown()}", 30)

    def shown(self) -> str:
        return "\n".join(_text(one) for one in self.wechat.phones[self.open_id].seen)

    async def _after(self, message: Json) -> str:
        phone = self.wechat.phones[self.open_id]
        before = len(phone.seen)
        await self.wechat.post(message)
        await eventually(self._is_settled, f"everything is answered: {self.shown()}", 60)
        text = "\n".join(_text(one) for one in phone.seen[before:])
        assert UNREACHABLE not in text
        assert not HIDDEN.search(text), text
        assert not any(words in text for words in FAILURE), text
        return text

    async def _is_settled(self) -> bool:
        async with self._rows() as (messages, boxes):
            ways = {row.message_id: row for row in boxes}
            asked = [one for one in messages if one.author == "customer"]
            sent = [ways[one.id] for one in messages if one.id in ways]
        return all(one.processed_at for one in asked) and all(row.via and row.status != "queued" for row in sent)

    async def _asked(self) -> Json:
        async with self._rows() as (messages, _):
            customs = [one.custom for one in messages if (one.custom or {}).get("kind") == "form"]
        assert customs, f"nothing is asked: {self.shown()}"
        return dict(customs[-1] or {})

    def _rows(self) -> Any:
        return _rows(self.town.settings.database_url, self.open_id)


def _text(seen: Seen) -> str:
    return "\n".join([seen.text, *(line["content"] for line in seen.menu)])


class _rows:
    """The messages of a customer, in order, and their ways."""

    def __init__(self, url: str, sender: str) -> None:
        self._database = Database(url, Bus(), ShiftedClock(SHIFT))
        self._sender = sender

    async def __aenter__(self) -> tuple[list[Message], list[Outbox]]:
        query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
        query = query.join(Identity, Identity.id == Conversation.identity_id).where(Identity.sender == self._sender)
        async with self._database.read() as uow:
            messages = list((await uow.session.scalars(query.order_by(Message.seq))).all())
            ids = [one.id for one in messages]
            boxes = list((await uow.session.scalars(select(Outbox).where(Outbox.message_id.in_(ids)))).all())
        return messages, boxes

    async def __aexit__(self, *_: object) -> None:
        await self._database.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wechat-dialogues")


@pytest.fixture(scope="module")
def started(folder: Path, worker: Worker) -> Any:
    """A service with an Official Account, on a fresh database, with demo accounts."""
    databases, server = SqliteDatabases(), WeChatServer(free_port(), mode="safe")
    settings = settings_for(databases.fresh(), workers=(worker.url,), demo=True, demo_password=SecretStr(PASSWORD))
    service = forked_service(settings, folder, **account_environment(server.url))
    server.callback = f"http://127.0.0.1:{settings.port}/wechat"
    worker.start()
    service.start()
    yield settings, server, service, {}
    service.stop()
    databases.close()


@pytest.fixture
async def phone(started: Any, worker: Worker, request: pytest.FixtureRequest) -> AsyncIterator[OnPhone]:
    """A customer who has just followed the account."""
    settings, server, service, tokens = started
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server.running())
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=60, trust_env=False)
        town = Town(settings, await stack.enter_async_context(client), PASSWORD, [service.log, worker.log], tokens)
        await worker.is_ready()
        await wait_until_ok(f"http://127.0.0.1:{settings.port}/readyz", service)
        made = OnPhone(town, server, f"o_{abs(hash(request.node.name)) % 10**9}")
        assert re.search(r"^1\. ", await made.event("subscribe"), re.MULTILINE)
        yield made


PERSON = {"name": "李雷", "phone": "13812345678", "order": "2026110812345"}
COMPLAINT = {
    **PERSON,
    "category": "商家取消订单",
    "description": "你们无故取消了我的订单",
    "occurred": "昨天",
    "outcome": "恢复订单并道歉",
    "evidence": "没有",
    "danger": "没有危险",
}


async def test_a_complaint_up_to_its_number(phone: OnPhone) -> None:
    await phone.say("我要投诉，你们昨天无故取消了我的订单2026110812345，我叫李雷，电话13812345678，希望恢复订单")
    number = await phone.fill(COMPLAINT)
    (ticket,) = await phone.town.rows("tickets", phone.open_id)
    assert (ticket["number"], ticket["kind"], ticket["fields"]["phone"]) == (number, "complaint", "13812345678")
    assert number in await phone.say("查进度")


async def test_a_refund(phone: OnPhone) -> None:
    await phone.say("我要退款，订单2026110812345，冰箱有异响，电话13812345678，我叫李雷")
    number = await phone.fill({**PERSON, "description": "冰箱有异响", "reason": "有异响", "evidence": "没有"})
    (ticket,) = await phone.town.rows("tickets", phone.open_id)
    assert (ticket["number"], ticket["kind"]) == (number, "refund")


async def test_an_invoice_with_a_choice_by_number(phone: OnPhone) -> None:
    await phone.say("帮我开发票，订单2026110812345")
    await phone.fill(
        {**PERSON, "invoice_kind": "个人", "invoice_title": "李雷", "title": "李雷", "email": "li@example.com"}
    )
    (ticket,) = await phone.town.rows("tickets", phone.open_id)
    assert ticket["kind"] == "invoice"


async def test_a_suggested_question_is_picked_by_its_number(phone: OnPhone) -> None:
    shown = await phone.say("那个费用的事")
    assert re.search(r"^2\. ", shown, re.MULTILINE), shown
    answer = await phone.say("2")
    assert len(answer) > 20, answer
    async with phone._rows() as (messages, _):
        pressed = [one for one in messages if one.author == "customer"][-1]
    assert "press" in (pressed.input or {})


async def test_a_person_the_queue_and_a_rating(phone: OnPhone) -> None:
    agent = await phone.town.staff("agent")
    await agent.presence("online")
    try:
        assert "取消排队" in await phone.say("转人工")
        conversation = (await agent.waiting(phone.open_id))["conversation_id"]
        await agent.do("claim", conversation)
        await agent.do("messages", conversation, {"text": "您好，冰箱的情况我都看到了，请您稍等。", "client_id": "1"})
        await phone.told("冰箱的情况我都看到了")
        assert await phone.say("冰箱的事已经好了，谢谢") == ""
        await agent.do("close", conversation)
        await phone.told("5. 5 分|5 分")
        await phone.say("5")
    finally:
        await agent.presence("away")
    (rating,) = await phone.town.rows("ratings", phone.open_id)
    assert rating["score"] == 5


async def test_a_result_that_does_not_satisfy_is_looked_into_again(phone: OnPhone) -> None:
    await phone.say("我要投诉，你们昨天无故取消了我的订单2026110812345，我叫李雷，电话13812345678，希望恢复订单")
    number = await phone.fill(COMPLAINT)
    supervisor = await phone.town.staff("supervisor")
    for action in ("accept", "investigate", "answer"):
        await supervisor.move(number, action, "经核实，仓库误操作，订单已恢复。")
    async with phone._rows() as (messages, _):
        assert messages
    await phone.say("我不认可这个结果，订单根本没恢复")
    (ticket,) = await phone.town.rows("tickets", phone.open_id)
    assert (ticket["status"], ticket["round"]) == ("investigating", 2), phone.shown()
