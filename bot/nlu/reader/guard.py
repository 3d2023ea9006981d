"""A second look at denials: what would start something is not started where the words deny it.

Behind the model, clause by clause: a word of denial before the word of the matter (别给我退货), after it (发票就不用了)
or around it (退什么退). Only words of the matters are listed, not wordings; of everything else the model's say stands.
"""

from __future__ import annotations

import re

from zhtext import normalise

MATTER_WORDS = {
    "complain": "投诉|举报|投",
    "refund": "退货|退款|退钱|退",
    "exchange": "换货|换新|换一台|换",
    "repair": "报修|维修|修|坏(?=了|$)",
    "install": "安装|装机|装",
    "invoice": "发票|开票|票",
    "change_order": "改订单|改地址|改",
    "cancel_order": "取消|撤单|cancel",
    "callback": "回电|打电话|回电话|来电|电话|打(?![字开折扰不印火])|回(?=了|$)",
    "person": "人工|真人|找人|转客服|找客服|客服专员|专员|转人|排队|转接|转|找(?=了?$)",
    "withdraw": "撤回|撤销|撤诉|撤|取消(?!订单)",
    "hurry": "催|急|着急",
}
"""What a denial has to stand beside to deny the matter."""

_CLAUSES = re.compile(r"[,，。.!！?？;；~\s]+|但是?|而是|只是|[就我]是(?=[问想说要])")
_NO = (
    r"(?:(?<![是能可要对好行还])不(?:是|用|要|必|想|需要|打算|准备|消|需)?|并非|别|甭|莫|勿|免|无需|用不着|唔使|唔好|唔系|咪|"
    r"没(?!人)(?:有)?|未曾|从没|(?:谁|哪个|边个)(?:说|讲|要|让|叫|喊|跟|话|申请|替|同意)|(?:什么|啥|何|几)时候?(?:说|讲|话|要|申请)|(?:谁|哪个|边个)(?:给我|帮我)?(?=取消|撤))"
)
_BETWEEN = (
    r"(?:说|讲|话|要|想|敢|在|额|派师傅|叫师傅|有|让|叫|喊|再|又|先|给|帮|跟|急着|急到|你们|您们|恁|你|您|人|我|俺|来|去|派人|找|打算|申请|点|问|真的|真|是|把订单|订单|"
    r"那么|什么|啥|打|回|开|重|登记|登|个|任何|瞎|乱|一说话就|过|成){0,5}"
)
_AFTER = (
    r"[^不没别]{0,3}?(?:就|也|先|都|是|那个|的事|这样|呢样|那边|嗰边)?"
    r"(?:不(?:用|必|消|办|提|考虑|需要|急)(?!撤|退|换|修|装|取消|转)|(?:别|甭|莫|免)(?:开|打|回|来|派|转|装|修|弄|办|了|$)|"
    r"(?:就|也|的事)算了|先放|到此为止|停掉|作罢|拉倒)"
)
_NOT_WANTED = r"(?:我|额|俺|阮|就|也|都)?(?:不要|唔要|(?:已经|早就|早)?有了)"
# 不要了 after these says that they are not wanted; after 退 and 取消 it is the thing that is not wanted.
_WANTED_THINGS = frozenset({"complain", "invoice", "callback", "person"})
# What only looks like a denial: 是不是, 不退吗, 怎么不退, 还不给退, 不能退, 修不好.
_WISHED = re.compile(
    r"(?:怎么|为什么|为啥|干嘛|咋|凭什么|还|死活|一直|老|总|再)(?:是)?不|不(?:能|可以|让|肯|给|行|到|成|好|得)|不是不|没人|没法|没(?:有)?(?:给|帮|替)|不(?:给|帮|替)|没我?(?:退|换|修|装)呢"
)
# A clause that names the matter without wishing for it.
_ASKS = re.compile(r"(?:吗|么)$")
_NEUTRAL = re.compile(
    r"问|[怎咋么]么?(?:又|变|成|给)|[搞弄变记]成|运费|自己|多久|几天|谁掏|了又|同事|室友|朋友|亲戚|我妹|过一?次|了(?:还|就)得|过你们|修不好|白找|说不清|太大|别人家|换个?(?:收货人|地址|时间|号码)"
)


def denied(text: str) -> frozenset[str]:
    """The matters that a text, normalised clause by clause, denies."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    return frozenset(act for act in _DENIED if _denies(act, clauses))


def _denies(act: str, clauses: list[str]) -> bool:
    """Whether one clause denies the act, and none that names it wishes for it."""
    pattern = _DENIED[act]
    named = [clause for clause in clauses if _MATTERS[act].search(clause)]
    denying = [
        bool(pattern.search(_WISHED.sub("□", _WHETHER.sub("□", clause)))) and not _ASKS.search(clause)
        for clause in named
    ]
    pairs = zip(denying, named, strict=True)
    says_no_last = bool(denying) and denying[-1]  # 「退货？不退」
    return says_no_last or (any(denying) and all(is_denied or _NEUTRAL.search(clause) for is_denied, clause in pairs))


def _denial(act: str, words: str) -> re.Pattern[str]:
    single = "".join(word for word in words.split("|") if len(word) == 1)
    after = rf"{_AFTER}|{_NOT_WANTED}" if act in _WANTED_THINGS else _AFTER
    around = rf"|(?P<one>[{single}])(?:什么|啥子|啥|么斯|毛)(?:的)?(?P=one)" if single else ""
    scorned = r"(?:个?屁|个头|个鬼|啥子|么斯)"
    became = rf"(?:怎么|咋|为什么|为啥|干嘛)[^不没]{{0,4}}?(?:变|记|弄|搞|写|登)成(?:了)?(?:{words})"
    once = rf"(?:本来|原本|原先|差点)(?:是|我|都)?(?:要|想|打算|准备)[^不没]{{0,3}}(?:{words})"
    return re.compile(rf"{became}|{once}|{_NO}{_BETWEEN}(?:{words})|(?:{words})(?:{after}|{scorned}){around}")


_MATTERS = {act: re.compile(words) for act, words in MATTER_WORDS.items()}
# 退不退, 换不换: whether or not, which denies nothing.
_WHETHER = re.compile(r"(?<!不)(.)[不没]\1")
_DENIED = {act: _denial(act, words) for act, words in MATTER_WORDS.items()}


_PIECE = re.compile(r"[^,，。.!！?？;；~～…、\s]+")
_NEGATES = re.compile(r"[不没别甭莫唔咪勿毋冇](?![吗么嘛呢啊?？]*$)")
SHORTEST_REST = 3


def beside_denial(text: str) -> list[str]:
    """What a message says beside the clauses that deny: 「没有要发票，就是来谢谢师傅」; empty where nothing is."""
    clauses = _PIECE.findall(text)
    rest = [one for one in clauses if not _NEGATES.search(normalise(one))]
    is_both = len(rest) < len(clauses) and sum(map(len, rest)) >= SHORTEST_REST
    return ["，".join(rest)] if is_both else []
