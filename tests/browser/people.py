"""What a customer and a member of staff do, in their words; each step waits for what it leads to."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.site import PASSWORD

WAIT_MS = 20_000


class Customer:
    """Somebody in front of the widget."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_chat(self) -> Customer:
        """Press the button; the greeting comes unasked."""
        self.page.get_by_role("button", name="在线客服").click()
        self.hears("请问有什么可以帮您")
        return self

    def says(self, text: str) -> None:
        """Write and press Enter."""
        field = self.page.get_by_label("输入消息")
        field.fill(text)
        field.press("Enter")
        expect(self.own(text).last).to_be_visible()

    def presses(self, title: str) -> None:
        """Use a choice."""
        self.page.get_by_role("button", name=title, exact=True).last.click()

    def hears(self, words: str) -> None:
        """Wait for words from us."""
        told = self.page.locator(".row:not(.customer)").filter(has_text=words).last
        expect(told).to_be_visible(timeout=WAIT_MS)

    def chooses(self, *files: FilePayload) -> None:
        """Pick pictures; they wait above the line that is written."""
        self.page.locator("input[type=file]").set_input_files(list(files))

    def sends(self) -> None:
        """Press the button beside the line."""
        self.page.get_by_role("button", name="发送", exact=True).click()

    def pictures(self) -> Locator:
        """The customer's own pictures that can be seen."""
        return self.page.locator(".row.customer .picture img")

    def own(self, text: str) -> Locator:
        """The customer's own bubbles with this text."""
        return self.page.locator(".row.customer").filter(has_text=text)

    def asks_for_a_person(self) -> None:
        """Join the queue."""
        self.says("我要找人工客服")
        expect(self.queue_card()).to_be_visible(timeout=WAIT_MS)

    def queue_card(self) -> Locator:
        """The card that tells the place in the queue."""
        return self.page.get_by_label("正在为您转接人工客服")

    def is_served_by(self, name: str, number: str) -> None:
        """The header names who serves."""
        expect(self.page.locator(".header")).to_contain_text(name, timeout=WAIT_MS)
        expect(self.page.locator(".header")).to_contain_text(number)


class Staff:
    """Somebody at the desk."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, username: str) -> Staff:
        """Sign in and wait for the lists."""
        self._sign_in(username)
        expect(self.page.get_by_label("排队与会话")).to_be_visible(timeout=WAIT_MS)
        expect(self.page.get_by_text("在岗").first).to_be_visible()
        return self

    def sign_in_to(self, username: str, heading: str) -> Staff:
        """Sign in at an address of its own and wait for the page with this heading."""
        self._sign_in(username)
        expect(self.page.get_by_role("heading", name=heading)).to_be_visible(timeout=WAIT_MS)
        return self

    def _sign_in(self, username: str) -> None:
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").first.fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()

    def queue_rows(self) -> Locator:
        """Those who wait."""
        return self.page.locator(".queue-rows li")

    def takes_first(self) -> None:
        """Take whoever is first and wait for the reply box."""
        self.queue_rows().first.get_by_role("button", name="接入").click()
        expect(self.page.get_by_label("回复", exact=True)).to_be_visible(timeout=WAIT_MS)

    def takes_next(self) -> str:
        """Take whoever is first; how they are called at the desk."""
        before = self.page.locator(".mine-rows li").count()
        self.takes_first()
        expect(self.page.locator(".mine-rows li")).to_have_count(before + 1, timeout=WAIT_MS)
        return self.page.locator(".talk-who strong").inner_text()

    def says(self, text: str) -> None:
        """Reply and wait until it is in the conversation."""
        self.writes(text)
        expect(self.page.locator(".said.staff").filter(has_text=text).last).to_be_visible(timeout=WAIT_MS)

    def writes(self, text: str) -> None:
        """Write and press Enter, whatever comes of it."""
        field = self.page.get_by_label("回复", exact=True)
        field.fill(text)
        field.press("Enter")

    def reads(self, words: str) -> None:
        """Wait for the customer's words."""
        expect(self.page.locator(".said.customer").filter(has_text=words).last).to_be_visible(timeout=WAIT_MS)

    def moves(self, title: str) -> None:
        """A button above the conversation."""
        self.page.locator(".talk-moves").get_by_role("button", name=title).click()
