"""Is a message nothing but values? 「13800138000」, 「李明 13912345678」, 「昨天下午」."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

# Kinds that say something by themselves. A product or a quantity alone is left to the model:
# 「冰箱」 may be the answer to a question or the beginning of one.
_TELLING = frozenset(
    {"phone", "email", "wechat", "order", "ticket", "name", "time", "place", "amount", "company_credit_code"}
)
_FILLER = re.compile(
    r"(?:我的?|是|叫|姓|免贵|的|电话号?码?|手机号?码?|号码|联系方式|联系电话|订单编?号?|单号|工单编?号?|邮箱|微信号?|名字|姓名|地址|时间|在|大概|差不多|左右|就是|了|税号"
    r"|[\s,，。.!！:：、;；~()（）\-])+"
)


def only_values(text: str, entities: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nothing is left when the values and the words that announce them are taken away."""
    telling = [entity for entity in entities if entity["entity"] in _TELLING]
    if not telling:
        return False
    for entity in telling:
        text = text[: entity["start"]] + " " * (entity["end"] - entity["start"]) + text[entity["end"] :]
    return _FILLER.sub("", text) == ""
