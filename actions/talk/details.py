"""Details of what we sell: size, colour, power, price; said as the product's sheet has them, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from actions.clauses import affirmed, pieces
from actions.talk.asked import PARTS, PRICE, STOCK, WARRANTY
from actions.turn import Turn
from helpdesk.company import Product
from zhtext import normalise

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


MEANS_LITTLE = frozenset(
    "的了吗呢么能不会可以有没得是什多大小几个这那怎样用要带给我你它在和跟还都就一二三两 ，。?？!、：:；"
)
"""Signs that no word of a sheet is known by."""


@dataclass
class Told:
    """A line a product, and the details that no sheet holds."""

    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def part_priced(turn: Turn) -> str:
    """The part whose price is asked: 滤网 of 「滤网一个多少钱」; a part, where it is named by no word of ours.

    It is named beside the price, or in a clause before; a clause that denies names none.
    """
    price = turn.company.product_questions.details[PRICE].words
    clauses = [normalise(one) for one in pieces(affirmed(turn.heard.text))]
    beside = (
        words for one in clauses if (found := price.search(one)) for words in (one[: found.start()], one[found.end() :])
    )
    named = (*(_part(turn, words) for words in beside), *(_part_of(turn, one) for one in clauses))
    return next(filter(None, named), turn.company.concepts.concepts[PARTS][0])


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


def told(turn: Turn, products: Sequence[Product], names: Sequence[str]) -> Told:
    """What the sheets of these products hold of these details."""
    found = {name: [_value(turn, product, name) for product in products] for name in names}
    known = [name for name in names if any(found[name])]
    lines = [
        f"· {product.name}：{'，'.join(_line(name, found[name][at]) for name in known if found[name][at])}"
        for at, product in enumerate(products)
        if any(found[name][at] for name in known)
    ]
    return Told(lines, [name for name in names if name not in known])


def _line(name: str, value: str) -> str:
    return value if name == STOCK else f"{name} {value}"


def _value(turn: Turn, product: Product, name: str) -> str:
    """The detail of a sheet: by its name, else the clause of what is said of the product that speaks of it."""
    if name == PRICE:
        return f"参考价 {yuan(product.price)} 元"
    if name == WARRANTY:
        return product.warranty
    if name == STOCK:
        questions = turn.company.product_questions
        return questions.in_stock if product.in_stock else questions.out_of_stock
    words = turn.company.product_questions.details[name].words
    return product.details.get(name) or next((one for one in _praised(product) if words.search(one)), "")


def _praised(product: Product) -> list[str]:
    """What is said of a product in its feature, advantage and benefit, clause by clause."""
    return f"{product.feature}，{product.advantage}，{product.benefit}".replace("；", "，").split("，")


def spoken_of(product: Product, plain: str) -> str:
    """The clause of the sheet that shares a word with a question 「是变频的吗」; empty where none does."""
    asked = _pairs(plain) - _pairs(normalise("，".join((product.kind, *product.aliases))))
    told = [*_praised(product), *(f"{name} {value}" for name, value in product.details.items())]
    shared = [(len(asked & _pairs(normalise(one))), one) for one in told]
    most = max((count for count, _ in shared), default=0)
    return next((one for count, one in shared if most and count == most), "")


def _pairs(plain: str) -> set[str]:
    """Two characters that stand beside each other and mean something."""
    return {plain[at : at + 2] for at in range(len(plain) - 1) if not MEANS_LITTLE & set(plain[at : at + 2])}


def yuan(amount: Decimal) -> str:
    """An amount without needless decimals."""
    return str(int(amount)) if amount == amount.to_integral_value() else f"{amount:.2f}"
