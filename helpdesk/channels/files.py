"""Files that staff sent, fetched by the link of their message or by staff who are signed in."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from helpdesk.desk.access import current
from helpdesk.door.given import Given
from helpdesk.errors import NotFound, NotSignedIn
from helpdesk.usecases.queue import sent_files

router = APIRouter(include_in_schema=False)

FAR = 253_402_300_799  # the last second that a date can name


@router.get("/files/{file_id}/{name}")
async def fetch(
    request: Request,
    services: Given,
    file_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")],
    name: Annotated[str, Path(max_length=200)],
    until: Annotated[int, Query(ge=0, le=FAR)] = 0,
    key: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The file, to be saved: no browser guesses a type for it or shows it as a page of ours."""
    if not sent_files.opens(services, file_id, name, until, key):
        await _require_staff(request)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }
    return Response(await sent_files.content(services, file_id), media_type=sent_files.CONTENT_TYPE, headers=headers)


async def _require_staff(request: Request) -> None:
    """A link that is over, forged or not given looks like one to nothing.

    Raises:
        NotFound.
    """
    try:
        await current(request)
    except NotSignedIn:
        raise NotFound("file_not_found") from None
