"""What is wrong with a setting is said in words for whoever edits it, whatever kind of mistake it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.company import CompanyFileError, load_company
from helpdesk.usecases.settings.entries import entries_of, text_of
from helpdesk.usecases.settings.refusals import reason_for
from helpdesk.wording import load_wording

COMPANY = Path(__file__).resolve().parents[2] / "company"


def problem_with(name: str, key: str, value: str) -> CompanyFileError:
    """What the company's reader says of a file with this value in it."""
    before = entries_of((COMPANY / name).read_text("utf-8"))
    text = text_of({**{one.key: one.value for one in before}, key: value}, before)
    with pytest.raises(CompanyFileError) as refused:
        load_company(COMPANY, {name: text})
    return refused.value


@pytest.mark.parametrize(
    "name, key, value, place, words",
    [
        ("limits.yml", "appeal_days", "many", "appeal_days", "要填整数"),
        ("limits.yml", "appeal_days", "0", "appeal_days", "不能小于 1"),
        ("opening_hours.yml", "holidays", "rule: often", "holidays.rule", "只能是 as_usual、closed、periods 之一"),
        ("opening_hours.yml", "weekly", "mon: [9-21]", "weekly.mon.0", "时段要写成"),
        ("limits.yml", "ordinary_max_calendar_days", "3", "(file)", "不能超过最晚答复期限"),
        ("opening_hours.yml", "special", "2026-13-01: []", "(file)", "读不懂"),
        ("limits.yml", "quiet_from", "[", None, "写法不对"),
    ],
)
def test_a_mistake_is_said_in_chinese_and_at_its_place(
    name: str, key: str, value: str, place: str | None, words: str
) -> None:
    problem = problem_with(name, key, value)
    assert place is None or problem.key == place
    assert words in load_wording(load_company(COMPANY)).why(reason_for(problem))
