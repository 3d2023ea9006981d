"""Which registered matter fits how it is spoken of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.talk.described import Described
from helpdesk.usecases.turns.lookups import TicketView

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def ticket(number: str, kind: str, product: str = "", about: str = "") -> TicketView:
    return TicketView(
        number, kind, "", "registered", "", NOW, NOW, "周敏", "normal", 1, None, product=product, about=about
    )


DELETION = ticket("TS1", "data_request")
FRIDGE = ticket("TS2", "repair", "冰箱", "冷冻室化了")
OVEN = ticket("TS3", "complaint", about="送来的烤箱门是歪的")
EVERY = [DELETION, FRIDGE, OVEN]


@pytest.mark.parametrize(
    "named,numbers",
    [
        (Described(), ["TS1", "TS2", "TS3"]),
        (Described(kinds=("data_request",)), ["TS1"]),
        (Described(names=frozenset({"冰箱"})), ["TS2"]),
        (Described(kinds=("repair",), names=frozenset({"洗衣机"})), []),
        (Described(kinds=("complaint",), names=frozenset({"烤箱"}), words="烤箱投诉"), ["TS3"]),
        (Described(kinds=("complaint",), names=frozenset({"空调"})), ["TS3"]),
        (Described(names=frozenset({"破壁机", "冰箱"})), ["TS2"]),
        (Described(kinds=("refund",)), []),
        (Described(names=frozenset({"空调"})), []),
    ],
)
def test_what_is_named_fits_a_matter_or_none(named: Described, numbers: list[str]) -> None:
    assert [one.number for one in named.among(EVERY)] == numbers
