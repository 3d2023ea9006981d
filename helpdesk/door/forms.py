"""A form with one file (multipart/form-data), read while it arrives by python-multipart, the parser of Starlette."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from helpdesk.errors import InvalidInput, TooLarge
from helpdesk.model import document
from helpdesk.model.picture import LARGEST

KIND = "multipart/form-data"
FIELDS = 8  # at most, beside the file
SLOWEST = 120.0  # seconds in which a picture has to arrive
AROUND = 16 * 1024  # bytes that a form needs around its file
IN_MEMORY = 64 * 1024  # bytes; what comes slower than that waits on disk, a slow sender must not cost memory


class _Parser(MultiPartParser):
    """Starlette's, which takes a form that is cut off for a shorter one and then leaves its file open."""

    spool_max_size = IN_MEMORY

    def __init__(self, headers: Headers, pieces: AsyncIterator[bytes]) -> None:
        super().__init__(headers, self._whole(pieces), max_files=1, max_fields=FIELDS, max_part_size=AROUND)
        self._has_ended = False

    def on_end(self) -> None:
        self._has_ended = True

    async def _whole(self, pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        async for piece in pieces:
            yield piece
        if not self._has_ended:
            raise InvalidInput("form_cut_off")


async def file_of(headers: Headers, body: AsyncGenerator[bytes, None], name: str, largest: int) -> bytes:
    """The file `name` of a form that holds no other.

    Raises:
        InvalidInput: the body is no such form, or cut off. TooLarge: file or body.
    """
    async with aclosing(body):
        form = await _form(headers, _limited(body, largest + AROUND))
    try:
        found = form.get(name)
        content = await found.read() if isinstance(found, UploadFile) else b""
    finally:
        await form.close()
    if not content:
        raise InvalidInput("file_wanted", field=name)
    if len(content) > largest:
        raise _too_large(largest)
    return content


async def picture_of(headers: Headers, body: AsyncGenerator[bytes, None]) -> bytes:
    """The file `picture` of a form, that arrives in time and is no larger than one.

    Raises:
        InvalidInput, TooLarge: see `file_of`; InvalidInput too when it took too long.
    """
    return await _in_time(headers, body, "picture", LARGEST)


async def document_of(headers: Headers, body: AsyncGenerator[bytes, None]) -> bytes:
    """The file `file` of a form, that arrives in time and is no larger than one that staff may send.

    Raises:
        InvalidInput, TooLarge: see `picture_of`.
    """
    return await _in_time(headers, body, "file", document.LARGEST)


async def _in_time(headers: Headers, body: AsyncGenerator[bytes, None], name: str, largest: int) -> bytes:
    try:
        async with asyncio.timeout(SLOWEST):
            return await file_of(headers, body, name, largest)
    except TimeoutError:
        raise InvalidInput("form_cut_off", field=name) from None


async def _form(headers: Headers, pieces: AsyncIterator[bytes]) -> FormData:
    if not headers.get("content-type", "").lower().startswith(KIND):
        raise InvalidInput("body_no_form", kind=KIND)
    try:
        return await _Parser(headers, pieces).parse()
    except MultiPartException as problem:
        raise InvalidInput("form_cut_off", why=problem.message) from None


async def _limited(body: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """The body as it arrives, as long as it is not larger than `most`."""
    length = 0
    async for piece in body:
        length += len(piece)
        if length > most:
            raise _too_large(most - AROUND)
        yield piece


def _too_large(largest: int) -> TooLarge:
    return TooLarge("file_too_large", most_mb=largest // 1024 // 1024)
