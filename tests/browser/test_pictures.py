"""Pictures of the product for the README, and a check that nothing in them is clipped.

`UPDATE_PICTURES=1` puts them into docs/images/; otherwise they are only drawn and checked.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, HERE, PHONE, Open
from tests.browser.people import Customer, Staff

IMAGES = HERE.parent.parent / "docs" / "images"
SHOWN = {"widget-form", "widget-staff", "widget-phone-greeting", "widget-phone-ticket", "desk", "desk-phone", "ticket"}
CLIPPED = """() => {
    const roots = [document, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)];
    const buttons = roots.flatMap(root => [...root.querySelectorAll('button, .el-tag')]);
    return buttons
        .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
        .map(one => one.textContent.trim())
        .filter(Boolean);
}"""


def draw(page: Page, name: str, folder: Path) -> None:
    """Take a picture; no button's words are cut off and nothing reaches beyond the window."""
    page.evaluate("document.fonts.ready")
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    assert file.stat().st_size > 10_000
    if os.environ.get("UPDATE_PICTURES") == "1" and name in SHOWN:
        IMAGES.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, IMAGES / file.name)


def complain(customer: Customer) -> None:
    """From the greeting to the read-back."""
    customer.presses("我要投诉")
    customer.hears("怎么称呼您")
    customer.says("王女士")
    customer.hears("请您核对登记内容")


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
