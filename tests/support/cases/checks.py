"""The checks: each a string that holds or does not, of what was said and of what the desk knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.cases.customer import CONFIRM, Json, asked, buttons, customs
from tests.support.cases.desk import WITH_PEOPLE, Seen

OR = " || "
NO_ASK = "noask"
LATER = ("kept", "picked")
"""Checks on the ticket that is finished later."""
PERSON = r"人工|真人|客服|同事|专员|专人|工作人员|工程师"
OFFER = re.compile(
    rf"(?:转|接|找|请|让|叫|换|由|为您安排|安排|联系)[^。！？!?，,；;]{{0,8}}(?:{PERSON})"
    rf"|(?:{PERSON})[^。！？!?，,；;]{{0,10}}(?:吗|帮您|为您|联系您|跟您|与您|给您|接手|接待|接着|核实|来看|来处理)"
)
"""A person put before the customer in words."""
OFFERED_TITLE = re.compile(r"人工|真人|回电|找.{0,3}(?:同事|客服)")
SERVICE_TITLE = re.compile(r"订单|退换|退货|退款|换货|报修|安装|投诉|发票")
STANDING = re.compile(r"[^。！？!?，,\n]*随时[^。！？!?\n]*")
"""What every greeting says: somebody can be called at any time."""
INFORMS = frozenset({"faq_answer", "form", "letter", "ticket_opened"})
"""Messages of these kinds tell who will do what; they offer nobody to talk to."""
DANGER = re.compile(
    r"(?:拔|断|切断|关|关掉|关闭|断开)[^。！？!?]{0,8}(?:插头|电源|总闸|电闸|空气开关|阀门|阀|燃气|煤气|总开关)|断电|拉闸"
    r"|开窗|打开门窗|通风|撤离|远离|离开(?:现场|房间|屋|那里|危险)|到(?:室|屋|户)外"
    r"|(?:拨打?|打|拨|呼叫|联系)[^。！？!?]{0,6}(?:119|120|110)|就医|送医|冲(?:洗|淋)[^。]{0,6}伤|不要(?:再)?(?:触碰|靠近|碰)"
)
"""An instruction that keeps somebody from harm."""
SAFETY = "safety"


@dataclass(frozen=True)
class Evidence:
    """What a check looks at: the reply, all that was said until now, and the desk (if a check asks for it)."""

    replies: Sequence[Json]
    told: Sequence[Json] = ()
    desk: Seen | None = None

    @property
    def seen(self) -> Seen:
        """What the desk knows."""
        return self.desk or Seen()


Found = bool | None
"""Whether a fact is there; None where the ticket it would be on does not exist."""


def holds(check: str, evidence: Evidence) -> bool:
    """Whether one of the check's alternatives holds."""
    return any(_holds(one, evidence) for one in alternatives(check))


def alternatives(check: str) -> list[str]:
    """The checks of which one must hold."""
    return [one.strip() for one in check.split(OR)]


def is_later(check: str) -> bool:
    """Whether the check (`kept=`, `picked=`) must wait for the finished ticket."""
    return any(_name(one) in LATER for one in alternatives(check))


def unasked(checks: Sequence[str]) -> set[str]:
    """The fields that `noask` forbids to ask from now on."""
    return {field for check in checks if _name(check) == NO_ASK for field in _value(check).split("|")}


def wants_desk(checks: Sequence[str]) -> bool:
    """Whether the staff API must be asked to judge these."""
    return any(_asks_desk(one.removeprefix("!")) for check in checks for one in alternatives(check))


def _asks_desk(check: str) -> bool:
    name = _name(check)
    return name.startswith("ticket.") or name in AT_THE_DESK


def _holds(check: str, evidence: Evidence) -> bool:
    found = _fact(check.removeprefix("!"), evidence)
    return found is not None and found != check.startswith("!")


def _fact(check: str, evidence: Evidence) -> Found:
    name, value = _name(check), _value(check)
    if name == NO_ASK:
        return True  # watched while the conversation goes on
    if name.startswith("ticket."):
        return on_ticket(evidence.seen, name.removeprefix("ticket."), value)
    if "=" in check and name in WITH_VALUE:
        return WITH_VALUE[name](value, evidence)
    if check in PLAIN:
        return PLAIN[check](evidence)
    return _matches(check, "\n".join([*texts(evidence.replies), *titles(evidence.replies)]))


def _name(check: str) -> str:
    return check.removeprefix("!").partition("=")[0]


def _value(check: str) -> str:
    return check.partition("=")[2]


# ------------------------------------------------------------------ what was said


def texts(replies: Sequence[Json]) -> list[str]:
    """The words of the replies, choices left out."""
    return [reply.get("text") or "" for reply in replies]


def titles(replies: Sequence[Json]) -> list[str]:
    """The choices of the replies."""
    return [button["title"] for button in buttons(replies)]


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def _says(pattern: str, evidence: Evidence) -> bool:
    return _matches(pattern, "\n".join(texts(evidence.replies)))


def _kind(names: str, evidence: Evidence) -> bool:
    return any(customs(evidence.replies, name) for name in names.split("|"))


def _faq(names: str, evidence: Evidence) -> bool:
    answered = {one["faq_id"] for one in customs(evidence.replies, "faq_answer")}
    suggested = {name for one in customs(evidence.replies, "faq_suggestions") for name in one["faq_ids"]}
    return bool((answered | suggested) & set(names.split("|")))


def _field(names: str, evidence: Evidence) -> bool:
    return bool(set(asked(evidence.replies)) & set(names.split("|")))


def _state(name: str, evidence: Evidence) -> bool:
    return name == CONFIRM and CONFIRM in asked(evidence.replies)


def _order(number: str, evidence: Evidence) -> bool:
    return number in {one["order"] for one in customs(evidence.replies, "order_status")}


def _danger(evidence: Evidence) -> bool:
    filed = any(SAFETY in (ticket["category"], ticket["urgency"]) for ticket in evidence.seen.tickets)
    return filed or any(DANGER.search(text) for text in texts(evidence.replies))


def _offers(replies: Sequence[Json]) -> bool:
    """Whether a person is offered or called; a menu in which one is a line among services does not count."""
    return bool(customs(replies, "handoff")) or any(_offers_in(reply) for reply in replies)


def _offers_in(reply: Json) -> bool:
    if (reply.get("custom") or {}).get("kind") in INFORMS:
        return False
    if OFFER.search(STANDING.sub("", reply.get("text") or "")):
        return True
    shown = titles([reply])
    is_menu = any(SERVICE_TITLE.search(title) for title in shown)
    return not is_menu and any(OFFERED_TITLE.search(title) for title in shown)


# ------------------------------------------------------------------ what the desk knows


def on_ticket(seen: Seen, field: str, pattern: str) -> Found:
    """Whether the newest ticket's field matches; None without a ticket."""
    return _matches(pattern, value_of(seen.tickets[0], field)) if seen.tickets else None


def value_of(ticket: Mapping[str, Any], field: str) -> str:
    """A ticket's kind, status, category or field, as text."""
    value = ticket[field] if field in ("kind", "status", "category") else ticket["fields"].get(field)
    return value if isinstance(value, str) else "" if value is None else _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _person(evidence: Evidence) -> bool:
    return bool(customs(evidence.replies, "handoff")) or evidence.seen.state in WITH_PEOPLE


def _tickets(count: str, evidence: Evidence) -> bool:
    return len(evidence.seen.tickets) == int(count)


def _blob(pattern: str, evidence: Evidence) -> Found:
    found = [_matches(pattern, _text(ticket)) for ticket in evidence.seen.tickets]
    return any(found) if found else None


WITH_VALUE: Mapping[str, Callable[[str, Evidence], Found]] = {
    "says": _says,
    "kind": _kind,
    "faq": _faq,
    "field": _field,
    "state": _state,
    "order": _order,
    "tickets": _tickets,
    "blob": _blob,
    "desk": lambda pattern, evidence: _matches(pattern, _text(evidence.seen.conversation)),
    "kept": lambda value, evidence: None,  # no finished ticket yet
    "picked": lambda value, evidence: None,
}
PLAIN: Mapping[str, Callable[[Evidence], Found]] = {
    "ok": lambda evidence: True,
    "form": lambda evidence: bool(asked(evidence.replies)),
    "person": _person,
    "queue": lambda evidence: evidence.seen.state == "waiting",
    "offer": lambda evidence: _offers(evidence.replies),
    "offered": lambda evidence: _offers(evidence.told),
    "danger": _danger,
    "promise": lambda evidence: bool(evidence.seen.promises),
    "no_ticket": lambda evidence: not evidence.seen.tickets,
}
AT_THE_DESK = frozenset({"person", "queue", "danger", "promise", "no_ticket", "tickets", "blob", "desk"})
