"""Every route of the staff API with every role and with none: who is let in is what the table of rights says.

Each is asked with a body that makes sense, on things that are there, so that a refusal is about who asks. The agent is
nothing to the ticket and the conversation; their owner is a colleague of another department, the supervisor heads the
ticket's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import copy

import pytest

from helpdesk.desk.api import routes
from helpdesk.desk.scopes import scope_of
from helpdesk.services import Services
from helpdesk.testing import Databases
from helpdesk.usecases.people.programs import ANY, SCOPES
from tests.integration.desk.conftest import Desk, desk_on
from tests.integration.desk.routes import DONE, ENDS_SESSIONS, PARTS, PUBLIC, READ, Place, may_ask, place_at, table
from tests.integration.desk.steps import ask, key_of


@pytest.fixture
async def desk(sqlite: Databases, template: Services) -> AsyncIterator[Desk]:
    """With a knowledge of its own, for it is edited."""
    own = {**vars(template), "knowledge": copy(template.knowledge)}
    async with desk_on(sqlite.fresh(), Services(**own)) as made:
        yield made


@pytest.fixture
async def place(desk: Desk) -> Place:
    return await place_at(desk)


def test_every_route_is_decided() -> None:
    described = {f"{method} {path}" for method, path in routes()}
    assert described == set(table())
    assert set(READ) | set(DONE) <= described


async def test_nobody_is_let_in_without_signing_in(place: Place) -> None:
    wrong = {
        (name, str(headers)): status
        for name, route in table().items()
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "helpdesk_session=wrong"})
        if ((status := await place.ask(name, route, headers)) == 401) is (route.guard == PUBLIC)
        and not name.startswith("POST /api/session")  # its 401 is about the password
    }
    assert not wrong


@pytest.mark.parametrize("who", PARTS)
async def test_a_role_is_let_in_where_the_table_says_so(place: Place, who: str) -> None:
    """Whoever may not gets 403, whatever else is wrong; whoever may is not told so."""
    headers = await place.desk.sign_in(who)
    wrong = {}
    for name, route in table().items():
        if route.guard == PUBLIC:
            continue
        await place.as_at_first()
        status = await place.ask(name, route, headers)
        if (status == 403) is may_ask(route.guard, who) or status == 401 or status >= 500:
            wrong[name] = status
        if name in ENDS_SESSIONS:
            place.desk.tokens.pop(who)
            headers = await place.desk.sign_in(who)
    assert not wrong


async def test_a_program_is_let_in_where_its_scope_says_so(place: Place) -> None:
    wrong = {}
    for name, route in table().items():
        if route.guard == PUBLIC:
            continue
        method, _, path = name.partition(" ")
        scope = scope_of(method, path)
        others = [one for one in SCOPES if one != scope]
        status = await place.ask(name, route, {"Authorization": f"Bearer {await key_of(place.desk, *others)}"})
        if (status == 403) is (scope == ANY) or status == 401:
            wrong[name] = status
    assert not wrong
    key = await key_of(place.desk, *SCOPES)
    assert (await ask(place.desk, key, "GET", "/tickets")).status_code == 200
