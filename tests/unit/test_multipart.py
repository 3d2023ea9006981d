"""Forms as clients write them, and forms that are broken."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk.channels.web.multipart import parts
from helpdesk.errors import InvalidInput
from helpdesk.model.picture import content_type


@given(
    content=st.binary(max_size=300), word=st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)
)
@example(content=b"\r\n--", word="")
@example(content=b"\r\n\r\n", word="中")
def test_a_form_of_another_librarys_making_is_read_as_it_was_meant(content: bytes, word: str) -> None:
    request = httpx.Request("POST", "http://x", files={"picture": ("图 1.png", content)}, data={"session": word})
    found = parts(request.headers["content-type"], request.read())
    assert bytes(found["picture"].content) == content
    assert bytes(found["session"].content).decode() == word


@given(body=st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    for text in (body, b"--x\r\n" + body, b"--x\r\n" + body + b"\r\n--x--", body.replace(b"0", b"\r\n--x")):
        try:
            parts("multipart/form-data; boundary=x", text)
        except InvalidInput:
            continue


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary="])
def test_another_kind_of_body_is_refused(kind: str) -> None:
    with pytest.raises(InvalidInput):
        parts(kind, b"--x--")


@given(head=st.binary(max_size=20))
def test_only_the_magic_bytes_make_a_picture(head: bytes) -> None:
    assert content_type(b"<svg " + head) is None
    assert content_type(b"\xff\xd8\xff" + head) == "image/jpeg"
