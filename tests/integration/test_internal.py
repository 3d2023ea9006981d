"""The second listener: actions, metrics, detailed health; and what the public one tells of health."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from helpdesk.internal import internal_app
from tests.integration.steps import TOKEN, call
from tests.support.fixtures import World


@pytest.fixture
async def internal(world: World, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the second listener's application."""
    transport = httpx.ASGITransport(internal_app(world.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://internal", headers=TOKEN) as made:
        yield made


@pytest.mark.parametrize("path", ["/metrics", "/internal/actions"])
async def test_a_token_is_needed(path: str, internal: httpx.AsyncClient) -> None:
    method = "GET" if path == "/metrics" else "POST"
    response = await internal.request(method, path, headers={"Authorization": "Bearer rest-token"})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_signed_in"


async def test_a_domain_is_asked_for_once(internal: httpx.AsyncClient) -> None:
    first = await internal.post("/internal/actions", json=call("no_such_action"))
    assert (first.status_code, first.json()["action_name"]) == (449, "no_such_action")
    with_domain = await internal.post("/internal/actions", json=call("no_such_action", domain={"intents": []}))
    assert (with_domain.status_code, with_domain.json()["action_name"]) == (404, "no_such_action")
    assert (await internal.post("/internal/actions", json=call("no_such_action"))).status_code == 404
    other = await internal.post("/internal/actions", json={**call("no_such_action"), "domain_digest": "d2"})
    assert other.status_code == 449


@pytest.mark.parametrize("body", [b"{", b"[]", b"7"])
async def test_a_call_is_an_object(body: bytes, internal: httpx.AsyncClient) -> None:
    response = await internal.post("/internal/actions", content=body)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "invalid_input")


async def test_metrics_are_in_prometheus_format(internal: httpx.AsyncClient) -> None:
    response = await internal.get("/metrics")
    assert response.status_code == 200
    assert "# TYPE helpdesk_turns_total counter" in response.text


async def test_details_of_health_are_told_inside_only(
    world: World, internal: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    inside = (await internal.get("/readyz")).json()
    assert inside == {
        "status": "not ready",
        "database": True,
        "knowledge": False,
        "workers": {world.worker.url: True},
    }
    assert (await client.get("/readyz")).json() == {"status": "not ready"}
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_without_a_worker_the_service_is_not_ready(
    world: World, internal: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    world.services.knowledge = object()  # type: ignore[assignment]
    assert (await client.get("/readyz")).status_code == 200
    await world.worker.stop()
    assert (await client.get("/readyz")).status_code == 503
    assert (await internal.get("/readyz")).json()["workers"] == {world.worker.url: False}
