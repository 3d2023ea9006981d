"""What we sell, and the demo shop's orders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from helpdesk.company.shape import Shape

__all__ = ["DemoOrder", "OrderItem", "OrderNumbers", "Product"]


class Product(Shape):
    """A catalogue entry, argued by feature, advantage, benefit (B3)."""

    name: str
    kind: str
    price: Annotated[Decimal, Field(gt=0)]
    aliases: tuple[str, ...] = ()
    feature: str
    advantage: str
    benefit: str
    suits: tuple[str, ...]
    warranty: str
    in_stock: bool = True


class OrderItem(Shape):
    product: str


OrderState = Literal[
    "unpaid", "paid", "picking", "shipped", "delivered", "installed", "completed", "cancelled", "refunding",
    "refunded",
]  # fmt: skip


class DemoOrder(Shape):
    """What a chat tells of an order."""

    state: OrderState
    items: tuple[OrderItem, ...]
    state_since: date
    expected: date | None = None


class OrderNumbers(Shape):
    digits: int = Field(ge=6, le=24)
    other_platforms: tuple[int, int]
    """Lengths, first and last, that other platforms use: recognised and explained, not refused."""
    where: str
    hurried_by: tuple[str, ...] = ()
    """Articles whose answer offers to hurry an order."""

    def is_ours(self, number: str) -> bool:
        return number.isdigit() and len(number) == self.digits

    def is_foreign(self, number: str) -> bool:
        low, high = self.other_platforms
        return number.isdigit() and low <= len(number) <= high and len(number) != self.digits
