"""Routes and what they depend on run in the loop: a plain function would cost a thread at every request."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from helpdesk.app import public_app
from helpdesk.internal import internal_app
from helpdesk.services import Services
from helpdesk.testing import settings_for
from tests.support.fixtures import services_of


def called(router: Any) -> Iterator[Callable[..., Any]]:
    """Every function that a request to one of its routes may call, those of routers within it too."""
    for given in getattr(router, "dependencies", []):
        yield given.dependency
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield from needed(route.dependant)
        elif hasattr(route, "original_router"):
            yield from called(route.original_router)


def needed(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for one in dependant.dependencies:
        yield from needed(one)


@pytest.mark.parametrize("app_of", [public_app, internal_app], ids=["public", "internal"])
def test_no_route_needs_a_thread(app_of: Callable[[Services], FastAPI]) -> None:
    app = app_of(services_of(settings_for("sqlite+aiosqlite:///never-opened.db")))
    found = set(called(app))
    assert len(found) > 3
    assert {call.__qualname__ for call in found if not inspect.iscoroutinefunction(call)} == set()
