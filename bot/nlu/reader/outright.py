"""What one clause says outright beside others: 「转人工，1388…，洗衣机满屋子跑」.

In a long message the model weighs the whole; a clause that by itself is a wording of the company's lexicon, or wishes
for something by its name, stands whatever the others tell.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Text, Tuple

from bot.nlu.lexicon import key

SURE, SURE_OF_COMPLAINT = 0.9, 0.75
"""From here on a sentence is believed that calls its wish by name; 我要投诉 at its beginning has but one meaning."""
ACTS: Dict[Text, Text] = {
    "request_human": "person",
    "file_complaint": "complain",
    "request_exchange": "exchange",
    "request_refund": "refund",
    "request_repair": "repair",
    "withdraw_complaint": "withdraw",
    "urge_ticket": "hurry",
    "request_callback": "callback",
    "product_advice": "advice",
    "praise": "praise",
    "make_suggestion": "suggest",
}
"""The wishes that are looked for, by their intents in company/lexicon."""
BY_SENTENCE = frozenset({"advice", "praise", "suggest"})
"""Acts that a whole sentence may be believed about: nothing starts on them."""
LONGEST = 10
BEFORE = 4
ENDS = "吧呀啊嘛呗了!！。. "
_CLAUSES = re.compile(r"[,，。.!！?？;；~\n]+|[:：](?!\d)")
_WISHES = re.compile(r"要|想|给我|帮我|转|找|叫|跟|换|来个|请|再|又")
_CALLS = re.compile(r"(?:转|找|叫|换|来)(?:一?个|到|接|接到)?$")
_CALLS_NOT = re.compile(r"(?:不|没|别|莫|甭)(?:要|用|想|给我|帮我|再|必|需要)*(?:转|找|叫|换|来)(?:一?个|到|接|接到)?$")
_OF_OTHERS = re.compile(r"太大|别人|的是别")
_NO_WISH = re.compile(r"本来|太大|别人|不|没|别|过|了$|费|到账|还在|等|慢")
_ASKS = re.compile(r"吗|么|几|什么|怎么|多久|电话|热线|问|流程|政策|规|进度|结果|查|呢|哪|处理")


def outright(text: Text, lexicon: Mapping[Text, Text], names: Mapping[Text, List[Text]]) -> Tuple[Text, ...]:
    """The acts that a clause of a message of several clauses wishes for outright, in the order of `ACTS`."""
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]
    if len(clauses) < 2:
        return ()
    meanings = [(clause, lexicon.get(key(clause))) for clause in clauses]
    return tuple(
        act
        for intent, act in ACTS.items()
        if any(meaning == intent or _wishes(clause, intent, names) for clause, meaning in meanings)
    )


def named(text: Text, intent: Mapping[Text, Any], names: Mapping[Text, List[Text]]) -> Tuple[Text, ...]:
    """The act of an intent that is sure of the whole sentence and that the sentence calls by its name."""
    act = ACTS.get(str(intent.get("name")))
    sure = float(intent.get("confidence") or 0.0)
    is_sure = sure >= SURE and act in BY_SENTENCE
    is_named = any(name in text for name in names.get(str(intent.get("name")), ()))
    is_begun = sure >= SURE_OF_COMPLAINT and act == "complain" and _complains(text, names)
    is_called = sure >= SURE and act == "person" and _calls_person(text, names)
    is_exact = sure == 1.0  # a wording of the lexicon, which has one meaning
    return (act,) if act and ((is_sure and is_named) or is_begun or is_called or is_exact) else ()


def _calls_person(text: Text, names: Mapping[Text, List[Text]]) -> bool:
    """「别废话了给我转人工」: whatever was said before, it ends with whom it calls for."""
    return text.rstrip(ENDS).endswith(tuple(names.get("request_human", ())))


def _complains(text: Text, names: Mapping[Text, List[Text]]) -> bool:
    """「我要投诉冰箱不制冷」: whom or what for comes behind it."""
    before = [text.partition(name)[0] for name in names.get("file_complaint", ()) if name in text]
    return any(len(words) <= BEFORE and (not words or bool(_WISHES.search(words))) for words in before)


def _ends_with_call(clause: Text, spoken: List[Text]) -> bool:
    """「改不到转真人」: what is denied is something else, and whom it ends with is called for."""
    before = [clause[: -len(name)] for name in spoken if clause.endswith(name)]
    return any(_CALLS.search(words) and not _CALLS_NOT.search(words) for words in before)


def _wishes(clause: Text, intent: Text, names: Mapping[Text, List[Text]]) -> bool:
    spoken = [name for name in names.get(intent, ()) if name in clause]
    if not spoken or _ASKS.search(clause):
        return False
    if clause.startswith(tuple(spoken)) and intent == "file_complaint" and not _OF_OTHERS.search(clause):
        return True  # 投诉你们送货的: whom or what for comes behind it
    if intent == "request_human" and _ends_with_call(clause, spoken):
        return True
    stands_alone = any(clause.startswith(name) or clause.endswith(name) for name in spoken)
    is_wish = stands_alone or bool(_WISHES.search(clause))
    return len(clause) <= LONGEST and is_wish and not _NO_WISH.search(clause)
