"""Turns made of turns: denials by a grid, and two parts said in one message.

Nobody's own words, so they weigh less; they teach what writers leave out: that 别给我取消订单 denies what 取消订单
wants, whatever the matter, and that a second sentence does not take away the first.
"""

from __future__ import annotations

import random
from typing import Iterator, Sequence

from bot.nlu.reader.turns import Context, Turn

MATTERS = {
    "complain": ("投诉", "投诉你们", "提交投诉"),
    "refund": ("退货", "退款", "退钱", "退"),
    "exchange": ("换货", "换一台", "换新的", "换"),
    "repair": ("报修", "修", "派人来修", "约维修"),
    "install": ("安装", "约安装", "派人来装", "装"),
    "invoice": ("开发票", "开票", "发票"),
    "change_order": ("改订单", "改地址", "改配送时间"),
    "cancel_order": ("取消订单", "取消", "把订单取消"),
    "callback": ("回电", "打电话给我", "给我回电话"),
    "person": ("转人工", "找人工", "转客服", "人工"),
    "withdraw": ("撤回", "撤销投诉", "把投诉撤了"),
    "hurry": ("催", "催单", "催办"),
}
_DENIALS = (
    "别给我{}", "不要{}", "不用{}", "我不是要{}", "先不{}了", "谁要{}", "谁说要{}了", "我没说要{}", "不想{}了", "用不着{}", "千万别{}",
    "我没要{}", "不必{}", "不需要{}", "别{}", "不是{}", "暂时不{}", "没打算{}", "不{}了", "唔使{}", "甭{}了", "莫给我{}", "免了，不{}",
)  # fmt: skip
_WISHES = ("我要{}", "给我{}", "帮我{}", "麻烦{}", "赶紧{}", "我就是要{}", "想{}", "非{}不可", "不是不想{}，给我办吧")
_WHERE = (
    Context("open", "none", "您好，请问有什么可以帮您？"),
    Context("none", "order", ""),
    Context("none", "none", ""),
    Context("needs", "ticket", "请问还需要什么？"),
    Context("field:description", "complaint", "请您说说具体情况。"),
    Context("confirm", "repair", "请您核对一下。"),
)
MADE = "made"
JOINED = 1600
# How long two parts may be together, in characters, and what stands between them.
_LONGEST = 40
_BETWEEN = ("，", " ", "。", ",", "，对了", " 还有")


def grid(chance: random.Random) -> Iterator[Turn]:
    """Each matter denied in every way and wished for in some, in one context each."""
    for act, words in MATTERS.items():
        for polarity, templates in (("-", _DENIALS), ("+", _WISHES)):
            for template in templates:
                said = template.format(chance.choice(words))
                yield Turn(chance.choice(_WHERE), said, {act: polarity}, {}, MADE)


def joined(turns: Sequence[Turn], chance: random.Random) -> Iterator[Turn]:
    """Up to `JOINED` turns of two that were said in the same context, or of a denial and what is meant instead."""
    places: dict[Context, list[Turn]] = {}
    for turn in turns:
        if turn.acts and len(turn.said) < _LONGEST / 2:
            places.setdefault(turn.context, []).append(turn)
    pools = [pool for pool in places.values() if len(pool) > 1]
    denials = [turn for turn in grid(chance) if "-" in turn.acts.values()]
    for at in range(JOINED if pools else 0):
        first, second = chance.sample(chance.choice(pools), 2)
        if at % 4 == 0:
            first = chance.choice(denials)
        if not first.acts.keys() & second.acts.keys():
            said = first.said + chance.choice(_BETWEEN) + second.said
            yield Turn(second.context, said, {**first.acts, **second.acts}, {}, MADE)
