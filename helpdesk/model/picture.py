"""What counts as a picture: told by its first bytes, never by its name or by what its sender says."""

from __future__ import annotations

LARGEST = 5 * 1024 * 1024  # bytes


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
