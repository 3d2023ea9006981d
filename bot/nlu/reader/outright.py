"""What one clause says outright beside others: 「转人工，1388…，洗衣机满屋子跑」.

In a long message the model weighs the whole; a clause that by itself is a wording of the company's lexicon, or wishes
for something by its name, stands whatever the others tell.
"""

from __future__ import annotations

import re
from typing import Any, Dict, FrozenSet, List, Mapping, Text

from bot.nlu.lexicon import key

SURE = 0.9
ACTS: Dict[Text, Text] = {
    "request_human": "person",
    "file_complaint": "complain",
    "product_advice": "advice",
    "praise": "praise",
    "make_suggestion": "suggest",
}
"""The wishes that are looked for, by their intents in company/lexicon."""
LONGEST = 10
_CLAUSES = re.compile(r"[,，。.!！?？;；~\n]+")
_WISHES = re.compile(r"要|想|给我|帮我|转|找|叫|跟|换|来个|请")
_NO_WISH = re.compile(r"不|没|别|吗|么|几|什么|怎么|多久|电话|热线|过|了$")


def outright(text: Text, lexicon: Mapping[Text, Text], names: Mapping[Text, List[Text]]) -> FrozenSet[Text]:
    """The acts that a clause of a message of several clauses wishes for outright."""
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]
    if len(clauses) < 2:
        return frozenset()
    return frozenset(
        act for intent, act in ACTS.items() if any(_says(clause, intent, lexicon, names) for clause in clauses)
    )


def named(text: Text, intent: Mapping[Text, Any], names: Mapping[Text, List[Text]]) -> FrozenSet[Text]:
    """The act of an intent that is sure of the whole sentence and that the sentence calls by its name."""
    act = ACTS.get(str(intent.get("name")))
    is_sure = float(intent.get("confidence") or 0.0) >= SURE
    is_named = any(name in text for name in names.get(str(intent.get("name")), ()))
    return frozenset([act]) if act and is_sure and is_named else frozenset()


def _says(clause: Text, intent: Text, lexicon: Mapping[Text, Text], names: Mapping[Text, List[Text]]) -> bool:
    if lexicon.get(key(clause)) == intent:
        return True
    is_named = len(clause) <= LONGEST and any(name in clause for name in names.get(intent, ()))
    return is_named and bool(_WISHES.search(clause)) and not _NO_WISH.search(clause)
