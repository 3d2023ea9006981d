"""Keys of programs: made, listed and revoked by administrators. No key makes keys."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from helpdesk.desk import people_views as views
from helpdesk.desk.access import Admin, Clean, Given, Id, Moment
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import programs

router = APIRouter(tags=["keys"])


class WantedKey(BaseModel):
    """What a program is called, what it may, and until when."""

    name: Clean = Field(max_length=100)
    scopes: list[Clean] = Field(max_length=20)
    expires_at: Moment


@router.get("/keys")
async def keys(services: Given, who: Admin) -> list[views.KeyView]:
    """Every key that holds or has run out; revoked ones are in the audit."""
    return [views.key_view(one) for one in await programs.keys(services)]


@router.post("/keys", status_code=201)
async def make(body: WantedKey, services: Given, who: Admin) -> views.NewKeyView:
    """A new key; its token is in this answer and nowhere else."""
    actor = audit.by_staff(who.staff.id)
    return views.new_key_view(await programs.make(services, body.name, body.scopes, body.expires_at, actor))


@router.delete("/keys/{key_id}", status_code=204)
async def revoke(key_id: Id, services: Given, who: Admin) -> None:
    """From now on the key opens nothing."""
    await programs.revoke(services, key_id, audit.by_staff(who.staff.id))
