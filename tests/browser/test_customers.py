"""客户档案: found, changed, made one with another and taken apart again, looked at in light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.steps import serious_faults

NAME, REMARK = "王女士", "上午在家，先发微信"


def complains(visitor: Open) -> None:
    """A customer who leaves a name and a number."""
    customer = Customer(visitor("/")).open_chat()
    customer.presses("我要投诉")
    customer.hears("怎么称呼您")
    customer.says(NAME)
    customer.hears("请您核对登记内容")
    customer.presses("确认提交")
    customer.hears("已经为您登记")


def opened(visitor: Open, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Page:
    return Staff(visitor("/desk/customers", size, scheme)).sign_in_to("supervisor", "客户档案").page


def saves(page: Page, title: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden(timeout=WAIT_MS)


def test_a_file_is_found_changed_made_one_and_taken_apart(visitor: Open) -> None:
    for _ in range(2):
        complains(visitor)
    page = opened(visitor)
    page.get_by_label("搜索客户").fill(NAME)
    expect(page.locator(".file-row")).to_have_count(2, timeout=WAIT_MS)
    page.locator(".file-row").first.click()
    page.get_by_role("button", name="修改").click()
    number = page.get_by_label("电话").input_value()
    page.get_by_label("电话").fill("12")
    page.get_by_label("备注").fill(REMARK)
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_role("dialog").get_by_text("这不是可以拨打的号码").first).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("电话").fill(number)
    saves(page, "保存")
    expect(page.locator(".facts").get_by_text(REMARK)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".changes")).to_contain_text(f"备注：（空） → {REMARK}")
    page.get_by_role("button", name="合并", exact=True).click()
    page.get_by_role("dialog").get_by_role("combobox").click()
    page.get_by_role("option").first.click()
    page.get_by_label("怎么核实是同一个人").fill("电话里核对过两张工单")
    saves(page, "合并")
    expect(page.locator(".ticket-main .tags .mono")).to_have_count(2, timeout=WAIT_MS)
    page.get_by_role("button", name="撤销合并").click()
    expect(page.get_by_role("button", name="撤销合并")).to_be_hidden(timeout=WAIT_MS)
    expect(page.locator(".ticket-main .tags .mono")).to_have_count(1, timeout=WAIT_MS)
    page.get_by_role("button", name="返回客户列表").click()
    expect(page.get_by_label("搜索客户")).to_have_value(NAME)


@pytest.mark.parametrize("size, scheme", [(DESKTOP, "light"), (PHONE, "dark")])
def test_list_and_file_have_no_serious_faults_and_fit(visitor: Open, size: tuple[int, int], scheme: str) -> None:
    complains(visitor)
    page = opened(visitor, size, scheme)
    expect(page.locator(".file-row").first).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    page.locator(".file-row").first.click()
    expect(page.get_by_role("heading", name="变更记录")).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_follow_up_is_planned_reported_and_what_is_left_becomes_a_ticket(visitor: Open) -> None:
    complains(visitor)
    page = opened(visitor)
    page.get_by_label("搜索客户").fill(NAME)
    page.locator(".file-row").first.click()
    page.get_by_role("button", name="安排回访").click()
    plan = page.get_by_role("dialog", name="安排回访")
    moment = plan.get_by_role("combobox", name="什么时间")
    moment.fill("2026-11-26 10:00")
    moment.press("Enter")
    saves(page, "安排")
    page.goto(page.url.split("/desk/")[0] + "/desk/follow-ups")
    page.get_by_text("我负责的").click()
    card = page.locator(".call-card").filter(has_text=NAME).first
    expect(card).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    card.get_by_role("button", name="记录结果").click()
    told = page.get_by_role("dialog", name="回访结果")
    told.get_by_text("没有", exact=True).click()
    told.get_by_text("2 分", exact=True).click()
    told.get_by_label("还有什么没解决").fill("安装师傅没有带配件")
    told.get_by_role("button", name="记下结果").click()
    expect(page.get_by_role("dialog")).to_be_hidden(timeout=WAIT_MS)
    page.get_by_text("已回访").first.click()
    done = page.locator(".call-card").filter(has_text="安装师傅没有带配件").first
    expect(done.locator("a.mono").last).to_contain_text("NB", timeout=WAIT_MS)
