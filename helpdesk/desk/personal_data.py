"""What is held of the customer of a data request: seen, copied, deleted; by the department's head or an admin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from helpdesk.desk import views
from helpdesk.desk.access import Clean, Given, Id, Who
from helpdesk.model.rights import Deed
from helpdesk.store.tables import Customer, Deletion
from helpdesk.text.masking import mask_name, mask_phone
from helpdesk.usecases.people.rights import require_in_house
from helpdesk.usecases.privacy import copies, deletions
from helpdesk.usecases.privacy.deletions import DataRequest, Wish

BLOCK = 65_536  # bytes sent at a time

router = APIRouter(tags=["personal data"])


class SamePerson(BaseModel):
    """Which customers with the same number are the same person, and how that was made sure."""

    others: list[Clean] = Field(default_factory=list, max_length=20)
    proof: Clean = Field("", max_length=500)


class DeletionWish(SamePerson):
    """`typed`: the words that confirm it (`confirm` of the request); `end_open`: open matters end with it."""

    typed: Clean = Field(max_length=100)
    end_open: bool = False

    def wish(self) -> Wish:
        """The same for the use-case."""
        return Wish(self.typed, tuple(self.others), self.proof, self.end_open)


class DeletionView(views.View):
    """A deletion. `state`: due (not yet carried out), done, called_off; `counts`: rows by table, once done."""

    id: str
    number: str
    state: str
    asked_by: str
    asked_at: datetime
    erase_at: datetime
    done_at: datetime | None
    counts: dict[str, int] | None


class OtherView(views.View):
    """Another customer who gave the same number."""

    id: str
    name: str | None
    phone: str | None
    created_at: datetime
    last_seen_at: datetime


class DataRequestView(views.View):
    """What a data request is about. `wants`: access, copy, correct, delete or withdraw; `counts`: rows by table."""

    number: str
    wants: str
    counts: dict[str, int]
    open_tickets: list[str]
    open_promises: int
    served: bool
    others: list[OtherView]
    confirm: str
    deletion: DeletionView | None


class KeptView(views.View):
    """How many days each kind of data is kept, and what customers are told of it."""

    keep: dict[str, int]
    notice: str
    version: str
    deletions: list[DeletionView]


@router.get("/tickets/{number}/person")
async def look(number: Id, services: Given, who: Who) -> DataRequestView:
    """What is held of the customer, and what a deletion would end."""
    return _request_view(await deletions.request_of(services, number.upper(), who.staff))


@router.post("/tickets/{number}/person/export", response_class=StreamingResponse)
async def export(number: Id, services: Given, who: Who, body: SamePerson | None = None) -> StreamingResponse:
    """All of it as a ZIP: data.json, index.html, pictures. That it was made is in the audit."""
    number, same = number.upper(), body or SamePerson()
    made = await copies.export(services, number, who.staff, same.others, same.proof)
    headers = {"Content-Disposition": f'attachment; filename="{number}.zip"', "Cache-Control": "no-store"}
    return StreamingResponse(_blocks(made), media_type="application/zip", headers=headers)


def _blocks(made: BinaryIO) -> Iterator[bytes]:
    with made:
        while block := made.read(BLOCK):
            yield block


@router.post("/tickets/{number}/person/deletion", status_code=201)
async def delete(number: Id, body: DeletionWish, services: Given, who: Who) -> DeletionView:
    """Decide that the customer's data is deleted; they are told when, and it can be called off until then."""
    return _deletion_view(await deletions.ask(services, number.upper(), body.wish(), who.staff))


@router.delete("/tickets/{number}/person/deletion")
async def call_off(number: Id, services: Given, who: Who) -> DeletionView:
    """Nothing is deleted."""
    return _deletion_view(await deletions.call_off(services, number.upper(), who.staff))


@router.get("/personal-data")
async def kept(services: Given, who: Who) -> KeptView:
    """What is kept how long, what customers are told, and who was deleted; names of nobody."""
    require_in_house(who.staff, Deed.EXPORT_PERSON)
    company = services.company
    return KeptView(
        keep=company.personal_data.keep.model_dump(),
        notice=company.privacy_notice,
        version=company.privacy_version,
        deletions=[_deletion_view(one) for one in await deletions.recent(services)],
    )


def _request_view(found: DataRequest) -> DataRequestView:
    return DataRequestView(
        number=found.ticket.number,
        wants=found.wants,
        counts=dict(found.overview.counts),
        open_tickets=list(found.overview.open_tickets),
        open_promises=found.overview.open_promises,
        served=bool(found.overview.talks),
        others=[_other_view(one) for one in found.others],
        confirm=found.confirm,
        deletion=_deletion_view(found.deletion) if found.deletion else None,
    )


def _other_view(customer: Customer) -> OtherView:
    return OtherView(
        id=customer.id,
        name=mask_name(customer.name) if customer.name else None,
        phone=mask_phone(customer.phone) if customer.phone else None,
        created_at=customer.created_at,
        last_seen_at=customer.last_seen_at,
    )


def _deletion_view(made: Deletion) -> DeletionView:
    return DeletionView(
        id=made.id,
        number=made.number,
        state=made.state,
        asked_by=made.asked_by.removeprefix("staff:"),
        asked_at=made.asked_at,
        erase_at=made.erase_at,
        done_at=made.done_at,
        counts=made.counts,
    )
