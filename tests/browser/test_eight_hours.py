"""What people live on at the desk: their own customers in sight, troubles said, deeds that can be called back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from helpdesk.store.tables import new_id
from tests.browser.conftest import DESKTOP, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import serious_faults, waiting_customer

LINE = 30
BROKEN = '{"error": {"code": "internal", "reason": "internal", "message": "服务出了问题，没有完成。请稍后再试。"}}'


def breaks(route: Route) -> None:
    route.fulfill(status=500, content_type="application/json", body=BROKEN)


@pytest.fixture
def line(site: Site) -> list[str]:
    """Thirty customers in the queue."""
    return [site.waiting(new_id(), f"第 {n} 位的问题") for n in range(LINE)]


def test_my_customers_stay_in_sight_above_a_long_queue_who_waits_longest_first(visitor: Open, line: list[str]) -> None:
    staff = Staff(visitor("/desk", DESKTOP)).sign_in("agent")
    first, second = staff.takes_next(), staff.takes_next()
    expect(staff.queue_rows()).to_have_count(LINE - 2, timeout=WAIT_MS)
    mine = staff.page.locator(".mine-rows li")
    expect(mine).to_have_count(2)
    expect(mine.first).to_be_in_viewport()
    expect(mine.first).to_contain_text(first)
    expect(mine.first.locator(".wait")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(mine.last).to_contain_text(second)
    last = staff.queue_rows().last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(mine.first).to_be_in_viewport()
    assert serious_faults(staff.page) == []


def test_a_service_that_fails_is_said_and_what_was_shown_stays(visitor: Open, line: list[str]) -> None:
    page = Staff(visitor("/desk")).sign_in("agent").page
    rows = page.locator(".queue-rows li")
    expect(rows).to_have_count(LINE, timeout=WAIT_MS)
    page.route("**/api/queue", breaks)
    page.route("**/api/tickets?*", breaks)
    page.get_by_role("navigation").get_by_role("link", name="工单").click()
    trouble = page.get_by_role("alert").filter(has_text="工单没有更新")
    expect(trouble).to_contain_text("服务出了问题", timeout=WAIT_MS)
    expect(page.get_by_text("还没有工单")).to_have_count(0)
    page.get_by_role("navigation").get_by_role("link", name="接待").click()
    rows.first.get_by_role("button", name="接入").click()
    expect(page.get_by_role("alert").filter(has_text="排队和会话没有更新")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("没有客户在排队")).to_have_count(0)
    expect(rows.first).to_be_visible()
    page.unroute("**/api/queue")
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("alert").filter(has_text="没有更新")).to_have_count(0, timeout=WAIT_MS)


def test_a_service_that_does_not_know_anybody_yet_asks_nobody_to_sign_in(visitor: Open) -> None:
    page = Staff(visitor("/desk")).sign_in("agent").page
    page.route("**/api/me", lambda route: route.fulfill(status=503, body="{}"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("工作台打不开", timeout=WAIT_MS)
    expect(page.get_by_label("密码")).to_have_count(0)
    page.unroute("**/api/me")
    expect(page.get_by_label("排队与会话")).to_be_visible(timeout=WAIT_MS)


def test_ending_a_conversation_can_be_called_back(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    ends(staff)
    staff.page.get_by_role("status", name="可以撤销").get_by_role("button", name="撤销").click()
    expect(staff.page.locator(".undo")).to_have_count(0)
    customer.is_served_by("林晓", "S1001")
    staff.page.locator(".mine-rows li .row").first.click()
    ends(staff)
    expect(staff.page.locator(".mine-rows li")).to_contain_text("即将结束")
    customer.says("等等，还有一个问题")
    expect(staff.page.locator(".el-message")).to_contain_text("会话没有结束", timeout=WAIT_MS)
    staff.page.locator(".mine-rows li .row").first.click()
    ends(staff)
    expect(staff.page.locator(".mine-rows li")).to_have_count(0, timeout=WAIT_MS)
    expect(customer.page.locator(".stars")).to_be_visible(timeout=WAIT_MS)


def ends(staff: Staff) -> None:
    """End the open conversation, in the dialogue that says what will happen."""
    staff.moves("结束会话")
    staff.page.get_by_role("dialog").get_by_role("button", name="结束会话").click()
    expect(staff.page.locator(".undo")).to_be_visible()


def promised(site: Site, visitor: Open) -> tuple[Staff, list[Any]]:
    """Somebody who has two promises in the ledger."""
    staff = Staff(visitor("/desk")).sign_in("agent")
    waiting_customer(visitor)
    staff.takes_first()
    staff.says("您好，我明天上午10点前给您回电。")
    staff.says("您好，我明天下午3点前给您答复。")
    return staff, site.program("supervisor")("GET", "/api/promises?state=open")


def test_a_promise_kept_by_mistake_is_called_back_and_no_row_slides(visitor: Open, site: Site) -> None:
    staff, before = promised(site, visitor)
    page: Page = staff.page
    page.get_by_role("navigation").get_by_role("link", name="承诺台账").click()
    row = page.get_by_role("row").filter(has_text="明天上午10点前给您回电")
    other = page.get_by_role("row").filter(has_text="明天下午3点前给您答复")
    row.get_by_role("button", name="记为兑现").click()
    row.get_by_role("button", name="撤销兑现").click()
    expect(row.get_by_role("button", name="记为兑现")).to_be_visible()
    row.get_by_role("button", name="记为兑现").click()
    top = other.bounding_box()
    expect(row.get_by_role("button", name="撤销兑现")).to_have_count(0, timeout=WAIT_MS)
    assert other.bounding_box() == top
    expect(row).to_be_visible()
    assert len(site.program("supervisor")("GET", "/api/promises?state=open")) == len(before) - 1


def test_a_reply_that_was_begun_is_there_after_a_reload(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    waiting_customer(visitor)
    staff.takes_first()
    field = staff.page.get_by_label("回复", exact=True)
    field.fill("您好，您说的情况我正在")
    staff.page.reload()
    expect(field).to_have_value("您好，您说的情况我正在", timeout=WAIT_MS)
    field.fill("")


def test_back_from_a_ticket_finds_the_search_again(visitor: Open, site: Site) -> None:
    site.program("agent")("POST", "/api/tickets", {"description": "仓库标签打印机总是卡纸，影响发货"})
    page = Staff(visitor("/desk/tickets")).sign_in_to("agent", "工单").page
    search = page.get_by_label("搜索")
    search.fill("打印机")
    expect(page.locator(".tickets a.mono")).to_have_count(1, timeout=WAIT_MS)
    page.locator(".tickets a.mono").click()
    expect(page.get_by_role("heading", name="登记内容")).to_be_visible(timeout=WAIT_MS)
    page.go_back()
    expect(search).to_have_value("打印机", timeout=WAIT_MS)
    expect(page.locator(".tickets a.mono")).to_have_count(1, timeout=WAIT_MS)


# ---------------------------------------------------------------- the customer's window

FOCUSED = "document.querySelector('sansheng-chat').shadowRoot.activeElement?.tagName"


def test_the_window_keeps_its_place_and_its_focus(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.presses("查订单")
    customer.hears("收到：查订单")
    assert customer.page.evaluate(FOCUSED) == "TEXTAREA"
    customer.asks_for_a_person()
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    customer.page.reload()
    customer.is_served_by("林晓", "S1001")
    assert customer.page.evaluate(FOCUSED) is None
    customer.page.evaluate("document.documentElement.dir = 'rtl'")
    assert customer.page.locator(".window").evaluate("(one) => getComputedStyle(one).direction") == "ltr"


def test_while_the_service_is_away_nobody_is_said_to_be_there(visitor: Open) -> None:
    page = visitor("/")
    page.route_web_socket("**/socket.io/**", lambda wire: wire.close())
    page.route("**/socket.io/**", lambda route: route.abort())
    page.reload()
    page.get_by_role("button", name="在线客服").click()
    expect(page.get_by_text("暂时连不上客服，正在不断重试")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text("24 小时在线")).to_have_count(0)
    expect(page.locator(".skeleton")).to_have_count(0)
