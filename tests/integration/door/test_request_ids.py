"""A request and its message are found again by their ids, in every line of the service that is about them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from typing import Any

import httpx
import pytest

from helpdesk.internal import internal_app
from helpdesk.logs import configure_logs
from helpdesk.store.tables import Message
from helpdesk.testing import eventually
from tests.integration.steps import TOKEN, call
from tests.support.fixtures import World, texts
from tests.support.scripted_worker import Failed

Json = dict[str, Any]


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.worker.running(), world.service() as made:
        yield made


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What the service logs at its usual level."""
    with redirect_stderr(StringIO()) as said:
        configure_logs("INFO")
        yield said
    configure_logs("ERROR")


def lines(logged: StringIO, event: str) -> list[str]:
    return [line for line in logged.getvalue().splitlines() if f"event='{event}'" in line]


async def found(logged: StringIO, event: str) -> list[str]:
    return lines(logged, event)


async def test_an_answer_names_its_request(client: httpx.AsyncClient) -> None:
    first, second = [(await client.get(path)).headers["X-Request-ID"] for path in ("/healthz", "/api/nothing")]
    assert first
    assert second
    assert first != second


async def test_a_given_id_is_kept_and_one_that_could_forge_a_line_is_not(client: httpx.AsyncClient) -> None:
    for given in ("7c1f-42", "a" * 128):
        assert (await client.get("/healthz", headers={"X-Request-ID": given})).headers["X-Request-ID"] == given
    for given in ("a b", "x' event='forged", "a" * 129, "\u00e9".encode("latin-1")):
        assert (await client.get("/healthz", headers={"X-Request-ID": given})).headers["X-Request-ID"] != given


async def test_a_refused_request_names_itself(client: httpx.AsyncClient) -> None:
    refused = await client.post("/webhooks/rest/webhook", content=b"x" * 300_000, headers={"X-Request-ID": "big-1"})
    assert (refused.status_code, refused.headers["X-Request-ID"]) == (413, "big-1")


async def test_a_turn_is_logged_with_its_request_and_message(
    world: World, client: httpx.AsyncClient, logged: StringIO
) -> None:
    client.headers["X-Request-ID"] = "shop-17"
    await texts(client, "您好")
    (said,) = await world.rows(Message, author="customer")
    for event in ("message_pending", "turn_done"):
        (line,) = await eventually(partial(found, logged, event), f"there is a line {event}")
        assert f"message='{said.id}'" in line
        assert "request='shop-17'" in line
    assert [one["x-request-id"] for one in world.worker.headers] == ["shop-17"]
    assert "您好" not in logged.getvalue()


async def test_a_failure_within_a_turn_has_the_ids(world: World, client: httpx.AsyncClient, logged: StringIO) -> None:
    async def fail(body: Json) -> Json:
        raise Failed("engine_error")

    world.worker.script = fail
    client.headers["X-Request-ID"] = "shop-18"
    await texts(client, "您好")
    (said,) = await world.rows(Message, author="customer")
    told = lines(logged, "worker_failed") + lines(logged, "turn_failed")
    assert len(told) == 3
    assert all(f"message='{said.id}'" in line and "request='shop-18'" in line for line in told)


async def test_an_action_is_logged_with_the_worker_s_ids(
    world: World, client: httpx.AsyncClient, logged: StringIO
) -> None:
    transport = httpx.ASGITransport(internal_app(world.services))
    headers = {**TOKEN, "X-Request-ID": "shop-19"}
    async with httpx.AsyncClient(transport=transport, base_url="http://internal", headers=headers) as internal:
        await internal.post("/internal/actions", json=call("no_such_action"))
        await internal.post("/internal/actions", json={"next_action": "x", "tracker": [1]})
    line, _ = lines(logged, "action")
    for part in ("request='shop-19'", "message='m:1'", "conversation='c'", "name='no_such_action'"):
        assert part in line
