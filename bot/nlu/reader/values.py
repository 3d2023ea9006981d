"""The values of a message, as the customer wrote them.

Numbers by their grammar (bot/nlu/extractor.py), words by the field that learnt where they stand (spans.py). Where one
thing was asked for and the message answers it, the answer itself is the value.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, Sequence

from bot.nlu.reader.labels import SPANS, VALUES
from bot.nlu.reader.turns import Context

Entities = Sequence[Mapping[str, Any]]
Found = Mapping[str, Sequence[str]]

# The value that a field asks for, where the whole answer can be it.
FIELD_VALUES = {
    "field:name": "name",
    "field:staff_name": "name",
    "field:outcome": "wish",
    "field:invoice_title": "invoice_title",
    "field:address": "place",
}
# Longer answers hold more than the value.
LONGEST_BARE = {"name": 5, "wish": 12, "invoice_title": 24, "place": 40}
_FILLER = re.compile(r"^(?:就|我?叫我?|我是|姓名|名字|抬头|写|开|是|[:： ])+|(?:吧|啊|呀|哦|啦|了|就行|就好|就可以|[。.!！~～ ])+$")
_MARKS = re.compile(r"[,，。;；\s]")
_DENIED = re.compile(r"(?:不是|不要|别|不用|并非|唔系|唔係|不係)[^,，。;；\s]{0,3}$")


def values_of(text: str, context: Context, acts: Mapping[str, str], entities: Entities, found: Found) -> dict[str, str]:
    """Slot -> words of the text; of several the first that is not denied."""
    spoken = {slot: list(words) for slot, words in _spoken(entities, found)}
    values = {slot: _chosen(text, words) for slot, words in spoken.items() if words}
    asked = FIELD_VALUES.get(context.asked)
    if asked and asked not in values and acts.get("answer") == "+":
        values.update(_bare(text, asked))
    return {slot: words for slot, words in values.items() if words}


def _spoken(entities: Entities, found: Found) -> Iterator[tuple[str, Sequence[str]]]:
    for slot in sorted(VALUES):
        by_rule = [entity["text"] for entity in entities if entity.get("entity") == slot and entity.get("text")]
        yield slot, (found.get(slot, ()) if slot in SPANS else by_rule)


def _chosen(text: str, words: Sequence[str]) -> str:
    """「不是138那个，是139…」 gives the second."""
    allowed = [one for one in words if not _DENIED.search(text[: max(text.find(one), 0)])]
    return next(iter(allowed or words))


def _bare(text: str, slot: str) -> dict[str, str]:
    """The answer without what leads up to it, if it is short enough to be nothing else."""
    piece = next((piece for piece in _MARKS.split(text) if piece), "") if slot == "name" else text
    words = _FILLER.sub("", piece.strip())
    return {slot: words} if 0 < len(words) <= LONGEST_BARE[slot] else {}
