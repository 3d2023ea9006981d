"""The staff API keeps to its own description: whatever is sent, no crash, the described shapes, the one error shape."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from helpdesk.app import public_app
from helpdesk.bootstrap import build_services
from helpdesk.desk.api import description
from helpdesk.services import Services
from helpdesk.store.tables import Staff
from helpdesk.testing import Databases, settings_for
from helpdesk.usecases.people.roster import ensure_staff
from helpdesk.usecases.people.sign_in import open_session

EXAMPLES = int(os.environ.get("API_EXAMPLES", "12"))
UNKNOWN_EXAMPLES = max(3, EXAMPLES // 4)
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_dict(description())
schema.config.update(base_url="http://desk")


def given_examples(most: int) -> Callable[[Any], Any]:
    """So many requests a route, the same ones each time."""
    every = list(HealthCheck)
    return settings(max_examples=most, deadline=None, suppress_health_check=every, derandomize=True, database=None)


@pytest.fixture(scope="module")
def services(sqlite_databases: Databases) -> Iterator[Services]:
    made = build_services(settings_for(sqlite_databases.fresh(), demo=True))
    yield made
    asyncio.run(made.db.close())


@pytest.fixture(scope="module")
def app(services: Services) -> Any:
    return public_app(services)


@pytest.fixture(scope="module")
def token(services: Services) -> str:
    async def signed_in() -> str:
        await ensure_staff(services)
        async with services.db.read() as uow:
            staff = await uow.session.get_one(Staff, "supervisor")
        return await open_session(services, staff, services.clock.now())

    return asyncio.run(signed_in())


@schema.exclude(method="DELETE", path="/api/session").parametrize()  # it would end the only session there is
@given_examples(EXAMPLES)
def test_every_route_keeps_to_the_description(case: Case, app: Any, token: str) -> None:
    case.call_and_validate(app=app, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@schema.parametrize()
@given_examples(UNKNOWN_EXAMPLES)
def test_whatever_nobody_knows_sends_is_refused(case: Case, app: Any) -> None:
    answer = case.call(app=app)
    is_described = case.method.upper() == case.operation.method.upper()
    refusals = {400, 401, 403, 404, 413, 422, 429} if is_described else {401, 404, 405}
    assert answer.status_code in refusals, (case.method, answer.status_code)
