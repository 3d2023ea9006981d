"""Wherever a reader's own clock is set, hours are the company's: those that its words name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, SHOP, Open
from tests.browser.people import Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import registered_with_a_picture, waiting_customer

FAR = "America/New_York"
"""Half a day away: every hour and half of all days would be others."""


def on_the_wall(iso: str) -> str:
    """A moment's hour where the shop is."""
    return f"{datetime.fromisoformat(iso).astimezone(ZoneInfo(SHOP)):%H:%M}"


def test_a_promised_hour_is_the_same_on_card_ticket_and_follow_up_page(visitor: Open, site: Site) -> None:
    customer = Customer(visitor("/", zone=FAR)).open_chat()
    number = registered_with_a_picture(customer)
    ticket = site.program()("GET", f"/api/tickets/{number}")
    due = on_the_wall(ticket["due"]["result"])
    expect(customer.page.locator(".card.ticket")).to_contain_text(due)
    page = visitor(f"/desk/tickets/{number}", DESKTOP, "light", FAR)
    Staff(page).sign_in_to("supervisor", number)
    expect(page.get_by_label("时限")).to_contain_text(due)
    expect(page.get_by_text(f"今天 {on_the_wall(ticket['timeline'][0]['at'])}").first).to_be_visible()
    follow = visitor(f"/follow#{number}", zone=FAR)
    follow.get_by_label("登记电话后四位").fill("1234")
    follow.get_by_role("button", name="查询进度").click()
    expect(follow.locator("[data-promised]")).to_contain_text(due)


def test_an_hour_that_is_read_and_put_right_at_a_desk_far_away_is_the_shops(visitor: Open, site: Site) -> None:
    waiting_customer(visitor)
    staff = Staff(visitor("/desk", zone=FAR)).sign_in("agent")
    staff.takes_first()
    staff.says("好的，照店里的钟，明天下午3点前给您答复。")
    promises = staff.page.get_by_label("刚才的承诺")
    expect(promises).to_contain_text("明天 15:00 前")
    promises.get_by_role("button", name="改时间").click()
    field = promises.get_by_label("承诺的时间")
    day = field.input_value().split()[0]
    expect(field).to_have_value(f"{day} 15:00")
    field.fill(f"{day} 17:30")
    field.press("Enter")
    promises.get_by_role("button", name="就是这个时间").click()
    expect(promises).to_have_count(0)
    [promise] = [one for one in site.program()("GET", "/api/promises?state=open") if "店里的钟" in one["text"]]
    assert on_the_wall(promise["due_at"]) == "17:30"
