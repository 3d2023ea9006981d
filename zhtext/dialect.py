"""Words of Cantonese, of other regions and of the net in the spelling the training sentences use.

Only words that mean nothing else in written Mandarin: 仲 stays (仲裁), 系 stays (联系), 点 stays after a number.
Measured on sentences written apart (docs/understanding.md); the keys are Simplified, lower case.
"""

from __future__ import annotations

import re

_CANTONESE = {
    "点样": "怎么", "点算": "怎么办", "点解": "为什么", "点整": "怎么弄", "点搞": "怎么弄", "点做": "怎么做",
    "点办": "怎么办", "点先": "怎么才", "点呀": "怎么样", "点啊": "怎么样", "而家": "现在", "家阵": "现在",
    "几时": "什么时候", "几耐": "多久", "几多": "多少", "几钱": "多少钱", "边度": "哪里", "边个": "谁",
    "边间": "哪家", "边款": "哪款", "系咪": "是不是", "系唔系": "是不是", "唔系": "不是", "系咁": "这样",
    "我系": "我是", "佢系": "他是", "就系": "就是", "都系": "都是", "仲系": "还是", "仲有": "还有", "仲未": "还没",
    "仲冇": "还没", "仲可以": "还可以", "仲喺": "还在", "仲唔": "还不", "仲要": "还要", "仲得": "还可以",
    "仲退": "还退", "仲保": "还保", "有冇": "有没有", "冇": "没有", "唔该晒": "谢谢", "唔该": "麻烦",
    "多谢晒": "谢谢", "唔使": "不用", "唔紧要": "没关系", "唔得": "不行", "得唔得": "行不行", "得闲": "有空",
    "唔啱": "不合适", "啱啱": "刚刚", "啱": "合适", "唔": "不", "嘅": "的", "哋": "们", "咗": "了", "嚟": "来",
    "喺": "在", "嗰": "那", "啲": "些", "乜嘢": "什么", "乜": "什么", "做咩": "干什么", "佢": "他", "俾": "给",
    "畀": "给", "搵": "找", "揾": "找", "睇": "看", "嘢": "东西", "咁": "这么", "㗎": "的", "攞": "拿", "嬲": "生气",
    "倾下": "聊一下", "倾偈": "聊天", "屋企": "家里", "冷气机": "空调", "冷气": "空调", "雪柜": "冰箱",
    "洗衫机": "洗衣机", "寻日": "昨天", "琴日": "昨天", "听日": "明天", "今日": "今天", "明日": "明天",
    "昨日": "昨天", "呃人": "骗人", "呃钱": "骗钱", "平啲": "便宜点", "平d": "便宜点", "快啲": "快点", "快d": "快点",
    "识唔识": "会不会", "知唔知": "知不知道", "谂": "想", "返嚟": "回来", "整返": "修", "单嘢": "事", "呢个": "这个",
    "呢部": "这台", "呢单": "这单", "嗰单": "那单", "嗰个": "那个", "嗰部": "那台", "𠮶单": "那单", "𠮶个": "那个",
    "𠮶部": "那台", "𠮶": "那", "应该系": "应该是", "定系": "还是", "地址系": "地址是", "电话系": "电话是",
    "真系": "真是", "唔好": "不要", "姓咩": "姓什么", "叫咩": "叫什么", "有咩": "有什么", "系咩": "是什么",
    "咩嘢": "什么", "咩色": "什么颜色", "卖咩": "卖什么", "买咩": "买什么", "几阔": "多宽",
}  # fmt: skip

_REGIONS = {
    "啥子": "什么", "咋个": "怎么", "啷个": "怎么", "郎个": "怎么", "莫得": "没有", "要得": "可以", "晓得": "知道",
    "巴适": "很好", "搞快点": "快点", "咋整": "怎么办", "咋办": "怎么办", "咋地": "怎么", "嘎哈": "干什么",
    "甭": "不用", "忒": "太", "俺": "我", "得嘞": "好的", "中不中": "行不行", "侬": "你", "阿拉": "我们",
    "拾掇": "修", "捯饬": "弄", "好几钿": "多少钱", "几钿": "多少钱", "收钞票": "收钱", "嘛价": "什么价",
    "嘛时候": "什么时候", "嫩么": "那么", "恁家": "你们家", "恁们": "你们", "有没得": "有没有",
}  # fmt: skip

_NET = {
    "有木有": "有没有", "酱紫": "这样", "yyds": "最棒", "绝绝子": "太好了", "rengong": "人工", "ren gong": "人工",
    "kefu": "客服", "tousu": "投诉", "tuikuan": "退款", "tuihuo": "退货", "fapiao": "发票", "thx": "谢谢",
    "3q": "谢谢", "thank you": "谢谢", "thanks": "谢谢", "pls": "请", "plz": "请", "u1s1": "说实话",
    "nsdd": "你说得对",
}  # fmt: skip

_WORDS = {**_CANTONESE, **_REGIONS, **_NET}
_AFTER_NUMBER = "几0-9一二三四五六七八九十两半"


def _pattern() -> re.Pattern[str]:
    """Longest first; 点 not after a number, Latin words only whole."""
    alternatives = []
    for word in sorted(_WORDS, key=len, reverse=True):
        before = f"(?<![{_AFTER_NUMBER}])" if word.startswith("点") else ""
        alternatives.append(rf"(?<![a-z0-9]){word}(?![a-z0-9])" if word.isascii() else before + word)
    return re.compile("|".join(alternatives))


_WORD = _pattern()
_ASKS = re.compile(r"(?<![讨步砍采口杀征挞])伐(?=[呀啊哈\W]*$|[,，。?？])")
"""At the end of a question in Shanghai: 「有货伐」."""
_THANKS = re.compile(r"唔该(?=[呀啊哂\W]*$)")


def dialect_to_mandarin(text: str) -> str:
    """The text, normalised otherwise, with those words in Mandarin; 唔该 is thanks at the end and a request before."""
    thanked = _ASKS.sub("吗", _THANKS.sub("谢谢", text))
    return _WORD.sub(lambda match: _WORDS[match.group(0)], thanked)
