"""What we sell: questions answered from the catalogue, advice by feature, advantage and benefit (B3).

Only what the catalogue says is said; a colleague checks what it does not hold, and what we do not sell is said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from actions.clauses import affirmed, pieces
from actions.forms.questions import button
from actions.heard import Json
from actions.talk import details, faq
from actions.turn import Button, Turn
from helpdesk.company import Product
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import orders as lookups
from zhtext import normalise, ordinal
from zhtext.questions import is_question
from zhtext.values import prices
from zhtext.values.quantities import instalments_in, sizes_in

LARGER = ("大的", "贵的", "大一点", "大点", "贵点", "高配")
SMALLER = ("小的", "便宜的", "小一点", "小点", "便宜点", "便宜一点", "低配")
SHOWN = 3
LONGEST_ASKED = 30
"""Characters of a question that are said back."""
PARTS_ARTICLE = "product.parts"
"""It tells where parts are bought, and no price."""
LONGEST_KIND = 2
"""Characters that tell products of one kind apart: 滚筒, 波轮, 双门."""
_normalised = lru_cache(maxsize=4096)(normalise)
"""For the catalogue's own words, which are looked for in every message: reading them anew took 3 ms each time."""


# ---------------------------------------------------------------- which ones


def spoken_of(turn: Turn) -> list[Product]:
    """The products the message names, by their closest name, else those spoken of before; the best in stock first."""
    plain = _words(turn)
    lengths = {name: _named(product, plain) for name, product in turn.company.products.items()}
    longest = max(lengths.values(), default=0)
    if longest:
        close = [name for name, length in lengths.items() if length == longest]
        return _ranked(turn, _of_size(turn, close) or close)
    return _pointed_at(turn, _before(turn))


def names_one(turn: Turn) -> bool:
    """Whether a product of ours is named, by whatever name."""
    words = _words(turn)
    return any(_named(product, words) for product in turn.company.products.values())


def _words(turn: Turn) -> str:
    """What was said, without what is not wanted (不要波轮); of a press the product it names."""
    return normalise(affirmed(turn.heard.text)) or normalise(str(turn.heard.values.get("product") or ""))


def _named(product: Product, plain: str) -> int:
    """The length of the longest of its names in the text; 0 when none is there."""
    model = product.name.rpartition(" ")[2]
    kind = product.name.split()[0].removesuffix(product.kind)[-LONGEST_KIND:]
    words = (product.name, product.kind, model, *([kind] if len(kind) == LONGEST_KIND else []), *product.aliases)
    return max((len(word) for word in map(_normalised, words) if word in plain), default=0)


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
    return _normalised(f"{product.name}{product.feature}").replace(" ", "").replace("英", "")


def _before(turn: Turn) -> list[str]:
    about = turn.before.about
    if about.get("kind") != "product":
        return []
    return [name for name in about.get("names") or () if name in turn.company.products]


def _pointed_at(turn: Turn, names: Sequence[str]) -> list[Product]:
    """「大的那个」, 「第二个」 of those spoken of; all of them when none is pointed at."""
    products = [turn.company.products[name] for name in names]
    by_price = sorted(products, key=lambda product: product.price)
    if products and any(word in turn.heard.plain for word in LARGER):
        return by_price[-1:]
    if products and any(word in turn.heard.plain for word in SMALLER):
        return by_price[:1]
    number = ordinal(turn.heard.plain, len(products))
    return products[number - 1 : number] if number else products


def _ranked(turn: Turn, names: Sequence[str]) -> list[Product]:
    plain = turn.heard.plain

    def fit(product: Product) -> tuple[bool, int]:
        return (not product.in_stock, -sum(_match(word, plain) for word in product.suits))

    return sorted((turn.company.products[name] for name in names), key=fit)


def _match(suits: str, plain: str) -> int:
    """How well a situation fits what was said: 「三口之家」 is also meant by 「家里三口人」."""
    if suits in plain:
        return len(suits)
    return 1 if len(suits) >= 4 and suits[:2] in plain else 0


def is_objection(turn: Turn) -> bool:
    """Too dear, said of what was just recommended."""
    return turn.pending.get("kind") == "advice" and bool(turn.company.sayings.too_dear.search(turn.heard.plain))


# ---------------------------------------------------------------- what is said of them


async def advise(turn: Turn) -> None:
    """A question about what we sell, or which to buy."""
    if tell_unsold(turn) or await answered(turn) or await faq.answer_part(turn):
        return
    turn.say("utter_advice_which", buttons=_kinds(turn))
    if not turn.form:
        turn.ask("advice")


def tell_unsold(turn: Turn) -> bool:
    """「有賣除濕機嗎」: what the catalogue does not know is not sold; whether that was asked."""
    if not _asks_unsold(turn) or names_one(turn) or _is_about_own(turn):
        return False
    turn.say("utter_not_sold", product=_thing(turn), buttons=_kinds(turn))
    if not turn.form:
        turn.ask("advice")
    return True


async def answered(turn: Turn) -> bool:
    """Answer from the catalogue, if the message names a product of it or goes on about one."""
    products = spoken_of(turn)
    if _told_sum(turn, products):
        return True
    if not products or (_is_about_own(turn) and not details.asked_for(turn)):
        return False
    products = await lookups.today(turn.services, products)
    if part := details.part_priced(turn):
        await _tell_part_price(turn, products, part)
    else:
        _answer(turn, products)
    return True


async def _tell_part_price(turn: Turn, products: Sequence[Product], part: str) -> None:
    """「滤网一个多少钱」: a rule of the shop on it, else that our sheets have the price of the whole only."""
    if await faq.answer_part(turn, but=PARTS_ARTICLE):
        return
    turn.say("utter_product_part_price", name=products[0].name, part=part)
    _remember(turn, products)
    turn.ask("offer_callback", told=_told_of(turn, products))


def _answer(turn: Turn, products: Sequence[Product]) -> None:
    """What is asked of these products, the particular before the general."""
    sayings, plain = turn.company.sayings, turn.heard.plain
    if _asks_unsold(turn):
        turn.say("utter_not_sold_but", product=_thing(turn), listed=_listed(products))
    elif asks_others(turn):
        _tell_others(turn, products)
        return
    elif sayings.compares.search(plain) and len(products) > 1:
        _compare(turn, products)
    elif details.asked_for(turn):
        _tell_details(turn, products)
        return
    elif _chose_by_price(turn, _of_kind(turn, products)):
        pass
    elif _is_told_already(turn, products):
        _cannot_tell(turn, products)
        return
    elif sayings.too_dear.search(plain):
        _answer_price(turn, products if _is_particular(turn, products) else _of_kind(turn, products))
    else:
        _present(turn, products)
        return
    _remember(turn, products)


def asks_others(turn: Turn) -> bool:
    """「还有别的型号吗」 after something was shown, and nothing of a sum or a detail."""
    asks = turn.company.sayings.asks_others.search(turn.heard.plain)
    return (
        asks is not None and bool(_before(turn)) and not (details.asked_for(turn) or prices.budget_in(turn.heard.plain))
    )


def _tell_others(turn: Turn, products: Sequence[Product]) -> None:
    """What else there is of the kind; that there is nothing else, where that is so."""
    shown = {turn.company.products[name].name for name in _before(turn)}
    of_kind = _of_kind(turn, products)
    if others := [one for one in of_kind if one.name not in shown]:
        turn.say("utter_product_others", listed=_listed(others[:SHOWN]))
        _remember(turn, others, listed=True)
        return
    how_many = "一款" if len(of_kind) == 1 else f" {len(of_kind)} 款"
    names = "、".join(one.name for one in of_kind)
    turn.say("utter_product_only", kind=products[0].kind, how_many=how_many, name=names)
    _remember(turn, of_kind, listed=True)


def _present(turn: Turn, products: Sequence[Product]) -> None:
    """One is recommended, or all that our sheets hold is listed."""
    advises = _wants_advice(turn)
    if advises:
        _recommend(turn, products)
    else:
        turn.say("utter_product_facts", listed=_listed(products[:SHOWN]))
    _remember(turn, products, listed=not advises or len(products) == 1)


def asks_detail(turn: Turn) -> bool:
    """Whether a detail is asked for of a product that is named, or was spoken of."""
    found = details.asked_for(turn)
    is_rule = details.WARRANTY in found and names_one(turn)  # how long a kind of thing is covered is a rule of the shop
    return bool(found) and not is_rule and bool(spoken_of(turn))


def add_guarantee(turn: Turn) -> None:
    """Beside the rule on guarantees what the sheet of the product says that was named."""
    is_asked = GUARANTEE in turn.decided.articles and not turn.form and names_one(turn)
    named = spoken_of(turn)[:SHOWN] if is_asked else []
    if named:
        lines = (f"· {product.name}：{details.WARRANTY}{product.warranty}" for product in named)
        turn.say("utter_product_guarantee", listed="\n".join(lines))


GUARANTEE = "product.warranty"
"""The article on how long things are covered."""


def _tell_details(turn: Turn, products: Sequence[Product]) -> None:
    """The details that are asked for, of each product; what no sheet holds a colleague can tell."""
    told = details.told(turn, products[:SHOWN])
    if not told.lines:
        _cannot_tell(turn, products)
    elif told.missing:
        turn.say("utter_product_details_part", listed="\n".join(told.lines), missing="、".join(told.missing))
        _remember(turn, products)
        turn.ask("offer_callback", told=_told_of(turn, products))
    else:
        turn.say("utter_product_details", listed="\n".join(told.lines))
        _remember(turn, products)


def _cannot_tell(turn: Turn, products: Sequence[Product]) -> None:
    """What our sheets do not hold is said so, and a call is offered that knows what was asked."""
    turn.say("utter_product_not_told", name=products[0].name, asked=_asked(turn))
    _remember(turn, products)
    turn.ask("offer_callback", told=_told_of(turn, products))


def _asked(turn: Turn) -> str:
    """The clause that asks, to be said back: which of several things it is that nobody here knows."""
    clauses = pieces(affirmed(turn.heard.text))
    asking = [one for one in clauses if is_question(normalise(one))] or clauses
    return asking[-1].strip("?？ ").removeprefix("那")[:LONGEST_ASKED]


def _told_of(turn: Turn, products: Sequence[Product]) -> str:
    """The question with the product it is about, for whoever answers it."""
    return f"{products[0].name}：{turn.heard.text.strip()}"


def _is_told_already(turn: Turn, products: Sequence[Product]) -> bool:
    """Whether all that our sheets hold of these was listed just now, and is not what was asked."""
    about, shown = turn.before.about, {one.name for one in products}
    names = {name for name, one in turn.company.products.items() if one.name in shown}
    is_same = about.get("listed") and names <= set(about.get("names") or ())
    asks = is_question(turn.heard.plain) or turn.reading.says("ask", "choose", "unclear", "correct")
    return bool(is_same) and asks and not _goes_by_price(turn)


def _goes_by_price(turn: Turn) -> bool:
    sayings, plain = turn.company.sayings, turn.heard.plain
    return any(one.search(plain) for one in (sayings.too_dear, sayings.compares, sayings.wants_advice))


def _chose_by_price(turn: Turn, products: Sequence[Product]) -> bool:
    """The cheapest or the best of a kind, or what a sum buys; whether one of these was asked for."""
    sayings, plain = turn.company.sayings, turn.heard.plain
    by_price = sorted(products, key=lambda product: product.price)
    cheap, dear = by_price[0], by_price[-1]
    budget = prices.budget_in(plain)
    if budget and (within := [one for one in by_price if one.price <= Decimal(budget)]):
        turn.say("utter_product_within", budget=budget, listed=_listed(within[:SHOWN]))
    elif budget:
        turn.say("utter_product_none_within", budget=budget, **_facts(cheap))
    elif sayings.cheapest.search(plain):
        turn.say("utter_product_cheapest", **_facts(cheap))
    elif sayings.dearest.search(plain):
        turn.say("utter_product_dearest", **_facts(dear))
    else:
        return False
    return True


def _facts(product: Product) -> Json:
    return {
        "kind": product.kind,
        "name": product.name,
        "price": details.yuan(product.price),
        "feature": product.feature,
        "benefit": product.benefit,
    }


def _is_about_own(turn: Turn) -> bool:
    """「冰箱退货要什么条件」, 「我电视开机卡住了」: nothing the catalogue knows."""
    sayings, plain = turn.company.sayings, turn.heard.plain
    is_bought = sayings.after_sales.search(plain) or sayings.trouble.search(plain) or "bought" in turn.reading.shades
    return bool(is_bought) and not sayings.wants_advice.search(plain) and not sayings.asks_price.search(plain)


def tell_sum(turn: Turn) -> bool:
    """What an instalment comes to, if a number of them and a price are known."""
    return _told_sum(turn, spoken_of(turn))


def _told_sum(turn: Turn, products: Sequence[Product]) -> bool:
    months, price = instalments_in(turn.heard.plain), _price_in(turn, products)
    if not (months and price):
        return False
    each = (price / months).quantize(Decimal("0.01"))
    turn.say("utter_instalments", price=details.yuan(price), months=months, each=details.yuan(each))
    _remember(turn, products)
    return True


def _remember(turn: Turn, products: Sequence[Product], *, listed: bool = False) -> None:
    """What is spoken of; `listed`: all that our sheets hold of it was said."""
    if turn.form or not products:
        return
    meant = {product.name for product in products}
    names = [name for name, product in turn.company.products.items() if product.name in meant]
    turn.change(about={"kind": "product", "product_kind": products[0].kind, "names": names, "listed": listed})
    told = _told_of(turn, products)
    turn.ask("advice", product_kind=products[0].kind, text=told, told=told, offers=Kind.CALLBACK)


def _wants_advice(turn: Turn) -> bool:
    plain = turn.heard.plain
    return turn.heard.is_press or bool(turn.company.sayings.wants_advice.search(plain)) or not is_question(plain)


def _asks_unsold(turn: Turn) -> bool:
    """Whether it is asked if we sell something that the catalogue does not know."""
    asks = turn.company.sayings.asks_for_sale.search(turn.heard.plain)
    return bool(asks) and bool(_thing(turn)) and not _is_sold(turn, _thing(turn))


def _is_particular(turn: Turn, products: Sequence[Product]) -> bool:
    """Whether one sort of a kind is named: 滚筒洗衣机, not any 洗衣机."""
    return _named(products[0], _words(turn)) != len(_normalised(products[0].kind)) and bool(_words(turn))


def _thing(turn: Turn) -> str:
    """The kind of product that is named."""
    unsold = turn.company.sayings.unsold.search(turn.heard.plain)
    if unsold and "product" not in turn.heard.values:
        return unsold["thing"]
    return turn.heard.words_for("product") or str(turn.heard.values.get("product") or "")


def _is_sold(turn: Turn, thing: str) -> bool:
    known = {_normalised(word) for p in turn.company.products.values() for word in (p.name, p.kind, *p.aliases)}
    word = normalise(thing)
    return any(word in one or one in word for one in known)


def _of_kind(turn: Turn, products: Sequence[Product]) -> list[Product]:
    return [product for product in turn.company.products.values() if product.kind == products[0].kind]


def _listed(products: Sequence[Product]) -> str:
    return "\n".join(
        f"· {p.name}：{p.feature}；{p.advantage}；{p.benefit}。参考价 {details.yuan(p.price)} 元，保修{p.warranty}"
        for p in products
    )


def _compare(turn: Turn, products: Sequence[Product]) -> None:
    cheap, *_, dear = sorted(products[:SHOWN], key=lambda product: product.price)
    turn.say(
        "utter_product_compare",
        listed=_listed(products[:SHOWN]),
        cheap=cheap.name,
        dear=dear.name,
        difference=details.yuan(dear.price - cheap.price),
    )


def _recommend(turn: Turn, products: Sequence[Product]) -> None:
    first, *others = products
    turn.say(
        "utter_advice_choice" if others else "utter_advice",
        name=first.name,
        feature=first.feature,
        advantage=first.advantage,
        benefit=first.benefit,
        price=details.yuan(first.price),
        other=others[0].name if others else "",
    )


def _answer_price(turn: Turn, products: Sequence[Product]) -> None:
    """An objection is taken seriously: what is cheaper, and what the difference buys."""
    cheap = min(products, key=lambda product: product.price)
    turn.say("utter_objection_price", name=cheap.name, price=details.yuan(cheap.price), benefit=cheap.benefit)


def _price_in(turn: Turn, products: Sequence[Product]) -> Decimal | None:
    """The price that is said, else that of the product spoken of."""
    said = str(turn.heard.values.get("amount") or "")
    if said.replace(".", "", 1).isdecimal():
        return Decimal(said)
    return products[0].price if products else None


def _kinds(turn: Turn) -> list[Button]:
    kinds = list(dict.fromkeys(p.kind for p in turn.company.products.values()))
    return [button(kind, "product_advice", product=kind) for kind in kinds[:8]]
