"""A message of several wishes: 「我要投诉师傅，顺便问下发票怎么开」.

Split at full stops, question marks and connecting words; a comma separates only before a
connecting word, because Chinese customers tell one story with many commas.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Sequence

_CONNECTIVES = "顺便|另外|还有就是|还有|对了|再问一下|再问下|再就是|同时|以及|还想问|也想问|然后我想|其次|最后"
_BOUNDARY = re.compile(rf"[。！!？?；;\n]+|[，,、\s]*(?=(?:{_CONNECTIVES}))")
_LEADING = re.compile(rf"^[，,、\s]*(?:{_CONNECTIVES})?[，,、\s]*")

SHORTEST_CLAUSE = 4
MOST_CLAUSES = 4
SURE = 0.6

# A wish of its own; a greeting, thanks, a value or an outburst beside a wish is not a second one.
WISHES = frozenset(
    [
        "request_human",
        "file_complaint",
        "check_ticket",
        "urge_ticket",
        "withdraw_complaint",
        "dispute_result",
        "check_order",
        "change_order",
        "cancel_order",
        "request_refund",
        "request_exchange",
        "request_repair",
        "request_invoice",
        "ask_faq",
        "product_advice",
        "make_suggestion",
        "praise",
        "rate_service",
        "request_callback",
    ]
)


@dataclass(frozen=True)
class Clause:
    """One wish with the words that say it."""

    text: str
    intent: str
    confidence: float

    def as_dict(self) -> dict[str, object]:
        """As it stands in the parse result."""
        return asdict(self)


def split_clauses(text: str) -> list[str]:
    """The clauses of a message; empty when there is only one."""
    pieces = [_LEADING.sub("", piece).strip() for piece in _BOUNDARY.split(text)]
    clauses = [piece for piece in pieces if len(piece) >= SHORTEST_CLAUSE][:MOST_CLAUSES]
    return clauses if len(clauses) > 1 else []


def several_wishes(clauses: Sequence[Clause]) -> list[Clause]:
    """The sure wishes of a message, one an intent and in its order; empty when there are fewer than two."""
    first: dict[str, Clause] = {}
    for clause in clauses:
        if clause.intent in WISHES and clause.confidence >= SURE:
            first.setdefault(clause.intent, clause)
    return list(first.values()) if len(first) > 1 else []
