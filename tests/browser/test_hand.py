"""Speed of hand: what staff reach without leaving what they write, and what becomes of what they sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import complain, draw, serious_faults


@pytest.fixture
def talk(visitor: Open) -> tuple[Customer, Staff]:
    """A customer with the agent who serves them."""
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.says("阳台的推拉窗关不严")
    customer.hears("收到")
    customer.asks_for_a_person()
    staff.takes_first()
    return customer, staff


def test_a_word_is_taken_back_and_put_right(talk: tuple[Customer, Staff]) -> None:
    customer, staff = talk
    staff.says("您的费用是一千八百元。")
    customer.hears("一千八百元")
    said = staff.page.locator(".said.staff").filter(has_text="一千八百元")
    expect(said).to_contain_text(re.compile("未读|已读"))
    said.hover()
    said.get_by_role("button", name="撤回").click()
    expect(customer.page.get_by_text("林晓撤回了一条消息")).to_be_visible(timeout=WAIT_MS)
    expect(customer.page.get_by_text("一千八百元")).to_have_count(0)
    expect(staff.page.get_by_text("撤回了一条消息，客户看不到内容")).to_be_visible(timeout=WAIT_MS)
    expect(staff.page.get_by_label("回复", exact=True)).to_have_value("您的费用是一千八百元。")
    customer.page.reload()
    expect(customer.page.get_by_text("林晓撤回了一条消息")).to_be_visible(timeout=WAIT_MS)
    expect(customer.page.get_by_text("一千八百元")).to_have_count(0)


def test_an_article_and_a_reply_of_ones_own_are_put_into_a_sentence(talk: tuple[Customer, Staff]) -> None:
    customer, staff = talk
    page, field = staff.page, staff.page.get_by_label("回复", exact=True)
    field.fill("您好，")
    field.press_sequentially("/退款多久")
    article = page.get_by_role("option").filter(has_text="知识库").first
    expect(article).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    while article.get_attribute("aria-selected") != "true":
        field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(re.compile(r"^您好，[^/]{8,}"))
    field.fill("{客户称呼}，今天是{今天}，我是{我的姓名}，{工单号}请留好")
    page.get_by_role("button", name="存为常用语").click()
    page.get_by_role("dialog").locator("input").fill("交代单号")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_text("已存为我的常用语")).to_be_visible(timeout=WAIT_MS)
    field.fill("/交代单号")
    expect(page.get_by_role("option").first).to_contain_text("交代单号", timeout=WAIT_MS)
    field.press("Enter")
    expect(field).to_have_value(re.compile(r"^.+，今天是\d+月\d+日，我是林晓，{工单号}请留好$"))
    field.press("Enter")
    expect(page.get_by_text("{工单号} 还没有填，填好再发。")).to_be_visible(timeout=WAIT_MS)
    expect(customer.page.get_by_text("请留好")).to_have_count(0)


def opens(page: Page, words: str) -> None:
    """Ctrl+K while the cursor is in the reply, some words, Enter."""
    page.get_by_label("回复", exact=True).press("Control+k")
    page.get_by_label("查找客户、工单、知识，或输入命令").fill(words)


def test_ctrl_k_finds_customers_articles_and_commands_while_one_writes(talk: tuple[Customer, Staff]) -> None:
    _, staff = talk
    page = staff.page
    opens(page, "推拉窗")
    expect(page.get_by_role("option").filter(has_text="推拉窗").first).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    opens_articles = page.get_by_label("查找客户、工单、知识，或输入命令")
    opens_articles.fill("退款多久")
    expect(page.locator(".palette-group").filter(has_text="知识")).to_be_visible(timeout=WAIT_MS)
    opens_articles.fill("打开 承诺")
    expect(page.get_by_role("option").first).to_have_text(re.compile("打开 承诺台账"))
    opens_articles.press("Enter")
    expect(page).to_have_url(re.compile("/desk/promises$"))
    page.keyboard.press("Control+k")
    expect(opens_articles).to_be_focused()
    page.keyboard.press("Escape")
    expect(opens_articles).to_be_hidden()


def test_a_view_is_kept_and_a_row_opens_by_a_click(visitor: Open) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.presses("我要投诉")
    customer.hears("怎么称呼您")
    customer.says("王女士")
    customer.hears("请您核对登记内容")
    customer.presses("确认提交")
    customer.hears("已经为您登记")
    page = Staff(visitor("/desk/tickets")).sign_in_to("supervisor", "工单").page
    page.get_by_label("搜索", exact=True).fill("王女士")
    page.get_by_role("button", name="视图").click()
    page.get_by_role("menuitem", name="保存现在的筛选").click()
    page.get_by_role("dialog").locator("input").fill("王女士的")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="视图：王女士的")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("搜索", exact=True).fill("")
    page.reload()
    page.get_by_role("button", name="视图", exact=True).click()
    page.get_by_role("menuitem", name="王女士的", exact=True).click()
    expect(page.get_by_label("搜索", exact=True)).to_have_value("王女士")
    page.locator(".tickets .el-table__row .words").first.click()
    expect(page.get_by_role("heading", name="登记内容")).to_be_visible(timeout=WAIT_MS)


NOTICES = """
  window.Notification = class {
    static permission = "granted";
    static async requestPermission() { return "granted"; }
    constructor(title, given) { console.log(given.body); }
    close() {}
  };
  document.hasFocus = () => false;
"""


def test_a_desktop_notice_comes_over_other_windows(visitor: Open) -> None:
    page = visitor("/desk")
    page.add_init_script(NOTICES)
    page.reload()
    Staff(page).sign_in("agent")
    page.get_by_role("button", name="林晓").click()
    page.get_by_role("menuitem", name="我的账号").click()
    switch = page.get_by_role("switch", name="桌面通知")
    expect(switch).to_have_count(1, timeout=WAIT_MS)
    page.locator(".alert-wishes .el-switch").first.click()
    expect(switch).to_be_checked()
    assert serious_faults(page) == []
    customer = Customer(visitor("/")).open_chat()
    customer.says("有人吗")
    customer.hears("收到")
    notice = "有客户在排队，现在共 1 位。"
    with page.expect_console_message(lambda message: message.text == notice, timeout=WAIT_MS):
        customer.asks_for_a_person()


def test_a_file_goes_to_the_customer_and_one_of_another_kind_does_not(
    talk: tuple[Customer, Staff], tmp_path: Path
) -> None:
    customer, staff = talk
    picker = staff.page.get_by_label("选择文件")
    picker.set_input_files({"name": "工具.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    expect(staff.page.get_by_text("「工具.exe」发不了")).to_be_visible()
    picker.set_input_files({"name": "保修单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 %%EOF"})
    draw(staff.page, "desk-file", tmp_path)
    staff.page.get_by_role("button", name="发送", exact=True).click()
    card = customer.page.get_by_role("link", name="保修单.pdf")
    expect(card).to_be_visible(timeout=WAIT_MS)
    with customer.page.expect_download() as saving:
        card.click()
    assert (saving.value.suggested_filename, saving.value.path().read_bytes()) == ("保修单.pdf", b"%PDF-1.7 %%EOF")
    draw(customer.page, "widget-file", tmp_path)
    expect(staff.page.locator(".said.staff").get_by_role("link", name="保修单.pdf")).to_be_visible()
    draw(staff.page, "desk-file-sent", tmp_path)


def test_an_answer_is_suggested_and_put_into_the_reply_by_a_key(talk: tuple[Customer, Staff], tmp_path: Path) -> None:
    customer, staff = talk
    customer.says("退款多久到账？")
    staff.reads("退款多久到账？")
    offered = staff.page.get_by_role("group", name="可以这样答")
    expect(offered.get_by_role("button").first).to_contain_text("知识库", timeout=WAIT_MS)
    assert serious_faults(staff.page) == []
    draw(staff.page, "desk-suggested", tmp_path)
    staff.page.keyboard.press("Alt+1")
    field = staff.page.get_by_label("回复", exact=True)
    expect(field).to_have_value(re.compile("退款"))
    expect(offered).to_have_count(0)
    assert staff.page.locator(".said.staff").filter(has_text="退款").count() == 0
    field.press("Enter")
    expect(staff.page.locator(".said.staff").filter(has_text="退款")).to_be_visible(timeout=WAIT_MS)
    expect(offered).to_have_count(0)


def test_many_tickets_are_handed_on_at_once_and_what_is_refused_says_why(
    visitor: Open, site: Site, tmp_path: Path
) -> None:
    for _ in range(2):
        customer = Customer(visitor("/")).open_chat()
        complain(customer)
        customer.presses("确认提交")
        customer.hears("已经为您登记")
        customer.page.close()
    page = Staff(visitor("/desk")).sign_in("supervisor").page
    page.get_by_role("link", name="工单", exact=True).click()
    rows = page.locator(".tickets .el-table__body tr")
    expect(rows.nth(1)).to_be_visible(timeout=WAIT_MS)
    for at in (0, 1):
        rows.nth(at).locator(".el-checkbox").click()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar).to_contain_text("已选 2 张")
    draw(page, "desk-bulk", tmp_path)
    bar.get_by_role("button", name="受理").click()
    dialog = page.get_by_role("dialog", name="受理（2 张）")
    expect(dialog).to_contain_text("都会收到受理通知")
    dialog.get_by_role("button", name="受理", exact=True).click()
    expect(page.get_by_text("受理：2 张已完成")).to_be_visible(timeout=WAIT_MS)
    expect(rows.nth(0)).to_contain_text("已受理", timeout=WAIT_MS)
    expect(bar).to_have_count(0)
    for at in (0, 1):
        rows.nth(at).locator(".el-checkbox").click()
    bar.get_by_role("button", name="受理").click()
    dialog.get_by_role("button", name="受理", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("2 张没有改", timeout=WAIT_MS)
    draw(page, "desk-bulk-refused", tmp_path)
    dialog.get_by_role("button", name="关闭", exact=True).click()
    expect(bar).to_contain_text("已选 2 张")


def test_many_tickets_are_changed_at_once_on_a_telephone_too(visitor: Open, tmp_path: Path) -> None:
    customer = Customer(visitor("/")).open_chat()
    complain(customer)
    customer.presses("确认提交")
    customer.hears("已经为您登记")
    page = Staff(visitor("/desk/tickets", PHONE)).sign_in_to("supervisor", "工单").page
    card = page.locator(".ticket-cards > li").first
    card.get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar).to_contain_text("已选 1 张")
    draw(page, "desk-bulk-phone", tmp_path)
    assert serious_faults(page) == []
    bar.get_by_role("button", name="受理").click()
    page.get_by_role("dialog", name="受理（1 张）").get_by_role("button", name="受理", exact=True).click()
    expect(card).to_contain_text("已受理", timeout=WAIT_MS)
    expect(bar).to_have_count(0)
