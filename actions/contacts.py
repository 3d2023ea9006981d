"""Whose number it is, and who speaks for whom: the complainant need not be the buyer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from zhtext.values import Value
from zhtext.values.phones import with_purpose

Json = dict[str, Any]

_PERSON = (
    r"妈妈?|老妈|爸爸?|老爸|父亲|母亲|爷爷|奶奶|姥姥|姥爷|外婆|外公|老婆|老公|爱人|媳妇|妻子|丈夫|先生|太太|儿子|女儿|闺女|孩子|朋友|同事|邻居|"
    r"婆婆|公公|公婆|岳父|岳母|老人家?|家人|家里人?|亲戚|姐姐?|哥哥?|弟弟?|妹妹?|父母|爸妈|领导|客户|老板"
)
_BACKUP = re.compile(
    r"打不通|联系不[上到]|找不到我|没人接|不接电话|备用|备选|另外?(?:一|1)?个?(?:电话|号码|手机|联系)|第二(?:个)?(?:电话|号码|联系)|再(?:留|记|给)(?:一)?个"
)
_RELATION = re.compile(rf"我?的?({_PERSON})(?:的|那个|手机|电话|号|[\s:：,，])")
_FOR_SOMEBODY = re.compile(
    rf"(?:替|代表?|代替|帮)(?:我|咱|俺)?(?:家)?({_PERSON})[^,，。]{{0,4}}(?:投诉|反映|反馈|登记|举报|说|问|维权|讨|办)|"
    rf"(?:替|代表?|代替)(?:我|咱|俺)(?:家)?({_PERSON})"
)


def with_second_contact(entities: Iterable[Json], text: str) -> tuple[Json, ...]:
    """The values of a message, where 「打不通就打我老婆的 138…」 is no phone of the customer's own."""
    found = list(entities)
    phones = sorted((e for e in found if e["entity"] == "phone" and isinstance(e.get("end"), int)), key=_start)
    ends = [0, *(int(phone["end"]) for phone in phones)]
    before = {id(phone): text[ends[i] : _start(phone)] for i, phone in enumerate(phones)}
    own = [phone for phone in phones if not _belongs_to_another(before[id(phone)])]
    others = [p for p in phones if _BACKUP.search(before[id(p)]) or (own and p not in own)]
    renamed = {id(p): _second(p, before[id(p)]) for p in others} or _for_hours(phones, text)
    return tuple(renamed.get(id(e), e) for e in found)


def _for_hours(phones: list[Json], text: str) -> dict[int, Json]:
    """「白天打138…，晚上打139…」: both are kept, each with its words."""
    places = [Value("phone", str(phone["value"]), _start(phone), int(phone["end"])) for phone in phones]
    edges = [0, *(place.start for place in places[1:]), len(text)]
    ends = [0, *(place.end for place in places)]
    told = [with_purpose(text, place, ends[i], edges[i + 1]) for i, place in enumerate(places)]
    if len(phones) != len(("phone", "second_contact")) or not all("（" in value for value in told):
        return {}
    first, second = phones
    return {
        id(first): {**first, "value": told[0]},
        id(second): {**second, "entity": "second_contact", "value": told[1]},
    }


def _start(entity: Json) -> int:
    return int(entity.get("start") or 0)


def _belongs_to_another(before: str) -> bool:
    return bool(_BACKUP.search(before) or _RELATION.search(before))


def _second(phone: Json, before: str) -> Json:
    relation = _RELATION.search(before)
    value = f"{phone['value']}（{relation.group(1)}）" if relation else phone["value"]
    return {**phone, "entity": "second_contact", "value": value}


def on_behalf_of(plain: str) -> str | None:
    """Whom the customer speaks for: 「我替我妈投诉」 -> 妈妈."""
    found = _FOR_SOMEBODY.search(plain)
    who = next((who for who in found.groups() if who), "") if found else ""
    return {"妈": "妈妈", "爸": "爸爸", "姐": "姐姐", "弟": "弟弟"}.get(who, who) or None
