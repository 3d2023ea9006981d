"""Every route with values that nobody means, on both databases: refused or taken, never a crash of ours.

Each value of a body that makes sense is replaced by each odd one, by somebody who may; then each parameter of the
address, described or in the path.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from copy import copy
from typing import Any

import httpx
import pytest

from helpdesk.desk.api import description
from helpdesk.services import Services
from helpdesk.testing import Databases
from tests.integration.desk.conftest import Desk, app_of, desk_on
from tests.integration.desk.routes import (
    ENDS_SESSIONS,
    OWNER,
    PUBLIC,
    QUERIES,
    Place,
    Route,
    may_ask,
    place_at,
    table,
)

Json = Mapping[str, Any]
ODD_WORDS = (
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+12:00",
    "1e999999",
    "甲\0乙",
    "\ud800甲",
    "\u202e",
    "9" * 5000,
    2**70,
    ["x"],
    {"a": "b"},
    None,
)
ODD_NUMBERS = (2**70, -(2**70), 1e308, float("nan"), float("inf"), "x", True, None)
ODD_NAMES = ("甲\0乙", "\ud800", "__class__", "")
ODD_PARTS = ("%00", "甲" * 30, "%2e%2e", "%ed%a0%80", "%e2%80%ae", "a" * 65, "%22%5c")
ODD_ARGUMENTS = (
    "%00", "%ff", "%e2%80%ae", "9" * 190, "-1", "1e400", "%25%5f%5c", "9999-99-99", "0001-01-01T00:00:00%2B23:59",
    "9999-12-31T23:59:59-12:00",
    "2026-01-01T00:00:00%2B99:99", "e30", "*", "%22", "eyJ4IjogMX0",
)  # fmt: skip


@pytest.fixture
async def desk(databases: Databases, template: Services) -> AsyncIterator[Desk]:
    """With a knowledge of its own, for it is edited."""
    own = {**vars(template), "knowledge": copy(template.knowledge)}
    async with desk_on(databases.fresh(), Services(**own)) as made:
        yield made


@pytest.fixture
async def place(desk: Desk) -> AsyncIterator[Place]:
    """Its client is told of a crash as any other would be."""
    made = await place_at(desk)
    transport = httpx.ASGITransport(app_of(desk.services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", timeout=60) as made.desk.client:
        yield made


def odd_bodies(body: Any) -> Iterator[Any]:
    """The body with one of its values replaced, each by each."""
    if isinstance(body, Mapping):
        for name, value in body.items():
            yield from ({**body, name: odd} for odd in odd_bodies(value))
        yield from ({**body, name: "x"} for name in ODD_NAMES)
    elif isinstance(body, list):
        yield from ([odd] for odd in odd_bodies(body[0]))
        yield []
    else:
        yield from ODD_WORDS if isinstance(body, str) else ODD_NUMBERS


async def asked(place: Place, name: str, path: str, headers: Json, body: Any = None) -> int:
    """The status of a request; JSON as a stranger writes it, halves of surrogates and all."""
    content = b"" if body is None else json.dumps(body).encode()
    answer = await place.desk.client.request(
        name.partition(" ")[0], path, content=content, headers={**headers, "Content-Type": "application/json"}
    )
    return answer.status_code


def address(place: Place, name: str, /, **other: str) -> str:
    """A route's address on this place."""
    path = name.partition(" ")[2]
    for parameter, value in {**place.named, **other}.items():
        path = path.replace(f"{{{parameter}}}", value)
    return path + QUERIES.get(name, "")


def somebody(route: Route) -> str:
    """Who may ask it."""
    if route.guard == PUBLIC:
        return "admin"
    return next((who for who in ("admin", "supervisor", OWNER) if may_ask(route.guard, who)), OWNER)


async def test_no_odd_value_of_a_body_crashes_a_route(place: Place) -> None:
    crashed: dict[tuple[str, str], int] = {}
    for name, route in table().items():
        if route.body is None:
            continue
        headers = await place.desk.sign_in(somebody(route))
        await place.as_at_first()
        for body in odd_bodies(route.body):
            if (status := await asked(place, name, address(place, name), headers, body)) >= 500:
                crashed[name, ascii(body)[:200]] = status
    assert not crashed, "\n".join(f"{status} {what}" for what, status in crashed.items())


async def test_no_odd_address_crashes_a_route(place: Place) -> None:
    described = description()["paths"]
    crashed: dict[tuple[str, str], int] = {}
    for name, route in table().items():
        method, _, path = name.partition(" ")
        if name in ENDS_SESSIONS:
            continue
        headers = await place.desk.sign_in(somebody(route))
        await place.as_at_first()
        for odd in odd_addresses(place, name, described[path][method.lower()]):
            if (status := await asked(place, name, odd, headers, route.body)) >= 500:
                crashed[name, odd] = status
    assert not crashed, "\n".join(f"{status} {what}" for what, status in crashed.items())


def odd_addresses(place: Place, name: str, described: Json) -> Iterator[str]:
    """Each parameter of the path, and of the query, replaced by each odd one."""
    for parameter in described.get("parameters", ()):
        if parameter["in"] == "path":
            yield from (address(place, name, **{parameter["name"]: odd}) for odd in ODD_PARTS)
        elif parameter["in"] == "query":
            plain = address(place, name)
            joint = "&" if "?" in plain else "?"
            yield from (f"{plain}{joint}{parameter['name']}={odd}" for odd in ODD_ARGUMENTS)
