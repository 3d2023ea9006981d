"""The worker's door: who may knock, what is let in, and how it closes."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import ids, startup
from bot.errors import MissingSetting, WrongSetting
from bot.settings import Settings, environment
from tests.unit_bot import action_server, chat
from tests.unit_bot.action_server import ActionServer

ROOT = Path(__file__).resolve().parents[2]
TURN: dict[str, Any] = {
    "conversation": "c1",
    "message_id": "m1:1",
    "state": None,
    "facts": {},
    "input": {"text": "你好"},
}


async def test_health_names_the_model(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/health", headers={"Authorization": ""})).json()
    assert answer["status"] == "ok"
    assert (await client.post("/turn", json=TURN)).json()["state"]["model_id"] == answer["model_id"]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", f"Basic {chat.TOKEN}", f"Bearer {chat.TOKEN}x", "Bearer é"]
)
async def test_without_the_token_nothing_is_answered(client: httpx.AsyncClient, header: str) -> None:
    response = await client.post("/turn", json=TURN, headers={"Authorization": header.encode("latin-1")})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthorized"


@pytest.mark.parametrize(
    "changed",
    [
        {"conversation": ""},
        {"conversation": 1},
        {"conversation": "x" * 301},
        {"message_id": None},
        {"state": "state"},
        {"state": []},
        {"facts": [1]},
        {"input": None},
        {"input": {}},
        {"input": {"text": ""}},
        {"input": {"text": " \n"}},
        {"input": {"text": 1}},
        {"input": {"text": "x" * 10_001}},
        {"input": {"text": "a", "start": "open"}},
        {"input": {"start": "now"}},
        {"input": {"start": ["open"]}},
        {"input": {"press": {"intent": "greet", "entities": {}}}},
        {"input": {"press": {"title": "a", "entities": {}}}},
        {"input": {"press": {"intent": "greet", "title": "a", "entities": [1]}}},
        {"actions": "file:///etc/passwd"},
        {"actions": 1},
    ],
)
async def test_a_body_of_another_shape_is_refused(client: httpx.AsyncClient, changed: dict[str, Any]) -> None:
    response = await client.post("/turn", json={**TURN, **changed})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid_body"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
async def test_a_body_that_is_no_object_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post("/turn", content=body)).status_code == 422


async def test_a_huge_body_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    response = await client.post("/turn", content=b" " * 1_000_001)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize("missing", ["HELPDESK_WORKER_TOKEN", "HELPDESK_ACTION_TOKEN"])
def test_a_secret_has_no_default(missing: str) -> None:
    env = {"HELPDESK_WORKER_TOKEN": "a", "HELPDESK_ACTION_TOKEN": "b", "HELPDESK_DEMO": "1"}
    with pytest.raises(MissingSetting, match=missing):
        Settings.from_env({**env, missing: " "})


@pytest.mark.parametrize("host", ["8.8.8.8", "example.com"])
def test_a_worker_has_no_public_address(host: str) -> None:
    env = {"HELPDESK_WORKER_TOKEN": "a", "HELPDESK_ACTION_TOKEN": "b"}
    with pytest.raises(WrongSetting, match="BOT_WORKER_HOST"):
        Settings.from_env({**env, "BOT_WORKER_HOST": host})
    assert Settings.from_env({**env, "BOT_WORKER_HOST": "10.1.2.3"}).host == "10.1.2.3"
    assert Settings.from_env(env).host == "127.0.0.1"


async def test_each_turns_actions_run_where_the_turn_says(client: httpx.AsyncClient, actions: ActionServer) -> None:
    """Two services ask one worker at once: each is asked for the actions of its own turns."""
    turn = {**TURN, "input": {"text": "几点开门"}}
    for other in action_server.running():
        at_both = [turn, {**turn, "conversation": "c2", "actions": other.url}] * 3
        answers = await asyncio.gather(*(client.post("/turn", json=one) for one in at_both))
        assert [answer.status_code for answer in answers] == [200] * 6
        asked_there = {call["sender_id"] for call in other.calls}
    assert asked_there == {"c2"}
    assert {call["sender_id"] for call in actions.calls} == {"c1"}


def test_settings_show_no_secret() -> None:
    settings = Settings.from_env({"HELPDESK_WORKER_TOKEN": "secret-a", "HELPDESK_ACTION_TOKEN": "secret-b"})
    assert "secret" not in repr(settings)
    assert settings.port == 8005


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def worker(
    tiny_model: str, actions: ActionServer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[subprocess.Popen]:
    """`python -m bot.worker` with the tiny model."""
    port = free_port()
    env = {
        **os.environ,
        "HELPDESK_WORKER_TOKEN": chat.TOKEN,
        "HELPDESK_ACTION_TOKEN": action_server.TOKEN,
        "BOT_WORKER_PORT": str(port),
        "BOT_MODEL": str(Path(tiny_model).parent),
        "BOT_ACTIONS_URL": actions.url,
        "HELPDESK_LOG_LEVEL": getattr(request, "param", "INFO"),
    }
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen([sys.executable, "-m", "bot.worker"], cwd=ROOT, env=env, stdout=log, stderr=log)
    process.address = f"http://127.0.0.1:{port}"
    process.log = tmp_path / "log"
    yield process
    process.kill()
    process.wait(10)


def wait_until_ready(process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline and process.poll() is None:
        try:
            assert httpx.get(f"{process.address}/health", timeout=2).json()["status"] == "ok"
        except httpx.TransportError:
            threading.Event().wait(0.1)
        else:
            return
    raise AssertionError(process.log.read_text())


def test_at_sigterm_the_turn_under_way_is_finished(worker: subprocess.Popen, actions: ActionServer) -> None:
    wait_until_ready(worker)
    asked, let_go = threading.Event(), threading.Event()

    def slow(call: dict[str, Any]) -> Any:
        asked.set()
        let_go.wait(2)
        return action_server.ACTIONS["action_answer_faq"](call)

    actions.actions["action_answer_faq"] = slow
    answers: list[httpx.Response | None] = []
    turn = {**TURN, "input": {"text": "几点开门"}}
    headers = {"Authorization": f"Bearer {chat.TOKEN}", "X-Request-ID": "shop-17"}
    customer = threading.Thread(
        target=lambda: answers.append(httpx.post(f"{worker.address}/turn", json=turn, headers=headers, timeout=20))
    )
    customer.start()
    assert asked.wait(10)
    worker.send_signal(signal.SIGTERM)
    let_go.set()
    customer.join(20)
    worker.wait(20)
    assert [answer.status_code for answer in answers] == [200]
    log = worker.log.read_text()
    ready, done = log.splitlines()  # and no library warns of its age, nor does uvicorn say the same again
    assert "worker ready" in ready
    assert "turn conversation=c1 ms=" in done
    assert done.endswith(" message=m1:1 request=shop-17")
    assert set(actions.requests) == {"shop-17"}
    assert "几点开门" not in log


@pytest.mark.parametrize("worker", ["WARNING"], indirect=True)
def test_where_only_warnings_are_wanted_a_worker_that_is_well_says_nothing(worker: subprocess.Popen) -> None:
    wait_until_ready(worker)
    worker.send_signal(signal.SIGTERM)
    worker.wait(20)
    assert worker.log.read_text() == ""


def test_an_id_that_could_forge_a_line_is_not_logged() -> None:
    record = logging.makeLogRecord({})
    ids.begin("m1:1", "x\n2026 INFO bot.worker forged")
    assert ids.add_to(record)
    assert record.ids == " message=m1:1"
    ids.begin("", "")


def test_a_log_level_that_there_is_not_is_refused() -> None:
    with pytest.raises(WrongSetting, match="HELPDESK_LOG_LEVEL"):
        Settings.from_env({"HELPDESK_WORKER_TOKEN": "a", "HELPDESK_ACTION_TOKEN": "b", "HELPDESK_LOG_LEVEL": "LOUD"})


def test_without_a_secret_the_worker_does_not_start() -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith("HELPDESK_")}
    result = subprocess.run(
        [sys.executable, "-m", "bot.worker"],
        cwd=ROOT,
        env={**env, "HELPDESK_DEMO": "1"},
        capture_output=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert result.stderr.decode().strip() == "bot.worker: HELPDESK_WORKER_TOKEN is not set"


def test_a_file_is_read_beneath_the_environment_as_the_service_reads_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# BOT_MODEL=no\nexport HELPDESK_WORKER_TOKEN='kept'\nBOT_WORKER_PORT=\nHELPDESK_ACTION_TOKEN=below\n", "utf-8"
    )
    env = environment(file, {"HELPDESK_ACTION_TOKEN": "above", "HELPDESK_WORKER_TOKEN": ""})
    settings = Settings.from_env(env)
    assert (settings.worker_token, settings.action_token, settings.port) == ("kept", "above", 8005)
    assert environment(tmp_path / "none", {}) == {}


def test_what_is_loaded_is_looked_through_for_garbage_no_more() -> None:
    gc.disable()
    startup.keep_what_is_loaded()
    try:
        assert gc.isenabled()
        assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()
