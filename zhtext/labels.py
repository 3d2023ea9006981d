"""「抬头：某某公司」, 「情况说明改成冰箱不凉」: a thing called by its name, and what is said that it is or shall be.

The name may stand anywhere in what is said without a sign (by voice) where the words behind it leave no doubt (改成, a
colon); else at the beginning of a clause. What follows belongs to it up to the next name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from zhtext.normalise import fold, normalise

_LEAD = (
    r"(?:^|(?<=[\s,，。;；:：!！?？…]))(?:不是|不对|不|哦|噢|啊|嗯|哎|那个|那|这个|还有|另外|然后|再|对了|就是|把|将|请|麻烦|"
    r"你|给我|帮我|我的?|他的?|她的?|上面|里面|单子上|登记的|原来的?|新的?|一个)*"
)
_WRONG = (
    r"(?:写|记|登|打|填|弄|搞)?(?:得|的)?(?:也|都|还|又)?(?:太|很|有点)?"
    r"(?:乱|错|反|长|有误|不对|不清楚?|没写清楚|怎么写.{0,6}?|怎么.{0,2}这么.{0,3}?)(?:了|啦|咯|嘛|啊|呀|的)*"
)
_STILL = (
    r"(?:(?:还|也|都|又)?(?:没有?|未|冇)(?:改|变|动)(?:过|好|成)?[\s,，、;；。]*)?"
    r"(?:(?:还|仍|仍然|依然|却)?(?:是)?(?:写|填|记)(?:着|的是|的还是|成)[^,，;；。]{1,30}[,，;；。]\s*)?"
)
"""「没有改，仍写着当面道歉；」 between the name and what it shall be."""
_QUOTES = '“”"「」『』【】‘’'
_GAP = (
    rf"[{_QUOTES}]?(?:里面?|里头|那里|那栏|这栏|那项|这项|那个|这个|上|的话|一栏|一项)?(?:{_WRONG}[\s,，、]*)?"
    rf"(?:{_STILL})?"
    r"(?:[,，、;；]?\s*(?:你|就|请|给我|帮我|直接|只|也|都|全部?|要|重新|应该|应当|统一))*"
)
_INTO = "(?:成|为|到|做|作)"
_OUTRIGHT = (
    rf"(?:[:：]|(?:改|换|更正|变|写|填|登记|记|重写){_INTO}[:：]?|"
    r"(?:写|填|登记|记|补|加|添|换)上(?![层面下半个次回门午海])[:：]?|"
    r"写(?![得的错法明清全了过没什啥哪])(?:一?下(?![子雨雪]))?[:：]?|改(?!一|下|了|改|天|期|没)[:：]?|应该是|应为)"
)
_SAYS = r"(?:是|叫|为)(?![什啥哪谁几多吗嘛])"
_CODE = r"(?=[0-9a-zA-Z])"
"""A number needs nothing between the name and itself: 「税号9133…」."""
_DECLINES = re.compile(r"^(?:啥|什么|哪|谁|不是|不对|没错|错)|[什啥哪]么?$")
_ELSE_OUT = re.compile(
    r"(?:别的|其[他它余]|多余|后面|前面|剩下|以外)(?:的)?(?:都|全|统统|全部)?(?:去掉|删|不要|不写|划掉|拿掉|不变|不改|不用改)"
)
_REPLACES = re.compile(rf"(?:改|换|更正|变|重写){_INTO}")
_STANDS = re.compile(r"没(?:问题|错|变)|[不唔](?:变|用改|使改|改|动)|照旧|对的|是对")
_BETWEEN = f" \t\n,，、。;；:：!！{_QUOTES}"
SHORTEST = 2
"""Characters of what is said of a name."""


@dataclass(frozen=True)
class Statement:
    """A name, the words said of it, where the name and the words begin, and where they end."""

    name: str
    words: str
    start: int
    begin: int
    end: int
    is_outright: bool
    """The words between the two leave no doubt; 「是」 and 「叫」 may be said of anything."""


def statements(text: str, names: Collection[str], codes: Collection[str] = ()) -> Iterator[Statement]:
    """Every one of the (folded) names in a text with what stands behind it, up to the next name.

    `codes`: names whose value may stand right behind them.
    """
    pattern = _pattern(tuple(sorted(names, key=len, reverse=True)))
    found = [one for one in pattern.finditer(fold(text)) if one["sure"] != "" or one["name"] in codes]
    for at, one in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        words = text[one.end() : end].strip(_BETWEEN)
        if len(words) >= SHORTEST and not _DECLINES.search(normalise(words)):
            begin = text.index(words, one.end())
            yield Statement(one["name"], words, one.start(), begin, begin + len(words), one["sure"] is not None)


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(map(re.escape, names)) or "(?!)"
    mark = rf"(?:(?P<sure>{_OUTRIGHT}|{_CODE})|(?(led){_SAYS}|(?!)))"
    return re.compile(rf"(?:(?:{_LEAD})(?P<led>)|)[{_QUOTES}]?(?P<name>{words}){_GAP}{mark}\s*")


def replaces(text: str) -> bool:
    """Whether what follows is to take the place of what stands there: 「情况说明更正为…」."""
    return _REPLACES.search(text) is not None


def stands(plain: str) -> bool:
    """Whether what is named is right as it is: 「抬头没问题」."""
    return _STANDS.search(plain) is not None


def leaves_out_the_rest(plain: str) -> bool:
    """「别的都去掉」."""
    return _ELSE_OUT.search(plain) is not None
