"""What every answer tells a browser, and what an operator is told about how requests come in."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text

from helpdesk.app import public_app
from helpdesk.door.watch import UNTRUSTED_PROXY
from helpdesk.health import checks
from helpdesk.internal import internal_app
from helpdesk.web_pages import WIDGET
from tests.support.fixtures import REST, World

ROUTES = (
    "/healthz",
    "/readyz",
    "/api/me",
    "/api/nothing",
    "/webhooks/rest/",
    "/follow",
    "/join",
    "/desk",
    "/widget.js",
    "/nothing",
)
PERSONAL = ("/api/me", "/api/nothing", "/webhooks/rest/", "/healthz")


async def test_every_answer_carries_them(client: httpx.AsyncClient) -> None:
    for route in ROUTES:
        headers = (await client.get(route)).headers
        assert headers["x-content-type-options"] == "nosniff", route
        assert "geolocation=()" in headers["permissions-policy"], route
        assert "strict-transport-security" not in headers, route
    for route in PERSONAL:
        headers = (await client.get(route)).headers
        assert headers["cache-control"] == "no-store", route
        assert "default-src 'none'" in headers["content-security-policy"], route
    refused = await client.post("/api/session", content=b" " * 300_000)
    assert (refused.status_code, refused.headers["x-content-type-options"]) == (413, "nosniff")


async def test_over_tls_browsers_are_told_to_stay_there(world: World, client: httpx.AsyncClient) -> None:
    transport = httpx.ASGITransport(public_app(world.services))
    async with httpx.AsyncClient(transport=transport, base_url="https://service") as secure:
        assert "max-age=" in (await secure.get("/healthz")).headers["strict-transport-security"]


async def test_pages_open_no_door_to_any_site(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/follow")).headers["content-security-policy"]
    sources = {source for part in policy.split(";") for source in part.split()[1:]}
    assert not sources & {"*", "http:", "https:", "ws:", "wss:"}


async def test_a_proxy_that_nobody_named_is_told_of_once(world: World, client: httpx.AsyncClient) -> None:
    assert (await checks(world.services)).notices == {}
    for _ in range(2):
        await client.get("/healthz", headers={"X-Forwarded-For": "203.0.113.7"})
    assert list((await checks(world.services)).notices) == [UNTRUSTED_PROXY]


async def test_answers_are_counted_by_route_and_the_queue_is_measured(world: World, client: httpx.AsyncClient) -> None:
    await client.get("/api/me")
    await client.get("/some/address/nobody/has")
    await client.get("/pictures/" + "0" * 32)
    transport = httpx.ASGITransport(internal_app(world.services))
    head = {"Authorization": "Bearer action-token"}
    async with httpx.AsyncClient(transport=transport, base_url="http://inside", headers=head) as inside:
        told = (await inside.get("/metrics")).text
    assert 'helpdesk_http_requests_total{route="/api/me",status="401"}' in told
    assert 'helpdesk_http_requests_total{route="/pictures/{picture_id}",status="401"}' in told
    assert "nobody" not in told
    assert "helpdesk_queue_length 0.0" in told
    assert "helpdesk_queue_longest_wait_seconds 0.0" in told
    assert "helpdesk_promises_overdue 0.0" in told
    assert 'helpdesk_outbox{state="queued"} 0.0' in told
    assert f'helpdesk_worker_up{{worker="{world.worker.url}"}} 0.0' in told


async def test_while_the_database_is_away_one_says_so(
    world: World, client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing can be written: requests are answered 503 with a time to come again, the log stays short."""
    async with world.services.db.write() as uow:  # on the only connection that writes
        await uow.session.execute(text("PRAGMA query_only=ON"))
        await uow.commit()
    for n in range(5):
        body = {"sender": f"s{n}", "message": "您好"}
        answer = await client.post("/webhooks/rest/webhook", json=body, headers=REST)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_stored")
        assert "Retry-After" in answer.headers
    assert not (await checks(world.services)).database
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert said.count("database_away") <= 2


async def test_the_widget_travels_packed_and_once(client: httpx.AsyncClient) -> None:
    if not WIDGET.exists():
        pytest.skip("the pages are not built")
    packed = await client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    plain = await client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    again = await client.get("/widget.js", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
