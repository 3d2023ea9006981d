"""A copy of all that is held of a person (PIPL 45): a ZIP with data.json, a page to read, and the pictures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.errors import NotFound
from helpdesk.model.rights import Deed
from helpdesk.services import Services
from helpdesk.store.holdings import HOLDINGS, Holding, belongs
from helpdesk.store.tables import Picture, PrivacyText, Staff, Ticket
from helpdesk.usecases.journal import audit
from helpdesk.usecases.privacy.deletions import check_request, check_same_person
from helpdesk.usecases.privacy.page import Page

IN_MEMORY = 2_000_000  # bytes; a larger copy goes through a file that is gone when it is closed
NOT_THEIRS = frozenset(
    {
        "staff_id", "last_staff_id", "owner_id", "actor", "made_by", "written_by", "proposed_by", "decided_by",
        "added_by", "undone_by", "settled_by", "keeper_id", "by", "token_hash", "content", "identity_id", "turn_no",
        "turn_until",
    }
)  # fmt: skip
"""Colleagues' names, secrets, and what only our program needs; pictures stand beside, as files."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Copy:
    """What is held of a person, by table; `pictures`: file -> id of its row."""

    number: str
    at: datetime
    customers: tuple[str, ...]
    tables: Mapping[str, Rows]
    texts: Mapping[str, str]
    pictures: Mapping[str, str] = field(default_factory=dict)


async def export(
    services: Services, number: str, by: Staff | None, others: Sequence[str] = (), proof: str = ""
) -> BinaryIO:
    """The ZIP, from its beginning; that it was made is in the audit. `by` None: the operator.

    `others`: customers with the same number who are the same person, and `proof`, how that was made sure.

    Raises:
        NotFound, NotAllowed. InvalidInput: the ticket is no data request, or the others are not proved.
    """
    copied = await _collect(services, number, by, others, proof)
    document = Page(services, copied.tables, copied.texts, files_of(copied.pictures)).document(number, copied.at)
    made = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - the caller closes it
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        await asyncio.to_thread(_write, archive, copied, document)
        for file, picture_id in copied.pictures.items():
            archive.writestr(file, await _content(services, picture_id))
    made.seek(0)
    await _note(services, copied, by)
    return made


def _write(archive: ZipFile, copied: Copy, document: str) -> None:
    about = {"number": copied.number, "made_at": copied.at, "privacy_notices": copied.texts}
    content = {**about, **copied.tables}
    archive.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1, default=_plain))
    archive.writestr("index.html", document)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"cannot be written down: {type(value)}")


def files_of(pictures: Mapping[str, str]) -> dict[str, str]:
    """Id of a picture -> its file in the ZIP."""
    return {picture_id: file for file, picture_id in pictures.items()}


async def _collect(services: Services, number: str, by: Staff | None, others: Sequence[str], proof: str) -> Copy:
    async with services.db.read(much=True) as uow:
        ticket = await uow.session.get(Ticket, number)
        if ticket is None:
            raise NotFound("ticket_not_found", number=number)
        await check_request(services, uow.session, ticket, by, Deed.EXPORT_PERSON)
        await check_same_person(uow.session, ticket, others, proof)
        customers = (ticket.customer_id, *others)
        tables = {one.name: await _rows(uow.session, one, customers) for one in HOLDINGS}
        texts = (await uow.session.execute(select(PrivacyText.version, PrivacyText.text))).all()
    told = {row["version"] for row in tables["consents"]}
    pictures = {
        f"pictures/{row['id']}.{ENDINGS.get(row['content_type'], 'bin')}": row["id"] for row in tables["pictures"]
    }
    kept = {version: text for version, text in texts if version in told}
    return Copy(number, services.clock.now(), customers, tables, kept, pictures)


async def _rows(session: AsyncSession, holding: Holding, customers: Sequence[str]) -> Rows:
    columns = [column for column in inspect(holding.table).columns if column.key not in NOT_THEIRS]
    query = select(*columns).where(belongs(holding, customers)).order_by(*inspect(holding.table).primary_key)
    return [dict(row) for row in (await session.execute(query)).mappings().all()]


async def _content(services: Services, picture_id: str) -> bytes:
    async with services.db.read(much=True) as uow:
        return bytes(await uow.session.scalar(select(Picture.content).where(Picture.id == picture_id)) or b"")


async def _note(services: Services, copied: Copy, by: Staff | None) -> None:
    actor = audit.by_staff(by.id) if by else audit.SYSTEM
    async with services.db.write(copied.at) as uow:
        audit.note(uow, actor, "person_exported", copied.number, counts=len(copied.customers))
        await uow.commit()
