"""Details of what we sell: size, colour, power, price; said as the product's sheet has them, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actions.clauses import affirmed, pieces
from actions.turn import Turn
from helpdesk.company import Product
from zhtext import normalise
from zhtext.questions import is_question

WARRANTY, PRICE = "保修", "价格"
PARTS = "parts"
"""Under which word of concepts.yml parts stand."""
SHORTEST_PART, LONGEST_PART = 2, 6
LITTLE_WORDS = (
    "这一款", "那一款", "这款", "那款", "这个", "那个", "一个", "一台", "一套", "一只", "一张", "一包", "一片",
    "一根", "一支", "请问", "想问", "一下", "你们", "现在", "到底", "大概", "一般", "另外", "单独", "单买",
    "原装", "整机", "机器", "一共", "总共", "便宜", "最低", "打折", "优惠", "活动", "价格", "什么", "卖", "买",
    "要", "得", "的", "呢", "啊", "呀", "是", "我", "问", "和", "跟", "那", "这", "它", "个", "就", "换", "最",
    "都", "又",
)  # fmt: skip
"""What stands beside a price and is no thing."""
OF_THE_WHOLE = frozenset("0123456789一二两三四五六七八九十几每俩款新旧家用大小号型期后折差贵年月日运费券满")
"""Signs that no part is named with: how many, of what sort, under which terms."""
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


def part_priced(turn: Turn) -> str:
    """The part whose price is asked and not the product's: 滤网 of 「滤网一个多少钱」; empty where it is the product's.

    It is named beside the price, or in the clause before; a clause that denies names none.
    """
    price, before = turn.company.sayings.asks_detail[PRICE], ""
    for clause in [] if turn.heard.is_press else map(normalise, pieces(affirmed(turn.heard.text))):
        if asked := price.search(clause):
            beside = (clause[: asked.start()], clause[asked.end() :])
            return next(filter(None, (_part(turn, words) for words in beside)), "") or _part_of(turn, before)
        before = clause
    return ""


def _part(turn: Turn, words: str) -> str:
    """The thing that is left of words beside a price without the product and the little words; empty: none is."""
    products = [one for product in turn.company.products.values() for one in (product.kind, *product.aliases)]
    for word in (*sorted(map(normalise, products), key=len, reverse=True), *LITTLE_WORDS):
        words = words.replace(word, " ")
    names = normalise("，".join((*products, *(one.name for one in turn.company.products.values()))))
    found = (one for one in reversed(words.split()) if SHORTEST_PART <= len(one) <= LONGEST_PART)
    return next((one for one in found if one not in names and not OF_THE_WHOLE & set(one)), "")


def _part_of(turn: Turn, clause: str) -> str:
    """A part that the shop has a word for, in the clause before: 「那滤网多久换一次，一个多少钱」."""
    return next((one for one in turn.company.concepts.concepts[PARTS] if one in clause), "")


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
