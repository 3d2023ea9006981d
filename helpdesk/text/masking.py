"""What a person who is not in charge sees of a customer's data (service standard F4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from helpdesk.model.field import known as known_value
from helpdesk.model.field import state_of
from zhtext.values import names, places
from zhtext.values.contacts import LIKE_EMAIL, find_wechat_ids
from zhtext.values.digits import GAP, plain, runs
from zhtext.values.found import Visible
from zhtext.values.names import POSTS, TITLES
from zhtext.values.secrets import BEGINS, LONGEST, SHORTEST

Mask = Callable[[str], str]
Span = tuple[int, int, Mask]

LONGEST_SURNAME = 2
LONGEST_READ = 20_000  # characters; beyond that only numbers and addresses of mail are looked for
CALLED = (*TITLES, *(post for post in POSTS if len(post) > 1))
_NOT_BEFORE, _NOT_BEHIND = r"(?<!\d)", r"(?!\d)"
_ABROAD_OR_HOME = rf"(?:(?:\+|00){GAP})?(?:8{GAP}6{GAP})?"
_AREA = rf"0{GAP}(?:1{GAP}0|2{GAP}\d|[3-9]{GAP}\d{GAP}\d)"
_PHONES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NOT_BEFORE}{_ABROAD_OR_HOME}1{GAP}[3-9](?:{GAP}\d){{9}}{_NOT_BEHIND}",
        rf"{_NOT_BEFORE}{_ABROAD_OR_HOME}{_AREA}{GAP}[2-9](?:{GAP}\d){{6,7}}{_NOT_BEHIND}",
        rf"\+{GAP}\d{{1,3}}(?:{GAP}\d){{6,12}}{_NOT_BEHIND}",
        rf"{_NOT_BEFORE}(?:00{GAP})?(?:852|853|886){GAP}\d(?:{GAP}\d){{7,8}}{_NOT_BEHIND}",
    )
)
_CALLED_SO = re.compile(
    rf"(?:电话|座机|固话|手机|联系方式|tel|phone|qq|扣扣)[^\d\n]{{0,6}}?(?P<number>\d(?:{GAP}\d){{5,11}}){_NOT_BEHIND}"
)
"""A number that is called one's own, of whatever shape: 座机 8888 6666, QQ 12345678."""
_HOTLINE = re.compile(rf"4{GAP}0{GAP}0(?:{GAP}\d){{7}}")
_DAY = r"(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
_IDENTITY = re.compile(rf"[1-9]\d{{5}}(?:19|20)\d\d{_DAY}\d{{3}}[\dx]|[1-9]\d{{7}}{_DAY}\d{{3}}")
_CARD = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|35\d{14}|3[47]\d{13}")
_ORDER_BEFORE = re.compile(r"(?:订单|运单|快递|物流|单)号?码?[是为: ]{0,3}$")
_LONG = re.compile(rf"{_NOT_BEFORE}\d(?:{GAP}\d){{7,}}x?{_NOT_BEHIND}")  # orders and cards, whatever a phone is not
_NAMED = re.compile(
    r"((?:我叫|名字叫|名字是|姓名是?|免贵姓|收货人|收件人|联系人)[是叫为：:\s]{0,2})([\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])"
)


def mask_phone(value: str) -> str:
    """`138****5678`: the ends are enough to recognise, not to call; what it is for (白天) stays."""
    value, bracket, note = value.partition("（")
    return _mask_digits(value) + bracket + (mask_text(note) if note else "")


def _mask_digits(value: str) -> str:
    if len(value) < 7:
        return "*" * len(value)
    head = 3 if len(value) >= 10 else 1
    tail = 4 if len(value) >= 10 else 2
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def mask_name(value: str) -> str:
    """`王**`; a surname with a title tells no more than that and stays, a whole name with one does not."""
    title = next((one for one in CALLED if value.endswith(one)), "")
    bare = value.removesuffix(title)
    return value if title and len(bare) <= LONGEST_SURNAME else bare[:1] + "*" * (len(bare) - 1) + title


def mask_email(value: str) -> str:
    """`w***@example.com`."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else mask_word(value)


def mask_word(value: str) -> str:
    """The first character, then stars; the length is hidden too."""
    return value[:1] + "***" if value else value


def mask_contact(value: str) -> str:
    """A phone, a mail address or a WeChat id."""
    if value[:1].isdigit() or value[:1] == "+":
        return mask_phone(value)
    return mask_email(value)


# ---------------------------------------------------------------- free text


def mask_numbers(value: str) -> str:
    """Free text with its phones, identity and card numbers and mail addresses masked; names and places stay."""
    return _masked(value, _numbers(value))


def mask_text(value: str, known: Collection[str] = ()) -> str:
    """Free text with everything personal masked, however it is written; an order number stays, it is needed.

    `known`: names that are known to be a customer's, so that they are found without being introduced.
    """
    return _masked(value, [*_numbers(value), *_words(value, known)])


def mask_question(value: str) -> str:
    """A question as an editor may read it: order numbers are masked too; a name only where it is introduced."""
    return _NAMED.sub(lambda found: found[1] + mask_name(found[2]), _masked(value, _personal(value)))


def without_personal(value: str) -> str:
    """The same with all of that left out, for a wording that others' questions are compared with."""
    bare = _replaced(value, [(start, end, "") for start, end, _ in _personal(value)])
    return _NAMED.sub("", bare).strip(" ,，。；;、")


def _personal(value: str) -> list[Span]:
    seen = plain(value)
    long: list[Span] = [(*seen.span(*found.span()), mask_phone) for found in _LONG.finditer(seen.text)]
    return [*_numbers(value), *long, *_addresses(Visible.of(value))]


def _addresses(shown: Visible) -> Iterator[Span]:
    for start, end in places.full_addresses(shown.text):
        yield (*_in_original(shown, start, end), mask_word)


def _masked(value: str, spans: Iterable[Span]) -> str:
    return _replaced(value, [(start, end, mask(value[start:end])) for start, end, mask in spans])


def _replaced(value: str, pieces: Iterable[tuple[int, int, str]]) -> str:
    """Of pieces that overlap the one that begins first counts, of those the longest."""
    done, text = 0, ""
    for start, end, instead in sorted(pieces, key=lambda piece: (piece[0], -piece[1])):
        if start >= done:
            text, done = text + value[done:start] + instead, end
    return text + value[done:]


def _numbers(value: str) -> list[Span]:
    seen = plain(value)
    found = [found.span() for pattern in _PHONES for found in pattern.finditer(seen.text)]
    found += [found.span("number") for found in _CALLED_SO.finditer(seen.text) if not _HOTLINE.match(found["number"])]
    found += list(_codes(seen.text))
    spans: list[Span] = [(*seen.span(start, end), mask_phone) for start, end in found]
    shown = Visible.of(value)
    return spans + [(*_in_original(shown, *found.span()), mask_email) for found in LIKE_EMAIL.finditer(shown.text)]


def _codes(text: str) -> Iterator[tuple[int, int]]:
    """Numbers that look like an identity or a bank card, right or wrong; what is called an order's is none."""
    for length in range(LONGEST, SHORTEST - 1, -1):
        for start, end, digits in runs(text, length, _begins(length)):
            is_card = _CARD.fullmatch(digits) and not _ORDER_BEFORE.search(text[max(0, start - LONGEST) : start])
            if is_card or _IDENTITY.fullmatch(digits):
                yield start, end


def _begins(length: int) -> str:
    """As for numbers that pass their check, and the identity numbers of fifteen digits that there were before 2000."""
    return f"{BEGINS[length]}|[1-9]" if length == SHORTEST else BEGINS[length]


def _words(value: str, known: Collection[str]) -> list[Span]:
    """Names, addresses and WeChat ids."""
    told: list[Span] = [
        (place, place + len(name), mask_name) for name in known if name for place in _places_of(name, value)
    ]
    if len(value) > LONGEST_READ:
        return told
    shown = Visible.of(value)
    read: list[tuple[int, int, Mask]] = [
        *((found.start, found.end, mask_name) for found in names.find(shown.text)),
        *((*found.span(2), mask_name) for found in _NAMED.finditer(shown.text)),
        *((found.start, found.end, mask_word) for found in find_wechat_ids(shown.text)),
    ]
    return [*told, *_addresses(shown), *((*_in_original(shown, start, end), mask) for start, end, mask in read)]


def _places_of(name: str, value: str) -> Iterator[int]:
    return (found.start() for found in re.finditer(re.escape(name), value))


def _in_original(shown: Visible, start: int, end: int) -> tuple[int, int]:
    return shown.places[start], shown.places[end - 1] + 1


# ---------------------------------------------------------------- fields


MASKS = {
    "name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "wechat": mask_word,
    "second_contact": mask_contact,
    "buyer": mask_name,
    "address": mask_word,
    "new_value": mask_word,
}


NAMES = ("name", "buyer", "on_behalf_of")
"""Fields that hold a customer's name."""
AS_THEY_ARE = frozenset(
    {
        "id", "number", "ticket", "order", "waybill", "company_credit_code", "kind", "status", "state", "category",
        "urgency", "tier", "form", "channel", "author", "image", "evidence", "department", "owner",
        "at", "made_at", "due_at", "known_since", "result_due", "since", "until", "paused_from", "message", "custom",
        "letter", "level", "round", "to", "from", "staff", "conversation",
    }
)  # fmt: skip
"""What names a thing, a moment or a colleague, and nothing of a customer."""


def mask_fields(
    fields: Mapping[str, Any], personal: Collection[str] = (), known: Collection[str] = ()
) -> dict[str, Any]:
    """A copy in which nothing personal is legible: what is known to be sensitive, and whatever free text holds.

    `personal`: what the company declares as personal data; a field without a mask of its own keeps one character.
    `known`: names that free text is searched for.
    """
    masks: dict[str, Mask] = {**dict.fromkeys(personal, mask_word), **MASKS}
    free = partial(mask_text, known=known)
    hidden = {name: value for name, value in fields.items() if name in masks or name not in AS_THEY_ARE}
    return {**fields, **{name: _each(one, masks.get(name, free), personal, known) for name, one in hidden.items()}}


def names_in(*of_customers: Mapping[str, Any]) -> frozenset[str]:
    """The names that a customer's fields tell: wherever they are written, they are the customer's."""
    told = (known_value(fields.get(name)) for fields in of_customers for name in NAMES)
    return frozenset(str(name) for name in told if name)


def _each(value: Any, mask: Mask, personal: Collection[str], known: Collection[str]) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [_each(one, mask, personal, known) for one in value]
    if isinstance(value, dict) and state_of(value) is None:
        return mask_fields(value, personal, known)
    return value


def last4(phone: str | None) -> str | None:
    """The last four digits of a phone (an extension is not part of it), or None when there are none."""
    digits = re.sub(r"\D", "", re.split(r"转|ext|x|#", phone or "", maxsplit=1)[0])
    return digits[-4:] if len(digits) >= 7 else None
