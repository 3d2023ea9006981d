"""现场: a supervisor sees who waits for a word, whispers, and takes a customer over; somebody is asked to take one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import serious_faults


def live_page(visitor: Open) -> Page:
    """A supervisor before the team's work."""
    return Staff(visitor("/desk/supervision")).sign_in_to("supervisor", "现场").page


def test_a_supervisor_sees_who_waits_whispers_and_takes_over(visitor: Open, site: Site) -> None:
    agent = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.asks_for_a_person()
    page = live_page(visitor)
    row = page.get_by_label("由人工服务或等待人工的客户").locator("li").first
    expect(row).to_contain_text("排队中", timeout=WAIT_MS)
    agent.takes_first()
    expect(row).to_contain_text("刚接入：林晓", timeout=WAIT_MS)
    assert serious_faults(page) == []
    row.get_by_role("button", name="悄悄提醒").click()
    page.get_by_label("提醒的内容").fill("先为久等道歉")
    page.get_by_role("button", name="提醒", exact=True).click()
    expect(agent.page.get_by_text("先为久等道歉")).to_be_visible(timeout=WAIT_MS)
    expect(customer.page.get_by_text("先为久等道歉")).to_have_count(0)
    row.get_by_role("button", name="我来接").click()
    expect(row).to_contain_text("陈静", timeout=WAIT_MS)
    customer.is_served_by("陈静", "S2001")


def test_whom_a_customer_asks_for_is_asked_to_take_them(visitor: Open, site: Site) -> None:
    agent = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.says("我要找人工客服，最好是林晓")
    customer.hears("林晓（工号 S1001）")
    offer = agent.page.get_by_label("请您接入")
    expect(offer).to_contain_text("客户指名找您", timeout=WAIT_MS)
    assert serious_faults(agent.page) == []
    offer.get_by_role("button", name="接入").click()
    customer.is_served_by("林晓", "S1001")
    expect(offer).to_have_count(0, timeout=WAIT_MS)


def test_a_supervisor_gives_a_customer_to_a_colleague_who_has_room(visitor: Open, site: Site) -> None:
    agent = Staff(visitor("/desk")).sign_in("agent")
    colleague = Staff(visitor("/desk")).sign_in("agent2")
    customer = Customer(visitor("/")).open_chat()
    customer.asks_for_a_person()
    agent.takes_first()
    page = live_page(visitor)
    row = page.get_by_label("由人工服务或等待人工的客户").locator("li").first
    expect(row).to_contain_text("林晓", timeout=WAIT_MS)
    row.locator(".live-give").click()
    page.get_by_role("option", name="周敏").click()
    expect(row).to_contain_text("周敏", timeout=WAIT_MS)
    customer.is_served_by("周敏", "S1002")
    expect(colleague.page.locator(".mine-rows li")).to_have_count(1, timeout=WAIT_MS)
    expect(agent.page.locator(".mine-rows li")).to_have_count(0, timeout=WAIT_MS)
