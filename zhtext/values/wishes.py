"""What a customer wants done about a wrong: 「要求退款」, 「希望你们尽快上门检修」, or just 「换新」."""

from __future__ import annotations

import re

_WHOM = "(?:你们的?(?:主管|领导|经理|老板)|你们|您们|贵公司|商家|卖家|店家|厂家|他们|她们|他|她|佢哋|佢|人家|(?:那个?)?师傅|那个?人)"
_WISH = re.compile(
    rf"(?:(?:要求|希望|想要|想|我要|必须|请求|申请|得|(?:^|[,，。;；\s])(?:就)?要)(?:{_WHOM})?|(?:让|叫|喊){_WHOM})"
    r"(?:来|过来|赶紧|快点)*(?:给我|帮我|为我|跟我|和我|同我)?"
    r"((?:把[^,，。；;!！?？]{1,10}?)?(?:全额|无条件|尽快|马上|立刻|上门|免费|重新|当面|书面|公开)*(?:退|换|赔|补偿|补发|补差|道歉|维修|检修|检查|返厂|修好|修补|补(?:上|好|起|回)|重新|更换|上门|三倍|解释|道个歉|[赔陪]个?礼|赔礼|给我?一?个(?:说法|交代|解释)|说清楚|送上|搬上|搬回|弄好)[^,，。；;!！?？]{0,20})"
)
_WISH_ALONE = re.compile(
    r"(?:那|就|先|还是|只要|起码|至少|好歹|多少|全额|给我|帮我|要|想要?)*(?:退货|换货|退款|退钱|换新|换一台|换个新的|维修|修好|赔偿|补偿|补发|道歉|道个歉|赔钱|赔点钱?|补点钱?"
    r"|给(?:我|俺|咱)?点(?:补偿|赔偿|说法)|要?个(?:说法|交代|解释)|退差价|重新安装|上门维修|上门检修|检修|返厂)(?:给我|一下|就行|就好|就可以|即可|[吧了呗嘛啊呀哈啰咯。!！])*"
)


def wish_in(plain: str) -> str | None:
    """What a normalised text wishes for, in its words; None when it wishes nothing."""
    found = _WISH.search(plain)
    return found.group(1) if found else None


def is_wish(plain: str) -> bool:
    """Whether the whole text is a wish: 「换新吧」."""
    return _WISH_ALONE.fullmatch(plain) is not None


def without_wishes(plain: str) -> str:
    """The text without what it wishes for."""
    return _WISH.sub("", plain)
