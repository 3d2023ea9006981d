"""What a worker promises the service: one suite for the scripted worker of our tests and for the real one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from helpdesk.testing import (
    SqliteDatabases,
    free_port,
    settings_for,
    wait_until_ok,
)
from tests.support.nursery import forked_service, forked_worker
from tests.support.scripted_worker import ScriptedWorker

Json = dict[str, Any]
TOKEN = {"Authorization": "Bearer worker-token"}
FACTS: Json = {
    "name": None,
    "tier": "normal",
    "known": False,
    "new_session": True,
    "hours": "open",
    "hours_text": "每天 9:00-21:00",
    "staff_on_duty": 0,
    "part_of_day": "morning",
    "channel": "rest",
    "company": "三声电器",
}


@pytest_asyncio.fixture(scope="module", params=["scripted", "real"], loop_scope="module")
async def worker(
    request: pytest.FixtureRequest, sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of either worker; the real one runs its actions at a real service."""
    port = free_port()
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)
    if request.param == "scripted":
        async with ScriptedWorker("worker-token", port).running(), client:
            yield client
        return
    folder = tmp_path_factory.mktemp("contract")
    settings = settings_for(sqlite_databases.fresh(), workers=(str(client.base_url),), var_dir=folder)
    processes = [
        forked_service(settings, folder),
        forked_worker(settings, folder, port, os.environ.get("BOT_MODEL", "models/")),
    ]
    for process in processes:
        process.start()
    await wait_until_ok(f"http://127.0.0.1:{settings.port}/readyz", processes[0])
    async with client:
        yield client
    for process in processes:
        process.stop()


pytestmark = pytest.mark.asyncio(loop_scope="module")


def turn(given: Json, state: Json | None = None, number: int = 1) -> Json:
    """The body of a turn."""
    return {"conversation": "c", "message_id": f"m:{number}", "state": state, "facts": FACTS, "input": given}


async def ask(worker: httpx.AsyncClient, body: Any) -> httpx.Response:
    return await worker.post("/turn", json=body, headers=TOKEN)


async def test_health_needs_no_token(worker: httpx.AsyncClient) -> None:
    response = await worker.get("/health")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["model_id"]


@pytest.mark.parametrize("token", [{}, {"Authorization": "Bearer wrong"}])
async def test_a_turn_needs_the_token(token: dict[str, str], worker: httpx.AsyncClient) -> None:
    response = await worker.post("/turn", json=turn({"text": "您好"}), headers=token)
    assert response.status_code == 401
    assert set(response.json()["error"]) >= {"code", "message"}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        turn({}),
        turn({"text": "您好", "start": "open"}),
        turn({"text": " "}),
        turn({"text": 7}),
        turn({"start": "nonsense"}),
    ],
)
async def test_another_shape_is_refused(body: Any, worker: httpx.AsyncClient) -> None:
    response = await ask(worker, body)
    assert response.status_code == 422
    assert set(response.json()["error"]) >= {"code", "message"}


@pytest.mark.parametrize(
    "given",
    [
        {"text": "您好"},
        {"press": {"intent": "ask_capabilities", "entities": {}, "title": "能做什么"}},
        {"start": "open"},
        {"start": "staff_released"},
    ],
)
async def test_each_kind_of_input_is_answered(given: Json, worker: httpx.AsyncClient) -> None:
    response = await ask(worker, turn(given))
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["replies"]
    for reply in body["replies"]:
        assert set(reply) <= {"text", "buttons", "image", "custom"}
        assert reply.get("text") or reply.get("custom") or reply.get("image")
        for button in reply.get("buttons", []):
            assert set(button) == {"title", "press"}
            assert set(button["press"]) == {"intent", "entities", "title"}


async def test_a_text_is_understood(worker: httpx.AsyncClient) -> None:
    understood = (await ask(worker, turn({"text": "您好"}))).json()["understood"]
    assert understood["intent"] == "greet"
    assert 0 <= understood["confidence"] <= 1
    assert isinstance(understood["entities"], list)


async def test_a_state_is_given_and_taken_back(worker: httpx.AsyncClient) -> None:
    first = (await ask(worker, turn({"text": "您好"}))).json()["state"]
    assert set(first) >= {"schema", "model_id", "slots", "active_loop", "tail"}
    second = await ask(worker, turn({"text": "谢谢"}, first, 2))
    assert second.status_code == 200
    assert second.json().get("state_reset") is not True


async def test_a_settled_state_is_taken_too(worker: httpx.AsyncClient) -> None:
    """What helpdesk/model/dialogue.py makes of a state at a new session."""
    first = (await ask(worker, turn({"text": "您好"}))).json()["state"]
    settled = {**first, "slots": {}, "active_loop": None, "tail": []}
    response = await ask(worker, turn({"text": "您好"}, settled, 3))
    assert response.status_code == 200
    assert response.json().get("state_reset") is not True
