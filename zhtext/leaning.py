"""Words that lean on what was said before, or only tell that something earlier is over."""

from __future__ import annotations

import re

LONGEST = 16
"""Characters of words that lean on an answer; longer ones say themselves what they are about."""
_SAME = re.compile(
    r"^(?:那|那么|要是|如果|换成)?(?P<thing>[^,，。?？]{1,10}?)(?:呢)?[,，]?(?:是不是|是否)?(?:也|同样|一样)(?:是|都)?"
    r"(?:这样|那样|一样|这么|行|不行|能|不能|可以|要|收|免|算|有|没有|得|[吗么不?？])"
)
_AND = re.compile(
    r"^(?:那|那么|要是|如果|换成)?(?P<thing>[^,，。?？]{1,10}?)(?:呢|咧|哩|行不行|行吗|行不|可以吗|一样[吗么不]?)[?？]?$"
)
_DONE_SO = re.compile(
    r"(?:^|[我是用走刷拿])[^,，。?？]{1,10}(?:的|滴|嘅)[^,，。?？]{0,3}$|^(?:当时|那会儿?)?(?:我|是)?(?:用|走|刷|拿)"
)
_OVER = re.compile(
    r"(?:上次|上回|前阵子|前些天|前几天|之前|以前|原先|先前|早先|上个?月|上周|去年|前年|那回|那次|早|已经).{0,14}?"
    r"(?:好|完|妥|定|了结|成|解决|结束|处理|没事)(?:了|啦|咯|喽|过了)|(?:上次|上回|之前|以前|原先).{0,10}了结了?"
)
_NOT_OVER = re.compile("[没未不又还再](?!错)|坏")


def same_of(plain: str) -> str:
    """Of what it is asked whether the same holds: 「洗碗机也一样吗」, 「那电视呢」; empty for anything else."""
    found = (_SAME.search(plain) or _AND.search(plain)) if len(plain) <= LONGEST else None
    return found["thing"] if found else ""


def tells_how(plain: str) -> bool:
    """Whether normalised words tell how one's own was done: 「用的微信付的」, 「刷的信用卡」."""
    return len(plain) <= LONGEST and _DONE_SO.search(plain) is not None


def is_over(plain: str) -> bool:
    """Whether a normalised clause only tells that an earlier matter is over: 「上回报修的那个早弄好啦」."""
    return _OVER.search(plain) is not None and _NOT_OVER.search(plain) is None
