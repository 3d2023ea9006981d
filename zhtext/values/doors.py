"""An address put right in part: 「是2单元」, 「文二路23号」, 「拱墅区」; what was not told anew stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhtext.values.found import HAN

_LEAD = re.compile(
    r"^(?:还有|另外|就是|应该|上门|收货|家庭|我家|我|的|那个)*(?:地址|住址|门牌号?|房间?号?|楼号|单元号?|路名|小区名)?"
    r"(?:应该是|应是|写成|改成|改为|换成|是|系|为|叫|在|住|[:：\s])*"
)
_TAIL = " ,，。.!！~的吧了啊呀哈嘛呢才对"
_DOOR = re.compile(
    r"(?P<number>[0-9０-９a-zA-Z]{1,6}|[一二三四五六七八九十]{1,3})\s?(?P<sign>号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|房)"
    r"|(?P<dashed>(?<![0-9-])\d{1,4}(?:[-－]\d{1,4}){1,3}(?:室|号|户)?(?![0-9-]))"
    r"|(?P<room>(?<![0-9-])\d{3,4}(?![0-9-]))"
)
_NAMED = re.compile(
    rf"[{HAN}]{{1,7}}?(?:省|市|区|县|镇|乡|街道|大道|路|街|巷|胡同|小区|花园|家园|公寓|大厦|新村|苑|里)"
)
_AREAS = re.compile(rf"^(?:[{HAN}]{{1,7}}?(?:省|市|(?<!小)区|县|镇|乡|街道))+")
_AREA_SIGNS = ("省", "市", "区", "县", "镇", "乡", "街道")
_LEVELS = (("弄", "号院", "号"), ("号楼", "栋", "幢", "座"), ("单元",), ("楼", "层"), ("室", "房", ""))
_ALIKE = {"号": ("号", "号院", "弄", "号楼", "栋", "幢", "座")}
"""Signs that stand for each other; 「21号」 may be the house or the building."""


@dataclass(frozen=True)
class _Part:
    """A numbered part of an address: 3单元, or a room without a sign: 301, 2-301."""

    text: str
    sign: str
    start: int
    end: int

    @property
    def level(self) -> int:
        """From the street inwards."""
        return next(at for at, signs in enumerate(_LEVELS) if self.sign in signs)


def mended(known: str, told: str) -> str | None:
    """The known address with the parts that were told anew; None where `told` is no part of one.

    Parts with numbers take the place of the one of their kind, or go to where it would stand; a street, an estate or
    an area takes the place of one with the same sign. Another street and door keep the areas that were known.
    """
    told = _LEAD.sub("", told.split("不是")[0].strip(_TAIL)).strip(_TAIL)
    doors, named = _doors(told), _DOOR.sub("", told).strip(" ,，-")
    if not doors and not _is_named(named):
        return None
    if named and named not in known:
        return _renamed(known, named) if not doors else _moved(known, named, told)
    right = known
    for part in doors:
        right = _with(right, part)
    return right


def is_door(text: str) -> bool:
    """Whether a text is a number of a house, a building or a room and nothing else; 「15号」 may be a day as well."""
    return _DOOR.fullmatch(text.strip(_TAIL)) is not None


def _doors(text: str) -> list[_Part]:
    return [_Part(m.group(), m["sign"] or "", m.start(), m.end()) for m in _DOOR.finditer(text)]


def _is_named(name: str) -> bool:
    return _NAMED.fullmatch(name) is not None


def _with(known: str, part: _Part) -> str:
    """The address with this part in the place of the one of its kind."""
    there = _doors(known)
    alike = _ALIKE.get(part.sign, _LEVELS[part.level])
    same = [one for one in there if one.sign == part.sign] or [one for one in there if one.sign in alike]
    if same:
        return known[: same[-1].start] + part.text + known[same[-1].end :]
    at = next((one.start for one in there if one.level > part.level), len(known))
    return known[:at] + part.text + known[at:]


def _renamed(known: str, name: str) -> str | None:
    """Another street, estate or area where one with its sign stood."""
    sign = next(sign for sign in (*_AREA_SIGNS, *_STREET_SIGNS) if name.endswith(sign))
    old = [one for one in _NAMED.finditer(known) if one.group().endswith(sign)]
    return known[: old[-1].start()] + name + known[old[-1].end() :] if old else None


_STREET_SIGNS = ("大道", "路", "街", "巷", "胡同", "小区", "花园", "家园", "公寓", "大厦", "新村", "苑", "里")


def _moved(known: str, named: str, told: str) -> str | None:
    """A street with its door: in place of the old one where only its name differs, else in the areas that were known."""
    areas = _AREAS.match(known)
    if _AREAS.match(told) or not _NAMED.search(named):
        return None
    return f"{areas.group()}{told}" if areas else None
