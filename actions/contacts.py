"""Whose number it is: 「打不通就打我老婆的 138…」."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhtext.values import Value
from zhtext.values.phones import with_purpose
from zhtext.values.relations import announces_second, whose

Json = dict[str, Any]


def with_second_contact(entities: Iterable[Json], text: str) -> tuple[Json, ...]:
    """The values of a message, where 「打不通就打我老婆的 138…」 is no phone of the customer's own."""
    found = list(entities)
    phones = sorted((e for e in found if e["entity"] == "phone" and isinstance(e.get("end"), int)), key=_start)
    ends = [0, *(int(phone["end"]) for phone in phones)]
    before = {id(phone): text[ends[i] : _start(phone)] for i, phone in enumerate(phones)}
    own = [phone for phone in phones if not _belongs_to_another(before[id(phone)])]
    others = [p for p in phones if announces_second(before[id(p)]) or (own and p not in own)]
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
    return announces_second(before) or whose(before) is not None


def _second(phone: Json, before: str) -> Json:
    owner = whose(before)
    value = f"{phone['value']}（{owner}）" if owner else phone["value"]
    return {**phone, "entity": "second_contact", "value": value}
