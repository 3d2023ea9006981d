"""Details of what we sell: size, colour, power, price; said as the product's sheet has them, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actions.turn import Turn
from helpdesk.company import Product
from zhtext.questions import is_question

WARRANTY, PRICE = "保修", "价格"
ASKING = ("多", "几", "好", "什", "啥")
"""With one of these a detail is asked for whatever the sentence looks like: 「它的排水管多长」."""


@dataclass
class Told:
    """A line a product, and the details that no sheet holds."""

    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def asked_for(turn: Turn) -> list[str]:
    """The names of the details that the message asks for."""
    if turn.heard.is_press:
        return []
    asks, named = is_question(turn.heard.plain), turn.company.sayings.asks_detail.items()
    found = {name: [one.group() for one in words.finditer(turn.heard.plain)] for name, words in named}
    return [name for name, said in found.items() if said and (asks or any(one.startswith(ASKING) for one in said))]


def told(turn: Turn, products: Sequence[Product]) -> Told:
    """What the sheets of these products hold of the details that are asked for."""
    names = asked_for(turn)
    found = {name: [_value(turn, product, name) for product in products] for name in names}
    known = [name for name in names if any(found[name])]
    lines = [
        f"· {product.name}：{'，'.join(f'{name} {found[name][at]}' for name in known if found[name][at])}"
        for at, product in enumerate(products)
        if any(found[name][at] for name in known)
    ]
    return Told(lines, [name for name in names if name not in known])


def _value(turn: Turn, product: Product, name: str) -> str:
    """The detail of a sheet: by its name, else the clause of what is said of the product that speaks of it."""
    if name == PRICE:
        return f"参考价 {yuan(product.price)} 元"
    if name == WARRANTY:
        return product.warranty
    words = turn.company.sayings.asks_detail[name]
    sheet = f"{product.feature}，{product.advantage}，{product.benefit}"
    said = sheet.replace("；", "，").split("，")
    return product.details.get(name) or next((one for one in said if words.search(one)), "")


def yuan(amount: Decimal) -> str:
    """An amount without needless decimals."""
    return str(int(amount)) if amount == amount.to_integral_value() else f"{amount:.2f}"
