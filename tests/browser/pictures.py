"""Pictures to send: real ones, made here, and things that only look like one."""

from __future__ import annotations

import struct
import zlib

from playwright.sync_api import FilePayload


def png(width: int, height: int) -> bytes:
    """A picture of one calm colour."""
    rows = (b"\0" + b"\x8f\xb3\xc6" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def file(name: str, content: bytes, kind: str = "image/png") -> FilePayload:
    """A file as somebody picks it."""
    return {"name": name, "mimeType": kind, "buffer": content}


FRIDGE = file("冰箱.png", png(480, 360))
DOCUMENT = file("合同.pdf", b"%PDF-1.7", "application/pdf")
LARGE = file("原图.jpg", b"\xff\xd8\xff" + bytes(6 * 1024 * 1024), "image/jpeg")
DISGUISED = file("假图.png", b"<html><script>alert(1)</script>")
