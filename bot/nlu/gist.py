"""What a message wants, without the particulars it brings along.

「我叫周杰，13300008888，投诉电视有坏点，订单2026110812345，要求换货」 holds more values than wish; as a whole
it looks like a mere value to the model. Its gist, 「投诉电视有坏点，要求换货」, does not.
"""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

PARTICULARS = frozenset({"name", "phone", "email", "wechat", "order", "ticket", "company_credit_code"})
SHORTEST = 4

_PIECES = re.compile(r"[，,。；;！!？?\s]+")
_LEAD_IN = re.compile(r"我的?|名字|姓名|叫|姓|是|本人|联系|电话|手机|号码|号|微信|邮箱|订单|单号|工单|编号|[:：的]")


def gist(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """The text without the pieces that only say who and which order; empty when there are none."""
    spans = [(e["start"], e["end"]) for e in entities if e.get("entity") in PARTICULARS and "start" in e]
    if not spans:
        return ""
    blank = _without(text, spans)
    pieces = [piece for piece in _PIECES.split(blank) if len(_LEAD_IN.sub("", piece)) > 1]
    kept = "，".join(pieces)
    return kept if len(kept) >= SHORTEST else ""


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    signs = list(text)
    for start, end in spans:
        signs[start:end] = " " * len(signs[start:end])
    return "".join(signs)
