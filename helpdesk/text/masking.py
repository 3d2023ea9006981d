"""What a person who is not in charge sees of a customer's data (service standard F4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from zhtext.values import phones
from zhtext.values.contacts import LIKE_EMAIL
from zhtext.values.names import POSTS, TITLES

LONGEST_SURNAME = 2
CALLED = (*TITLES, *(post for post in POSTS if len(post) > 1))
NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){7,}[xX]?(?!\d)")  # orders, cards, identity cards, whatever a phone is not
NAME = re.compile(
    r"((?:我叫|名字叫|名字是|姓名是?|免贵姓|收货人|收件人|联系人)[是叫为：:\s]{0,2})([\u4e00-\u9fff]{2,3})(?![\u4e00-\u9fff])"
)


def mask_phone(value: str) -> str:
    """`138****5678`: the ends are enough to recognise, not to call; what it is for (白天) stays."""
    value, bracket, note = value.partition("（")
    return _mask_digits(value) + bracket + note


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


def mask_text(value: str) -> str:
    """Free text with its phone numbers and mail addresses masked; an order number stays, it is needed."""
    masked = LIKE_EMAIL.sub(lambda found: mask_email(found.group()), value)
    return phones.LIKE.sub(lambda found: mask_phone(found.group()), masked)


def mask_question(value: str) -> str:
    """A question as an editor may read it: no phone, mail address, long number or name that can be recognised."""
    masked = NUMBER.sub(lambda found: mask_phone(found.group()), mask_text(value))
    return NAME.sub(lambda found: found.group(1) + mask_name(found.group(2)), masked)


def without_personal(value: str) -> str:
    """The same with all of that left out, for a wording that others' questions are compared with."""
    for pattern in (LIKE_EMAIL, phones.LIKE, NUMBER, NAME):
        value = pattern.sub("", value)
    return value.strip(" ,，。；;、")


MASKS = {
    "name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "wechat": mask_word,
    "second_contact": mask_contact,
    "buyer": mask_name,
    "address": mask_word,
    "new_value": mask_word,
    "description": mask_text,
}


def mask_fields(fields: Mapping[str, Any], personal: Collection[str] = ()) -> dict[str, Any]:
    """A copy in which every sensitive field is masked; the rest is unchanged.

    `personal`: what the company declares as personal data; a field without a mask of its own keeps one character.
    """
    masks = {**dict.fromkeys(personal, mask_word), **MASKS}
    return {
        name: masks[name](value) if name in masks and isinstance(value, str) else value
        for name, value in fields.items()
    }


def last4(phone: str | None) -> str | None:
    """The last four digits of a phone (an extension is not part of it), or None when there are none."""
    digits = re.sub(r"\D", "", re.split(r"转|ext|x|#", phone or "", maxsplit=1)[0])
    return digits[-4:] if len(digits) >= 7 else None
