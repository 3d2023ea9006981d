"""Advice by feature, advantage and benefit, from what the customer says of their situation (B3)."""

from __future__ import annotations

import re

from actions.forms.questions import button
from actions.turn import Button, Turn
from helpdesk.company import Product

TOO_DEAR = re.compile(r"太贵|有点贵|贵了|好贵|便宜(?:点|些|一点)|降价|预算|划不划算|值不值|性价比")
SHOWN = 2


def kind_in(turn: Turn) -> str | None:
    """The kind of product spoken of: in this message, else the one before."""
    plain = turn.heard.plain
    said = [
        (len(word), p.kind) for p in turn.company.products.values() for word in (p.kind, *p.aliases) if word in plain
    ]
    if said:
        return max(said)[1]
    about = turn.before.about
    return str(about["product_kind"]) if about.get("kind") == "product" else None


def ranked(turn: Turn, kind: str) -> list[Product]:
    """Products of a kind, the best for the situation first; those in stock before others."""
    plain = turn.heard.plain

    def fit(product: Product) -> tuple[bool, int, int]:
        suits = sum(_match(word, plain) for word in product.suits)
        named = max((len(word) for word in (product.name, *product.aliases) if word in plain), default=0)
        return (not product.in_stock, -suits, -named)

    return sorted((p for p in turn.company.products.values() if p.kind == kind), key=fit)


def _match(suits: str, plain: str) -> int:
    """How well a situation fits what was said: 「三口之家」 is also meant by 「家里三口人」."""
    if suits in plain:
        return len(suits)
    return 1 if len(suits) >= 4 and suits[:2] in plain else 0


def is_objection(turn: Turn) -> bool:
    """Too dear, said of what was just recommended."""
    return turn.pending.get("kind") == "advice" and bool(TOO_DEAR.search(turn.heard.plain))


async def advise(turn: Turn) -> None:
    """Ask what it is for, or recommend one by its benefit for them."""
    kind = kind_in(turn)
    if kind is None:
        turn.say("utter_advice_which", buttons=_kinds(turn))
        turn.ask("advice")
        return
    if not turn.form:
        turn.change(about={"kind": "product", "product_kind": kind})
    products = ranked(turn, kind)
    if TOO_DEAR.search(turn.heard.plain):
        _answer_price(turn, products)
    else:
        _recommend(turn, products)
    if not turn.form:
        turn.ask("advice", product_kind=kind)


def _recommend(turn: Turn, products: list[Product]) -> None:
    first = products[0]
    other = products[1].name if len(products) > 1 else ""
    turn.say(
        "utter_advice_choice" if other else "utter_advice",
        name=first.name,
        feature=first.feature,
        advantage=first.advantage,
        benefit=first.benefit,
        price=first.price.normalize().to_eng_string() if first.price % 1 else str(int(first.price)),
        other=other,
    )


def _answer_price(turn: Turn, products: list[Product]) -> None:
    """An objection is taken seriously: what is cheaper, and what the difference buys."""
    cheap = min(products, key=lambda p: p.price)
    turn.say("utter_objection_price", name=cheap.name, price=str(int(cheap.price)), benefit=cheap.benefit)


def _kinds(turn: Turn) -> list[Button]:
    kinds = list(dict.fromkeys(p.kind for p in turn.company.products.values()))
    return [button(kind, "product_advice", product=kind) for kind in kinds[:8]]
