"""What a message says about one field: a value, a wrong value, or nothing.

One parser a kind of field (`FieldSpec.kind`): it finds the words that answer; what they mean as a value, and whether
they can be one, is read by zhtext and `helpdesk.text.fields`, as at the desk. Parsers know no conversation: they get
what was heard, the field's declaration and the company, and are tested on sentences alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actions.clauses import pieces, spans
from actions.forms.controls import is_control
from actions.forms.said import SaidTime, address_in, names_no_wish, rest_of, time_in, time_words
from actions.heard import Heard, Json
from helpdesk.company import Company, FieldSpec
from helpdesk.model import picture
from helpdesk.model.field import UNKNOWN, WITHHELD
from helpdesk.text.fields import Refused, accept, bias_of, when_is_wrong
from zhtext import fold, normalise, ordinal
from zhtext.questions import is_question
from zhtext.values import ages, codes, contacts, money, names, phones, places, prices, times, wishes
from zhtext.values.surnames import begins_with_surname
from zhtext.values.unsaid import ANONYMOUS, is_refusal, says_unknown


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
    """The field asked for, and what the answer is read with; `now` is when it was said, in the company's zone."""

    name: str
    spec: FieldSpec
    company: Company
    now: datetime


def parse(asked: Asked, heard: Heard) -> Answer:
    """Read `heard` as an answer to `asked`."""
    found = _said(asked, heard)
    if isinstance(found, Given) and found.raw and is_control(asked.company, heard.text):
        return None
    return checked(asked.company, found, asked.now) if isinstance(found, Given) else found


def checked(company: Company, given: Given, now: datetime) -> Answer:
    """The value as it is kept, or what is wrong with it: the desk judges by the same rules."""
    if isinstance(given.value, str) and not given.value.strip(ASKING_SIGNS):
        return None
    verdict = accept(company, given.field, given.value, now)
    if isinstance(verdict, Refused):
        return Wrong(verdict.why) if verdict.why in TOLD else None
    return Given(given.field, verdict.value, given.raw)


def as_kept(company: Company, values: Mapping[str, Any], now: datetime) -> Json:
    """The values that are values of their fields, as they are kept."""
    answers = [checked(company, Given(name, value), now) for name, value in values.items()]
    return {answer.field: answer.value for answer in answers if isinstance(answer, Given)}


ASKING_SIGNS = "吗嘛么呢吧啊呀哦?？ "
"""No value by themselves: what is left of 「抬头写错了能改吗」."""
TOLD = frozenset({"future", "past", "no_such_day", "about", "too_short", "email", "address", "name"})
"""What is wrong with a value and has its own response."""


def _said(asked: Asked, heard: Heard) -> Answer:
    pressed = heard.values.get("value") if heard.values.get("field") == asked.name else None
    if pressed is not None:
        return Given(asked.name, _skipped(asked) if pressed == "skip" else pressed)
    if heard.is_press and asked.name not in heard.values:
        return None
    if asked.spec.kind == "name" and is_refusal(heard.plain) and "name" not in heard.values:
        return Wrong("refused", {"why": asked.spec.why})
    found = PARSERS[asked.spec.kind](asked, heard)
    cannot_tell = says_unknown(heard.plain) or (heard.intent == "deny" and not is_refusal(heard.plain))
    if found is None and asked.spec.may_be_unknown and cannot_tell:
        return Given(asked.name, dict(UNKNOWN))
    if found is None and is_refusal(heard.plain):
        return Wrong("refused", {"why": asked.spec.why})
    return found


def as_refused(asked: Asked, may_be_left: bool = False) -> Given | None:
    """How a field stands that the customer will not give: as anonymous as it can be; None where it cannot."""
    if "reply_here" in asked.spec.alternatives:
        return Given("reply_here", REPLY_HERE)
    if asked.spec.may_be_unknown or may_be_left or asked.spec.kind == "name":
        return Given(asked.name, dict(WITHHELD))
    return None


REPLY_HERE = "here"
"""The choice of company/fields that needs no contact: the result is told where the customer asked."""
NO_EVIDENCE = "没有"


def _skipped(asked: Asked) -> Any:
    return NO_EVIDENCE if asked.spec.kind == "evidence" else dict(UNKNOWN)


# ---------------------------------------------------------------- who


def _name(asked: Asked, heard: Heard) -> Answer:
    if ANONYMOUS.search(heard.plain) and not is_question(heard.plain):
        return Given(asked.name, dict(WITHHELD))
    if times.is_bare(heard.plain, asked.now) and not begins_with_surname(heard.plain):
        return None
    said = rest_of(heard, "phone", "email", "wechat", "order")
    called = names.read(said.replace(address_in(heard) or "\x00", " "))
    if called and called.sure:
        return Given(asked.name, _addressed(called.name, heard))
    if "name" in heard.values:
        return Given(asked.name, names.full(str(heard.values["name"])))
    if any(is_refusal(normalise(one)) for one in pieces(heard.text)) and not is_question(heard.plain):
        return Given(asked.name, dict(WITHHELD))
    if called and len(called.name) <= LONGEST_GUESSED and not called.name.endswith(NO_NAME_ENDS):
        return Given(asked.name, called.name, raw=True)
    return Wrong("name") if heard.text.strip(" ,，。.!！").isdecimal() else None


LONGEST_GUESSED = 4
"""Characters of what is taken for a name because it was asked for; 「因为买重了」 is none."""
NO_NAME_ENDS = ("没", "冇", "么", "了", "的", "吗", "吧", "啊", "呢", "嘛", "呀")


def _addressed(name: str, heard: Heard) -> str:
    """A surname alone with the title that is said beside it: 「我姓邓，女的」."""
    title = names.title_in(heard.plain)
    return f"{name}{title}" if title and names.surname_alone(name) == name else names.full(name)


def _phone(asked: Asked, heard: Heard) -> Answer:
    for name in ("phone", "email", "wechat", "second_contact"):
        value = heard.values.get(name)
        if value and not (name == "phone" and phones.is_company_number(str(value))):
            return Given(asked.name if name in ("phone", "second_contact") else name, value)
    wechat = contacts.wechat_near(heard.plain)
    if wechat:
        return Given("wechat", wechat)
    return _wrong_number(heard.plain)


def _wrong_number(plain: str) -> Answer:
    digits = phones.longest_run(plain)
    if digits in phones.HOTLINES:
        return Wrong("hotline", {"digits": digits})
    if phones.is_company_number(digits):
        return Wrong("company_number", {"digits": digits})
    if len(digits) >= 4:
        return Wrong("phone_digits", {"digits": digits, "count": len(digits)})
    return None


def _email(asked: Asked, heard: Heard) -> Answer:
    if "email" in heard.values:
        return Given("email", heard.values["email"])
    if "phone" in heard.values and "phone" in asked.spec.alternatives:
        return Given("phone", heard.values["phone"])
    return Wrong("email") if "@" in heard.plain else None


def _wechat(asked: Asked, heard: Heard) -> Answer:
    value = heard.values.get("wechat") or heard.values.get("phone")
    return Given(asked.name, value) if value else None


SAYS_NAME = re.compile(r"^(?:我|俺)?(?:姓|叫|电话|手机)")


def _address(asked: Asked, heard: Heard) -> Answer:
    if full := address_in(heard):
        return Given(asked.name, full)
    rest = pieces(rest_of(heard, "phone", "email", "wechat", "order", "name"))
    text = "，".join(piece for piece in rest if _is_of_place(piece))
    lead = asked.company.form_words.leads_address.match(text)
    text = text[lead.end() :] if lead else text
    if text and len(text) >= asked.spec.min_length:
        return Given(asked.name, text)
    return Wrong("address") if "place" in heard.values else None


def _is_of_place(piece: str) -> bool:
    """Whether a clause tells a place: 「不知道门牌」 and 「我姓路」 tell none."""
    plain = normalise(piece)
    is_told = not (SAYS_NAME.match(piece) or says_unknown(plain) or is_question(plain))
    return is_told and places.SIGN.search(plain) is not None


# ---------------------------------------------------------------- numbers


def _order(asked: Asked, heard: Heard) -> Answer:
    for entity in ("order", "ticket"):
        if entity in heard.values:
            return Given(entity, heard.values[entity])
    if waybill := next(codes.find_waybills(heard.plain), None):
        return Given("waybill", waybill.value)
    plain = heard.plain.replace(str(heard.values.get("company_credit_code") or "\x00").lower(), "")
    digits = max(codes.numbers_in(plain.replace(" ", "")), key=len, default="")
    numbers = asked.company.order_numbers
    if numbers.is_ours(digits) or numbers.is_foreign(digits):
        return Given("order", digits)
    if digits:
        return Wrong("order_digits", {"count": len(digits), "digits": numbers.digits})
    return None


def _waybill(asked: Asked, heard: Heard) -> Answer:
    found = codes.waybill_in(heard.plain)
    return Given(asked.name, found) if found else None


def _ticket(asked: Asked, heard: Heard) -> Answer:
    return Given("ticket", heard.values["ticket"]) if "ticket" in heard.values else None


def _amount(asked: Asked, heard: Heard) -> Answer:
    if asked.name in prices.NAMES and (told := prices.told(heard.plain)):
        return Given(asked.name, told[asked.name]) if asked.name in told else None
    said = rest_of(heard, "phone", "order", "time", "ticket")
    found = money.read(fold(said))
    if isinstance(found, money.About):
        return Wrong("about")
    if found or "amount" in heard.values:
        return Given(asked.name, found or str(heard.values["amount"]))
    number = money.number_in(said)
    return Given(asked.name, number) if number else None


def _credit_code(asked: Asked, heard: Heard) -> Answer:
    if "company_credit_code" in heard.values:
        return Given(asked.name, heard.values["company_credit_code"])
    found = codes.like_credit_code(heard.plain)
    if found is None:
        return None
    is_one = codes.is_credit_code(found.upper())
    return Given(asked.name, found.upper()) if is_one else Wrong("credit_code", {"count": len(found)})


# ---------------------------------------------------------------- when


def _when(asked: Asked, heard: Heard) -> Answer:
    """A time in the customer's words with its date; one that cannot be this field's is told."""
    return _as_time(asked, heard, time_in(heard, asked.now, bias_of(asked.spec)))


def _as_time(asked: Asked, heard: Heard, said: SaidTime | None) -> Answer:
    if said is None:
        is_told = len(pieces(heard.text)) > 1 and asked.spec.kind == "future"
        names_one = times.SIGN.search(heard.plain) and not is_told and not names_no_wish(heard, asked.now)
        names_one = names_one and address_in(heard) is None  # 東區碼頭路8號 is no 8号
        return Given(asked.name, heard.text.strip()[:60]) if names_one else None
    if wrong := when_is_wrong(asked.spec, list(said.phrase.moments), asked.now):
        return Wrong(wrong)
    return Given(asked.name, time_words(said, asked.now.date()))


def _future(asked: Asked, heard: Heard) -> Answer:
    """A time to come; 「随时」 is one too, 「周二到周四都行」 is those days; an age (买了一年半) is none."""
    if ages.months(heard.plain) is not None and not asked.company.sayings.of_visit.search(heard.plain):
        return None
    said = time_in(heard, asked.now, bias_of(asked.spec))
    whenever = _whenever(asked.company, heard)
    if whenever and not (said and said.phrase.names_day):
        return Given(asked.name, whenever)
    return _as_time(asked, heard, said)


LONGEST_WHENEVER = 20
"""Characters of a clause that says 「随时」 of when to come or call; in a longer one it is said of something else."""


def _whenever(company: Company, heard: Heard) -> str:
    """The message, or its clause, that leaves the time to us; empty when none does."""
    said = [heard.text.strip(), *pieces(heard.text)]
    free = (one for one in said if len(one) <= LONGEST_WHENEVER and company.sayings.any_time.search(normalise(one)))
    return next((one for one in free if not is_question(normalise(one))), "")


# ---------------------------------------------------------------- words and choices


def _text(asked: Asked, heard: Heard) -> Answer:
    if asked.name not in WISHED and told_already(asked.company, heard.text):
        return None  # 「我不是刚说了吗」 repeats another answer
    heard = _without_reproach(asked.company, heard)
    said = wished(heard) if asked.name == OUTCOME else ""
    text = _behind_its_name(asked.spec, said or heard.text.strip())
    if asked.spec.may_be_unknown and says_unknown(heard.plain):
        return Given(asked.name, dict(UNKNOWN))
    says_yes = heard.intent == "affirm" and len(text) <= LONGEST_YES
    if (
        asked.name not in WISHED
        and wishes.wish_in(heard.plain)
        and len(wishes.without_wishes(heard.plain)) < LEAST_LEFT
    ):
        return None
    if is_refusal(heard.plain) or says_yes or (asked.name not in ANYTHING and only_contact(heard)):
        return None
    if (word := asked.spec.ending_in(heard.plain)) and len(pieces(text)) > 1:
        return Given(asked.name, word)
    least = LEAST_OF_ACCOUNT if asked.name == "description" else asked.spec.min_length
    if _signs(text) < least and not _is_short_fault(asked, heard):
        return Wrong("too_short") if text else None
    return Given(asked.name, text[: asked.spec.max_length], raw=True)


def wished(heard: Heard) -> str:
    """What is told in a message of which one clause is a wish, without what is asked; empty where none is.

    「补偿呗 多少给点 你到底是机器还是人」 wishes for a compensation.
    """
    said = [(one, normalise(one)) for one in pieces(heard.text)]
    is_wished = any(wishes.is_wish(plain) for _, plain in said)
    told = [one for one, plain in said if wishes.is_wish(plain) or not is_question(plain)]
    return "，".join(told) if is_wished else ""


def _without_reproach(company: Company, heard: Heard) -> Heard:
    """「刚讲过啊，送到麓谷小镇5栋」 without what only says that it was told before, where more is said."""
    said = list(spans(heard.text))
    gone = [one for one in said if company.accounts.told_already.search(normalise(heard.text[slice(*one)]))]
    return heard.but(gone) if gone and len(gone) < len(said) else heard


def _is_short_fault(asked: Asked, heard: Heard) -> bool:
    """「不制冷」, 「花屏」: an account in the fewest words; 「报修」 and 「坏了」 tell nothing."""
    if asked.name != "description" or _signs(heard.text) < LEAST_OF_FAULT:
        return False
    sayings, plain = asked.company.sayings, heard.plain
    is_said = _signs(heard.text) > LEAST_OF_FAULT or plain[0] in LACKS
    names_one = is_said and ("tells_fault" in heard.shades or sayings.trouble.search(plain) is not None)
    is_mere_wish = sayings.asks_mending.search(plain) is not None or not sayings.set_phrases.sub("", plain)
    return (names_one or heard.intent in OF_FAULTS) and not is_mere_wish and plain not in BROKEN


OF_FAULTS = frozenset({"request_repair", "file_complaint"})
"""What the sentence is by itself that names a fault and nothing else."""
LEAST_OF_FAULT, LEAST_OF_ACCOUNT, LACKS = 2, 4, "不没"
BROKEN = ("坏了", "坏掉", "有问题", "有毛病")


def told_already(company: Company, text: str) -> bool:
    """Whether a clause says that it was told before."""
    return any(company.accounts.told_already.search(normalise(one)) for one in pieces(text))


def _behind_its_name(spec: FieldSpec, text: str) -> str:
    """The value behind the field's own name: 「抬头是某某厂」."""
    named = max((word for word in (spec.title, *spec.called) if text.startswith(word)), key=len, default="")
    says = OF_ITSELF.match(text[len(named) :]) if named else None
    value = text[len(named) + says.end() :].strip() if says else text
    if named and not says and places.organisation_in(normalise(text[len(named) :])):
        value = text[len(named) :].strip()  # 「抬头青山小学」
    return CHANGED_TO.sub("", value)


OF_ITSELF = re.compile(r"(?:就|应该|要)?(?:是|叫|写成?|为|[:：])+\s*(?=.)")


CHANGED_TO = re.compile(r"^(?:就|请|帮我)?(?:改|换|更正)(?:成|到|为|去)[:：\s]*(?=.)")


def _signs(text: str) -> int:
    """How many letters, figures and characters a text has."""
    return sum(sign.isalnum() for sign in text)


LONGEST_YES = 6
OUTCOME = "outcome"
WISHED = frozenset({OUTCOME, "description", "new_value"})
"""Fields that a wish may be the value of; for others 「要他道歉」 answers another question."""
LEAST_LEFT = 4
ANYTHING = frozenset({"new_value", "invoice_title"})
"""Whatever is answered is the value, a name or a number too."""
CONTACTS = ("name", "phone", "email", "wechat", "order", "ticket")


def only_contact(heard: Heard, *others: str) -> bool:
    """Nothing but a name or a number: an answer to another question."""
    told = [words for entity in (*CONTACTS, *others) if (words := heard.words_for(entity))]
    rest = heard.text
    for words in told:
        rest = rest.replace(words, "")
    return bool(told) and not re.sub(
        r"[\W\d_]|我的|我|电话|手机号?|号码|微信号?|邮箱|订单号?|单号|名字|叫|姓|是|吧|呢|号?[装买送修来收发](?:到|好|完)?[的了]",
        "",
        rest,
    )


def _product(asked: Asked, heard: Heard) -> Answer:
    text = heard.text.strip()
    if "product" in heard.values:
        is_name = len(text) <= 20 and not heard.is_press and not _tells_fault(asked.company, heard.plain)
        return Given(asked.name, text if is_name else heard.words_for("product") or heard.values["product"])
    if only_contact(heard, "time", "amount", "place"):
        return None
    if (
        2 <= len(text) <= 24
        and len(pieces(text)) == 1
        and heard.intent not in ("affirm", "deny")
        and not says_unknown(heard.plain)
    ):
        return Given(asked.name, text, raw=not _is_thing(heard.plain))
    return None


def _tells_fault(company: Company, plain: str) -> bool:
    """「冰箱不凉了」 names a product, and tells what is wrong with it."""
    return company.sayings.trouble.search(plain) is not None or "quality" in company.complaints.find(plain)


GOODS = ("机", "器", "炉", "灶", "柜", "箱", "锅", "壶", "扇", "灯", "仪")


def _is_thing(plain: str) -> bool:
    """A thing we do not sell under that name, and nothing else: 「净饮机」."""
    return 1 < len(plain) <= LONGEST_THING and plain.isalpha() and plain.endswith(GOODS)


LONGEST_THING = 8


def choose(spec: FieldSpec, plain: str, shortest: int = 1) -> str | None:
    """The value of the choice a text means; the longest wording in it wins, of equal ones the last.

    `shortest`: characters of a wording that counts where the choice was not asked for (「还有…」 holds a 有).
    """
    if exact := exact_choice(spec, plain):
        return exact
    if number := ordinal(plain, len(spec.choices)):
        return spec.choices[number - 1].value
    return _outright(spec, plain, shortest) or _faintly(spec, plain, shortest)


def named_choices(spec: FieldSpec, plain: str) -> list[str]:
    """The values of all choices that a text names, in the order in which it does."""
    places = {c.value: [_says(plain, word) for word in (c.title, *c.aliases)] for c in spec.choices}
    named = {value: min(at for at in where if at >= 0) for value, where in places.items() if max(where) >= 0}
    return sorted(named, key=lambda value: named[value])


def exact_choice(spec: FieldSpec, plain: str) -> str | None:
    """The value of the choice that a text names, and nothing else; whatever signs stand in it."""
    bare = _letters(plain)
    named = ((_letters(word), c.value) for c in spec.choices for word in (c.title, *c.aliases))
    return next((value for word, value in named if bare in (word, f"{word}了")), None)


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _outright(spec: FieldSpec, plain: str, shortest: int) -> str | None:
    """By a choice's own wordings; what only means one where nothing else is said is left out of the text before."""
    wordings = [(w, c.value) for c in spec.choices for w in (c.title, *c.aliases) if len(w) >= shortest]
    bare = plain.strip(" ,，。.!?了的")
    begun = [(len(bare), 0, value) for word, value in wordings if len(bare) > 1 and word.startswith(bare)]
    rest = plain
    for word in sorted((w for c in spec.choices for w in c.faint), key=len, reverse=True):
        rest = rest.replace(word, " ")
    return max([*_named(wordings, rest), *begun], default=(0, 0, None))[2]


def _faintly(spec: FieldSpec, plain: str, shortest: int) -> str | None:
    wordings = [(w, c.value) for c in spec.choices for w in c.faint if len(w) >= shortest]
    return max(_named(wordings, plain), default=(0, 0, None))[2]


def _named(wordings: Sequence[tuple[str, str]], plain: str) -> list[tuple[int, int, str]]:
    """The wordings that stand in a text: how long they are, where they stand, and what they mean."""
    said = [(len(word), _says(plain, word), value) for word, value in wordings]
    return [one for one in said if one[1] >= 0]


def _says(plain: str, word: str) -> int:
    """Where the word stands last in the text, and not as something that is not so (「没危险」); -1: nowhere."""
    refused = r"(?<![没不无未非别莫甭])(?<![别莫甭].)(?<!没有|不是|不要|不用|别是)(?<!(?:不要|不用|不是).)"
    never_said = r"(?<![没不别谁][说要想让])(?<!没有说)"  # 「我可没说取消」
    pattern = rf"{refused}{never_said}{re.escape(word)}(?!不变|不用改|不改|照旧|没变|不动)"
    return max((found.start() for found in re.finditer(pattern, plain)), default=-1)


def _choice(asked: Asked, heard: Heard) -> Answer:
    value = exact_choice(asked.spec, heard.plain) or _by_meaning(asked.spec, heard) or choose(asked.spec, heard.plain)
    if value:
        return Given(asked.name, value)
    return (
        Wrong("choice", {"choices": " / ".join(c.title for c in asked.spec.choices)}) if len(heard.plain) <= 8 else None
    )


def _by_meaning(spec: FieldSpec, heard: Heard) -> str | None:
    """The choice that is meant in words of no list, as the reader learnt it, where no wording names another."""
    meant = next((c.value for c in spec.choices if c.shade in heard.shades), None)
    named = _outright(spec, heard.plain, shortest=LEAST_OF_LIST) if meant else None
    return meant if named in (None, meant) else None


LEAST_OF_LIST = 2
"""Characters of a listed wording that is believed over what was learnt."""


def _yes_no(asked: Asked, heard: Heard) -> Answer:
    if heard.intent == "deny" or asked.company.sayings.no.search(heard.plain):
        return Given(asked.name, "no")
    if heard.intent == "affirm" or asked.company.sayings.yes.search(heard.plain):
        return Given(asked.name, "yes")
    return None


def _category(asked: Asked, heard: Heard) -> Answer:
    pressed = heard.values.get("category")
    if pressed in asked.company.complaints.categories:
        return Given(asked.name, pressed)
    found = asked.company.complaints.find(heard.plain)
    return Given(asked.name, found[0]) if found else None


def _evidence(asked: Asked, heard: Heard) -> Answer:
    if picture.is_sent(heard.text):
        return Given(asked.name, heard.text.strip())
    first = next(iter(pieces(heard.plain)), "")
    is_none = heard.intent == "deny" or says_unknown(heard.plain) or NONE_AT_ALL.fullmatch(first)
    if later := later_evidence(asked.company, heard):
        return Given(asked.name, later)
    if is_none or any(asked.company.accounts.passed_over.search(normalise(one)) for one in pieces(heard.text)):
        return Given(asked.name, NO_EVIDENCE)
    if shown := _evidence_beside(asked.company, heard):
        return Given(asked.name, shown)
    return Given(asked.name, heard.text.strip(), raw=True) if not only_contact(heard, "time") else None


def _evidence_beside(company: Company, heard: Heard) -> str:
    """「截图有！晚点发行伐」: the clauses that tell of some, beside what is asked; empty where nothing is asked."""
    every = pieces(heard.text)
    told = [one for one in every if not is_question(normalise(one))]
    shown = [one for one in told if company.accounts.evidence.search(normalise(one))]
    return "，".join(shown) if len(told) < len(every) else ""


def later_evidence(company: Company, heard: Heard) -> str:
    """What is told of evidence that is to come: 「有照片，等会儿发」; empty where none is."""
    told = [one for one in pieces(heard.text) if not is_question(normalise(one))]
    if not any(company.accounts.later.search(normalise(one)) for one in told):
        return ""
    return "，".join(one for one in told if is_of_evidence(company, one))


def is_of_evidence(company: Company, clause: str) -> bool:
    """Whether a clause tells of evidence: that there is some or none, that it comes later, or is passed over."""
    words, plain = company.accounts, normalise(clause)
    patterns = (words.later, words.evidence, words.passed_over, NONE_AT_ALL)
    return any(pattern.search(plain) for pattern in patterns)


def tells_of_evidence(company: Company, text: str) -> bool:
    """Whether a clause that asks nothing tells of evidence: 「有视频但是发不了」."""
    return any(is_of_evidence(company, one) and not is_question(normalise(one)) for one in pieces(text))


EVIDENCE = "evidence"
NONE_AT_ALL = re.compile(
    r"(?:没有|没|冇|莫得|没得|无|都没有|没有了?)(?:照片|截图|录音|凭证|证据)?(?:的|啊|呀|嘛|了|呢)?"
)
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
