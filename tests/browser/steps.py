"""What several of the browser's tests do or look at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import HERE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.pictures import FRIDGE

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"


def waiting_customer(visitor: Open, words: str = "在吗") -> Customer:
    """Somebody in the queue."""
    customer = Customer(visitor("/")).open_chat()
    customer.says(words)
    customer.hears("收到")
    customer.asks_for_a_person()
    return customer


def registered_with_a_picture(customer: Customer) -> str:
    """From the question for evidence to the ticket; its number."""
    customer.says("我要登记，有凭证")
    customer.hears("可以直接发过来")
    customer.chooses(FRIDGE)
    customer.sends()
    customer.hears("照片收到了")
    customer.presses("确认提交")
    return customer.page.locator(".ticket .mono").inner_text()


def serious_faults(page: Page) -> list[str]:
    """Serious and critical findings of axe, each with the first element it is about.

    The pages' policy forbids added scripts, so axe is evaluated.
    """
    page.evaluate(AXE.read_text("utf-8"))
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


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


class Ticket:
    """A ticket's page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def opened(cls, visitor: Open, number: str, username: str = "supervisor") -> Ticket:
        """Signed in at the ticket's own address."""
        return cls(Staff(visitor(f"/desk/tickets/{number}")).sign_in_to(username, "登记内容").page)

    def dialog(self, title: str) -> Locator:
        """The form of a deed."""
        return self.page.get_by_role("dialog", name=title)

    def begins(self, title: str) -> Locator:
        """Press a step's button; its form."""
        self.page.locator(".ticket-head").get_by_role("button", name=title, exact=True).click()
        return self.dialog(title)

    def picks(self, title: str) -> Locator:
        """Choose from the menu; its form."""
        self.page.get_by_role("button", name="更多操作").click()
        self.page.get_by_role("menuitem", name=title).click()
        return self.dialog(title)

    def does(self, title: str) -> None:
        """A step that asks for nothing."""
        dialog = self.begins(title)
        dialog.get_by_role("button", name=title, exact=True).click()
        self.shows(title)

    def answers(self, result: str) -> None:
        """A justified complaint's result."""
        dialog = self.begins("答复客户")
        dialog.get_by_label("给客户的处理结果").fill(result)
        dialog.get_by_label("原因").fill("压缩机批次缺陷")
        dialog.get_by_label("整改措施").fill("该批次停售并逐台检查")
        dialog.get_by_role("button", name="发送答复").click()
        self.is_("已答复")

    def shows(self, words: str) -> None:
        """Wait for words on the timeline."""
        expect(self.page.locator(".el-timeline")).to_contain_text(words, timeout=WAIT_MS)

    def is_(self, status: str) -> None:
        """Wait for a status."""
        expect(self.page.locator(".ticket-head .el-tag").nth(1)).to_have_text(status, timeout=WAIT_MS)


def complaint(visitor: Open) -> tuple[Customer, str]:
    """A customer who has complained, and the number they got."""
    customer = Customer(visitor("/")).open_chat()
    customer.says("我要投诉")
    customer.hears("怎么称呼您")
    customer.says("王女士")
    customer.hears("请您核对登记内容")
    customer.presses("确认提交")
    return customer, customer.page.locator(".ticket .mono").first.inner_text()
