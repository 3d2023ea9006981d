"""E-mail addresses and WeChat ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhtext.values.found import Value

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,}")

LIKE_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
"""Whatever looks like an address, right or wrong: what is hidden from those who are not in charge."""

# A WeChat id: 6 to 20 characters, a letter first. Only after a word that announces it.
_ID = r"[a-z][a-z0-9_\-]{5,19}"
_WECHAT = re.compile(
    rf"(?:微信号?|薇信|威信|v信|vx|wx|wechat|weixin)\s*(?:id)?\s*[是为:叫号]{{0,2}}\s*(?P<id>{_ID})(?![a-z0-9_\-@.])"
)
_BARE_WXID = re.compile(r"(?<![a-z0-9_])(?P<id>wxid_[a-z0-9]{6,})")
_NEAR = re.compile(rf"微信.{{0,8}}?(?<![a-z0-9])(?P<id>{_ID})(?![a-z0-9_\-@.])")
_KEPT_ID = re.compile(r"[a-z][-_a-z0-9]{5,19}", re.IGNORECASE)


def find_emails(text: str) -> Iterator[Value]:
    """Addresses in lower case."""
    for match in _EMAIL.finditer(text):
        yield Value("email", match.group(0), match.start(), match.end())


def find_wechat_ids(text: str) -> Iterator[Value]:
    """Ids as written after 微信 and its like (WeChat ignores case)."""
    for pattern in (_WECHAT, _BARE_WXID):
        for match in pattern.finditer(text):
            yield Value("wechat", match.group("id"), match.start("id"), match.end("id"))


def wechat_near(text: str) -> str | None:
    """An id some words behind 微信, where a contact is asked for: 加我微信的话fengtao_88."""
    found = _NEAR.search(text)
    return found.group("id") if found else None


def is_email(text: str) -> bool:
    """Whether a text is one address."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text.lower()) is not None


LONGEST_EMAIL = 254


def is_wechat_id(text: str) -> bool:
    """Whether a text has the shape of an id."""
    return _KEPT_ID.fullmatch(text) is not None


def is_link(text: str) -> bool:
    """Whether a text is the address of a page and nothing else."""
    rest = _LINK.sub("", text)
    return rest != text and not any(sign.isalnum() for sign in rest)


_LINK = re.compile(r"(?:https?://|www\.)\S+", re.I)
