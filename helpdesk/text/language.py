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
    r"(?:前|以内|之内|内)[^。！？!?；;，,]{0,6}?(?:安排好|安排妥|处理好|处理完|解决|办好|办妥|修好|装好|送到|补发|退款|答复|回复)"
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
    """One thing to mend before sending: `code`, the words at fault, a better wording."""

    code: str
    text: str
    suggestion: str
    severity: str = "block"


def lacks_courtesy(text: str) -> bool:
    """No courteous word in a reply of some length. Text without Chinese is not judged."""
    return len(HAN.findall(text)) >= LONG_ENOUGH and not COURTEOUS.search(text)


def undated_promises(text: str) -> list[str]:
    """Sentences in which we promise to do something and nothing says when."""
    return [clause.strip() for clause in CLAUSE.findall(text) if _promises(clause) and not _says_when(clause)]


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
