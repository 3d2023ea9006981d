"""Nothing personal leaves the house: names, numbers, addresses are replaced by what they are, 【姓名】.

Three sources, and whatever one of them finds is masked: what was found in the message, what the conversation knows of
the customer, and rules that would rather take too much, as a run of four digits is a number whatever it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.nlu.reader.names import introduced
from zhtext import fold
from zhtext.values import Value, blanked, codes, contacts, names, phones, places
from zhtext.values.found import DOT, HAN, Visible
from zhtext.values.surnames import ANY_COMPOUND, ANY_SURNAME

NUMBER: Final = "number"
LABELS: Final[Mapping[str, str]] = {
    "name": "【姓名】",
    "phone": "【电话】",
    "email": "【邮箱】",
    "wechat": "【微信】",
    "order": "【订单号】",
    "ticket": "【工单号】",
    "waybill": "【运单号】",
    "company_credit_code": "【税号】",
    "place": "【地址】",
    NUMBER: "【号码】",
}
"""Kinds of values that are personal, and what stands in their place."""
KIND_OF_SLOT: Final[Mapping[str, str]] = {
    "name": "name",
    "buyer": "name",
    "on_behalf_of": "name",
    "staff_name": "name",
    "invoice_title": "name",
    "phone": "phone",
    "second_contact": "phone",
    "email": "email",
    "wechat": "wechat",
    "address": "place",
    "place": "place",
    "new_value": "place",
    "order": "order",
    "receipt": "order",
    "ticket": "ticket",
    "waybill": "waybill",
    "waybill_back": "waybill",
    "serial": NUMBER,
    "credit_code": "company_credit_code",
}
"""What a conversation keeps, or a reading has, of the customer by name, and its kind."""
SHORTEST_KNOWN: Final = 2
"""A surname alone stands in too many words."""
_NO_PLACES = frozenset({"东西", "東西"})
"""Listed by jieba as a place, and the commonest word for a thing."""

_FINDERS = (
    contacts.find_emails,
    codes.find_tickets,
    codes.find_credit_codes,
    phones.find,
    codes.find_waybills,
    codes.find_orders,
    contacts.find_wechat_ids,
)
_SPELLED = "零〇洞一幺二两三四五六七八九拐"
_ADDRESS_OF_MAIL_OR_WEB = re.compile(rf"{contacts.LIKE_EMAIL.pattern}|(?:https?://|www\.)[!-~]+", re.ASCII)
_RUNS = (
    re.compile(r"[0-9*](?:[ \-.,·_/]{0,2}[0-9*]){3,}x?"),
    re.compile(rf"[{_SPELLED}0-9](?:[ \-]?[{_SPELLED}0-9]){{4,}}"),
    re.compile(r"(?<![a-z0-9])(?=(?:[a-z_\-]*[0-9]){4}|[a-z0-9\-]+_)[a-z0-9_\-]{6,}"),
)
"""Digits, also spelled or starred before, and what may be a code or an account: four digits or a _ among letters."""
_OF_NAME = rf"(?:(?![的了吗呢吧是在要说])[{HAN}])"
_DOTTED = re.compile(rf"(?P<name>{_OF_NAME}{{1,8}}(?:{DOT}{_OF_NAME}{{1,8}})+)")
_COMPOUND = re.compile(rf"(?P<name>(?:{ANY_COMPOUND})[{HAN}]{{1,2}})")
_CALLED = re.compile(
    r"(?:由|是|通知|转给|同事|客服|专员|经理|[收取]货人|收件人|联系人|姓名|名字)(?:写|改|换|叫|是)?(?:成|为)?[:\s]*"
    rf"(?P<name>{ANY_SURNAME}[{HAN}]{{1,2}}?)"
    rf"(?=$|[^{HAN}]|负责|优先|跟进|处理|联系|会|已|为您|给您)"
)
"""Names of several parts, of a surname of two characters, and as our own words call a colleague."""


def masked(text: str, found: Iterable[Mapping[str, Any]] = (), known: Iterable[tuple[str, str]] = ()) -> str:
    """The text without what is personal: `found` are entities of this text, `known` (kind, words) of the customer.

    An entity behind the end of the text, where it was cut, counts for nothing.
    """
    spans = (*_of_entities(found), *_of_words(text, known), *_by_rules(text))
    for span in reversed(_joined(span for span in spans if span.start < len(text))):
        text = text[: span.start] + LABELS[span.kind] + text[span.end :]
    return text


def known_of(kept: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(kind, words) of the slots, facts or values that are personal."""
    for name, kind in KIND_OF_SLOT.items():
        words = kept.get(name)
        if isinstance(words, str) and len(words.strip()) >= SHORTEST_KNOWN and words not in _NO_PLACES:
            yield kind, words.strip()


def _of_entities(found: Iterable[Mapping[str, Any]]) -> Iterator[Value]:
    for entity in found:
        if entity.get("entity") in LABELS and "start" in entity and entity.get("text") not in _NO_PLACES:
            yield Value(entity["entity"], "", entity["start"], entity["end"])


def _of_words(text: str, known: Iterable[tuple[str, str]]) -> Iterator[Value]:
    folded = fold(text)
    for kind, words in known:
        for place in re.finditer(re.escape(fold(words)), folded):
            yield Value(kind, "", place.start(), place.end())


def _by_rules(text: str) -> Iterator[Value]:
    seen = Visible.of(text)
    numbers = [value for find in _FINDERS for value in find(seen.text)]
    numbers += _codes(seen.text)
    words = blanked(seen.text, numbers)
    for value in (*numbers, *_names(words), *places.find(words, ())):
        yield seen.in_original(value)


def _codes(text: str) -> Iterator[Value]:
    for found in _ADDRESS_OF_MAIL_OR_WEB.finditer(text):
        yield Value("email" if "@" in found.group() else NUMBER, "", found.start(), found.end())
    for pattern in _RUNS:
        for found in pattern.finditer(text):
            if found.group() not in phones.HOTLINES:
                yield Value(NUMBER, "", found.start(), found.end())


def _names(text: str) -> Iterator[Value]:
    """By the rules, and where only a name can stand though no list knows it."""
    yield from names.find(text)
    if name := introduced(text):
        yield from _of_words(text, [("name", name)])
    for pattern in (_DOTTED, _COMPOUND, _CALLED):
        for found in pattern.finditer(text):
            yield Value("name", "", found.start("name"), found.end("name"))


def _joined(spans: Iterable[Value]) -> list[Value]:
    """In the order of the text; what overlaps is one, of the kind that was found first."""
    joined: list[Value] = []
    ranked = sorted(enumerate(spans), key=lambda one: (one[1].start, one[0]))
    for _, span in ranked:
        if joined and span.start < joined[-1].end:
            last = joined.pop()
            span = Value(last.kind, "", last.start, max(last.end, span.end))
        joined.append(span)
    return joined
