"""What we sell: questions answered from the catalogue, advice by feature, advantage and benefit (B3).

Only what the catalogue says is said; a colleague checks what it does not hold, and what we do not sell is said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions.clauses import affirmed, pieces
from actions.forms.questions import button
from actions.heard import Json
from actions.talk import asked, details, faq, named
from actions.turn import Button, Turn
from helpdesk.company import Product
from helpdesk.model.ticket import Kind
from helpdesk.usecases.turns import orders as lookups
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import prices
from zhtext.values.quantities import instalments_in

SHOWN = 3
LONGEST_ASKED = 30
"""Characters of a question that are said back."""
SHORTEST_QUESTION = 10
"""Characters up to which words before 呢 only name another thing."""
FAQ_TOPIC, NOTHING = "faq:", "\n"
PARTS_ARTICLE = "product.parts"
"""It tells where parts are bought, and no price."""


def is_objection(turn: Turn) -> bool:
    """Too dear, said of what was just recommended."""
    return turn.pending.get("kind") == "advice" and bool(turn.company.sayings.too_dear.search(turn.heard.plain))


# ---------------------------------------------------------------- what is said of them


async def advise(turn: Turn) -> None:
    """A question about what we sell, or which to buy."""
    if _is_of_a_rule(turn) and await faq.answer_question(turn):
        return
    if tell_unsold(turn) or tell_range(turn) or await answered(turn) or await faq.answer_part(turn):
        return
    turn.say("utter_advice_which", buttons=_kinds(turn))
    if not turn.form:
        turn.ask("advice")


def tell_range(turn: Turn) -> bool:
    """「你们都卖啥」: the kinds of things there are; whether that was asked."""
    if not _asks_range(turn):
        return False
    kinds = "、".join(dict.fromkeys(one.kind for one in turn.company.products.values()))
    turn.say("utter_product_kinds", kinds=kinds)
    if not turn.form:
        turn.ask("advice")
    return True


def _asks_range(turn: Turn) -> bool:
    is_general = is_question(turn.heard.plain) and "product" not in turn.heard.values
    return is_general and asked.RANGE in asked.of_product(turn)


def tell_unsold(turn: Turn) -> bool:
    """「有賣除濕機嗎」: what the catalogue does not know is not sold; whether that was asked."""
    if not _asks_unsold(turn) or named.names_one(turn) or _is_about_own(turn):
        return False
    turn.say("utter_not_sold", product=_thing(turn), buttons=_kinds(turn))
    if not turn.form:
        turn.ask("advice")
    return True


async def answered_with_rest(turn: Turn) -> bool:
    """What is asked of products, and then by what other clauses of the message an article is sure of."""
    if not await answered(turn):
        return False
    rest = [clause for clause, names in asked.by_clause(turn) if not names and is_question(normalise(clause))]
    faq.answer_clauses(turn, rest)
    return True


async def answered(turn: Turn) -> bool:
    """Answer from the catalogue, if the message names a product of it or goes on about one."""
    products = named.spoken_of(turn)
    if _told_sum(turn, products):
        return True
    what = _asked_of(turn)
    if not products or (_is_about_own(turn) and not what) or not (what or _goes_on(turn)):
        return False
    products = await lookups.today(turn.services, products)
    if asked.PART_PRICE in what:
        await _tell_part_price(turn, products, details.part_priced(turn))
    else:
        _answer(turn, products, what)
    return True


def _goes_on(turn: Turn) -> bool:
    """Whether a message that asks nothing we know names a product, or is about the ones before: no 「我琢磨琢磨」."""
    is_named = named.names_one(turn) or _wants_advice(turn) or is_objection(turn)
    return is_named or is_question(turn.heard.plain) or turn.reading.says("ask", "choose", "unclear", "correct")


def _asked_of(turn: Turn) -> list[str]:
    """What is asked of products; 「那E3呢」 asks what was asked before."""
    before = list(turn.before.shown.get("asked") or ())
    is_same = before and _names_another(turn) and (named.names_one(turn) or named.pointed_at(turn))
    return before if is_same else asked.of_product(turn)


TELLS = ("story", "grumble", "anger", "complain", "repair", "refund", "exchange", "praise", "thank")
"""Acts of who tells of a thing and asks nothing of one that is sold."""


def is_asked(turn: Turn) -> bool:
    """Whether something is asked of a product that we sell: of one that is named, or was spoken of."""
    if turn.heard.is_press or "order" in turn.heard.values or _is_about_own(turn):
        return False
    if _asks_range(turn):
        return True
    is_named = named.names_one(turn) and _asked_of(turn) != [asked.WARRANTY]  # how long a kind is covered is a rule
    is_near = turn.before.topic == "none" or turn.before.topic.startswith(FAQ_TOPIC) or turn.form
    if not is_named and not (is_near and named.before(turn)):
        return False
    return bool(_asked_of(turn)) and (is_question(turn.heard.plain) or not turn.reading.says(*TELLS))


async def _tell_part_price(turn: Turn, products: Sequence[Product], part: str) -> None:
    """「滤网一个多少钱」: a rule of the shop on it, else that our sheets have the price of the whole only."""
    if await faq.answer_part(turn, but=PARTS_ARTICLE):
        return
    turn.say("utter_product_part_price", name=products[0].name, part=part)
    _remember(turn, products)
    turn.ask("offer_callback", told=_told_of(turn, products))


def _answer(turn: Turn, products: Sequence[Product], what: Sequence[str]) -> None:
    """What is asked of these products, the particular before the general."""
    if _asks_unsold(turn):
        turn.say("utter_not_sold_but", product=_thing(turn), listed=_listed(products))
        _remember(turn, products)
    elif asks_others(turn) or _asks_only_others(turn, what):
        _tell_others(turn, products)
    elif asked.COMPARE in what and len(both := _compared(turn, products)) > 1:
        _compare(turn, both, what)
    elif asked.details_of(turn, what):
        _tell_details(turn, products, what)
    elif _chose_by_price(turn, named.of_kind(turn, products)):
        _remember(turn, products)
    elif asked.ABILITY in what:
        _tell_ability(turn, products)
    elif asked.SUITS not in what and _is_told_already(turn, products):
        _cannot_tell(turn, products)
    else:
        _answer_in_general(turn, products, what)


def _answer_in_general(turn: Turn, products: Sequence[Product], what: Sequence[str]) -> None:
    """An objection to the price, which one suits, or all that is known."""
    if turn.company.sayings.too_dear.search(turn.heard.plain):
        _answer_price(turn, products if _is_particular(turn, products) else named.of_kind(turn, products))
        _remember(turn, products)
    elif asked.SUITS in what or named.names_one(turn) or _wants_advice(turn) or _goes_by_price(turn):
        _present(turn, products, is_choice=asked.SUITS in what)
    else:
        _cannot_tell(turn, products)


def _compared(turn: Turn, products: Sequence[Product]) -> list[Product]:
    """Those that stand beside each other: the ones that are named, else all spoken of, else all of the kind."""
    if len(products) > 1 and len({one.kind for one in products}) == 1:
        return list(products)
    before = [turn.company.products[name] for name in named.before(turn)]
    return before if len(before) > 1 else named.of_kind(turn, products)


def _tell_ability(turn: Turn, products: Sequence[Product]) -> None:
    """What the sheet says of it, else that it does not."""
    if not (lines := _abilities(products, turn.heard.plain)):
        _cannot_tell(turn, products)
        return
    turn.say("utter_product_details", listed="\n".join(lines))
    _remember(turn, products)


def _abilities(products: Sequence[Product], plain: str) -> list[str]:
    """A line a product whose sheet says something of what it is asked to be able to do."""
    told = ((one, details.spoken_of(one, plain)) for one in products[:SHOWN])
    return [f"· {one.name}：{clause}" for one, clause in told if clause]


def _asks_only_others(turn: Turn, what: Sequence[str]) -> bool:
    """「有没有三门的」 after some were shown; for so much money is another question."""
    return list(what) == [asked.OTHERS] and bool(named.before(turn)) and not prices.budget_in(turn.heard.plain)


def asks_others(turn: Turn) -> bool:
    """「还有别的型号吗」 after something was shown, and nothing of a sum or a detail."""
    asks = turn.company.sayings.asks_others.search(turn.heard.plain)
    return (
        asks is not None
        and bool(named.before(turn))
        and not (asked.details(turn) or prices.budget_in(turn.heard.plain))
    )


def _tell_others(turn: Turn, products: Sequence[Product]) -> None:
    """What else there is of the kind; that there is nothing else, where that is so."""
    shown = {turn.company.products[name].name for name in named.before(turn)}
    of_kind = named.of_kind(turn, products)
    if others := [one for one in of_kind if one.name not in shown]:
        turn.say("utter_product_others", listed=_listed(others[:SHOWN]))
        _remember(turn, others, listed=True)
        return
    how_many = "一款" if len(of_kind) == 1 else f" {len(of_kind)} 款"
    names = "、".join(one.name for one in of_kind)
    turn.say("utter_product_only", kind=products[0].kind, how_many=how_many, name=names)
    _remember(turn, of_kind, listed=True)


def _present(turn: Turn, products: Sequence[Product], *, is_choice: bool) -> None:
    """One is recommended, or all that our sheets hold is listed."""
    if is_choice or _wants_advice(turn):
        fit = named.ranked(turn, _compared(turn, products) if is_choice else products)
        _recommend(turn, fit)
        _remember(turn, fit, listed=len(fit) == 1)
        turn.change(shown={**turn.frame.shown, "focus": named.keys(turn, fit[:1])})
    else:
        turn.say("utter_product_facts", listed=_listed(products[:SHOWN]))
        _remember(turn, products, listed=True)


def add_guarantee(turn: Turn) -> None:
    """Beside the rule on guarantees what the sheet of the product says that was named."""
    is_asked = GUARANTEE in turn.decided.articles and not turn.form and named.names_one(turn)
    meant = named.spoken_of(turn)[:SHOWN] if is_asked else []
    if meant:
        lines = (f"· {product.name}：{asked.WARRANTY}{product.warranty}" for product in meant)
        turn.say("utter_product_guarantee", listed="\n".join(lines))


GUARANTEE = "product.warranty"
"""The article on how long things are covered."""


def _tell_details(turn: Turn, products: Sequence[Product], what: Sequence[str]) -> None:
    """The details that are asked for, of each product; what no sheet holds a colleague can tell."""
    told = details.told(turn, products[:SHOWN], asked.details_of(turn, what))
    for clause in (one for one, names in asked.by_clause(turn) if asked.ABILITY in names):
        found = _abilities(products, normalise(clause))
        told.lines += found
        told.missing += [] if found else [f"「{_bare(clause)}」"]
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
    return _bare(asking[-1])


def _bare(clause: str) -> str:
    return clause.strip("?？ ").removeprefix("那")[:LONGEST_ASKED]


def _told_of(turn: Turn, products: Sequence[Product]) -> str:
    """The question with the product it is about, for whoever answers it."""
    return f"{products[0].name}：{turn.heard.text.strip()}"


def _is_told_already(turn: Turn, products: Sequence[Product]) -> bool:
    """Whether all that our sheets hold of these was listed just now, and is not what was asked."""
    about, shown = turn.before.about, {one.name for one in products}
    names = {name for name, one in turn.company.products.items() if one.name in shown}
    is_same = about.get("kind") == "product" and about.get("listed") and names <= set(about.get("names") or ())
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
    sayings, plain = turn.company.sayings, turn.heard.plain.replace(normalise(_thing(turn)) or NOTHING, "")
    is_bought = sayings.after_sales.search(plain) or sayings.trouble.search(plain) or "bought" in turn.reading.shades
    return bool(is_bought) and not sayings.wants_advice.search(plain) and not sayings.asks_price.search(plain)


def tell_sum(turn: Turn) -> bool:
    """What an instalment comes to, if a number of them and a price are known."""
    return _told_sum(turn, named.spoken_of(turn))


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
    if not products:
        return
    names = named.keys(turn, products)
    turn.change(shown={"names": named.kept_beside(turn, names), "focus": names, "asked": _asked_of(turn)})
    if turn.form:
        return
    turn.change(about={"kind": "product", "product_kind": products[0].kind, "names": names, "listed": listed})
    told = _told_of(turn, products)
    turn.ask("advice", product_kind=products[0].kind, text=told, told=told, offers=Kind.CALLBACK)


def _wants_advice(turn: Turn) -> bool:
    plain = turn.heard.plain
    names_only = named.names_one(turn) and not is_question(plain)
    return turn.heard.is_press or bool(turn.company.sayings.wants_advice.search(plain)) or names_only


def _asks_unsold(turn: Turn) -> bool:
    """Whether it is asked if we sell something that the catalogue does not know."""
    asks = turn.company.sayings.asks_for_sale.search(turn.heard.plain) or _names_another(turn) or _is_to_buy(turn)
    return bool(asks) and bool(_thing(turn)) and not _is_sold(turn, _thing(turn))


def _is_of_a_rule(turn: Turn) -> bool:
    """「滤芯哪儿买」: a thing that is not in the catalogue, and an article that is sure of the question names it."""
    asked = faq.asked_in(turn, turn.heard.text) if _asks_unsold(turn) else []
    found = turn.services.knowledge.outcome(asked[-1]).article if asked else None
    return found is not None and _thing(turn) in found.answer


def _is_to_buy(turn: Turn) -> bool:
    """Whether what is named is spoken of as something to buy: 「料理机和破壁机哪个合适」."""
    is_named = "product" in turn.heard.values and not turn.heard.is_press
    return is_named and (turn.reading.says("advice") or turn.pending.get("kind") == "advice")


def _names_another(turn: Turn) -> bool:
    """「烤箱呢」: only another thing is named, of which the same is asked."""
    plain = turn.heard.plain.rstrip("?？")
    return plain.endswith("呢") and len(plain) <= SHORTEST_QUESTION


def _is_particular(turn: Turn, products: Sequence[Product]) -> bool:
    """Whether one sort of a kind is named: 滚筒洗衣机, not any 洗衣机."""
    return named.length_of_name(turn, products[0], named.words_of(turn)) != len(
        named.normalised_once(products[0].kind)
    ) and bool(named.words_of(turn))


def _thing(turn: Turn) -> str:
    """The kind of product that is named."""
    unsold = turn.company.sayings.unsold.search(turn.heard.plain)
    if unsold and "product" not in turn.heard.values:
        return unsold["thing"]
    return turn.heard.words_for("product") or str(turn.heard.values.get("product") or "")


def _is_sold(turn: Turn, thing: str) -> bool:
    known = {
        named.normalised_once(word) for p in turn.company.products.values() for word in (p.name, p.kind, *p.aliases)
    }
    word = normalise(thing)
    return any(word in one or one in word for one in known)


def _listed(products: Sequence[Product]) -> str:
    return "\n".join(
        f"· {p.name}：{p.feature}；{p.advantage}；{p.benefit}。参考价 {details.yuan(p.price)} 元，保修{p.warranty}"
        for p in products
    )


def _compare(turn: Turn, products: Sequence[Product], what: Sequence[str]) -> None:
    """Their prices alone where the difference in price is asked, their details where these are, else all of them."""
    cheap, *_, dear = sorted(products[:SHOWN], key=lambda product: product.price)
    _remember(turn, products, listed=asked.PRICE not in what)
    if asked.PRICE in what:
        turn.say(
            "utter_product_difference",
            cheap=cheap.name,
            dear=dear.name,
            low=details.yuan(cheap.price),
            high=details.yuan(dear.price),
            difference=details.yuan(dear.price - cheap.price),
        )
        return
    if asked.details_of(turn, what):
        _tell_details(turn, products, what)
        return
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
