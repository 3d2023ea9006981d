"""Two service processes on PostgreSQL: what is published at one is answered by both, over the REST channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpdesk.settings import Settings
from helpdesk.store.tables import Staff
from helpdesk.testing import Databases, Process, eventually, wait_until_ok
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.people.sign_in import open_session
from tests.support.fixtures import REST, post, services_of, world_on
from tests.support.nursery import forked_service
from tests.support.scripted_worker import ScriptedWorker, answer

FEE = "/api/knowledge/articles/shipping.fee"
QUESTION = "运费怎么算"
SIGNED = {"Authorization": "Bearer action-token"}
LIMIT = 90.0
"""Seconds that a busy machine may take; two are promised where nothing else runs."""


@dataclass
class Branch:
    """A service process with a worker of its own, whose only action is the real action_turn of that service."""

    settings: Settings
    process: Process
    worker: ScriptedWorker

    async def answers(self, text: str) -> str:
        """What a customer who has never written before is told, over REST."""
        async with httpx.AsyncClient(base_url=self.url, headers=REST, timeout=60) as client:
            told = await post(client, text, f"li-{time.monotonic_ns()}")
            assert told.status_code == 200, told.text
            return str(told.json()[-1]["text"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    async def faq(self, body: dict[str, Any]) -> dict[str, Any]:
        """A turn as the dialogue worker makes it of a question: the action's answer, in the article's words."""
        address = f"http://127.0.0.1:{self.settings.internal_port}/internal/actions"
        async with httpx.AsyncClient(headers=SIGNED, timeout=30) as client:
            done = await client.post(address, json=_call(body))
        assert done.status_code == 200, done.text
        [told] = [one for one in done.json()["responses"] if one.get("response")][:1]
        return answer(body, told.get("answer") or told["response"], intent="ask_faq")

    async def start(self) -> None:
        self.process.start()
        await wait_until_ok(f"{self.url}/readyz", self.process)


def _call(body: dict[str, Any]) -> dict[str, Any]:
    message = {
        "text": body["input"]["text"],
        "message_id": body["message_id"],
        "intent": {"name": "ask_faq", "confidence": 1.0},
        "entities": [],
    }
    tracker = {"sender_id": body["conversation"], "slots": {}, "events": [], "paused": False, "active_loop": {},
               "latest_message": message, "latest_action_name": "action_listen", "latest_input_channel": "worker",
               "followup_action": None}  # fmt: skip
    called = {"next_action": "action_turn", "sender_id": body["conversation"], "tracker": tracker}
    return {**called, "domain": {"intents": []}, "domain_digest": "d1"}


@asynccontextmanager
async def branch(url: str, folder: Path) -> AsyncIterator[Branch]:
    """A service, not started yet, with its worker."""
    folder.mkdir()
    world = world_on(url, var_dir=folder, demo=True)
    made = Branch(world.settings, forked_service(world.settings, folder), world.worker)
    world.worker.script = made.faq
    async with world.worker.running():
        try:
            yield made
        finally:
            made.process.stop()


@pytest.fixture
async def branches(postgres: Databases, tmp_path: Path) -> AsyncIterator[list[Branch]]:
    url = postgres.fresh()
    async with AsyncExitStack() as stack:
        made = [await stack.enter_async_context(branch(url, tmp_path / name)) for name in ("one", "two")]
        await asyncio.gather(*(one.start() for one in made))
        yield made


async def editor(settings: Settings) -> dict[str, str]:
    """A supervisor's headers."""
    services = services_of(settings)
    await ensure_staff(services)
    async with services.db.read() as uow:
        staff = await uow.session.get_one(Staff, "supervisor")
    token = await open_session(services, staff, services.clock.now())
    await services.workers.close()
    await services.db.close()
    return {"Authorization": f"Bearer {token}"}


async def test_an_edit_is_answered_by_every_process_a_broken_one_by_none_and_a_rollback_restores(
    branches: list[Branch],
) -> None:
    one, two = branches
    headers = await editor(one.settings)
    shipped = await one.answers(QUESTION)
    assert await two.answers(QUESTION) == shipped

    async def change(at: Branch, method: str, path: str, status: int = 200, **body: Any) -> Any:
        async with httpx.AsyncClient(base_url=at.url, headers=headers, timeout=60) as client:
            done = await client.request(method, path, json=body or None)
        assert done.status_code == status, done.text
        return done.json()

    async def everywhere(question: str, expected: str) -> None:
        for at in branches:

            async def answers(at: Branch = at) -> bool:
                return await at.answers(question) == expected

            await eventually(answers, f"{at.process.log.name} answers the edit", LIMIT)

    shown = await change(one, "GET", FEE)
    content = {key: shown[key] for key in ("question", "subject", "answer", "wordings", "related", "check")}
    free = {**content, "answer": "您好，现在所有订单都免运费。"}
    await change(one, "PUT", FEE, **free)
    await everywhere(QUESTION, free["answer"])

    learnt = {**free, "wordings": [*content["wordings"], "那个跑腿的费你们怎么个收法"]}
    await change(two, "PUT", FEE, **learnt, version=1)
    await everywhere("那个跑腿的费你们怎么个收法", free["answer"])

    await change(two, "PUT", FEE, 422, **{**content, "answer": "见 {nothing} 的说明，请您查看"})
    await change(one, "PUT", FEE, 409, **content, version=1)
    await everywhere(QUESTION, free["answer"])

    one.process.kill()
    await one.start()
    assert await one.answers(QUESTION) == free["answer"]

    await change(two, "POST", f"{FEE}/rollback", version=0)
    await everywhere(QUESTION, shipped)
