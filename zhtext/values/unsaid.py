"""Answers that are no values: 「记不清」 and 「找不到」 (cannot tell), 「不想说」 (would rather not)."""

from __future__ import annotations

import re

_UNKNOWN = re.compile(
    r"(?:找|翻|搜|查|寻)[^,，。吗]{0,6}[不没](?:找|翻|搜|查)?(?:到|着|见|出)|(?:早|都|全|已经|给)[^,，。]{0,2}(?:删|扔|清空|撕)|不记得|记不清|记不得|记不住|忘了|忘记|不知道|不清楚|不确定|找不到|找不着|没找到|弄丢|丢了|不详|想不起|没留|没有了?$|^(?:没有?|无|跳过|略|略过|暂无|没)$|"
    r"哪(?:里|儿)?(?:来的?|有)(?:什么|啥|得)?(?:订?单号?|号码|单子|小票|发票|凭证|证据)|没有(?:订单|单号|照片|证据|凭证|发票|截图|小票|号码)|没保存|没拍|不晓得|说不准|说不好|没注意"
)
_LEFT_OPEN = re.compile(r"空着|留空|先不(?:填|写)|(?:回头|之后|以后|后面|后头|晚点|过后|核对完)再(?:补|填|报)")
_REFUSAL = re.compile(
    r"不(?:太)?想(?:说|给|留|告诉|提供|透露|填)|不(?:愿意?|方便)(?:说|给|留|告诉|提供|透露|填)?|不便(?:提供|透露|说)|不告诉|保密|不给你|凭什么(?:告诉|给|要)|拒绝提供|"
    r"不想讲|(?:名字?|姓名?|电话|手机号?|号码|地址)我?就?(?:不|唔|莫)(?:说|讲|报|给|填|留)|^(?:我|就)?(?:不|唔|莫)(?:说|讲|报|留|给)(?:姓|名|电话|手机|号码|地址)|^别问了?$|"
    r"(?:都|也|就是|偏)?不(?:留|提供|给留)|没必要(?:说|给|留|告诉|填)|(?:这)?是(?:我的)?隐私"
)
_NO_EVIDENCE = re.compile(r"没(?:有)?(?:拍照|照片|截图|证据|凭证|录音|拍)")
ANONYMOUS = re.compile(r"匿名|不留名|无名氏|不署名")
_WORDS = frozenset(
    {"unknown", "none", "无", "没有", "记不清", "不知道", "暂时不知道", "找不到", "不清楚", "客户不清楚", "不详"}
)
_WITHHELD_WORDS = frozenset({"不便提供", "不方便提供", "不愿提供", "匿名", "匿名客户", "保密"})


def says_unknown(plain: str) -> bool:
    """「记不清」, 「找不到」, 「没有」, 「先空着」: an answer, not a refusal."""
    return leaves_open(plain) or (len(plain) <= 24 and bool(_UNKNOWN.search(plain)))


def leaves_open(plain: str) -> bool:
    """To be left open for now: 「先空着，核对完再补」."""
    return bool(_LEFT_OPEN.search(plain))


def is_refusal(plain: str) -> bool:
    """The customer would rather not say."""
    return len(plain) <= 20 and bool(_REFUSAL.search(plain))


def lacks_evidence(plain: str) -> bool:
    """「没拍照」, 「没有截图」."""
    return bool(_NO_EVIDENCE.search(plain))


def means_unknown(text: str) -> bool:
    """Whether a whole text, as staff type it into a field, says that the customer cannot tell."""
    return text.strip().lower() in _WORDS


def means_withheld(text: str) -> bool:
    """Whether a whole text, as staff type it into a field, says that the customer would rather not."""
    return text.strip() in _WITHHELD_WORDS
