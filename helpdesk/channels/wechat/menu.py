"""A choice by number or title, against the last menu that was shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

_NUMBER = re.compile(r"^[(\[第选]*\s*(\d{1,2})\s*[)\]号项个.。、]*$")
_CHINESE_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def chosen(text: str, buttons: Sequence[Mapping[str, Any]]) -> str | None:
    """The payload picked by 「2」, 「２」, 「选2」, 「二」 or the title itself; None for any other text."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for button in buttons:
        if plain == unicodedata.normalize("NFKC", str(button["title"])).strip():
            return str(button["payload"])
    match = _NUMBER.match(plain.translate(_CHINESE_DIGITS) if len(plain) <= 3 else plain)
    if match and 1 <= int(match[1]) <= len(buttons):
        return str(buttons[int(match[1]) - 1]["payload"])
    return None
