"""All values of a message, one kind after another; the order is the precedence."""

from __future__ import annotations

from datetime import datetime
from typing import Sequence

from bot.nlu.values.goods import ProductFinder
from zhtext.values import (
    Value,
    blanked,
    codes,
    contacts,
    money,
    names,
    phones,
    places,
    quantities,
    times,
    without_overlaps,
)
from zhtext.values.found import Visible


def find_values(text: str, now: datetime, products: ProductFinder, tokens: Sequence[tuple[str, int]]) -> list[Value]:
    """Values in the order of the text, none on another's characters.

    `tokens` are (word, start) of the folded text; `now` is aware and resolves relative days.
    """
    shown = Visible.of(text)
    numbers = _numbers(shown.text)
    rest = blanked(shown.text, numbers)
    moments = list(times.find(rest, now))
    words = _words(rest, products, _moved(tokens, shown))
    found = without_overlaps([*numbers, *moments, *_counts(blanked(rest, moments)), *words])
    return [shown.in_original(value) for value in found]


def _moved(tokens: Sequence[tuple[str, int]], shown: Visible) -> list[tuple[str, int]]:
    """The words where they stand without the invisible characters."""
    place = {original: index for index, original in enumerate(shown.places)}
    return [(word, place[start]) for word, start in tokens if start in place]


def _numbers(folded: str) -> list[Value]:
    """Long numbers: what one extractor took, the next no longer sees (a phone is never an order)."""
    found: list[Value] = []
    for find in (
        contacts.find_emails,
        codes.find_tickets,
        codes.find_credit_codes,
        phones.find,
        codes.find_orders,
        contacts.find_wechat_ids,
    ):
        found.extend(find(blanked(folded, found)))
    return without_overlaps(found)


def _counts(rest: str) -> list[Value]:
    return [*money.find(rest), *quantities.find(rest)]


def _words(rest: str, products: ProductFinder, tokens: Sequence[tuple[str, int]]) -> list[Value]:
    return [*products.find(tokens), *names.find(rest), *places.find(rest, tokens)]
