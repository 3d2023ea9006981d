"""Pictures of the product for the README, and a check that nothing in them is clipped.

`UPDATE_PICTURES=1` puts them into docs/images/; otherwise they are only drawn and checked.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import Customer, Staff
from tests.browser.steps import complain, draw


@pytest.mark.parametrize("name,size,scheme", [("widget", DESKTOP, "light"), ("widget-phone", PHONE, "light")])
def test_the_widget(visitor: Open, tmp_path: Path, name: str, size: tuple[int, int], scheme: str) -> None:
    Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/", size, scheme)).open_chat()
    draw(customer.page, f"{name}-greeting", tmp_path)
    complain(customer)
    draw(customer.page, f"{name}-form", tmp_path)
    customer.presses("确认提交")
    customer.hears("已经为您登记")
    draw(customer.page, f"{name}-ticket", tmp_path)
    customer.asks_for_a_person()
    draw(customer.page, f"{name}-queue", tmp_path)


def test_the_desk(visitor: Open, tmp_path: Path) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    complain(customer)
    customer.presses("确认提交")
    customer.hears("已经为您登记")
    customer.asks_for_a_person()
    other = Customer(visitor("/")).open_chat()
    other.says("快递显示签收了，可是我没有收到")
    other.hears("收到")
    other.asks_for_a_person()
    expect(staff.queue_rows()).to_have_count(2)
    staff.takes_first()
    staff.says("王女士您好，冰箱不制冷给您添麻烦了，非常抱歉。我已经看到您登记的情况，不用您再说一遍。")
    customer.hears("添麻烦了")
    customer.says("好的，那什么时候能上门？")
    staff.reads("什么时候能上门")
    staff.says("已经为您约好明天上午 9 点到 11 点，师傅上门前会先给您打电话，您看方便吗？")
    customer.hears("您看方便吗")
    customer.says("方便，谢谢")
    staff.reads("方便，谢谢")
    draw(customer.page, "widget-staff", tmp_path)
    draw(staff.page, "desk", tmp_path)
    for name, size in (("desk-tablet", (1024, 768)), ("desk-phone", PHONE)):
        staff.page.set_viewport_size({"width": size[0], "height": size[1]})
        draw(staff.page, name, tmp_path)
    staff.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    staff.page.get_by_role("complementary", name="客户资料").locator("a.mono").first.click()
    expect(staff.page.get_by_role("heading", name="登记内容")).to_be_visible()
    draw(staff.page, "ticket", tmp_path)
    staff.page.get_by_role("link", name="工单", exact=True).click()
    expect(staff.page.locator(".tickets a.mono").first).to_be_visible()
    draw(staff.page, "tickets", tmp_path)
