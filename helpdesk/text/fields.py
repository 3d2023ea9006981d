"""Whether a value is one of its field, and how it is kept: the one validator of chat, desk and API.

What the dialogue takes and what staff type go through `accept`; so what the bot accepts the desk accepts. Values are
read by zhtext; a field is described by company/fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.company import Company, FieldSpec
from helpdesk.model.field import UNKNOWN, WITHHELD, State, state_of
from helpdesk.wording import Wording
from zhtext import fold
from zhtext.values import codes, contacts, money, phones, places, times, unsaid
from zhtext.values.days import Bias
from zhtext.values.found import Visible, visible
from zhtext.values.money import About
from zhtext.values.times import Moment

NO_EVIDENCE = frozenset({"没有", "无"})
"""That there is none is known."""


@dataclass(frozen=True)
class Accepted:
    """The value as it is stored (helpdesk.model.field)."""

    value: Any


@dataclass(frozen=True)
class Refused:
    """Not one of its field: `why` names the wording (utter_wrong_<why> in chat, value_wrong_<why> at the desk)."""

    why: str


Verdict = Accepted | Refused
Check = Callable[[FieldSpec, str, datetime], Verdict]


def accept(company: Company, name: str, value: Any, now: datetime) -> Verdict:
    """Read `value` as the field `name`, seen from `now` (in the company's zone)."""
    spec = company.fields[name]
    if (state := state_of(value)) is not None:
        return _open(spec, state)
    if isinstance(value, list) and spec.kind == "evidence":
        return Accepted(value)
    if not isinstance(value, str):
        return Refused("wrong")
    text = visible(value).strip()
    if said := _unsaid(spec, text):
        return _open(spec, said)
    if len(text) > spec.max_length:
        return Refused("too_long")
    if spec.kind == "category":
        return Accepted(text) if text in company.complaints.categories else Refused("choice")
    return CHECKS.get(spec.kind, _text)(spec, text, now)


def may_be(spec: FieldSpec, state: State) -> bool:
    """Whether a field may stay without a value for this reason."""
    if spec.may_be_unknown or spec.kind == "evidence":
        return True
    return state is State.WITHHELD and spec.kind == "name"


def _open(spec: FieldSpec, state: State) -> Verdict:
    if not may_be(spec, state):
        return Refused("required")
    return Accepted(dict(UNKNOWN if state is State.UNKNOWN else WITHHELD))


def _unsaid(spec: FieldSpec, text: str) -> State | None:
    """Words that say there is no value, where the field has no such words as values (凭证：没有)."""
    if unsaid.means_withheld(text):
        return State.WITHHELD if may_be(spec, State.WITHHELD) else None
    is_value = spec.kind == "evidence" and text in NO_EVIDENCE
    return State.UNKNOWN if unsaid.means_unknown(text) and spec.may_be_unknown and not is_value else None


# ---------------------------------------------------------------- kinds


def _text(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    return Accepted(text) if len(text) >= spec.min_length else Refused("too_short")


def _name(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    return Accepted(text) if any(sign.isalpha() for sign in text) else Refused("name")


def _phone(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    found = phones.read(text)
    if found is not None and not phones.is_company_number(found):
        return Accepted(found)
    if spec.may_be_unknown and (contacts.is_email(text) or contacts.is_wechat_id(text)):
        return Accepted(text)  # a second contact may be any
    return Refused("phone")


def _email(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    return Accepted(text) if contacts.is_email(text) else Refused("email")


def _wechat(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    found = text if contacts.is_wechat_id(text) else phones.read(text)
    return Accepted(found) if found else Refused("wechat")


def _amount(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    found = money.read(fold(text))
    if isinstance(found, About):
        return Refused("about")
    return Accepted(found) if found else Refused("amount")


def _code(is_one: Callable[[str], bool]) -> Check:
    def check(spec: FieldSpec, text: str, now: datetime) -> Verdict:
        bare = "".join(fold(text).split()).upper()
        return Accepted(bare) if is_one(bare) else Refused("code")

    return check


def _choice(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    return Accepted(text) if text in [one.value for one in spec.choices] else Refused("choice")


def _yes_no(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    return Accepted(text) if text in ("yes", "no") else Refused("choice")


def _address(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    return Accepted(text) if places.SIGN.search(text) and len(text) >= spec.min_length else Refused("address")


def _when(spec: FieldSpec, text: str, now: datetime) -> Verdict:
    wrong = when_is_wrong(spec, times.read(Visible.of(text).text, now, bias_of(spec), asked=True), now)
    return Refused(wrong) if wrong else _text(spec, text, now)


CHECKS: Mapping[str, Check] = {
    "name": _name,
    "phone": _phone,
    "email": _email,
    "wechat": _wechat,
    "amount": _amount,
    "order": _code(codes.is_order),
    "waybill": _code(codes.is_waybill),
    "ticket": _code(codes.is_ticket),
    "credit_code": _code(codes.is_credit_code),
    "choice": _choice,
    "yes_no": _yes_no,
    "address": _address,
    "when": _when,
    "future": _when,
}


def bias_of(spec: FieldSpec) -> Bias:
    """How a field's times are read: what happened backwards, what is wished forwards."""
    return Bias.FUTURE if spec.kind == "future" else Bias.PAST


def when_is_wrong(spec: FieldSpec, moments: list[Moment], now: datetime) -> str | None:
    """Why the times that were said cannot be this field's: no such day, not yet, or over."""
    if any(moment.wrong for moment in moments):
        return "no_such_day"
    dated = [moment for moment in moments if moment.days is not None]
    if spec.already_happened and dated and all(_is_ahead(moment, now) for moment in dated):
        return "future"
    return "past" if spec.kind == "future" and dated and all(_is_over(moment, now) for moment in dated) else None


def _is_over(moment: Moment, now: datetime) -> bool:
    """An hour of today that is over is too; 三点 without 上午 or 下午 may be the later one, a span may go on."""
    if moment.days is None or moment.days.last != now.date():
        return moment.days is not None and moment.days.last < now.date()
    clock = moment.clock
    if clock is None or clock.hour is None or clock.is_bare or moment.end != clock.end:
        return False
    return (clock.hour, clock.minute) < (now.hour, now.minute)


def _is_ahead(moment: Moment, now: datetime) -> bool:
    if moment.days is None or moment.days.first != now.date():
        return moment.days is not None and moment.days.first > now.date()
    clock = moment.clock
    return clock is not None and clock.hour is not None and (clock.hour, clock.minute) > (now.hour, now.minute)


# ---------------------------------------------------------------- shown


def state_in_words(wording: Wording, name: str, state: State) -> str:
    """Why a field has no value, as customer and staff read it."""
    own, common = f"field_{state}_{name}", {State.UNKNOWN: "field_unknown", State.WITHHELD: "field_withheld"}
    return wording.render(own if own in wording.keys else common[state])


def shown(wording: Wording, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields for a reader: a state has its words beside it, `{"state": "withheld", "text": "不便提供"}`."""
    return {
        name: {**value, "text": state_in_words(wording, name, state)} if (state := state_of(value)) else value
        for name, value in fields.items()
    }
