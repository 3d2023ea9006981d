"""Mobile numbers of the mainland, however they are written."""

from __future__ import annotations

import re
import unicodedata

MOBILE = re.compile(r"1[3-9]\d{9}")


def mobile(phone: str | None) -> str | None:
    """The eleven digits of a mobile number; None for what takes no short messages."""
    bare = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", phone or "")).removeprefix("+").removeprefix("86")
    return bare if MOBILE.fullmatch(bare) else None
