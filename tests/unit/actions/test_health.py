"""What was eaten or drunk from a thing that something is wrong with: a doctor's question, answered on the safe side."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.company import load_company
from zhtext import normalise

SAFETY = load_company(Path(__file__).resolve().parents[3] / "company").safety


@pytest.mark.parametrize(
    "said,told,is_so",
    [
        ("我家小孩刚才也喝了那个水有没有关系啊", "", True),
        ("娃娃吃了那锅饭要不要紧", "", True),
        ("他才4岁，对身体有影响吗", "喝了那壶水", True),
        ("这壶还能不能用", "", False),
        ("晚两天到有没有关系", "", False),
    ],
)
def test_it_is_told_from_whether_a_thing_may_be_used(said: str, told: str, is_so: bool) -> None:
    assert SAFETY.asks_of_health(normalise(said), told) is is_so
