"""Who stands to whom: 我老婆的电话, 我替我妈投诉, 打不通就打这个."""

from __future__ import annotations

import re

_PERSON = (
    r"妈妈?|老妈|爸爸?|老爸|父亲|母亲|爷爷|奶奶|姥姥|姥爷|外婆|外公|老婆|老公|爱人|媳妇|妻子|丈夫|先生|太太|儿子|女儿|闺女|孩子|朋友|同事|邻居|"
    r"婆婆|公公|公婆|岳父|岳母|老人家?|家人|家里人?|亲戚|姐姐?|哥哥?|弟弟?|妹妹?|父母|爸妈|领导|客户|老板"
)
_SECOND = re.compile(
    r"打不通|联系不[上到]|找不到我|没人接|不接电话|备用|备选|另外?(?:一|1)?个?(?:电话|号码|手机|联系)|第二(?:个)?(?:电话|号码|联系)|再(?:留|记|给)(?:一)?个"
)
_RELATION = re.compile(rf"我?的?({_PERSON})(?:的|那个|手机|电话|号|[\s:：,，])")
_FOR_SOMEBODY = re.compile(
    rf"(?:替|代表?|代替|帮)(?:我|咱|俺)?(?:家)?({_PERSON})[^,，。]{{0,4}}(?:投诉|反映|反馈|登记|举报|说|问|维权|讨|办)|"
    rf"(?:替|代表?|代替)(?:我|咱|俺)(?:家)?({_PERSON})"
)
_IN_FULL = {"妈": "妈妈", "爸": "爸爸", "姐": "姐姐", "弟": "弟弟"}


def announces_second(before: str) -> bool:
    """Whether the words before a number make it one for when the first does not answer."""
    return bool(_SECOND.search(before))


def whose(before: str) -> str | None:
    """Whose a value is, by the words before it: 「我老婆的」 -> 老婆."""
    found = _RELATION.search(before)
    return found.group(1) if found else None


def on_behalf_of(plain: str) -> str | None:
    """Whom the customer speaks for: 「我替我妈投诉」 -> 妈妈."""
    found = _FOR_SOMEBODY.search(plain)
    who = next((who for who in found.groups() if who), "") if found else ""
    return _IN_FULL.get(who, who) or None
