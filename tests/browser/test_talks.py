"""The list of all conversations: found by words, opened by a click, as it was left when one comes back."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.steps import serious_faults


def _png() -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").save(written, "PNG")
    return written.getvalue()


PNG = _png()
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


def test_a_closed_conversation_is_written_in_again_with_a_picture_and_a_quotation(visitor: Open) -> None:
    """The bot's part is folded, what lies behind is at hand, and the customer sees who writes and what is sent."""
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    for words in (WORDS, "看看 https://example.com/a 这个"):
        customer.says(words)
        customer.hears("收到")
    customer.asks_for_a_person()
    staff.takes_first()
    page = staff.page
    link = page.get_by_role("link", name="https://example.com/a")
    expect(page.get_by_role("button", name="机器人接待")).to_be_visible(timeout=WAIT_MS)
    expect(link).to_have_count(0)
    page.get_by_role("button", name="机器人接待").click()
    expect(link.first).to_have_attribute("rel", "noopener noreferrer nofollow")
    tag = page.get_by_label("加标签")
    tag.fill("要回访")
    tag.press("Enter")
    expect(page.get_by_label("标签 要回访")).to_be_visible(timeout=WAIT_MS)
    customer.says("柜门的铰链松了")
    staff.reads("柜门的铰链松了")
    staff.says("您好，我来为您看看。")
    staff.moves("结束会话")
    page.get_by_role("dialog").get_by_role("button", name="结束会话").click()
    expect(page.locator(".talk-head")).to_have_count(0, timeout=WAIT_MS)
    page.goto(page.url.split("/desk")[0] + "/desk/talks")
    page.locator(".talk-row").filter(has_text="要回访").click()
    page.get_by_role("button", name="再次联系客户").click()
    customer.is_served_by("林晓", "S1001")
    expect(page.get_by_role("heading", name="以前的会话")).to_be_visible(timeout=WAIT_MS)
    said = page.locator(".said.customer").filter(has_text="柜门的铰链松了")
    said.hover()
    said.get_by_role("button", name="引用").click()
    expect(page.get_by_label("回复", exact=True)).to_have_value(re.compile("^「柜门的铰链松了」\n"))
    page.get_by_label("选择图片").set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=PNG))
    expect(page.get_by_alt_text("a.png")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("button", name="发送", exact=True).click()
    expect(customer.page.locator(".row:not(.customer) .picture img")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".said.staff .thumbnail img")).to_be_visible(timeout=WAIT_MS)


def test_who_looks_at_the_same_conversation_is_named(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.says(WORDS)
    customer.asks_for_a_person()
    staff.takes_first()
    Staff(visitor("/desk/talks")).sign_in_to("supervisor", "会话").page.locator(".talk-row").first.click()
    expect(staff.page.get_by_text("也在看这个会话")).to_be_visible(timeout=WAIT_MS)
