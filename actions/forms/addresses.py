"""An address that is told in two messages: 「长沙市雨花区圭塘路」, and behind it 「126号金色家园5栋2单元401」."""

from __future__ import annotations

from collections.abc import Iterator

from actions.clauses import pieces
from actions.forms.form import Form
from actions.forms.said import address_in, rest_of
from actions.heard import Heard
from helpdesk.company import Company
from zhtext import normalise
from zhtext.questions import is_question
from zhtext.values import doors, times

ADDRESS = "address"
LONGEST_REST = 40
"""Characters of what may stand behind the beginning of an address."""
ROOM = range(2, 6)
"""Characters of a room's number that stands by itself behind a building."""
LEAST_SHARED = 2
ROADS = ("路", "街", "大道", "巷", "胡同")


def is_begun(company: Company, address: str) -> bool:
    """Whether nobody could find the door by an address yet: it names a road or an estate, and no number."""
    plain, words = normalise(address), company.form_words
    return words.door.search(plain) is None and words.needs_no_door.search(plain) is None


def completed(form: Form, heard: Heard) -> str | None:
    """The form's address with what the message tells of its rest; None where it tells none."""
    known = form.known.get(ADDRESS)
    if not isinstance(known, str) or heard.is_press or ADDRESS not in form.names():
        return None
    if not is_begun(form.company, known):
        return _with_inner_door(form, known, heard)
    rest = _told_rest(form, heard)
    return joined(form.company, known, rest) if rest else None


def _told_rest(form: Form, heard: Heard) -> str:
    """What is told of the rest; where it begins with a number, the whole clause."""
    full, clauses = address_in(heard) or "", "".join(_rest(form, heard))
    begins = form.company.form_words.door.match(normalise(clauses)) is not None
    return clauses if begins or not full else full


def joined(company: Company, begun: str, rest: str) -> str:
    """The beginning and what was told behind it, what both hold once; a whole address stands alone."""
    rest = _bare(company, rest)
    shared = next((size for size in range(len(rest), LEAST_SHARED - 1, -1) if begun.endswith(rest[:size])), 0)
    if shared:
        return begun + rest[shared:]
    if begun[:LEAST_SHARED] == rest[:LEAST_SHARED]:
        return rest
    is_other_road = begun.endswith(ROADS) and _names_road(company, rest)
    return doors.mended(begun, rest) or rest if is_other_road else begun + rest


def _names_road(company: Company, rest: str) -> bool:
    door = company.form_words.door.search(rest)
    return door is not None and rest[: door.start()].endswith(ROADS)


def _rest(form: Form, heard: Heard) -> Iterator[str]:
    """The clauses from the first one that is a door on, as far as they go on with it: 「3单元 702」."""
    has_begun = False
    for piece in pieces(rest_of(heard, "phone", "email", "wechat", "order", "name")):
        said = _bare(form.company, piece)
        is_room = has_begun and said.isdecimal() and len(said) in ROOM
        if is_room or _is_door(form, said):
            has_begun = True
            yield said
        elif has_begun:
            return


def _is_door(form: Form, said: str) -> bool:
    """Whether a clause tells a door, and is no day of the month: 「18号」."""
    plain = normalise(said)
    is_told = form.company.form_words.door.search(plain) is not None and len(said) <= LONGEST_REST
    is_day = times.is_bare(plain, form.now) and not any(sign in plain for sign in "栋幢座元楼室之")
    return is_told and not is_question(plain) and not (is_day and times.names_day(plain, form.now))


def _with_inner_door(form: Form, known: str, heard: Heard) -> str | None:
    """A whole address with the building or the room that was not told: 「1701室」 behind 「万达公寓3号楼」."""
    rest = "".join(_rest(form, heard))
    first = form.company.form_words.door.match(normalise(rest))
    if first is None or known[-1:].isdecimal() or known.endswith(("室", "户")):
        return None
    sign = first.group().lstrip("0123456789abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百")
    return known + rest if sign and sign not in known else None


def _bare(company: Company, said: str) -> str:
    """The words without what leads to an address: 「我住…」, 「地址是…」."""
    lead = company.form_words.leads_address.match(said)
    return said[lead.end() :].strip(" ，,:：") if lead else said
