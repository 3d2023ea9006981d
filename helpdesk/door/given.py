"""What every route is given: the services its application was built with."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from helpdesk.services import Services


def services_of(request: Request) -> Services:
    """The application's services."""
    found: Services = request.app.state.services
    return found


async def _given(request: Request) -> Services:
    """The same for routes; a plain function would run in a thread of its own, at every request."""
    return services_of(request)


Given = Annotated[Services, Depends(_given)]
