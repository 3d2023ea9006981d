"""What can be told about a reply's courtesy from its words alone (service standard A4, D6, E1).

Forbidden wordings are the company's own list; here are the two rules that no list can hold: a reply
that has no courteous word at all, and a promise that names no time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhtext.values import times

COURTEOUS = re.compile(r"您|你好|请|谢|对不起|抱歉|不好意思|再见|麻烦|劳驾|辛苦|欢迎|祝")
HAN = re.compile(r"[\u4e00-\u9fff]")
LONG_ENOUGH = 6
"""Shorter texts (已发送, 好的) need no courtesy word of their own."""

WILL = r"(?:会|将|将会|稍后|晚点|回头|尽快|尽早|过会儿|等会儿|有结果后?)"
DEED = r"(?:答复|回复|联系|回电|致电|打电话|通知|处理好|安排好|安排|解决|退款|退给|赔偿|补偿|补发|换新|上门|发货|寄)"
PROMISE = re.compile(WILL + r"[^。！？!?；;，,]{0,20}?" + DEED)
VAGUE = re.compile(r"(?:过几天|过些天|过阵子|这几天|近期|改天|有空|到时候?)[^。！？!?；;，,]{0,12}?" + DEED)
"""A promise that names a time and yet none."""
TO_YOU = re.compile(r"(?:给|为|帮|向|跟|和|与)您[^。！？!?；;，,]{0,8}?" + DEED + r"|(?:答复|回复|联系|通知|致电)您")
"""「明天上午给您回电」 promises without 「会」; it is one only where a time is named."""
BY = re.compile(
    r"(?:前|以内|之内|内)[^。！？!?；;，,]{0,6}?"
    r"(?:(?:安排|处理|办|修|装|改|弄|做|换|调|核实|跟进|联系|准备|登记)(?:好|妥|完|完成|清楚|到位)|搞定|完成|解决|安排上门|上门|送到|寄到|寄出|发出|发货|补发|补寄|换新|退款|退给|到账|答复|回复|回电)"
)
"""「周三前安排好」: a promise by its time alone."""
NO_PROMISE = re.compile(
    r"已|刚|昨天|前天|上次|过您|吗|么$|是否|要不要|需不需要|(?:系统|快递员?|小哥|物流|银行|商家|您)(?:也|都|就|会|将|再)"
)
"""Done already, asked, or somebody else's deed."""
NOT_OURS = re.compile(r"(?:您|系统|快递|物流|银行)$|(?:如果|若|是否|请您|需要您|麻烦您)[^。！？!?；;]{0,14}$")
"""What stands before the promise when it is the customer's or somebody else's deed, or a mere condition."""
AT_ONCE = re.compile(r"现在|马上|立刻|立即|正在|已经|刚刚")
COMMAS = "，,、"
CLAUSE = re.compile(r"[^。！？!?；;\n]+")


@dataclass(frozen=True)
class Finding:
    """One thing to mend before sending: `code`, the words at fault, a better wording.

    `rewrite`: the whole text as it reads once this is mended; empty where no text can be proposed.
    """

    code: str
    text: str
    suggestion: str
    severity: str = "block"
    rewrite: str = ""


def lacks_courtesy(text: str) -> bool:
    """No courteous word in a reply of some length. Text without Chinese is not judged."""
    return len(HAN.findall(text)) >= LONG_ENOUGH and not COURTEOUS.search(text)


def undated_promises(text: str) -> list[str]:
    """Sentences in which we promise to do something and nothing says when."""
    return [clause.strip() for clause in CLAUSE.findall(text) if _promises(clause) and not _says_when(clause)]


def with_time(promise: str, due: str) -> str:
    """An undated promise with a time in it: 「我们会尽快给您答复」 -> 「我们会在11月24日 18:00 前给您答复」."""
    if _SOMETIME.search(promise):
        return _SOMETIME.sub(f"在{due}前", promise, count=1)
    return _WILL.sub(lambda will: f"{will.group()}在{due}前", promise, count=1)


_SOMETIME = re.compile(
    r"稍后|晚点|回头|尽快|尽早|过会儿|等会儿|有结果后?|过几天|过些天|过阵子|这几天|近期|改天|有空|到时候?"
)
_WILL = re.compile(r"将会|会|将")


def _says_when(clause: str) -> bool:
    return bool(AT_ONCE.search(clause)) or times.names_time(VAGUE.sub("", clause))


def promised_in(clause: str) -> str | None:
    """The part of a sentence (between commas) in which we promise the customer something, be it without 「会」."""
    for pattern in (PROMISE, VAGUE, TO_YOU, BY):
        found = _found(pattern, clause)
        if found is None:
            continue
        part = _part(clause, found)
        if pattern not in (TO_YOU, BY) or not NO_PROMISE.search(part):
            return part
    return None


def _part(clause: str, found: re.Match[str]) -> str:
    begins = max(clause.rfind(comma, 0, found.start()) for comma in COMMAS) + 1
    ends = min((at for comma in COMMAS if (at := clause.find(comma, found.end())) >= 0), default=len(clause))
    return clause[begins:ends]


def _promises(clause: str) -> bool:
    return _found(PROMISE, clause) is not None or _found(VAGUE, clause) is not None


def _found(pattern: re.Pattern[str], clause: str) -> re.Match[str] | None:
    found = pattern.search(clause)
    return found if found is not None and NOT_OURS.search(clause[: found.start()]) is None else None
