"""What is asked of a product that we sell: read clause by clause, in the company's words and between them."""

from __future__ import annotations

from collections.abc import Sequence

from actions.clauses import affirmed, pieces
from actions.turn import Turn
from zhtext import normalise
from zhtext.clauses import in_one_breath
from zhtext.questions import is_question

PARTS = "parts"
"""Under which word of concepts.yml parts stand."""
PRICE, WARRANTY, STOCK = "价格", "保修", "stock"
COMPARE, SUITS, OTHERS, ABILITY, PART_PRICE, RANGE = "compare", "suits", "others", "ability", "part_price", "range"
"""What is no detail of a sheet; the names of company/product_questions.yml."""
MOST = 8
"""Clauses that are looked at: who says more tells a story."""
ASKING = ("多", "几", "好", "什", "啥")
"""With one of these a detail is asked for whatever the sentence looks like: 「它的排水管多长」."""


def of_product(turn: Turn) -> list[str]:
    """The names of what is asked of a product, each once; empty when it is nothing of the kind."""
    if turn.heard.is_press:
        return []
    found = [name for _, names in by_clause(turn) for name in names]
    compares = [COMPARE] if turn.company.sayings.compares.search(turn.heard.plain) else []
    parts = [PART_PRICE] if _names_price_of_part(turn) else []
    return list(dict.fromkeys([*found, *compares, *parts]))


def _names_price_of_part(turn: Turn) -> bool:
    price, plain = turn.company.product_questions.details[PRICE].words, turn.heard.plain
    return price.search(plain) is not None and any(one in plain for one in turn.company.concepts.concepts[PARTS])


def by_clause(turn: Turn) -> list[tuple[str, list[str]]]:
    """Each clause with what it asks of a product: read between the words, else by the company's."""
    clauses = [one for clause in pieces(affirmed(turn.heard.text)) for one in in_one_breath(clause)]
    return [(one, _asked_in(turn, normalise(one))) for one in clauses[:MOST]]


def _asked_in(turn: Turn, plain: str) -> list[str]:
    """The company's words ask for nothing where an article is sure of the clause: 「装一个几多钱」."""
    learned = turn.services.knowledge.of_product(plain)
    by_words = _by_words(turn, plain)
    is_of_thing = by_words == [WARRANTY] or "product" in turn.heard.values
    if learned is None and by_words and not is_of_thing and turn.services.knowledge.outcome(plain).article:
        return []
    return list(dict.fromkeys([*([learned] if learned else []), *by_words]))


def _by_words(turn: Turn, plain: str) -> list[str]:
    """The details that the company's words ask for."""
    asks, named = is_question(plain), turn.company.product_questions.details.items()
    found = {name: [said.group() for said in one.words.finditer(plain)] for name, one in named}
    return [name for name, said in found.items() if said and (asks or any(one.startswith(ASKING) for one in said))]


def details(turn: Turn) -> list[str]:
    """Those that a line of the sheet answers."""
    return details_of(turn, of_product(turn))


def details_of(turn: Turn, what: Sequence[str]) -> list[str]:
    """Of what is asked those that a line of the sheet answers, whether it can be had among them."""
    sheet = turn.company.product_questions.details
    return [name for name in what if name in sheet or name == STOCK]
