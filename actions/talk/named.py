"""Which of the products that we sell are meant: named, pointed at among those spoken of, or these."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from actions.clauses import affirmed
from actions.turn import Turn
from helpdesk.company import Product
from zhtext import normalise, ordinal
from zhtext.values.quantities import pointed_sizes_in, sizes_in

LARGER = ("大的", "贵的", "大那", "贵那", "大号那", "大一点", "大点", "贵点", "高配")
SMALLER = ("小的", "便宜的", "小那", "便宜那", "小号那", "小一点", "小点", "便宜点", "便宜一点", "低配")
LONGEST_KIND = 2
"""Characters that tell products of one kind apart: 滚筒, 波轮, 双门."""
normalised_once = lru_cache(maxsize=4096)(normalise)
"""For the catalogue's own words, which are looked for in every message: reading them anew took 3 ms each time."""


def spoken_of(turn: Turn) -> list[Product]:
    """The products the message names, by their closest names, else those spoken of before; the best in stock first."""
    if close := _named_in(turn):
        return _best_of(turn, _of_size(turn, close) or close)
    return pointed_at(turn) or [turn.company.products[name] for name in before(turn, "focus")]


def _named_in(turn: Turn) -> list[str]:
    """The products whose names stand in the message; a name inside a longer one of another (小冰箱) names nothing."""
    plain = words_of(turn)
    spans = {name: _spans(turn, product, plain) for name, product in turn.company.products.items()}
    every = [span for found in spans.values() for span in found]
    return [name for name, found in spans.items() if any(not _is_within(span, every) for span in found)]


def _is_within(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in others)


def names_one(turn: Turn) -> bool:
    """Whether a product of ours is named, by whatever name."""
    return bool(_named_in(turn))


def words_of(turn: Turn) -> str:
    """What was said, without what is not wanted (不要波轮); of a press the product it names."""
    return normalise(affirmed(turn.heard.text)) or normalise(str(turn.heard.values.get("product") or ""))


def _spans(turn: Turn, product: Product, plain: str) -> list[tuple[int, int]]:
    """Where its names stand in the text."""
    every = tuple(one.name for one in turn.company.products.values())
    found = ((plain.find(word), len(word)) for word in _names_of(product.name, product.kind, product.aliases, every))
    return [(start, start + length) for start, length in found if start >= 0]


@lru_cache(maxsize=4096)
def _names_of(name: str, kind: str, aliases: tuple[str, ...], every: tuple[str, ...]) -> tuple[str, ...]:
    """All that one product of `every` is called, normalised: itself, its kind, its model, the word before its kind."""
    sort = name.split()[0].removesuffix(kind)[-LONGEST_KIND:]
    sorts = [alias.removesuffix(kind) for alias in aliases if alias.endswith(kind)]
    alone = [sort] if len(sort) == LONGEST_KIND and not _is_brand(sort, every) else []
    of_sort = (f"{one}的" for one in sorts if one and f"{one}的" not in (*LARGER, *SMALLER))
    return tuple(map(normalise, (name, kind, name.rpartition(" ")[2], *alone, *aliases, *of_sort)))


def _is_brand(word: str, every: Sequence[str]) -> bool:
    """Whether every product's name begins with it: it tells none apart."""
    return all(name.startswith(word) for name in every)


def length_of_name(turn: Turn, product: Product, plain: str) -> int:
    """The length of the longest of its names in the text; 0 when none is there."""
    return max((end - start for start, end in _spans(turn, product, plain)), default=0)


def _of_size(turn: Turn, names: Sequence[str]) -> list[str]:
    """Of one kind, those of a size that is said: 「55寸和75寸的电视」."""
    kinds = {turn.company.products[name].kind for name in names}
    sizes = [size.replace("英", "") for size in sizes_in(turn.heard.plain)]
    return [
        name
        for name, product in turn.company.products.items()
        if product.kind in kinds and any(size in _compact(product) for size in sizes)
    ]


def _compact(product: Product) -> str:
    return normalised_once(f"{product.name}{product.feature}").replace(" ", "").replace("英", "")


def before(turn: Turn, which: str = "names") -> list[str]:
    """The products spoken of last; `focus`: of those the ones that were meant."""
    return [name for name in turn.before.shown.get(which) or () if name in turn.company.products]


def pointed_at(turn: Turn) -> list[Product]:
    """「大的那个」, 「第二个」 of those spoken of; none when none is pointed at."""
    products = [turn.company.products[name] for name in before(turn)]
    products = of_kind(turn, products) if len(products) == 1 else products  # 「那小的呢」 of what was not shown yet
    by_price = sorted(products, key=lambda product: product.price)
    plain = turn.heard.plain.replace("多大的", "").replace("多小的", "")
    if products and any(word in plain for word in LARGER):
        return by_price[-1:]
    if products and any(word in plain for word in SMALLER):
        return by_price[:1]
    if sized := [one for one in products if any(size in _compact(one) for size in pointed_sizes_in(plain))]:
        return sized if len(sized) < len(products) else []
    number = ordinal(turn.heard.plain, len(products))
    return products[number - 1 : number] if number else []


def _best_of(turn: Turn, names: Sequence[str]) -> list[Product]:
    return ranked(turn, [turn.company.products[name] for name in names])


def ranked(turn: Turn, products: Sequence[Product]) -> list[Product]:
    """Those in stock first, and of these the one that suits best."""
    plain = turn.heard.plain

    def fit(product: Product) -> tuple[bool, int]:
        return (not product.in_stock, -sum(_match(word, plain) for word in product.suits))

    return sorted(products, key=fit)


def _match(suits: str, plain: str) -> int:
    """How well a situation fits what was said: 「三口之家」 is also meant by 「家里三口人」."""
    if suits in plain:
        return len(suits)
    return 1 if len(suits) >= 4 and suits[:2] in plain else 0


def of_kind(turn: Turn, products: Sequence[Product]) -> list[Product]:
    return [product for product in turn.company.products.values() if product.kind == products[0].kind]


def keys(turn: Turn, products: Sequence[Product]) -> list[str]:
    meant = {product.name for product in products}
    return [name for name, product in turn.company.products.items() if product.name in meant]


def kept_beside(turn: Turn, names: Sequence[str]) -> list[str]:
    """These and those of the same kind that were spoken of before, in the catalogue's order."""
    products = turn.company.products
    kinds = {products[name].kind for name in names}
    kept = {name for name in before(turn) if products[name].kind in kinds}
    return [name for name in products if name in kept or name in names]
