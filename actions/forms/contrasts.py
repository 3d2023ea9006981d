"""「是86号不是68号」, 「礼拜四要出门，不是礼拜三」: what stands somewhere and is wrong, and what is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actions.forms import order_changes
from actions.forms.answers import Given, parse
from actions.forms.form import Form
from actions.heard import Heard, Json
from helpdesk.company import Company
from helpdesk.model.field import known
from zhtext import fold

NO_WORDS = frozenset({"choice", "category", "yes_no", "evidence"})
"""Kinds of field that do not hold the customer's own words."""
ENDS_WITH = frozenset({"phone", "order"})
"""Kinds of field of which only the end may be told: 「尾号是51不是15」."""
LED_BY = ("我姓", "姓", "我叫", "叫", "我", "您", "应该", "要")
TRAILS = " 的了啊呀嘛呢吧哦噢哈呗喔囉啦咯哟哎才对"
ACCOUNTS = frozenset({"description"})
SHORTEST = 2
"""Characters that a wrong word must have to be looked for outside of a name."""
ALIKE = 0.5
"""Of the characters of what is wrong so many stand at the same place of what is right."""


@dataclass(frozen=True)
class Contrast:
    """Two wordings of one thing, and where in the message they stand."""

    right: str
    wrong: str
    start: int
    end: int
    is_change: bool
    """One is to be changed into the other, and none is called wrong: 「后天改大后天」."""


@dataclass(frozen=True)
class Contrasted:
    """What the message sets right in this way: field -> value; and what is left of it."""

    values: Json
    rest: Heard
    spans: tuple[tuple[int, int], ...] = ()
    """Where in the message they stand."""


def contrasts(company: Company, text: str) -> Iterator[Contrast]:
    """Every pair of words of which one is said to be wrong, in the order of the message."""
    shown = fold(text)
    for pattern in company.sayings.contrasts:
        for found in pattern.finditer(shown):
            right, wrong = (_bare(text[slice(*found.span(name))]) for name in ("right", "wrong"))
            if right and wrong and right not in LED_BY:
                yield Contrast(_aligned(right, wrong), wrong, *found.span(), is_change="不" not in found.group())


def contrasted(form: Form, heard: Heard) -> Contrasted:
    """The fields in which something wrong stands, with what is right in its place; accounts among them."""
    values: Json = {}
    rest, places = heard, []
    for one in () if heard.is_press else contrasts(form.company, heard.text):
        is_value = not (_names_field(form, one.wrong) or _names_field(form, one.right))
        mended = _all_mended(form, one, values) if is_value else {}
        if mended:
            values.update(mended)
            rest = rest.blanked(one.start, one.end)
            places.append((one.start, one.end))
    return Contrasted(values, rest, tuple(places))


def _names_field(form: Form, words: str) -> bool:
    """「上门改到周五」: a field by its name, and nothing that stands in one."""
    spoken = (word for name in form.names() for word in form.spec(name).spoken)
    return any(fold(words) in word for word in (*spoken, *order_changes.names(form)))


def _all_mended(form: Form, contrast: Contrast, before: Json) -> Json:
    """Every field in which the wrong words stand, put right; an account alone only where they are called wrong."""
    mended = {name: value for name in form.known if (value := _mended(form, name, contrast, before)) is not None}
    return {} if set(mended) <= ACCOUNTS and contrast.is_change else mended


def _bare(words: str) -> str:
    words = words.strip(TRAILS)
    led = next((lead for lead in LED_BY if words.startswith(lead) and len(words) > len(lead)), "")
    return words.removeprefix(led)


def _aligned(right: str, wrong: str) -> str:
    """Of a longer wording the part that stands for the wrong one: 礼拜四 in 「礼拜四要出门」 for 礼拜三."""
    size = len(wrong)
    if len(right) <= size or wrong in right:
        return right
    parts = [right[at : at + size] for at in range(len(right) - size + 1)]
    best = max(parts, key=lambda part: _likeness(part, wrong))
    return best if _likeness(best, wrong) >= ALIKE * size else right


def _likeness(one: str, other: str) -> int:
    return sum(left == right for left, right in zip(one, other, strict=True))


def _mended(form: Form, name: str, contrast: Contrast, before: Json) -> str | None:
    """The value with the wrong words put right; None where they do not stand in it."""
    spec = form.company.fields.get(name)
    value = known(before.get(name, form.known[name]))
    if spec is None or spec.kind in NO_WORDS or not isinstance(value, str) or name not in form.names():
        return None
    if spec.kind == "amount":
        return contrast.right if value == contrast.wrong and contrast.right.isdigit() else None
    words = value.split("（")[0] if spec.kind in ("when", "future") else value
    at = _place(words, contrast.wrong, spec.kind)
    if at < 0:
        return None
    right = _joined(words[:at], contrast.right) + _but_twice(words[at + len(contrast.wrong) :], contrast)
    answer = parse(form.asked(name), Heard(right, "inform")) if right != words else None
    if spec.kind not in ("when", "future"):
        return right if right != words else None
    return str(answer.value) if isinstance(answer, Given) and answer.field == name else None


def _place(words: str, wrong: str, kind: str) -> int:
    """Where the wrong words stand; -1 where they do not, or are too few to be meant."""
    if kind in ENDS_WITH:
        return len(words) - len(wrong) if words.endswith(wrong) and len(wrong) >= SHORTEST else -1
    return words.find(wrong) if kind == "name" or len(wrong) >= SHORTEST else -1


def _but_twice(behind: str, contrast: Contrast) -> str:
    """What stands behind the wrong words, without what the right ones end with: 「不是19，是20号」 of 「19号」."""
    sizes = range(len(contrast.right), 0, -1)
    both = next((size for size in sizes if behind.startswith(contrast.right[-size:])), 0)
    return behind if contrast.wrong.endswith(contrast.right[-both:] or "\n") else behind[both:]


def _joined(before: str, right: str) -> str:
    """Side by side, what both hold once: 昨天下午 and 下午四点多."""
    both = next((size for size in range(len(right), 0, -1) if before.endswith(right[:size])), 0)
    return before + right[both:]
