"""What counts as a file that staff may send: told by its bytes, its name has to agree, and nothing in it runs."""

from __future__ import annotations

import io
import re
import zipfile

LARGEST = 10 * 1024 * 1024  # bytes
NAME_LENGTH = 80
MOST_PARTS = 5000  # of an office file; a real one has some dozens
KINDS = ("pdf", "docx", "xlsx", "pptx", "txt", "csv")
OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
MACROS = "vbaproject.bin"
_UNFIT = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\"*:<>?|/\\]")


def clean_name(name: str) -> str:
    """The last part of a name, without what a file system or a reader may be deceived by; its ending stays."""
    plain = _UNFIT.sub("", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}{dot}{ending}"


def kind_of(name: str, content: bytes) -> str | None:
    """One of `KINDS`, where the ending of the name says what the bytes are; None for anything else."""
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        return None
    found: str | None
    if content.startswith(b"%PDF-"):
        found = "pdf"
    elif content.startswith(b"PK\x03\x04"):
        found = _office(content)
    else:
        found = ending if ending in ("txt", "csv") and _is_text(content) else None
    return ending if found == ending else None


def _office(content: bytes) -> str | None:
    """Which office file it is; None for another archive, for a damaged one, and for one with macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part.lower() for part in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(parts) > MOST_PARTS or "[content_types].xml" not in parts or any(part.endswith(MACROS) for part in parts):
        return None
    found = {kind for folder, kind in OFFICE.items() if any(part.startswith(folder) for part in parts)}
    return found.pop() if len(found) == 1 else None


def _is_text(content: bytes) -> bool:
    """Words in UTF-8 or in the encoding of Chinese Windows."""
    if b"\0" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
