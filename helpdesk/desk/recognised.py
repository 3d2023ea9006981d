"""The click on a promise that was recognised in a reply."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel

from helpdesk.desk import views
from helpdesk.desk.access import Given, Id, Moment, Who
from helpdesk.usecases.promises import detected

router = APIRouter(tags=["tickets"])


class Confirmation(BaseModel):
    """The time that was meant, when it was read wrongly."""

    due_at: Moment | None = None


@router.post("/promises/{promise_id}/confirm")
async def confirm(
    promise_id: Id, services: Given, who: Who, body: Annotated[Confirmation, Body(default_factory=Confirmation)]
) -> views.PromiseView:
    """Yes, that was promised."""
    return views.promise_view(await detected.confirm(services, promise_id, body.due_at, who.staff), views.OPEN)


@router.post("/promises/{promise_id}/dismiss", status_code=204)
async def dismiss(promise_id: Id, services: Given, who: Who) -> None:
    """No, that was no promise; possible for ten minutes, and recorded."""
    await detected.dismiss(services, promise_id, who.staff)
