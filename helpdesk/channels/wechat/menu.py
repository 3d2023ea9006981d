"""A choice by number or title, against the last menu that was shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from zhtext.values.numerals import to_number

_NUMBER = re.compile(r"^[(\[第选]*\s*(\d{1,2}|[一二三四五六七八九])\s*[)\]号项个.。、]*$")


def chosen(text: str, buttons: Sequence[Mapping[str, Any]]) -> str | None:
    """The payload picked by 「2」, 「２」, 「选2」, 「二」 or the title itself; None for any other text."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for button in buttons:
        if plain == unicodedata.normalize("NFKC", str(button["title"])).strip():
            return str(button["payload"])
    match = _NUMBER.match(plain)
    number = to_number(match[1]) if match else 0
    return str(buttons[number - 1]["payload"]) if 1 <= number <= len(buttons) else None
