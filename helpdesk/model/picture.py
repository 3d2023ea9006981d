"""What counts as a picture: told by its first bytes, never by its name or by what its sender says."""

from __future__ import annotations

import re

LARGEST = 5 * 1024 * 1024  # bytes
_SENT = re.compile(r"[［\[](?:图片|照片|截图)[］\]]|/pictures/|^https?://\S+$")
_ADDRESS = re.compile(r"(?:https?://|/pictures/)\S+")


def content_type(head: bytes) -> str | None:
    """The media type of a picture by its magic bytes (the first 12 are enough); None for anything else.

    SVG is no picture here: it is a document that can hold scripts.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def is_sent(text: str) -> bool:
    """Whether a message is a picture: its place on the service, or words that a channel puts for it."""
    return bool(_SENT.search(text))


def without_addresses(text: str) -> str:
    """A text without the places of its pictures: they are nothing to read aloud."""
    return _ADDRESS.sub("", text)
