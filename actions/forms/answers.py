"""What a message says about one field: a value, a wrong value, or nothing.

One parser a kind of field (`FieldSpec.kind`). Parsers know no conversation: they get what was heard, the
field's declaration and the company, and are tested on sentences alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from actions.forms.lexicon import (
    ADDRESS_SIGN,
    ANONYMOUS,
    HOTLINES,
    NAME_AFFIXES,
    NO_NAME,
    PICTURE,
    SAYS_NO,
    SAYS_YES,
    SURNAMES,
    TIME_SIGN,
    is_question,
    is_refusal,
    says_unknown,
)
from actions.heard import Heard, Json
from helpdesk.company import Company, FieldSpec
from zhtext import ordinal


@dataclass(frozen=True)
class Given:
    """A value for a field; `raw` when any words would have done, so that an interruption is still possible."""

    field: str
    value: Any
    raw: bool = False


@dataclass(frozen=True)
class Wrong:
    """Meant as an answer, but unusable. `why` names the response `utter_wrong_<why>`."""

    why: str
    fields: Json = field(default_factory=dict)


Answer = Given | Wrong | None


@dataclass(frozen=True)
class Asked:
    """The field asked for, and what the answer is read with."""

    name: str
    spec: FieldSpec
    company: Company
    today: date


def parse(asked: Asked, heard: Heard) -> Answer:
    """Read `heard` as an answer to `asked`."""
    pressed = heard.values.get("value") if heard.values.get("field") == asked.name else None
    if pressed is not None:
        return Given(asked.name, _skipped(asked) if pressed == "skip" else pressed)
    if heard.is_press and asked.name not in heard.values:
        return None
    if asked.spec.kind == "name" and is_refusal(heard.plain) and "name" not in heard.values:
        return Wrong("refused", {"why": asked.spec.why})
    found = PARSERS[asked.spec.kind](asked, heard)
    cannot_tell = says_unknown(heard.plain) or heard.intent == "deny"
    if found is None and asked.spec.may_be_unknown and cannot_tell:
        return Given(asked.name, unknown_value(asked.name))
    if found is None and is_refusal(heard.plain):
        return Wrong("refused", {"why": asked.spec.why})
    return found


def unknown_value(field: str) -> str:
    """How "I cannot tell" is recorded; `helpdesk.model.matter` never takes it for a value."""
    return "找不到" if field == "order" else "记不清"


def as_refused(asked: Asked, may_be_left: bool = False) -> Given | None:
    """How a field stands that the customer will not give: as anonymous as it can be; None where it cannot."""
    if asked.name == "name":
        return Given("name", ANONYMOUS_NAME)
    if "reply_here" in asked.spec.alternatives:
        return Given("reply_here", REPLY_HERE)
    if asked.spec.may_be_unknown or may_be_left or asked.spec.kind == "name":
        return Given(asked.name, WITHHELD)
    return None


ANONYMOUS_NAME, REPLY_HERE, WITHHELD = "匿名客户", "不留电话，在这里答复", "不便提供"


def _skipped(asked: Asked) -> str:
    return "没有" if asked.spec.kind == "evidence" else unknown_value(asked.name)


# ---------------------------------------------------------------- who


def _name(asked: Asked, heard: Heard) -> Answer:
    if "name" in heard.values:
        return Given(asked.name, full_name(str(heard.values["name"])))
    if ANONYMOUS.search(heard.plain) and not is_question(heard.plain):
        return Given(asked.name, ANONYMOUS_NAME)
    bare = re.sub(r"[,，。.!！~、:：]|(?<![A-Za-z])\s|\s(?![A-Za-z])", "", heard.text)
    stripped = NAME_AFFIXES.sub("", bare)
    if not re.fullmatch(r"[\u4e00-\u9fff·]{1,6}|[A-Za-z][A-Za-z .]{1,38}", stripped) or NO_NAME.fullmatch(stripped):
        return Wrong("name") if _looks_like_name_try(stripped) else None
    if len(stripped) == 1:
        return Given(asked.name, full_name(stripped)) if stripped in SURNAMES else None
    known = stripped[:1] in SURNAMES or stripped[:2] in SURNAMES
    if len(stripped) == NICKNAME and stripped[0] in "老小阿大" and stripped[1] in SURNAMES:
        return Given(asked.name, stripped)
    return Given(asked.name, stripped, raw=not (known and len(stripped) <= 4 and bare != stripped))


NICKNAME = 2


def full_name(name: str) -> str:
    """A surname alone is made something one can be called by."""
    return f"{name}先生/女士" if len(name) == 1 else name


def _looks_like_name_try(text: str) -> bool:
    return bool(re.fullmatch(r"\d+", text))


def _phone(asked: Asked, heard: Heard) -> Answer:
    for name in ("phone", "email", "wechat", "second_contact"):
        value = heard.values.get(name)
        if value and not (name == "phone" and is_company_number(str(value))):
            return Given(asked.name if name in ("phone", "second_contact") else name, value)
    wechat = re.search(r"微信.{0,8}?(?<![a-z0-9])([a-z][-_a-z0-9]{5,19})", heard.plain)
    if wechat:
        return Given("wechat", wechat.group(1))
    return _wrong_number(heard.plain)


def _wrong_number(plain: str) -> Answer:
    runs = re.findall(r"\d[\d\s-]*\d", plain)
    digits = max((re.sub(r"\D", "", run) for run in runs), key=len, default="")
    if digits in HOTLINES:
        return Wrong("hotline", {"digits": digits})
    if is_company_number(digits):
        return Wrong("company_number", {"digits": digits})
    if len(digits) >= 4:
        return Wrong("phone_digits", {"digits": digits, "count": len(digits)})
    return None


def is_company_number(number: str) -> bool:
    """400/800 and 95 numbers reach a switchboard, not a customer."""
    return bool(re.fullmatch(r"[48]00\d{7}|95\d{3,6}|96\d{3,6}", re.sub(r"\D", "", number)))


def _email(asked: Asked, heard: Heard) -> Answer:
    if "email" in heard.values:
        return Given("email", heard.values["email"])
    if "phone" in heard.values and "phone" in asked.spec.alternatives:
        return Given("phone", heard.values["phone"])
    return Wrong("email") if "@" in heard.plain else None


def _wechat(asked: Asked, heard: Heard) -> Answer:
    value = heard.values.get("wechat") or heard.values.get("phone")
    return Given(asked.name, value) if value else None


def _address(asked: Asked, heard: Heard) -> Answer:
    text = heard.text.strip()
    if ADDRESS_SIGN.search(heard.plain) and len(text) >= asked.spec.min_length:
        return Given(asked.name, text)
    return Wrong("address") if "place" in heard.values else None


# ---------------------------------------------------------------- numbers


def _order(asked: Asked, heard: Heard) -> Answer:
    for entity in ("order", "ticket"):
        if entity in heard.values:
            return Given(entity, heard.values[entity])
    waybill = re.search(r"\b[a-z]{2}\d{8,15}\b", heard.plain)
    if waybill:
        return Given("waybill", waybill.group().upper())
    digits = max(re.findall(r"\d{6,}", heard.plain.replace(" ", "")), key=len, default="")
    numbers = asked.company.order_numbers
    if numbers.is_ours(digits) or numbers.is_foreign(digits):
        return Given("order", digits)
    if digits:
        return Wrong("order_digits", {"count": len(digits), "digits": numbers.digits})
    return None


def _waybill(asked: Asked, heard: Heard) -> Answer:
    found = re.search(r"[a-z]{0,4}\d{8,20}", heard.plain)
    return Given(asked.name, found.group().upper()) if found else None


def _ticket(asked: Asked, heard: Heard) -> Answer:
    return Given("ticket", heard.values["ticket"]) if "ticket" in heard.values else None


def _amount(asked: Asked, heard: Heard) -> Answer:
    if "amount" in heard.values:
        return Given(asked.name, str(heard.values["amount"]))
    number = re.search(r"\d+(?:\.\d{1,2})?", heard.plain.replace(",", ""))
    return Given(asked.name, number.group()) if number and len(number.group()) <= 9 else None


def _credit_code(asked: Asked, heard: Heard) -> Answer:
    if "company_credit_code" in heard.values:
        return Given(asked.name, heard.values["company_credit_code"])
    found = re.search(r"[0-9a-z]{10,24}", heard.plain.replace(" ", ""))
    return Wrong("credit_code", {"count": len(found.group())}) if found else None


# ---------------------------------------------------------------- when


def time_words(heard: Heard) -> str:
    """A point or span of time in the customer's words, with its date where it was resolved."""
    value = str(heard.values.get("time") or "")
    words = heard.words_for("time") or value
    resolved = "至".join(_day(part) for part in value.split("/"))
    return f"{words}（{resolved}）" if _ISO_DAY.match(value) and words != value else words


_ISO_DAY = re.compile(r"\d{4}-(\d{2})-(\d{2})")


def _day(text: str) -> str:
    """2026-11-09 as it is read: 11月9日."""
    found = _ISO_DAY.match(text)
    return f"{int(found.group(1))}月{int(found.group(2))}日" if found else text


def _when(asked: Asked, heard: Heard) -> Answer:
    if "time" in heard.values:
        return Given(asked.name, time_words(heard))
    if TIME_SIGN.search(heard.plain):
        return Given(asked.name, heard.text.strip()[:60])
    return None


def _future(asked: Asked, heard: Heard) -> Answer:
    """A time to come. A weekday that is over means the one of next week."""
    last = str(heard.values.get("time") or "").split("/")[-1][:10]
    if _ISO_DAY.match(last) and last < asked.today.isoformat():
        words = heard.words_for("time")
        if not re.search(r"周|星期|礼拜", words) or re.search(r"上", words[:1]):
            return Wrong("past")
        coming = date.fromisoformat(last) + timedelta(days=7)
        return Given(asked.name, f"{words}（{coming.month}月{coming.day}日）")
    if re.search(r"随时|都可以|都行|尽快|越快越好|任何时间|马上|现在", heard.plain):
        return Given(asked.name, heard.text.strip()[:60])
    return _when(asked, heard)


# ---------------------------------------------------------------- words and choices


def _text(asked: Asked, heard: Heard) -> Answer:
    text = heard.text.strip()
    if asked.spec.may_be_unknown and says_unknown(heard.plain):
        return Given(asked.name, unknown_value(asked.name))
    says_yes = heard.intent == "affirm" and len(text) <= LONGEST_YES
    if is_refusal(heard.plain) or says_yes or (asked.name not in ANYTHING and _only_contact(heard)):
        return None
    if len(re.sub(r"\W", "", text)) < asked.spec.min_length:
        return Wrong("too_short") if text else None
    return Given(asked.name, text[: asked.spec.max_length], raw=True)


LONGEST_YES = 6
ANYTHING = frozenset({"new_value", "invoice_title"})
"""Whatever is answered is the value, a name or a number too."""
CONTACTS = ("name", "phone", "email", "wechat", "order", "ticket")


def _only_contact(heard: Heard, *others: str) -> bool:
    """Nothing but a name or a number: an answer to another question."""
    told = [words for entity in (*CONTACTS, *others) if (words := heard.words_for(entity))]
    rest = heard.text
    for words in told:
        rest = rest.replace(words, "")
    return bool(told) and not re.sub(
        r"[\W\d_]|我的|我|电话|手机号?|号码|微信号?|邮箱|订单号?|单号|名字|叫|姓|是|吧|呢", "", rest
    )


def _product(asked: Asked, heard: Heard) -> Answer:
    text = heard.text.strip()
    if "product" in heard.values:
        return Given(asked.name, text if len(text) <= 20 and not heard.is_press else heard.values["product"])
    if _only_contact(heard, "time", "amount", "place"):
        return None
    if 2 <= len(text) <= 24 and heard.intent not in ("affirm", "deny") and not says_unknown(heard.plain):
        return Given(asked.name, text, raw=True)
    return None


def choose(spec: FieldSpec, plain: str) -> str | None:
    """The value of the choice a text means; the longest wording in it wins."""
    wordings = [(w, c.value) for c in spec.choices for w in (c.title, *c.aliases)]
    if number := ordinal(plain, len(spec.choices)):
        return spec.choices[number - 1].value
    if exact := exact_choice(spec, plain):
        return exact
    bare = plain.strip(" ,，。.!?了的")
    said = [
        (len(word), value)
        for word, value in wordings
        if _says(plain, word) or (len(bare) > 1 and word.startswith(bare))
    ]
    return max(said)[1] if said else None


def exact_choice(spec: FieldSpec, plain: str) -> str | None:
    """The value of the choice that a text names, and nothing else."""
    bare = plain.strip(" ,。.!?")
    named = ((word, c.value) for c in spec.choices for word in (c.title, *c.aliases))
    return next((value for word, value in named if bare in (word, f"{word}了")), None)


def _says(plain: str, word: str) -> bool:
    """The word is in the text, and not as something that is not so: 「没危险」 is no danger."""
    return re.search(rf"(?<![没不无未非])(?<!没有){re.escape(word)}", plain) is not None


def _choice(asked: Asked, heard: Heard) -> Answer:
    value = choose(asked.spec, heard.plain)
    if value:
        return Given(asked.name, value)
    return (
        Wrong("choice", {"choices": " / ".join(c.title for c in asked.spec.choices)}) if len(heard.plain) <= 8 else None
    )


def _yes_no(asked: Asked, heard: Heard) -> Answer:
    if heard.intent == "deny" or SAYS_NO.search(heard.plain):
        return Given(asked.name, "no")
    if heard.intent == "affirm" or SAYS_YES.search(heard.plain):
        return Given(asked.name, "yes")
    return None


def _category(asked: Asked, heard: Heard) -> Answer:
    pressed = heard.values.get("category")
    if pressed in asked.company.complaints.categories:
        return Given(asked.name, pressed)
    found = asked.company.complaints.find(heard.plain)
    return Given(asked.name, found[0]) if found else None


def _evidence(asked: Asked, heard: Heard) -> Answer:
    if PICTURE.search(heard.text):
        return Given(asked.name, heard.text.strip())
    if heard.intent == "deny" or says_unknown(heard.plain):
        return Given(asked.name, "没有")
    return Given(asked.name, heard.text.strip(), raw=True) if not _only_contact(heard, "time") else None


PARSERS: dict[str, Callable[[Asked, Heard], Answer]] = {
    "name": _name,
    "phone": _phone,
    "email": _email,
    "wechat": _wechat,
    "order": _order,
    "waybill": _waybill,
    "ticket": _ticket,
    "product": _product,
    "amount": _amount,
    "when": _when,
    "future": _future,
    "text": _text,
    "yes_no": _yes_no,
    "choice": _choice,
    "category": _category,
    "credit_code": _credit_code,
    "address": _address,
    "evidence": _evidence,
}
