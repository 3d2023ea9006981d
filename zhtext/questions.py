"""Whether a sentence asks something."""

from __future__ import annotations

import re
from functools import lru_cache

KEPT = 1024
"""Last sentences of which it is remembered: those of one message are asked of some twenty times."""
_CLAUSES = re.compile(r"[,，。.;；!！]")
_ASKS = re.compile(r"[吗?？]$")
_TELLS = re.compile(r"(?<![想要])知道.{0,10}$|(?:什么|怎么|谁|哪[儿里]?)[都也]|(?<!有)没有?什么")
_QUESTION = re.compile(
    r"吗|么[?？]?$|谁|怎么|怎样|如何|多久|(?<![了等过有])好久(?:能|会|可以|才)?(?:送|到|发|来|退|打|修|装|开|好)|多长|多少|(?<!免)贵姓|什么|哪|几天|几年|几个月|几号|几点|能不能|可不可以|可以.{0,8}[吗?？]|是不是|是[^,，。]{1,5}还是|有没有|有没得|[?？]|"
    r"([^\W\d_])[不没]\1|([^\W\d_]{2})[不没]\2|[^是对好行要会了]不$|[了过]没有?$|要.{1,3}不要|^那.{1,10}呢$|^(?:那|你们|那你们|还|那还)?(?:还)?有.{1,8}没有?$|(?<![就也都才])能.{1,6}嘛$"
)


@lru_cache(maxsize=KEPT)
def is_question(plain: str) -> bool:
    """Whether something is asked, be it in one clause: 「知道我买了什么」 and 「怎么都打不开」 are told."""
    return any(_is_one(clause) for clause in (plain, *_CLAUSES.split(plain)) if clause)


def _is_one(plain: str) -> bool:
    return bool(_QUESTION.search(plain if _ASKS.search(plain) else _TELLS.sub("", plain)))
