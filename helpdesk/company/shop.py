"""What we sell, and the demo shop's orders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from helpdesk.company.shape import Shape
from helpdesk.company.words import MatterQuestion, Wordings
from helpdesk.model.shop import OrderState, ParcelState, ProgressKind, ProgressState, Tier

__all__ = ["DemoCustomer", "DemoOrder", "DemoParcel", "DemoProgress", "OrderItem", "OrderNumbers", "Product"]


class Product(Shape):
    """A catalogue entry, argued by feature, advantage, benefit (B3)."""

    name: str
    kind: str
    price: Annotated[Decimal, Field(gt=0)]
    aliases: tuple[str, ...] = ()
    feature: str
    advantage: str
    benefit: str
    details: Mapping[str, str] = Field(default_factory=dict)
    """What else its sheet tells: 尺寸, 颜色, 功率 … under the names of company/product_questions.yml."""
    suits: tuple[str, ...]
    warranty: str
    in_stock: bool = True


class OrderItem(Shape):
    product: str


class DemoCustomer(Shape):
    """A customer of the demo shop."""

    name: str
    phone: Annotated[str, Field(pattern=r"^1\d{10}$")]
    tier: Tier = "normal"


class DemoProgress(Shape):
    """How far a refund, an invoice or a repair is."""

    kind: ProgressKind
    state: ProgressState
    since: date
    expected: date | None = None


class DemoParcel(Shape):
    """A parcel of an order."""

    waybill: str
    carrier: str
    state: ParcelState
    seen_at: datetime
    place: str
    expected: date | None = None


class DemoOrder(Shape):
    """What the demo shop's system would tell of an order."""

    state: OrderState
    items: tuple[OrderItem, ...]
    state_since: date
    expected: date | None = None
    can_cancel: bool | None = None
    customer: str | None = None
    progress: tuple[DemoProgress, ...] = ()
    parcels: tuple[DemoParcel, ...] = ()


class Replacement(Shape):
    """Words of an answer that do not fit, and what is said in their place."""

    words: re.Pattern[str]
    instead: str


class OrderNumbers(Shape):
    digits: int = Field(ge=6, le=24)
    other_platforms: tuple[int, int]
    """Lengths, first and last, that other platforms use: recognised and explained, not refused."""
    where: str
    hurried_by: tuple[str, ...] = ()
    """Articles whose answer offers to hurry an order."""
    mine: re.Pattern[str]
    """The whole of what somebody says who wants to see their own orders, and asks nothing of them."""

    arrival: MatterQuestion
    """When it comes, asked after an order's state was told."""
    urges: Wordings
    """It is to go faster: 「2026…赶紧发」."""
    not_by_me: Wordings
    """It was cancelled, and not by the customer: 「我没点过取消」."""
    about_state: dict[str, str] = Field(default_factory=dict)
    """State of an order -> the article that a question without a subject is about, right after it was told."""
    when_known: tuple[Replacement, ...] = ()
    """How an answer asks for the number; not so where the conversation has it."""

    def with_number_known(self, answer: str) -> str:
        """An answer that does not ask for the number."""
        for one in self.when_known:
            answer = one.words.sub(one.instead, answer)
        return answer

    def is_ours(self, number: str) -> bool:
        return number.isdigit() and len(number) == self.digits

    def is_foreign(self, number: str) -> bool:
        low, high = self.other_platforms
        return number.isdigit() and low <= len(number) <= high and len(number) != self.digits
