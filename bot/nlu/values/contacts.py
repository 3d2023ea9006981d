"""E-mail addresses and WeChat ids."""

from __future__ import annotations

import re
from typing import Iterator

from bot.nlu.values.base import Value

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,}")

# A WeChat id: 6 to 20 characters, a letter first. Only after a word that announces it.
_WECHAT = re.compile(
    r"(?:微信号?|薇信|威信|v信|vx|wx|wechat|weixin)\s*(?:id)?\s*[是为:叫号]{0,2}\s*(?P<id>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-@.])"
)
_BARE_WXID = re.compile(r"(?<![a-z0-9_])(?P<id>wxid_[a-z0-9]{6,})")


def find_emails(text: str) -> Iterator[Value]:
    """Addresses in lower case."""
    for match in _EMAIL.finditer(text):
        yield Value("email", match.group(0), match.start(), match.end())


def find_wechat_ids(text: str) -> Iterator[Value]:
    """Ids as written after 微信 and its like (WeChat ignores case)."""
    for pattern in (_WECHAT, _BARE_WXID):
        for match in pattern.finditer(text):
            yield Value("wechat", match.group("id"), match.start("id"), match.end("id"))
