"""The list of all conversations: found by words, opened by a click, as it was left when one comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.test_desk import serious_faults

WORDS = "楼道里的紫檀木屏风能不能先搬走"


def searched(page: Page, words: str) -> None:
    """Write into the search field and wait for the answer."""
    with page.expect_response(lambda answer: "/api/talks?q=" in answer.url):
        page.get_by_label("搜索会话").fill(words)


def test_a_conversation_is_found_by_two_characters_opened_and_come_back_from(visitor: Open) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.says(WORDS)
    customer.hears("收到")
    page = Staff(visitor("/desk/talks")).sign_in_to("supervisor", "会话").page
    searched(page, "屏风")
    row = page.locator(".talk-row")
    expect(row).to_have_count(1, timeout=WAIT_MS)
    expect(row.locator("mark")).to_have_text("屏风")
    row.click()
    expect(page.locator(".said.customer").filter(has_text=WORDS)).to_be_visible(timeout=WAIT_MS)
    page.go_back()
    expect(page.get_by_label("搜索会话")).to_have_value("屏风")
    expect(row).to_have_count(1)
    page.get_by_label("搜索会话").fill("屏")
    expect(page.get_by_text("再输入一个字就开始查找")).to_be_visible()
    searched(page, "没人说过的话")
    expect(page.get_by_text("没有符合条件的会话")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("size, scheme", [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_list_has_no_serious_faults_and_fits(visitor: Open, size: tuple[int, int], scheme: str) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.says(WORDS)
    customer.hears("收到")
    page = Staff(visitor("/desk/talks", size, scheme)).sign_in_to("supervisor", "会话").page
    expect(page.locator(".talk-row").first).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_failure_is_told_and_what_was_shown_stays(visitor: Open) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.says(WORDS)
    customer.hears("收到")
    page = Staff(visitor("/desk/talks")).sign_in_to("supervisor", "会话").page
    expect(page.locator(".talk-row").first).to_be_visible(timeout=WAIT_MS)
    page.route(
        "**/api/talks?*", lambda route: route.fulfill(status=503, json={"error": {"code": "x", "message": "服务忙"}})
    )
    page.get_by_label("搜索会话").fill("屏风")
    expect(page.get_by_role("alert").filter(has_text="没有读到会话：服务忙")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".talk-row").first).to_be_visible()
    page.unroute("**/api/talks?*")
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".talk-row mark").first).to_have_text("屏风", timeout=WAIT_MS)
