"""A second look at denials: what would start something is not started in a clause that denies it.

Behind the model, by the clause: a word of denial right before the word of the matter. Only the words of the matters are
listed, not wordings; whatever the model says of everything else stands.
"""

from __future__ import annotations

import re

MATTER_WORDS = {
    "complain": "投诉|举报",
    "refund": "退货|退款|退钱|退",
    "exchange": "换货|换新|换一台|换",
    "repair": "报修|维修|修",
    "install": "安装|装",
    "invoice": "发票|开票|票",
    "change_order": "改订单|改地址|改",
    "cancel_order": "取消|撤单",
    "callback": "回电|打电话|回电话|来电",
    "person": "人工|真人|转客服|找客服|客服专员|专员|转人",
    "withdraw": "撤回|撤销|撤",
    "hurry": "催",
}
_CLAUSES = re.compile(r"[,，。.!！?？;；~\s]+|但是?|而是|只是")
_DENIAL = (
    r"(?:(?<!是)不是(?:说|在)?要?|(?<![是能可要对好行])不(?:用|要|必|想|需要|打算|准备)?|别|甭|莫|谁(?:说)?要|谁说|没(?:有)?(?:说|想|打算|要|让)要?|没|无需|"
    r"用不着|先不|唔使|唔好|唔系|免)"
)
_BETWEEN = r"(?:再|先|给我|帮我|跟我|急着|你们|来|去|派人|找|转|真的|真|给|我|是|要|想|把订单|订单|那么|什么|啥|打|个|任何){0,3}"
# What only looks like a denial: 是不是, 不退吗, 怎么不退, 还不给退, 不能退.
_WISHED = re.compile(r"(?:怎么|为什么|为啥|干嘛|咋|凭什么|还|就|死活|一直|都|老|总)(?:是)?不|不(?:能|可以|让|肯|给|行)|不了|不是不|没人|不到|没法|吗$|么$")
_DENIED = {act: re.compile(rf"{_DENIAL}{_BETWEEN}(?:{words})") for act, words in MATTER_WORDS.items()}


def denies(act: str, text: str) -> bool:
    """Whether the prepared text denies the act in a clause, and wishes for it in none that names it."""
    pattern = _DENIED.get(act)
    if pattern is None:
        return False
    named = [clause for clause in _CLAUSES.split(text) if re.search(MATTER_WORDS[act], clause)]
    return bool(named) and all(pattern.search(clause) and not _WISHED.search(clause) for clause in named)
