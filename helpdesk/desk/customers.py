"""客户档案: the list of customers' files, one file with its history, and what is done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from helpdesk.desk import views
from helpdesk.desk.access import Clean, Filled, Given, Id, InQuery, Moment, Who, parse_flag
from helpdesk.desk.history import EarlierTicket, EarlierView, earlier_view, ticket_view
from helpdesk.desk.shop import OrderView, order_view
from helpdesk.errors import NotAllowed
from helpdesk.model import rights as model_rights
from helpdesk.model.place import Place
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.tables import Audit, CustomerMerge
from helpdesk.text.masking import mask_email, mask_name, mask_phone, mask_text
from helpdesk.usecases.conversations.receive import clean
from helpdesk.usecases.customers import edit, files, merging
from helpdesk.usecases.journal import audit
from helpdesk.usecases.people import rights
from helpdesk.usecases.people.sign_in import SignedIn
from helpdesk.usecases.queue import history
from helpdesk.usecases.queue.order_lookup import of_customer

REASON = 200

router = APIRouter(tags=["customers"])


class FileRow(views.View):
    """A customer in the list. `class`: served, serving, referred or prospective."""

    id: str
    name: str | None
    phone: str | None
    email: str | None
    masked: bool
    class_: str = Field(alias="class")
    tier: str
    keeper: str | None
    stale: bool
    last_seen_at: datetime
    cursor: str


class AddressView(views.View):
    """Where a customer comes from."""

    channel: str
    sender: str
    since: datetime


class ChangeView(views.View):
    """A change of the file. `before` and `after` for who is shown its words, else empty; `fields` is what changed."""

    at: datetime
    actor: str
    action: str
    fields: list[str]
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None


class MergeView(views.View):
    """A file that became part of this one, and can be taken apart again."""

    id: str
    by: str
    at: datetime
    reason: str


class FileView(FileRow):
    """One file. `changed_at` goes back with the next change; `may` is what the asker may do to it."""

    reach_by: str | None
    reach_from: str | None
    reach_until: str | None
    may_follow_up: bool | None
    class_said: str | None
    remark: str | None
    is_signed_in: bool
    proved: bool
    kept_since: datetime | None
    reviewed_at: datetime | None
    changed_at: datetime | None
    created_at: datetime
    addresses: list[AddressView]
    talks: list[EarlierView]
    tickets: list[EarlierTicket]
    promises: list[views.PromiseView]
    changes: list[ChangeView]
    merges: list[MergeView]
    twins: list[FileRow]
    may: list[str]


class FileChange(BaseModel):
    """What the file is to say; what is left out stays, null and "" empty it. `seen`: its `changed_at` as it was."""

    model_config = ConfigDict(populate_by_name=True)
    seen: Moment | None = None
    name: Clean | None = Field(None, max_length=64)
    phone: Clean | None = Field(None, max_length=64)
    email: Clean | None = Field(None, max_length=254)
    class_said: Clean | None = Field(None, max_length=16)
    reach_by: Clean | None = Field(None, max_length=8)
    reach_from: Clean | None = Field(None, max_length=5)
    reach_until: Clean | None = Field(None, max_length=5)
    may_follow_up: bool | None = None
    remark: Clean | None = Field(None, max_length=2000)


class Keeper(BaseModel):
    """Who keeps the file, and why it changes hands."""

    to: Filled = Field(max_length=64)
    reason: Filled = Field(max_length=REASON)


class Other(BaseModel):
    """The file that becomes part of this one, and how it was made sure that they are one person."""

    other: Filled = Field(max_length=64)
    reason: Filled = Field(max_length=REASON)


class FileQuery(BaseModel):
    """Which files are asked for."""

    q: InQuery = None
    keeper: InQuery = None
    mine: InQuery = None
    unkept: InQuery = None
    tier: InQuery = None
    class_: str | None = Field(None, alias="class", max_length=20)
    stale: InQuery = None
    cursor: InQuery = None
    limit: int = Field(files.PAGE, ge=1, le=files.LARGEST)

    def wanted(self, services: Services, staff_id: str) -> files.Wanted:
        """What the list is to hold for this person."""
        return files.Wanted(
            text=_given(self.q),
            keeper_id=staff_id if parse_flag(self.mine) else _given(self.keeper),
            tier=_given(self.tier),
            class_=_given(self.class_),
            stale_before=_stale_before(services) if parse_flag(self.stale) else None,
            unkept=parse_flag(self.unkept),
        )


@router.get("/customers")
async def listed(services: Given, who: Who, asked: Annotated[FileQuery, Query()]) -> list[FileRow]:
    """Files, who came last first; with `q` those whose name, number or mail address has it and is shown.

    The next page begins after `cursor`, which the last row of this one has.
    """
    wanted = asked.wanted(services, who.staff.id)
    async with services.db.read(much=True) as uow:
        eyes = await files.eyes_of(uow.session, who.staff)
        place = Place(_given(asked.cursor), asked.limit)
        found = await files.page(services, uow.session, eyes, wanted, place)
    return [FileRow(**_row(one)) for one in found]


def _given(value: str | None) -> str | None:
    return clean(value or "") or None


def _stale_before(services: Services) -> datetime:
    return services.clock.now() - services.company.customer_files.stale_after


@router.get("/customers/{customer_id}")
async def one(customer_id: Id, services: Given, who: Who) -> FileView:
    """One file with its history; that it was shown with names and numbers is in the audit (F4)."""
    async with services.db.read(much=True) as uow:
        eyes = await files.eyes_of(uow.session, who.staff)
        found = await files.find(services, uow.session, customer_id, eyes)
        whole = await files.whole(services, uow.session, found, eyes)
        talks = await history.talks(uow.session, _reader(found), customer_id)
        tickets = await history.tickets(uow.session, customer_id)
    if not found.masked:
        await _note_look(services, customer_id, who)
    parts = rights.to_file(found.customer, who.staff, eyes.accusers)
    may = [deed for deed in _DEEDS if model_rights.may(deed, parts)]
    return FileView(
        **_file(whole),
        talks=[earlier_view(one) for one in talks],
        tickets=[ticket_view(services, one) for one in tickets],
        may=may,
    )


_DEEDS = (Deed.SEE_CONTACT, Deed.EDIT_CUSTOMER, Deed.SET_TIER, Deed.GIVE_CUSTOMER, Deed.MERGE_CUSTOMERS)


def _reader(file: files.File) -> history.Reads:
    names = [file.customer.name] if file.customer.name else []
    return lambda text, _talk, _customer: mask_text(text, names) if file.masked else text


async def _note_look(services: Services, customer_id: str, who: SignedIn) -> None:
    async with services.db.write() as uow:
        audit.note(uow, audit.by_staff(who.staff.id), files.LOOKED_AT, customer_id)
        await uow.commit()


@router.get("/customers/{customer_id}/orders")
async def orders(customer_id: Id, services: Given, who: Who) -> list[OrderView]:
    """The customer's last orders, from the company's own systems; for who is shown the file."""
    async with services.db.read() as uow:
        eyes = await files.eyes_of(uow.session, who.staff)
        found = await files.find(services, uow.session, customer_id, eyes)
    if found.masked:
        raise NotAllowed("orders_by_keeper")
    return [order_view(services, sheet) for sheet in await of_customer(services, found.customer)]


@router.patch("/customers/{customer_id}")
async def change(customer_id: Id, body: FileChange, services: Given, who: Who) -> FileView:
    """Change what the file says; what it said before is kept."""
    values = body.model_dump(exclude_unset=True, exclude={"seen"})
    await edit.change(services, customer_id, values, body.seen, who.staff)
    return await one(customer_id, services, who)


@router.post("/customers/{customer_id}/review")
async def review(customer_id: Id, services: Given, who: Who) -> FileView:
    """The file was looked through and is right."""
    await edit.review(services, customer_id, who.staff)
    return await one(customer_id, services, who)


@router.post("/customers/{customer_id}/keeper")
async def give(customer_id: Id, body: Keeper, services: Given, who: Who) -> FileView:
    """A colleague keeps the file from now on."""
    await edit.give(services, customer_id, body.to, body.reason, who.staff)
    return await one(customer_id, services, who)


@router.post("/customers/{customer_id}/merge", status_code=201)
async def merge(customer_id: Id, body: Other, services: Given, who: Who) -> FileView:
    """Another file becomes part of this one; `merges` of the answer says how to undo it."""
    await merging.merge(services, customer_id, body.other, body.reason, who.staff)
    return await one(customer_id, services, who)


@router.post("/merges/{merge_id}/undo")
async def undo(merge_id: Id, services: Given, who: Who) -> FileView:
    """Take two files apart again; the one that comes back."""
    other = await merging.undo(services, merge_id, who.staff)
    return await one(other.id, services, who)


# ---------------------------------------------------------------- shown


def _seen(file: files.File, value: str | None, mask: Any) -> str | None:
    return mask(value) if file.masked and value else value


def _row(file: files.File) -> dict[str, Any]:
    customer = file.customer
    return {
        "id": customer.id,
        "name": _seen(file, customer.name, mask_name),
        "phone": _seen(file, customer.phone, mask_phone),
        "email": _seen(file, customer.email, mask_email),
        "masked": file.masked,
        "class": file.class_,
        "tier": customer.tier,
        "keeper": customer.keeper_id,
        "stale": file.stale,
        "last_seen_at": customer.last_seen_at,
        "cursor": customer.id,
    }


_AS_THEY_ARE = (
    "reach_by", "reach_from", "reach_until", "may_follow_up", "class_said", "kept_since", "reviewed_at", "changed_at",
    "created_at",
)  # fmt: skip


def _file(whole: files.Whole) -> dict[str, Any]:
    file, customer = whole.file, whole.file.customer
    hide = views.Hide(file.masked, (), [customer.name] if customer.name else ())
    return {
        **_row(file),
        **{name: getattr(customer, name) for name in _AS_THEY_ARE},
        "remark": None if file.masked else customer.remark,
        "is_signed_in": customer.user_id is not None,
        "proved": customer.proved_phone is not None,
        "addresses": [
            AddressView(channel=one.channel, sender=views.sender_view(one, masked=file.masked), since=one.created_at)
            for one in whole.identities
        ],
        "promises": [views.promise_view(one, hide) for one in whole.promises],
        "changes": [_change(one, masked=file.masked) for one in whole.changes],
        "merges": _merges(whole.merges, masked=file.masked),
        "twins": [FileRow(**_row(one)) for one in whole.twins],
    }


def _change(line: Audit, *, masked: bool) -> ChangeView:
    detail: Mapping[str, Any] = line.detail or {}
    before, after = detail.get("before") or {}, detail.get("after") or {}
    return ChangeView(
        at=line.at,
        actor=line.actor,
        action=line.action,
        fields=sorted({*before, *after}),
        before={} if masked else before,
        after={} if masked else after or _after(detail),
        reason=None if masked else detail.get("reason"),
    )


def _after(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What a line tells by names of its own: from_tier and to_tier, from_keeper and to_keeper."""
    return {name.removeprefix("to_"): value for name, value in detail.items() if name.startswith("to_")}


def _merges(merges: Sequence[CustomerMerge], *, masked: bool) -> list[MergeView]:
    return [] if masked else [MergeView(id=one.id, by=one.by, at=one.at, reason=one.reason) for one in merges]
