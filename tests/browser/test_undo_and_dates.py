"""What may be called back for eight seconds, and what the check reads in a reply: dates, insults, hidden signs."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import SHOP, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import waiting_customer


@pytest.fixture
def served(visitor: Open) -> tuple[Customer, Staff]:
    """A customer whom 林晓 serves."""
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    return customer, staff


def undo_bar(staff: Staff) -> Locator:
    """What can be called back."""
    return staff.page.get_by_role("status", name="可以撤销")


# ---------------------------------------------------------------- called back


def test_a_return_to_the_bot_can_be_called_back_and_else_happens(served: tuple[Customer, Staff]) -> None:
    customer, staff = served
    staff.moves("交还机器人")
    expect(undo_bar(staff)).to_contain_text("会话将交还机器人")
    undo_bar(staff).get_by_role("button", name="撤销").click()
    expect(undo_bar(staff)).to_have_count(0)
    staff.page.locator(".mine-rows li .row").first.click()
    staff.says("您好，我还在，请您继续说。")
    customer.is_served_by("林晓", "S1001")
    staff.moves("交还机器人")
    expect(staff.page.locator(".mine-rows li")).to_contain_text("即将交还")
    expect(staff.page.locator(".mine-rows li")).to_have_count(0, timeout=WAIT_MS)
    customer.hears("小声继续为您服务")


def test_a_transfer_can_be_called_back_before_the_colleague_or_the_customer_hears_of_it(
    served: tuple[Customer, Staff], visitor: Open
) -> None:
    customer, staff = served
    other = Staff(visitor("/desk")).sign_in("agent2")
    staff.moves("转接")
    dialog = staff.page.get_by_role("dialog", name="转接")
    dialog.get_by_text("周敏").click()
    dialog.get_by_role("button", name="转接", exact=True).click()
    expect(undo_bar(staff)).to_contain_text("会话将转接给周敏")
    staff.page.keyboard.press("Alt+z")
    expect(undo_bar(staff)).to_have_count(0)
    staff.page.locator(".mine-rows li .row").first.click()
    staff.says("您好，还是由我为您服务。")
    customer.hears("还是由我为您服务")
    customer.is_served_by("林晓", "S1001")
    expect(other.page.locator(".mine-rows li")).to_have_count(0)


# ---------------------------------------------------------------- read in a reply


def spoken(day: date, today: date) -> str:
    """As the desk says a day."""
    near = {0: "今天", 1: "明天"}.get((day - today).days)
    year = "" if day.year == today.year else f"{day.year}年"
    return near or f"{year}{day.month}月{day.day}日"


def promised(today: date) -> dict[str, date]:
    """What staff promise, and the last day on which it is kept."""
    monday = today - timedelta(days=today.weekday())
    wednesday = monday + timedelta(days=2 if today.weekday() <= 2 else 9)
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return {
        "您好，下下周一给您答复。": monday + timedelta(days=14),
        "您好，元旦前给您换好。": date(today.year, 12, 31),
        "您好，月底前给您退款。": next_month - timedelta(days=1),
        "您好，周三前安排好师傅。": wednesday,
        "您好，今天18:00前改好给您。": today,
    }


def test_dates_that_staff_promise_are_read_as_customers_dates_are(served: tuple[Customer, Staff], site: Site) -> None:
    _, staff = served
    today = site.live().clock.now().astimezone(ZoneInfo(SHOP)).date()
    made = staff.page.get_by_label("刚才的承诺").get_by_role("listitem")
    wrong = {}
    for said, day in promised(today).items():
        staff.says(said)
        expect(made).to_have_count(1, timeout=WAIT_MS)
        if spoken(day, today) not in made.inner_text():
            wrong[said] = made.inner_text()
        made.get_by_role("button", name="不是承诺").click()
        expect(made).to_have_count(0, timeout=WAIT_MS)
    assert wrong == {}


@pytest.mark.parametrize(
    "said", ["好的，今天上午9点前给您答复。", "您是不是有病啊", "您好，这不\u200b归我\u200b管。", "您好，這不歸我管。"]
)
def test_what_must_not_be_said_is_held_however_it_is_written(served: tuple[Customer, Staff], said: str) -> None:
    _, staff = served
    staff.writes(said)
    expect(staff.page.get_by_role("alert").filter(has_text="还没有发出")).to_be_visible(timeout=WAIT_MS)
    expect(staff.page.locator(".said.staff").filter(has_text=said)).to_have_count(0)
