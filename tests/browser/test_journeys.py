"""The journeys of a customer and of staff, in two real browsers."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site


def served(visitor: Open, username: str = "agent") -> tuple[Customer, Staff]:
    """A customer who was taken by somebody at the desk."""
    staff = Staff(visitor("/desk")).sign_in(username)
    customer = Customer(visitor("/")).open_chat()
    customer.asks_for_a_person()
    staff.takes_first()
    return customer, staff


def test_who_opens_the_chat_is_greeted_and_a_question_is_answered(visitor: Open) -> None:
    customer = Customer(visitor("/", PHONE)).open_chat()
    customer.says("退货的运费谁出？")
    customer.hears("来回运费由我们承担")
    expect(customer.page.get_by_role("button", name="查订单")).to_have_count(0)
    assert customer.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_complaint_is_read_back_corrected_in_place_and_registered(visitor: Open) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.presses("我要投诉")
    customer.hears("怎么称呼您")
    customer.says("王女士")
    customer.hears("请您核对登记内容")
    customer.page.get_by_role("button", name="修改电话").click()
    editor = customer.page.get_by_label("修改电话")
    editor.fill("13900002222")
    editor.press("Enter")
    customer.hears("已经改好")
    expect(customer.page.locator(".readback dd").filter(has_text="13900002222")).to_be_visible()
    customer.presses("确认提交")
    expect(customer.page.locator(".ticket .mono")).to_contain_text("TS20")


def test_a_handoff_in_mid_form_shows_staff_what_was_said(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.says("我要投诉")
    customer.hears("怎么称呼您")
    customer.asks_for_a_person()
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    expect(staff.page.get_by_label("客户资料", exact=True)).to_contain_text("我要投诉")
    staff.says("您好，您的情况我都看到了，我来帮您登记，今天内给您答复。")
    customer.hears("您的情况我都看到了")
    customer.says("好的，谢谢")
    staff.reads("好的，谢谢")
    expect(customer.page.locator(".delivery.read")).to_be_visible(timeout=WAIT_MS)
    staff.moves("交还机器人")
    customer.hears("小声继续为您服务")


def test_a_customer_who_gives_up_waiting_is_back_with_the_bot(visitor: Open) -> None:
    Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.asks_for_a_person()
    customer.queue_card().get_by_role("button", name="取消排队").click()
    expect(customer.queue_card()).to_have_count(0, timeout=WAIT_MS)
    customer.hears("取消排队")
    customer.says("那运费谁出")
    customer.hears("来回运费由我们承担")


def test_a_transfer_names_the_colleague_to_the_customer(visitor: Open) -> None:
    other = Staff(visitor("/desk")).sign_in("agent2")
    customer, staff = served(visitor)
    staff.moves("转接")
    dialog = staff.page.get_by_role("dialog", name="转接")
    dialog.get_by_text("周敏").click()
    dialog.get_by_role("button", name="转接", exact=True).click()
    customer.is_served_by("周敏", "S1002")
    other.page.locator(".mine-rows li .row").first.click()
    other.says("您好，我是周敏，接下来由我为您服务。")
    customer.hears("接下来由我为您服务")


def test_a_closed_conversation_is_rated_with_words(visitor: Open) -> None:
    customer, staff = served(visitor)
    staff.says("您好，已经为您办好了，感谢您的耐心。")
    customer.hears("已经为您办好了")
    staff.moves("结束会话")
    dialog = staff.page.get_by_role("dialog", name="结束会话")
    dialog.get_by_label("小结").fill("客户咨询运费，已答复。")
    dialog.get_by_role("button", name="结束会话").click()
    customer.hears("再见")
    customer.page.locator(".stars label").nth(4).click()
    customer.page.get_by_label("想说的话（选填）").fill("很耐心")
    customer.page.get_by_role("button", name="提交评价").click()
    expect(customer.page.get_by_text("感谢您的评价")).to_be_visible(timeout=WAIT_MS)


def test_a_reload_in_mid_chat_loses_nothing(visitor: Open) -> None:
    customer, staff = served(visitor)
    customer.says("我的冰箱有异响")
    staff.reads("我的冰箱有异响")
    customer.page.reload()  # the window stays open while a person serves
    expect(customer.own("我的冰箱有异响")).to_be_visible(timeout=WAIT_MS)
    customer.is_served_by("林晓", "S1001")
    staff.says("您好，请问异响是持续的吗？")
    customer.hears("请问异响是持续的吗")


def test_a_server_restart_in_mid_chat_keeps_what_is_written_meanwhile(visitor: Open, site: Site) -> None:
    customer, staff = served(visitor)
    site.down()
    expect(customer.page.get_by_text("网络已断开")).to_be_visible(timeout=WAIT_MS)
    customer.says("断网时写的第一句")
    customer.says("断网时写的第二句")
    expect(customer.page.locator(".delivery.waiting")).to_have_count(2)
    site.up()
    expect(customer.page.locator(".delivery.waiting")).to_have_count(0, timeout=30_000)
    staff.reads("断网时写的第二句")
    said = staff.page.locator(".said.customer").filter(has_text="断网时写的")
    expect(said).to_have_count(2)
    expect(said.first).to_contain_text("第一句")
    staff.says("您好，您刚才写的两句我都收到了。")
    customer.hears("两句我都收到了")
