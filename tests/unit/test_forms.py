"""Forms as clients write them, and forms that are broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from helpdesk.door.forms import AROUND, file_of
from helpdesk.errors import InvalidInput, TooLarge
from helpdesk.model.picture import content_type

LARGEST = 1000
KIND = "multipart/form-data; boundary=x"


def read(kind: str, body: bytes, step: int = 64) -> bytes:
    """The form's picture, the body arriving in pieces of `step` bytes."""

    async def arriving() -> AsyncGenerator[bytes, None]:
        for start in range(0, len(body), step):
            yield body[start : start + step]

    return asyncio.run(file_of(Headers({"Content-Type": kind}), arriving(), "picture", LARGEST))


def form(content: bytes, word: str = "中") -> tuple[str, bytes]:
    """Content type and body as a client makes them."""
    request = httpx.Request("POST", "http://x", files={"picture": ("图 1.png", content)}, data={"session": word})
    return request.headers["content-type"], request.read()


@given(
    content=st.binary(min_size=1, max_size=300),
    word=st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20),
    step=st.integers(1, 500),
)
@example(content=b"\r\n--", word="", step=1)
@example(content=b"\r\n\r\n", word="中", step=7)
def test_a_form_of_another_librarys_making_is_read_as_it_was_meant(content: bytes, word: str, step: int) -> None:
    assert read(*form(content, word), step) == content


@given(body=st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    for text in (body, b"--x\r\n" + body, b"--x\r\n" + body + b"\r\n--x--", body.replace(b"0", b"\r\n--x")):
        try:
            read(KIND, text)
        except InvalidInput:
            continue


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary="])
def test_another_kind_of_body_is_refused(kind: str) -> None:
    with pytest.raises(InvalidInput):
        read(kind, b"--x--")


@given(cut=st.integers(1, 60))
def test_a_picture_that_did_not_arrive_whole_is_refused(cut: int) -> None:
    kind, body = form(b"\xff\xd8\xff" + bytes(100))
    with pytest.raises(InvalidInput):
        read(kind, body[: -100 - cut])


def test_two_files_are_refused() -> None:
    request = httpx.Request("POST", "http://x", files=[("picture", ("a", b"a")), ("picture", ("b", b"b"))])
    with pytest.raises(InvalidInput):
        read(request.headers["content-type"], request.read())


def test_the_largest_file_is_taken_and_neither_a_larger_one_nor_an_endless_body() -> None:
    assert read(*form(bytes(LARGEST))) == bytes(LARGEST)
    for content in (bytes(LARGEST + 1), bytes(LARGEST + AROUND)):
        with pytest.raises(TooLarge):
            read(*form(content))


@given(head=st.binary(max_size=20))
def test_only_the_magic_bytes_make_a_picture(head: bytes) -> None:
    assert content_type(b"<svg " + head) is None
    assert content_type(b"\xff\xd8\xff" + head) == "image/jpeg"
