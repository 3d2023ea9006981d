"""Signs that name no thing."""

from __future__ import annotations

LITTLE_WORDS = frozenset(
    "的了吗呢么啊呀吧嘛我你您们是不有没无这那怎什多少几谁哪能可以要会就也还都在和跟给把被个一问请到得上下说用概"
)
"""Signs that join or ask, and name no thing."""
_COMMON = frozenset("来去好大小人天他她它很太再打叫让对做点些时候之后前后里外边")
"""Signs that stand in sentences about anything."""


def naming(plain: str) -> set[str]:
    """The signs of a normalised text that may name a thing: 「坑在左边那扇」 names 坑, 左 and 扇."""
    return {sign for sign in plain if "一" <= sign <= "鿿"} - LITTLE_WORDS - _COMMON
