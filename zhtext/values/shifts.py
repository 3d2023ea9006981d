"""A delivery sooner or later than planned, told as a shift and by no day: 「晚两天送」, 「往后挪挪」."""

from __future__ import annotations

import re

_LENGTH = r"(?:[\d一二两三四五六七八九十几半]+(?:个)?(?:天|日|周|星期|礼拜|小时|钟头)|些|点儿?|一下|一阵)"
_SHIFT = re.compile(
    rf"(?:晚|早|迟|推迟|推后|延后|延迟|提前|提早|再过|过|缓){_LENGTH}(?:再|后|来|给我)*(?:送|发|到|配送)?(?:来|过来|货)?"
    rf"|(?:往|朝)(?:前|后)(?:挪|推|移|延|调|赶){_LENGTH}?|(?:推迟|推后|延后|延期|改期|提前|提早)(?:一?下)?(?:再)?(?:送|发|配送)"
    r"|别(?:那么|这么)?(?:早|晚|快)(?:就)?(?:送|发|来)"
)


def shift_in(plain: str) -> str:
    """The words that tell it in normalised text; empty where none do."""
    found = _SHIFT.search(plain)
    return found.group() if found else ""
