"""The staff API keeps to its own description: whatever is sent, no crash, the described shapes, the one error shape."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
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

EXAMPLES = 12
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_dict(description())
schema.config.update(base_url="http://desk")


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


@schema.exclude(method="DELETE").exclude(method="PUT").parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
def test_every_route_keeps_to_the_description(case: Case, app: Any, token: str) -> None:
    case.call_and_validate(app=app, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
