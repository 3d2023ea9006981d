"""Telephone numbers as customers in China write them.

Mainland mobiles (13-19, eleven digits) with spaces, dashes, +86, an extension of a virtual
number (转1234) or spelled 幺三八; landlines with area code; Hong Kong, Macau and Taiwan with
their prefix. 400 and 95 numbers are companies', not customers': never a contact.

Kept as digits ("13800138000", "01088886666"), +852... abroad, 转1234 for an extension, and what it is for in
brackets where the customer said so ("13800138000（白天）").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from zhtext.values.found import Value, Visible

_DIGIT_WORDS = str.maketrans(dict(zip("零〇洞一幺二两三四五六七八九拐", "000112234567897", strict=True)))

_GAP = r"[\s\-.·]?"
_EXTENSION = r"(?:\s*(?:转|分机号?|ext\.?|#)\s*(?P<extension>\d{1,6}))?"
_MOBILE = re.compile(rf"(?<![\da-z])(?:(?:\+|00)?86{_GAP})?(?P<number>1[3-9](?:{_GAP}\d){{9}})(?!\d){_EXTENSION}")
_LANDLINE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)86{_GAP})?[(]?(?P<area>0(?:10|2\d|[3-9]\d\d))[)]?[\s\-]{{0,2}}(?P<number>[2-9]\d{{2,3}}{_GAP}\d{{4}})(?!\d){_EXTENSION}"
)
_ABROAD = re.compile(
    r"(?<![\da-z])(?:\+|00)?[(]?(?P<country>852|853|886)[)]?[\s\-](?P<number>\d(?:[\s\-]?\d){7,9})(?!\d)"
)
_TAIWAN = re.compile(r"(?<![\da-z+])0(?P<number>9\d{2}[\s\-]?\d{3}[\s\-]?\d{3})(?!\d)")
"""A Taiwan mobile as it is written there, ten digits: no number of the mainland has that form."""
_ABROAD_PLUS = re.compile(r"(?:\+|00)(?P<country>852|853|886)[\s\-]?(?P<number>\d(?:[\s\-]?\d){7,9})(?!\d)")

# Spelled digits are read only in a run this long: 一三 in a sentence is no number.
_SPELLED_RUN = re.compile(r"[零〇洞一幺二两三四五六七八九拐\d][零〇洞一幺二两三四五六七八九拐\d\s\-+]{9,}")

LIKE_MOBILE = r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"
COMPANY = re.compile(r"[48]00\d{7}|95\d{3,6}|96\d{3,6}")
HOTLINES = frozenset({"12345", "12315", "12305", "12300", "110", "119", "120", "114", "10086", "10010", "10000"})

_WHAT_FOR = r"白天|晚上|夜里|上午|中午|下午|平时|上班时间?|下班后?|工作日|周末|家里|办公室|单位"
_BEFORE = re.compile(
    rf"(?P<what>{_WHAT_FOR})(?:可以|请|就)?(?:打|联系|找我|拨|用|的)?(?:这个|的)?(?:电话|手机|号码)?(?:是|:|\s)*$"
)
_BEHIND = re.compile(rf"^\s*[(（]?(?:是|这是|这个是)?(?P<what>{_WHAT_FOR})(?:打|用|的|联系)?[)）]?(?=$|[^\w])")
_RUN = re.compile(r"\d[\d\s-]*\d")
_LAST_FOUR = re.compile(r"(?:尾号|后四位|末四位|最后四位)\D{0,4}(\d{4})(?!\d)|^\D{0,6}(\d{4})\D{0,3}$")
_KEPT = re.compile(r"(?P<number>\+?\d{7,15}(?:转\d{1,6})?)(?:（(?P<note>[^（）]{1,12})）)?")


def find(text: str) -> Iterator[Value]:
    """Phones of the folded text."""
    readable = _SPELLED_RUN.sub(lambda run: run.group(0).translate(_DIGIT_WORDS), text)
    yield from _mobiles(readable)
    yield from _landlines(readable)
    yield from _abroad(readable)


def read(said: str) -> str | None:
    """A text that is one phone number and nothing else, as it is kept; None for any other text."""
    kept = _KEPT.fullmatch(said.strip())
    note = f"（{kept.group('note')}）" if kept and kept.group("note") else ""
    text = Visible.of(kept.group("number") if kept else said.strip()).text
    found = list(find(text))
    alone = len(found) == 1 and not text[: found[0].start].strip() and not text[found[0].end :].strip()
    return found[0].value + note if alone else None


def with_purpose(text: str, found: Value, begins: int, ends: int) -> str:
    """The number with what it is for, said right before or behind it (白天打138…, 晚上打139…)."""
    said = _BEFORE.search(text[begins : found.start]) or _BEHIND.match(text[found.end : ends])
    return f"{found.value}（{said.group('what')}）" if said else found.value


def is_company_number(number: str) -> bool:
    """400/800 and 95 numbers reach a switchboard, not a customer."""
    return COMPANY.fullmatch(digits_of(number)) is not None


def longest_run(text: str) -> str:
    """The digits of the longest run of them, gaps left out; empty when there is none."""
    return max(map(digits_of, _RUN.findall(text)), key=len, default="")


def last_four(text: str) -> str | None:
    """Four digits that can be the end of a phone number: 尾号5678, or nothing but four digits."""
    found = _LAST_FOUR.search(text)
    return next((digits for digits in found.groups() if digits), None) if found else None


def only_four(text: str) -> str | None:
    """The only number of a text, if it has four digits: 「可能是我媳妇的 7702」."""
    found = re.findall(r"\d+", text)
    return found[0] if len(found) == 1 and len(found[0]) == 4 else None


def digits_of(text: str) -> str:
    """The digits alone."""
    return re.sub(r"\D", "", text)


def _extended(number: str, match: re.Match[str]) -> str:
    extension = match.group("extension")
    return f"{number}转{extension}" if extension else number


def _mobiles(text: str) -> Iterator[Value]:
    for match in _MOBILE.finditer(text):
        yield Value("phone", _extended(digits_of(match.group("number")), match), match.start(), match.end())


def _landlines(text: str) -> Iterator[Value]:
    for match in _LANDLINE.finditer(text):
        number = match.group("area") + digits_of(match.group("number"))
        if _valid(number, "CN"):
            yield Value("phone", _extended(number, match), match.start(), match.end())


def _abroad(text: str) -> Iterator[Value]:
    for pattern in (_ABROAD_PLUS, _ABROAD):
        for match in pattern.finditer(text):
            number = f"+{match.group('country')}{digits_of(match.group('number')).lstrip('0')}"
            if _valid(number, None):
                yield Value("phone", number, match.start(), match.end())
    for match in _TAIWAN.finditer(text):
        number = f"+886{digits_of(match.group('number'))}"
        if _valid(number, None):
            yield Value("phone", number, match.start(), match.end())


def _valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


_NEW_END = re.compile(r"(?:尾[号数]|[后末]四位|最后[四几][位个](?:数字?)?|末尾)\D{0,12}?(?P<end>\d{4})(?!\d)")


def new_end(text: str) -> str | None:
    """The last four digits of a number that are told anew: 「尾号打错了，是8843」."""
    found = list(_NEW_END.finditer(text))
    return found[-1]["end"] if found else None
