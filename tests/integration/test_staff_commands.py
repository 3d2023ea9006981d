"""`python -m helpdesk staff ...` and going live by the documented commands alone."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import httpx
import pytest
import yaml

from helpdesk.testing import RestClient, wait_until_ok
from tests.integration.installation import ADMIN, CHOSEN, GIVEN, LINK, Installation
from tests.support.scripted_worker import ScriptedWorker
from tests.support.typed import Typed


@pytest.fixture
def machine(tmp_path: Path, typed: Typed) -> Installation:
    return Installation(tmp_path, typed)


async def test_a_company_goes_live_by_the_documented_commands_and_serves(machine: Installation) -> None:
    await asyncio.to_thread(machine.ok, "migrate")
    made = await asyncio.to_thread(machine.ok, "staff", "add", *ADMIN)
    link = LINK.findall(made)[0]
    service = machine.service()
    worker = ScriptedWorker("worker-token", int(machine.settings.workers[0].rsplit(":", 1)[1]))
    url = f"http://127.0.0.1:{machine.settings.port}"
    try:
        service.start()
        await wait_until_ok(f"{url}/healthz", service)
        async with worker.running(), httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as boss:
            await _first_day(machine, boss, link)
    finally:
        service.stop()


async def _first_day(machine: Installation, boss: httpx.AsyncClient, link: str) -> None:
    assert (await boss.post("/api/session", json={"username": "admin", "password": "admin"})).status_code == 401
    accepted = await boss.post("/api/invitation/accept", json={"token": link, "password": CHOSEN})
    assert accepted.json()["name"] == "赵敏"
    await _signs_in(boss, "zhaomin", CHOSEN)
    person = {"id": "wangfang", "name": "王芳", "number": "S1008"}
    invited = await boss.post("/api/people", json=person)
    assert invited.status_code == 201, invited.text
    await asyncio.to_thread(machine.ok, "staff", "password", "wangfang", typed=f"{GIVEN}\n")
    async with httpx.AsyncClient(base_url=boss.base_url, timeout=60, trust_env=False) as agent:
        assert await _signs_in(agent, "wangfang", GIVEN) == ["password"]
        assert (await agent.get("/api/queue")).json()["error"]["code"] == "setup_needed"
        changed = await agent.post("/api/me/password", json={"current": GIVEN, "password": CHOSEN})
        assert changed.status_code == 204, changed.text
        await _serves(agent)
        await _is_locked(machine, agent)


async def _signs_in(client: httpx.AsyncClient, username: str, password: str) -> list[str]:
    """Sign in; what has to be set up first."""
    signed_in = await client.post("/api/session", json={"username": username, "password": password})
    assert signed_in.status_code == 200, signed_in.text
    needs: list[str] = (await client.get("/api/me")).json()["needs"]
    return needs


async def _serves(agent: httpx.AsyncClient) -> None:
    """A customer writes, the new colleague takes the conversation and answers."""
    customer = RestClient(str(agent.base_url), "rest-token", "li")
    assert await customer.say("您好")
    assert (await agent.post("/api/presence", json={"state": "online"})).status_code == 200
    (conversation,) = (await agent.get("/api/conversations")).json()
    path = f"/api/conversations/{conversation['conversation_id']}"
    assert (await agent.post(f"{path}/claim")).status_code == 200
    assert (await agent.post(f"{path}/messages", json={"text": "您好，我是王芳，这就为您查。"})).is_success
    assert (await customer.fetch())[-1]["text"] == "您好，我是王芳，这就为您查。"
    await customer.close()


async def _is_locked(machine: Installation, agent: httpx.AsyncClient) -> None:
    """By the command line, while the service runs: the next request is a stranger's."""
    locked = await asyncio.to_thread(machine.ok, "staff", "lock", "wangfang", "--tickets-to", "auto")
    assert "customers back in the queue: 1" in locked
    assert (await agent.get("/api/me")).status_code == 401


def test_people_are_added_changed_and_listed(machine: Installation) -> None:
    machine.ok("migrate")
    machine.ok("staff", "add", *ADMIN)
    machine.ok("staff", "add", "wangfang", "--name", "王芳", "--number", "S1008", "--skills", "returns,delivery")
    machine.ok("staff", "set", "wangfang", "--role", "supervisor", "--capacity", "6", "--require-second-factor")
    lines = {line.split("\t")[0]: line for line in machine.ok("staff", "list").splitlines()}
    assert lines["wangfang"].split("\t")[1:7] == [
        "S1008", "王芳", "supervisor", "service", "invited", "second factor required"
    ]  # fmt: skip
    assert "已经是赵敏的" in machine.refused("staff", "set", "wangfang", "--number", "S0001")
    assert "没有账号为 nobody" in machine.refused("staff", "password", "nobody", typed="long enough 1\n")
    assert "至少 10 个字符" in machine.refused("staff", "password", "wangfang", typed="short\n")
    assert "唯一的管理员" in machine.refused("staff", "lock", "zhaomin")
    assert machine.run("staff", "dance").code == 2


def test_the_roster_is_imported_and_its_mistakes_are_named(machine: Installation) -> None:
    machine.ok("migrate")
    machine.ok("staff", "add", *ADMIN)
    assert "nothing was changed" in machine.ok("staff", "import", "--dry-run")
    assert "4 added, 0 changed" in machine.ok("staff", "import")
    roster = yaml.safe_load((machine.company / "roster.yml").read_text("utf-8"))
    roster["agent"] |= {"department": "sales", "capacity": 8}
    _write(machine, roster)
    changed = machine.ok("staff", "import")
    assert "~ agent: department, capacity" in changed
    assert "zhaomin is not on company/roster.yml and stays as it is" in changed
    with sqlite3.connect(machine.folder / "live.db") as database:
        kept = database.execute("SELECT department, capacity, password_hash FROM staff WHERE id = 'agent'").fetchone()
    assert kept == ("sales", 8, None)
    roster["agent2"]["number"] = "S0001"
    _write(machine, roster)
    assert "agent2: number: S0001 is that of zhaomin" in machine.refused("staff", "import")


def _write(machine: Installation, roster: object) -> None:
    (machine.company / "roster.yml").write_text(yaml.safe_dump(roster, allow_unicode=True), "utf-8")
