"""The widget on a company's page: what the page asks of it, what the customer keeps, and what stands out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import complain, draw

HEARD = """(() => {
  window.notes = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) { window.notes += 1; return start.apply(this, given); };
})()"""


def embedded(page: Page, attributes: str, before: str = "") -> Page:
    """The demo shop, whose tag for the widget has these attributes, and a script of its own in front."""

    def answer(route) -> None:  # type: ignore[no-untyped-def]
        response = route.fetch()
        tag = f"<script>{before}</script><script src='/widget.js' {attributes} async></script>"
        body = response.text().replace('<script src="/widget.js" async></script>', tag)
        headers = {**response.headers, "content-security-policy": ""}
        route.fulfill(response=response, body=body, headers=headers)

    page.route(lambda url: url.rstrip("/").count("/") == 2, answer)
    page.reload()
    return page


def served(visitor: Open) -> tuple[Customer, Staff]:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.asks_for_a_person()
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    return customer, staff


def test_the_closed_chat_says_who_serves_and_what_is_unread_and_is_heard(visitor: Open) -> None:
    customer, staff = served(visitor)
    customer.page.evaluate(HEARD)
    staff.says("您好，我看到了您的情况。")
    customer.hears("我看到了您的情况")
    assert customer.page.evaluate("window.notes") == 0
    customer.page.get_by_role("button", name="收起对话").click()
    launcher = customer.page.locator(".launcher")
    expect(launcher).to_contain_text("林晓正在为您服务")
    staff.says("明天上午九点前给您回电。")
    expect(launcher).to_contain_text("1 条未读消息", timeout=WAIT_MS)
    customer.page.wait_for_function("window.notes === 2")
    launcher.click()
    customer.page.get_by_role("button", name="更多").click()
    customer.page.get_by_role("menuitemcheckbox", name="新消息提示音").click()
    expect(customer.page.get_by_role("menuitemcheckbox")).to_have_attribute("aria-checked", "false")
    customer.page.keyboard.press("Escape")
    customer.page.get_by_role("button", name="收起对话").click()
    staff.says("还有什么可以帮您？")
    expect(launcher).to_contain_text("1 条未读消息", timeout=WAIT_MS)
    assert customer.page.evaluate("window.notes") == 2


def test_who_waits_reads_their_place_on_the_closed_chat(visitor: Open) -> None:
    Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/", PHONE)).open_chat()
    customer.asks_for_a_person()
    customer.page.get_by_role("button", name="收起对话").click()
    expect(customer.page.locator(".launcher")).to_contain_text("排队中，下一位是您")


def test_a_tall_card_is_read_from_its_top_and_its_first_choice_stands_out(visitor: Open) -> None:
    page = visitor("/")
    page.set_viewport_size({"width": 1280, "height": 520})
    customer = Customer(page).open_chat()
    complain(customer)
    card = page.locator(".readback").last
    expect(card.get_by_text("请您核对登记内容")).to_be_in_viewport()
    assert page.evaluate(
        """() => { const root = document.querySelector('sansheng-chat').shadowRoot, log = root.querySelector('.log');
          return root.querySelector('.readback').getBoundingClientRect().top - log.getBoundingClientRect().top; }"""
    ) == pytest.approx(10, abs=14)
    primary = page.locator(".choice.primary")
    expect(primary).to_have_text("确认提交")
    expect(primary).to_have_css("background-color", "rgb(200, 16, 46)")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_date_is_chosen_where_one_is_asked(visitor: Open, size: tuple[int, int]) -> None:
    customer = Customer(visitor("/", size)).open_chat()
    customer.says("约上门")
    customer.hears("什么时候上门")
    group = customer.page.get_by_role("group", name="选日期回答")
    group.get_by_label("时段").select_option("上午")
    group.get_by_role("button", name="明天", exact=True).click()
    expect(customer.own("11月25日上午")).to_be_visible()
    customer.hears("收到：11月25日上午")
    expect(group).to_have_count(0)


def test_a_conversation_is_kept_as_a_file(visitor: Open, tmp_path: Path) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.says("退货的运费谁出？")
    customer.hears("来回运费由我们承担")
    customer.page.get_by_role("button", name="更多").click()
    with customer.page.expect_download() as saving:
        customer.page.get_by_role("menuitem", name="下载对话记录").click()
    file = tmp_path / "talk.txt"
    saving.value.save_as(file)
    assert saving.value.suggested_filename == "与三声电器的对话记录.txt"
    text = file.read_text("utf-8-sig")
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d　您\n退货的运费谁出？", text)
    assert "来回运费由我们承担" in text


def test_who_wants_to_be_forgotten_leaves_nothing_and_nobody_waits_for_them(visitor: Open, site: Site) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.says("退货的运费谁出？")
    customer.asks_for_a_person()
    expect(staff.queue_rows()).to_have_count(1)
    before = customer.page.evaluate("localStorage['sansheng:session']")
    customer.page.get_by_role("button", name="更多").click()
    customer.page.get_by_role("menuitem", name="在这台设备上忘记我").click()
    sheet = customer.page.get_by_role("alertdialog")
    expect(sheet).to_contain_text("已经登记的事照常办理")
    sheet.get_by_role("button", name="忘记我").click()
    expect(sheet).to_have_count(0)
    expect(staff.queue_rows()).to_have_count(0, timeout=WAIT_MS)
    customer.open_chat()
    expect(customer.own("退货的运费谁出")).to_have_count(0)
    assert customer.page.evaluate("localStorage['sansheng:session']") != before


def test_the_page_opens_it_and_hears_of_it_and_says_where_and_how_it_stands(visitor: Open) -> None:
    queued = """
      window.heard = [];
      window.Sansheng = window.Sansheng || function () { (Sansheng.q = Sansheng.q || []).push(arguments); };
      for (const event of ["open", "close", "message", "state"])
        Sansheng("on", event, (told) => heard.push([event, told && told.author || told]));
      Sansheng("open");"""
    attributes = "data-language='en' data-theme='dark' data-position='left' data-bottom='90'"
    page = embedded(visitor("/"), attributes, queued)
    expect(page.get_by_label("Your message")).to_be_visible()
    page.wait_for_function("window.heard.some(([event]) => event === 'message')")
    assert page.evaluate("window.heard")[:1] == [["open", None]]
    assert ["message", "bot"] in page.evaluate("window.heard")
    box = page.locator(".window").bounding_box()
    assert box is not None
    assert (box["x"], round(box["y"] + box["height"])) == (24, DESKTOP[1] - 90)
    expect(page.locator(".window")).to_have_css("background-color", "rgb(27, 29, 33)")
    page.evaluate("Sansheng('close')")
    launcher = page.get_by_role("button", name="Chat with us")
    expect(launcher).to_be_visible()
    box = launcher.bounding_box()
    assert box is not None
    assert (box["x"], round(box["y"] + box["height"])) == (24, DESKTOP[1] - 90)
    assert page.evaluate("window.heard").count(["close", None]) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_how_it_looks(visitor: Open, tmp_path: Path, size: tuple[int, int], scheme: str) -> None:
    name = f"{size[0]}-{scheme}"
    customer = Customer(visitor("/", size, scheme)).open_chat()
    customer.says("约上门")
    customer.hears("什么时候上门")
    draw(customer.page, f"widget-{name}-date", tmp_path)
    customer.page.get_by_role("button", name="更多").click()
    draw(customer.page, f"widget-{name}-menu", tmp_path)
    customer.page.get_by_role("menuitem", name="在这台设备上忘记我").click()
    draw(customer.page, f"widget-{name}-forget", tmp_path)
    customer.page.get_by_role("button", name="先不").click()
    customer.says("没有空")
    complain_again(customer)
    draw(customer.page, f"widget-{name}-form", tmp_path)
    customer.page.get_by_role("button", name="收起对话").click()
    draw(customer.page, f"widget-{name}-launcher", tmp_path)
    page = embedded(visitor("/", size, scheme), "data-language='zh-TW'")
    page.get_by_role("button", name="線上客服").click()
    expect(page.get_by_label("輸入訊息")).to_be_visible()
    Customer(page).hears("请问有什么可以帮您")
    page.get_by_role("button", name="更多").click()
    draw(page, f"widget-{name}-traditional", tmp_path)


def complain_again(customer: Customer) -> None:
    customer.says("我要投诉")
    customer.hears("怎么称呼您")
    customer.says("王女士")
    customer.hears("请您核对登记内容")
