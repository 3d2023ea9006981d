"""Values that a message holds without having been asked for: nothing said is asked again (B1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from actions.clauses import affirmed, denies, pieces
from actions.decide import bounds
from actions.decide.registering import ANY_WORDS
from actions.forms import hours, order_changes
from actions.forms.accounts import account
from actions.forms.addresses import ADDRESS, completed
from actions.forms.answers import NO_EVIDENCE, Given, as_kept, choose, parse, wished
from actions.forms.form import POST_ADDRESS, Form
from actions.forms.labelled import labelled
from actions.forms.said import address_in
from actions.heard import Heard, Json
from helpdesk.company import Company
from helpdesk.model.field import UNKNOWN, known
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import names as people
from zhtext.values import phones, places, prices, times, ways, wishes
from zhtext.values.relations import on_behalf_of
from zhtext.values.unsaid import lacks_evidence, says_unknown

ENTITY_FIELDS = {
    "name": "name",
    "phone": "phone",
    "email": "email",
    "wechat": "wechat",
    "second_contact": "second_contact",
    "order": "order",
    "ticket": "ticket",
    "product": "product",
    "amount": "amount",
    "company_credit_code": "credit_code",
    "category": "category",
}
TIME_FIELDS = ("visit_time", "callback_time", "occurred")
SPECIAL = "special"
GUESSED_BY_WORDS = frozenset(
    {"delivery_kind", "service_kind", "return_state", "change_kind", "data_action", "invoice_kind"}
)


def of_company(form: Form, found: Json) -> str:
    """A company's invoice is an ordinary one unless a special one (增值税专用发票) was asked for."""
    return SPECIAL if SPECIAL in (found.get("invoice_kind"), form.known.get("invoice_kind")) else "company"


def volunteered(form: Form, heard: Heard, asked: str = "") -> Json:
    """Field -> value for everything in the message that this form can use and does not know.

    `asked` is left out: what answers it has been read already.
    """
    told = labelled(form, heard)
    found = {**_from_entities(form, told.rest), **_from_words(form, told.rest), **told.values}
    found.update(order_changes.told(form, told.rest))
    if prices.PAID in form.names():
        found.pop("amount", None)  # which of the prices it is was read from the words
    if asked in form.company.fields and form.spec(asked).kind == "name":
        found.pop("name", None)  # the name in an answer to "who" is that one's
    names = (set(form.names()) | set(ENTITY_FIELDS.values()) - {"ticket", "credit_code"}) - {asked}
    if "new_value" in found:
        names |= {"change_kind"}  # who tells what it is changed to tells what is changed
    if "invoice_kind" in names and "credit_code" in found:
        names |= {"credit_code"}  # who tells a company's code means a company's invoice
        form = replace(form, known={name: value for name, value in form.known.items() if name != "invoice_kind"})
    wanted = {name: value for name, value in found.items() if name in names and _is_news(form, name, value)}
    wanted |= {name: value for name, value in order_changes.more(form, told.rest).items() if name in names}
    if ADDRESS in form.known and (whole := completed(form, heard)):
        wanted[ADDRESS] = whole
    return {**as_kept(form.company, wanted, form.now), **_cannot_tell(form, heard, asked)}


def named_by_words(form: Form, heard: Heard, asked: str) -> str | None:
    """The value of a field for words that the company's own words name in the message: 「我说了小程序昨晚！！」."""
    if asked not in form.company.fields:
        return None
    said = list(form.company.sayings.seen_where.finditer(heard.plain)) if asked in SEEN_SOMEWHERE else []
    return said[-1].group() if said else form.spec(asked).named_in(heard.plain)


SEEN_SOMEWHERE = frozenset({"seen_where", "promised_where"})
"""Fields that a page, a shop or an advertisement is the value of."""


def _cannot_tell(form: Form, heard: Heard, asked: str) -> Json:
    """「单号找不到了」, 「税号不知道」 beside whatever else: what is told to be unknown is not asked for."""
    told = [plain for one in pieces(heard.text) if says_unknown(plain := normalise(one)) and not is_question(plain)]
    wanted = [name for name in form.company.missing_fields(form.kind, form.known) if name not in (asked, *heard.values)]
    return {name: dict(UNKNOWN) for name in wanted if told and _is_lacking(form, name, told)}


def _is_lacking(form: Form, name: str, clauses: Sequence[str]) -> bool:
    spec = form.spec(name)
    words = [word for word in spec.spoken if len(word) > 1]
    return (spec.may_be_unknown or name == ORDER) and any(word in plain for plain in clauses for word in words)


def _is_news(form: Form, name: str, value: object) -> bool:
    """Not known yet; of a name, only the surname."""
    surname = people.surname_alone(str(form.known.get(name) or "")) if name == "name" else ""
    is_fuller = bool(surname) and str(value).startswith(surname) and not people.surname_alone(str(value))
    is_fuller = is_fuller or (name in TIME_FIELDS and is_finer(str(form.known.get(name) or ""), str(value)))
    is_other_way = name == CONTACT_WAY and ways.renewed(form.known.get(name), str(value)) != form.known.get(name)
    return name not in form.known or is_fuller or is_other_way


def is_finer(before: str, told: str) -> bool:
    """Whether of a known day the hour is told, which was not: 「明早九点」 after 明天上午."""
    day = told.partition(DATE)[2]
    return bool(day) and before.partition(DATE)[2] == day and times.names_hour(told) and not times.names_hour(before)


DATE = "（"
"""Begins the date behind a time in the customer's words."""


def _in_full(form: Form, heard: Heard) -> str:
    """The whole name of somebody whose surname is known, said by the way: 「邓素芬，女的」."""
    surname = people.surname_alone(str(form.known.get("name") or ""))
    said = (people.read(piece) for piece in pieces(heard.text)) if surname else ()
    return next(
        (one.name for one in said if one and one.sure and one.name.startswith(surname) and len(one.name) > 1), ""
    )


def _from_entities(form: Form, heard: Heard) -> Json:
    found = {field: heard.values[entity] for entity, field in ENTITY_FIELDS.items() if entity in heard.values}
    if phones.is_company_number(str(found.get("phone", ""))):
        del found["phone"]
    to_ask_for = people.asked_for(heard.plain) if form.kind in ANY_WORDS and "phone" in found else ""
    called = people.whole_in(heard.plain) or to_ask_for or people.full(str(found.get("name") or ""))
    if name := called or _in_full(form, heard):
        found["name"] = name
    if "product" not in found and (named := _product_named(form, heard)):
        found["product"] = named
    if "time" in heard.values or times.names_part(heard.plain):
        found.update(_time(form, heard))
    if "invoice_title" in form.names() and (title := _invoice_title(form, heard)):
        found["invoice_title"] = title
    is_company = "credit_code" in found or places.organisation_in(heard.plain)
    if is_company and "invoice_kind" in form.names():
        found["invoice_kind"] = of_company(form, found)
    if "place" in heard.values and (address := address_in(heard)):
        found[POST_ADDRESS if _goes_by_post(form, heard) else ADDRESS] = address
    return found


def _goes_by_post(form: Form, heard: Heard) -> bool:
    """Whether an address is where an answer in writing goes: nobody comes, and it is wished for by post."""
    way = way_told(form, heard) or form.known.get(CONTACT_WAY)
    return way == ways.POST and ADDRESS not in form.company.required_fields(form.kind, form.known)


def _time(form: Form, heard: Heard) -> Json:
    """The time that is told, as the first field of the form that is one; 「晚上还嗡嗡响」 tells of no day."""
    wanted = next((name for name in TIME_FIELDS if name in form.names()), None)
    if wanted not in TO_COME and "time" not in heard.values:
        return {}
    said = _wished(form, heard, wanted) if wanted in TO_COME else heard
    answer = parse(form.asked(wanted), said) if wanted and said else None
    return {answer.field: answer.value} if isinstance(answer, Given) else {}


def _wished(form: Form, heard: Heard, wanted: str) -> Heard | None:
    """The clauses that tell when to come or call: 「今早漏的水，你们下午来」 tells 下午; None: there is none."""
    sayings = form.company.sayings
    cue = sayings.of_call if wanted == CALL_TIME else sayings.of_visit
    told = [piece for piece in pieces(heard.text) if not _only_asks(form.company, normalise(piece))]
    meant = [piece for piece in told if cue.search(normalise(piece)) or times.is_bare(normalise(piece), form.now)]
    return replace(heard, text="，".join(meant), entities=(), clauses=()) if meant else None


def _only_asks(company: Company, plain: str) -> bool:
    """A question about a time that asks for none: 「几点来」, 「后天那个还作数吗」; 「后天能来吗」 wishes for one."""
    sayings = company.sayings
    is_wish = sayings.asks_if_suits.search(plain) or sayings.asks_change.search(plain)
    is_about = sayings.asks_valid.search(plain) or sayings.supposes.search(plain)
    return bool(sayings.asks_when.search(plain) or (is_question(plain) and (is_about or not is_wish)))


def is_to_come(company: Company, plain: str) -> bool:
    """Whether words speak of calling or coming, so that a time in them is none of the past."""
    return bool(company.sayings.of_call.search(plain) or company.sayings.of_visit.search(plain))


def way_told(form: Form, heard: Heard) -> str | None:
    """How the customer wishes to be reached; that a call is welcome is news only after something else was.

    「微信转给他的」 names a way and wishes for none: that it does was learnt from data/shades, or said by an order.
    """
    clauses = hours.without(form.company, heard.text)
    way = ways.read(clauses)
    is_plain = way in ways.WAYS and any(form.company.form_words.no_call.search(one) for one in clauses)
    if ways.LEARNT not in heard.shades and not is_plain:
        return None
    is_usual = way == ways.CALL and CONTACT_WAY not in form.known and not ways.spares_others(clauses)
    return None if is_usual else way


CONTACT_WAY = "contact_way"
ORDER = "order"
CALL_TIME = "callback_time"
TO_COME = frozenset({CALL_TIME, "visit_time"})


def _invoice_title(form: Form, heard: Heard) -> str | None:
    """A company's full name, or whom the invoice is made out to: 「个人的，写余航」, 「抬头龚雪」."""
    said = heard.plain.replace("写错", "")
    _, _, written = said.rpartition("写")
    called = people.read(written) if written and written != said else None
    named = next(_called_title(form, heard), None)
    return places.organisation_in(heard.plain) or (called.name if called else None) or named


def _called_title(form: Form, heard: Heard) -> Iterator[str]:
    """A name right behind what the field is called, that is surely one: 「抬头错了」 holds none."""
    for piece in map(normalise, pieces(heard.text)):
        for word in form.spec("invoice_title").spoken:
            _, found, behind = piece.rpartition(word)
            called = people.read(behind.strip(" 是为:：写")) if found else None
            if called and called.sure and behind.endswith(called.name):
                yield called.name


def _product_named(form: Form, heard: Heard) -> str | None:
    """The longest product word of our catalogue in the message."""
    words = {word for p in form.company.products.values() for word in (p.name, p.kind, *p.aliases)}
    said = form.company.sayings.no_product.sub("", heard.plain)
    return max((word for word in words if word in said), key=len, default=None)


def _from_words(form: Form, heard: Heard) -> Json:
    found: Json = {}
    for name in form.names():
        if word := named_by_words(form, heard, name):
            found[name] = word
    if prices.PAID in form.names():
        found.update(_prices(form, heard))
    for name in GUESSED_BY_WORDS & set(form.names()):
        value = choose(form.spec(name), heard.plain)
        if value:
            found[name] = value
    if way := way_told(form, heard):
        found[CONTACT_WAY] = way
    if form.is_complaint:
        found.update(_complaint_words(form, heard))
    return found


def _prices(form: Form, heard: Heard) -> Json:
    """What was paid and what it costs now; with what is known already the third is worked out."""
    told = prices.told(heard.plain)
    known = {name: str(form.known[name]) for name in prices.NAMES if isinstance(form.known.get(name), str)}
    return dict(prices.with_third({**known, **told})) if told else {}


def _wished_on(form: Form, heard: Heard) -> str:
    """「门换一扇 再给我道个歉」 once the account is told: what the sentence surely wishes is the outcome."""
    is_wish = heard.intent in WISHES and heard.confidence >= bounds.SURE_SENTENCE and not is_question(heard.plain)
    wish = affirmed(heard.text).strip()  # 「不想修 直接退」
    is_told = known(form.known.get("description")) and len(wish) <= LONGEST_WISH and not denies(normalise(wish))
    return wish if is_wish and is_told else ""


WISHES = frozenset({"request_exchange", "request_refund", "request_repair"})
LONGEST_WISH = 24
"""Characters of a sentence that only wishes."""


def _complaint_words(form: Form, heard: Heard) -> Json:
    found: Json = {}
    if somebody := on_behalf_of(heard.plain):
        found["on_behalf_of"] = somebody
    if lacks_evidence(heard.plain):
        found["evidence"] = NO_EVIDENCE
    if wish := wishes.wish_in(heard.plain) or wished(heard) or _wished_on(form, heard):
        found["outcome"] = wish
    category = form.company.complaints.find(heard.plain)
    if category and account(heard, form.company) is None:
        found["category"] = category[0]  # of an account it is learnt what it is about
    return found
