"""What is offered for a loss (C5): proposed, approved by who may, accepted or refused by the customer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.errors import InvalidInput, MoveRefused


class Form(StrEnum):
    """In which form it is given."""

    MONEY = "money"
    COUPON = "coupon"
    GOODS = "goods"
    SERVICE = "service"


class Offer(StrEnum):
    """Where a compensation stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Decision(StrEnum):
    """What is decided about it: the first two by staff, the others by the customer."""

    APPROVE = "approve"
    REJECT = "reject"
    ACCEPT = "accept"
    REFUSE = "refuse"


ALLOWED: dict[tuple[Offer, Decision], Offer] = {
    (Offer.PROPOSED, Decision.APPROVE): Offer.APPROVED,
    (Offer.PROPOSED, Decision.REJECT): Offer.REJECTED,
    (Offer.APPROVED, Decision.ACCEPT): Offer.ACCEPTED,
    (Offer.APPROVED, Decision.REFUSE): Offer.REFUSED,
}
COUNTS = frozenset({Offer.APPROVED, Offer.ACCEPTED})
"""What is or may still be given."""
BY_CUSTOMER = frozenset({Decision.ACCEPT, Decision.REFUSE})
WORTH_SOMETHING = frozenset({Form.MONEY, Form.COUPON})
AMOUNT = re.compile(r"(\d{1,7})(?:\.(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True)
class Authority:
    """How much (in 分) a person may approve: for one ticket, on one day, and of their own proposals for a ticket."""

    ticket: int
    day: int
    own: int

    def refusal(self, cents: int, given: Given, *, is_own: bool) -> str | None:
        """Which of the limits one more offer of `cents` would cross: ticket, day or own; None for none."""
        if given.ticket + cents > self.ticket:
            return "ticket"
        if is_own and given.own + cents > self.own:
            return "own"
        return "day" if given.day + cents > self.day else None


@dataclass(frozen=True)
class Given:
    """What was approved before (in 分): for this ticket, by this person today, and of their own for this ticket."""

    ticket: int = 0
    day: int = 0
    own: int = 0


def decided(state: Offer, decision: Decision) -> Offer:
    """The state after a decision.

    Raises:
        MoveRefused: it is not open to this decision.
    """
    try:
        return ALLOWED[state, decision]
    except KeyError:
        raise MoveRefused("compensation_decided", state=state, decision=decision) from None


def parse_cents(amount: str, form: Form) -> int:
    """An amount in yuan, `88` or `88.50`, in 分; a thing or a service may be worth nothing.

    Raises:
        InvalidInput: it is no such amount.
    """
    found = AMOUNT.fullmatch(amount.strip())
    if found is None:
        raise InvalidInput("amount_wrong", field="amount")
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if cents == 0 and form in WORTH_SOMETHING:
        raise InvalidInput("amount_zero", field="amount")
    return cents


def format_yuan(cents: int) -> str:
    """`88.50` from 8850."""
    return f"{cents // 100}.{cents % 100:02d}"
