"""Two machines, as docs/operations.md sets them up, by two addresses of the loopback: what is left goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from helpdesk.settings import Settings
from helpdesk.testing import Databases, Process, RestClient, free_port, settings_for, wait_until_ok
from tests.support.nursery import forked_service
from tests.support.scripted_worker import Failed, Json, ScriptedWorker, answer

DOMAIN_MISSING = 449
"""What the service answers to a worker that it knows and whose domain it has not been sent yet."""


async def ask_for_actions(body: Json) -> Json:
    """As the worker does: run an action where the turn says, with the token; then name the place."""
    call = {"next_action": "action_turn", "sender_id": body["conversation"], "domain_digest": "none"}
    headers = {"Authorization": "Bearer action-token"}
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        response = await client.post(body["actions"], json=call, headers=headers)
    if response.status_code != DOMAIN_MISSING:
        raise Failed("action_failed")
    return answer(body, f"问过 {httpx.URL(body['actions']).host}")


@dataclass
class Machine:
    """A service, a worker, and a customer's program that asks this service."""

    settings: Settings
    service: Process
    worker: ScriptedWorker
    customer: RestClient

    async def says(self, text: str) -> list[str]:
        """What is answered."""
        return [one["text"] for one in await self.customer.say(text)]

    @property
    def asked(self) -> str:
        """What a worker says that ran its actions here."""
        return f"问过 {self.settings.internal_host}"


@pytest.fixture
async def machines(postgres: Databases, tmp_path: Path) -> AsyncIterator[list[Machine]]:
    """Each with the same ports at an address of its own, and the same list of workers."""
    url, hosts = postgres.fresh(), ("127.0.0.1", "127.0.0.2")
    port, internal, worker = (free_port() for _ in range(3))
    workers = [ScriptedWorker("worker-token", worker, ask_for_actions, host) for host in hosts]
    addresses = tuple(one.url for one in workers)
    made = []
    async with AsyncExitStack() as stack:
        for host, one in zip(hosts, workers, strict=True):
            settings = settings_for(
                url, host=host, internal_host=host, port=port, internal_port=internal, workers=addresses
            )
            folder = tmp_path / host
            folder.mkdir()
            customer = RestClient(f"http://{host}:{port}", "rest-token", f"customer-{host}")
            made.append(Machine(settings, forked_service(settings, folder), one, customer))
            await one.start()
            made[-1].service.start()
            stack.push_async_callback(one.stop)
            stack.push_async_callback(customer.close)
            stack.callback(made[-1].service.kill)
        for machine in made:
            await wait_until_ok(f"http://{machine.settings.host}:{port}/readyz", machine.service)
        yield made


async def test_each_machine_is_enough(machines: list[Machine]) -> None:
    here, there = machines
    for machine in machines:
        for text in ("您好", "再问一句", "还有一句"):
            assert machine.asked in await machine.says(text)
    assert len(here.worker.asked) >= 2
    assert len(there.worker.asked) >= 2, "both workers serve both services"
    here.service.kill()
    await here.worker.stop()
    for text in ("您好，还在吗", "再问一句"):
        assert there.asked in await there.says(text)


async def test_the_internal_listener_asks_for_the_token_at_every_address(machines: list[Machine]) -> None:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        for machine in machines:
            where = f"http://{machine.settings.internal_host}:{machine.settings.internal_port}"
            assert (await client.get(f"{where}/metrics")).status_code == 401
            assert (await client.post(f"{where}/internal/actions", json={})).status_code == 401
            headers = {"Authorization": "Bearer action-token"}
            assert (await client.get(f"{where}/metrics", headers=headers)).status_code == 200
