"""Small files of the kinds that customers send."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from PIL import Image


def drawn(kind: str, **more: Any) -> bytes:
    """A small picture of this kind, with whatever else goes into such a file."""
    written = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(written, kind, **more)
    return written.getvalue()


PNG = drawn("PNG")
NO_PICTURES = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7",
    "riff": b"RIFF\x00\x00\x00\x00WAVE",
    "short": b"\xff\xd8",
    "signature": b"\x89PNG\r\n\x1a\n",
    "cut": PNG[: len(PNG) // 2],
    "other head": b"GIF89a" + PNG,
}


def office(*parts: str) -> bytes:
    """An office file with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return made.getvalue()


PDF = b"%PDF-1.7\n%%EOF"
DOCX = office("word/document.xml")
