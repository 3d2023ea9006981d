"""Values that a message holds without having been asked for: nothing said is asked again (B1)."""

from __future__ import annotations

from actions.clauses import pieces
from actions.forms.answers import NO_EVIDENCE, Given, as_kept, choose, parse
from actions.forms.form import Form
from actions.forms.said import address_in
from actions.heard import Heard, Json
from helpdesk.company import Company
from zhtext.values import codes, phones, places, wishes
from zhtext.values import names as people
from zhtext.values.relations import on_behalf_of
from zhtext.values.unsaid import lacks_evidence

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
GUESSED_BY_WORDS = frozenset(
    {"delivery_kind", "service_kind", "return_state", "change_kind", "data_action", "invoice_kind"}
)
SUBSTANCE, SUBSTANCE_OF_TROUBLE = 6, 3
"""Characters that must be left of a message, values and set phrases taken out, to count as an account; fewer when
they name a trouble."""


def volunteered(form: Form, heard: Heard, asked: str = "") -> Json:
    """Field -> value for everything in the message that this form can use and does not know.

    `asked` is left out: what answers it has been read already.
    """
    found = _from_entities(form, heard)
    found.update(_from_words(form, heard))
    if asked in form.company.fields and form.spec(asked).kind == "name":
        found.pop("name", None)  # the name in an answer to "who" is that one's
    names = (set(form.names()) | set(ENTITY_FIELDS.values()) - {"ticket", "credit_code"}) - {asked}
    wanted = {name: value for name, value in found.items() if name in names and _is_news(form, name, value)}
    return as_kept(form.company, wanted, form.now)


def _is_news(form: Form, name: str, value: object) -> bool:
    """Not known yet; of a name, only the surname."""
    surname = people.surname_alone(str(form.known.get(name) or "")) if name == "name" else ""
    is_fuller = bool(surname) and str(value).startswith(surname) and not people.surname_alone(str(value))
    return name not in form.known or is_fuller


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
    if name := people.whole_in(heard.plain) or people.full(str(found.get("name") or "")) or _in_full(form, heard):
        found["name"] = name
    if "product" not in found and (named := _product_named(form, heard)):
        found["product"] = named
    if "time" in heard.values:
        found.update(_time(form, heard))
    if "invoice_title" in form.names() and (title := _invoice_title(heard)):
        found["invoice_title"] = title
    if "credit_code" in found and "invoice_kind" in form.names():
        found["invoice_kind"] = "company"
    if "place" in heard.values and (address := address_in(heard)):
        found["address"] = address
    return found


def _time(form: Form, heard: Heard) -> Json:
    """The time that is told, as the first field of the form that is one."""
    wanted = next((name for name in TIME_FIELDS if name in form.names()), None)
    if wanted == CALL_TIME and not is_of_call(heard.plain):
        return {}  # 「今天必须送来」 tells nothing of when to call
    answer = parse(form.asked(wanted), heard) if wanted else None
    return {answer.field: answer.value} if isinstance(answer, Given) else {}


def is_of_call(plain: str) -> bool:
    """Whether words speak of calling or being called, so that a time in them is when to call."""
    return any(word in plain for word in CALLING)


CALL_TIME = "callback_time"
CALLING = ("打", "接", "回电", "联系", "方便", "来电", "空", "下班", "下课", "上班", "上课")


def _invoice_title(heard: Heard) -> str | None:
    """A company's full name, or whom the invoice is made out to: 「个人的，写余航」."""
    said = heard.plain.replace("写错", "")
    _, _, written = said.rpartition("写")
    called = people.read(written) if written and written != said else None
    return places.organisation_in(heard.plain) or (called.name if called else None)


def _product_named(form: Form, heard: Heard) -> str | None:
    """The longest product word of our catalogue in the message."""
    words = {word for p in form.company.products.values() for word in (p.name, p.kind, *p.aliases)}
    said = form.company.sayings.no_product.sub("", heard.plain)
    return max((word for word in words if word in said), key=len, default=None)


def _from_words(form: Form, heard: Heard) -> Json:
    found: Json = {}
    for name in form.names():
        if word := form.spec(name).ending_in(heard.plain):
            found[name] = word
    for name in GUESSED_BY_WORDS & set(form.names()):
        value = choose(form.spec(name), heard.plain)
        if value:
            found[name] = value
    if form.is_complaint:
        found.update(_complaint_words(form, heard))
    return found


def _complaint_words(form: Form, heard: Heard) -> Json:
    found: Json = {}
    if somebody := on_behalf_of(heard.plain):
        found["on_behalf_of"] = somebody
    if lacks_evidence(heard.plain):
        found["evidence"] = NO_EVIDENCE
    if wish := wishes.wish_in(heard.plain):
        found["outcome"] = wish
    elif wishes.is_wish(heard.plain):
        found["outcome"] = heard.text.strip()
    category = form.company.complaints.find(heard.plain)
    if category:
        found["category"] = category[0]
    return found


def told_beside(company: Company, heard: Heard) -> str:
    """What is to be added, without the words that ask for it; all of it where nothing else is left."""
    more = company.sayings.adds_words.sub("", heard.text).strip(" ,，。;；:：")
    return more if len(more) >= SUBSTANCE_OF_TROUBLE else heard.text.strip()


def account(heard: Heard, company: Company) -> str | None:
    """The message as an account of what happened, when it is one and not only 「我要投诉」."""
    rest = heard.plain
    for entity in ("name", "phone", "order", "email", "wechat", "ticket"):
        words = heard.words_for(entity)
        rest = rest.replace(words.lower(), "") if words else rest
    rest = codes.without_numbers(wishes.without_wishes(rest))
    rest = company.sayings.set_phrases.sub("", rest)
    enough = SUBSTANCE_OF_TROUBLE if company.sayings.trouble.search(rest) else SUBSTANCE
    return heard.text.strip() if len(rest) >= enough else None
