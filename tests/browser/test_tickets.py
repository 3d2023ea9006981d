"""A ticket's life as staff and customer see it: letters, disputes, rounds, money, and what colleagues do meanwhile."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import update

from helpdesk.store.tables import Conversation
from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Staff
from tests.browser.site import Site
from tests.browser.steps import Ticket, complaint, serious_faults, waiting_customer

RESULT = "已为您更换压缩机，整机保修从今天重新计算，非常抱歉给您带来不便。"


def test_a_complaint_is_followed_over_two_rounds_to_its_conclusion(visitor: Open) -> None:
    customer, number = complaint(visitor)
    ticket = Ticket.opened(visitor, number)
    ticket.does("受理")
    ticket.does("开始核查")
    ticket.answers(RESULT)
    customer.hears("已为您更换压缩机")
    customer.presses("不满意，请重新核查")
    ticket.is_("核查处理中")
    expect(ticket.page.get_by_text("第 2 次").first).to_be_visible()
    ticket.shows("更换后仍有异响")
    ticket.answers("复核后确认风机也有缺陷，已一并更换，请您放心使用。")
    customer.hears("风机也有缺陷")
    dialog = ticket.begins("更正结果")
    dialog.get_by_label("更正后的处理结果").fill("上一封中的更换日期有误，应为 11 月 23 日，其他内容不变。")
    dialog.get_by_role("button", name="发送更正").click()
    customer.hears("更换日期有误")
    expect(ticket.page.locator(".letter.voided")).to_have_count(1, timeout=WAIT_MS)
    dialog = ticket.picks("终结")
    dialog.get_by_label("最终意见和理由").fill("故障部件已全部更换并复检合格，维持上次的处理结果。")
    dialog.get_by_role("button", name="终结并告知客户").click()
    ticket.is_("已终结")
    customer.hears("12315")
    expect(ticket.page.locator(".ticket-head").get_by_role("button", name="答复客户")).to_have_count(0)


def test_a_form_tells_what_is_missing_before_it_is_sent(visitor: Open) -> None:
    _, number = complaint(visitor)
    ticket = Ticket.opened(visitor, number)
    dialog = ticket.picks("转交部门")
    dialog.get_by_role("button", name="转交", exact=True).click()
    expect(dialog.get_by_text("请填写部门")).to_be_visible()
    expect(dialog.get_by_text("请填写原因")).to_be_visible()
    dialog.get_by_label("部门", exact=True).click()
    ticket.page.get_by_role("option", name="物流配送部").or_(ticket.page.get_by_role("option").nth(1)).first.click()
    dialog.get_by_label("原因").fill("问题出在配送途中")
    dialog.get_by_role("button", name="转交", exact=True).click()
    ticket.shows("转交部门")
    ticket.shows("问题出在配送途中")


def a_moment_behind(route: Route) -> None:
    """Sent before the news of a colleague's change had come."""
    body = json.loads(route.request.post_data or "{}")
    route.continue_(post_data=json.dumps({**body, "version": body["version"] - 1}))


def test_after_a_colleague_was_first_what_was_typed_is_still_there(visitor: Open) -> None:
    _, number = complaint(visitor)
    ticket = Ticket.opened(visitor, number)
    dialog = ticket.begins("受理")
    dialog.get_by_label("说明").fill("我来负责")
    other = Ticket.opened(visitor, number, "agent")
    other.page.get_by_label("备注", exact=True).fill("已电话安抚客户")
    other.page.get_by_role("button", name="记下").click()
    ticket.shows("已电话安抚客户")
    ticket.page.route("**/transitions", a_moment_behind, times=1)
    dialog.get_by_role("button", name="受理", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("工单已被同事更新", timeout=WAIT_MS)
    expect(dialog.get_by_label("说明")).to_have_value("我来负责")
    dialog.get_by_role("button", name="受理", exact=True).click()
    ticket.is_("已受理")
    ticket.shows("我来负责")


def test_compensation_above_an_agents_limit_is_approved_offered_and_accepted(visitor: Open) -> None:
    customer, number = complaint(visitor)
    agent = Ticket.opened(visitor, number, "agent")
    dialog = agent.picks("提出补偿")
    dialog.get_by_label("金额（元）").fill("很多")
    dialog.get_by_label("客户看到的说明").fill("补偿您食材损失，3 个工作日内原路退回")
    dialog.get_by_label("理由").fill("冷藏室食材变质")
    dialog.get_by_role("button", name="提出", exact=True).click()
    expect(dialog.get_by_text("请填写金额，最多两位小数")).to_be_visible()
    dialog.get_by_label("金额（元）").fill("388.50")
    dialog.get_by_role("button", name="提出", exact=True).click()
    expect(agent.page.get_by_text("待审批")).to_be_visible(timeout=WAIT_MS)
    supervisor = Ticket.opened(visitor, number)
    supervisor.page.get_by_role("button", name="批准", exact=True).click()
    supervisor.dialog("批准补偿").get_by_role("button", name="批准并告知客户").click()
    customer.hears("补偿您食材损失")
    customer.presses("接受")
    expect(supervisor.page.get_by_text("客户已接受")).to_be_visible(timeout=WAIT_MS)


def test_contact_data_is_seen_with_a_reason_and_stays_in_sight(visitor: Open) -> None:
    _, number = complaint(visitor)
    ticket = Ticket.opened(visitor, number, "agent")
    masked = ticket.page.get_by_text("138****1234")
    expect(masked).to_be_visible()
    ticket.page.get_by_role("button", name="查看完整信息").click()
    dialog = ticket.dialog("查看完整信息")
    dialog.get_by_label("理由").fill("客户来电核对地址")
    dialog.get_by_role("button", name="查看", exact=True).click()
    expect(ticket.page.get_by_text("13800011234")).to_be_visible(timeout=WAIT_MS)
    Ticket.opened(visitor, number).does("受理")
    ticket.is_("已受理")
    expect(ticket.page.get_by_text("13800011234")).to_be_visible()


def test_the_clock_waits_while_the_customer_is_asked(visitor: Open) -> None:
    customer, number = complaint(visitor)
    ticket = Ticket.opened(visitor, number)
    ticket.does("受理")
    dialog = ticket.picks("请客户补充（暂停计时）")
    dialog.get_by_label("需要客户补充什么").fill("麻烦您拍一张冰箱背面铭牌的照片")
    dialog.get_by_role("button", name="发给客户").click()
    customer.hears("冰箱背面铭牌")
    expect(ticket.page.locator(".clock.paused")).to_contain_text("已暂停", timeout=WAIT_MS)
    dialog = ticket.picks("恢复计时")
    dialog.get_by_role("button", name="恢复计时").click()
    expect(ticket.page.locator(".clock.paused")).to_have_count(0, timeout=WAIT_MS)


async def run_out(site: Site) -> None:
    """Every hold's time is over."""
    live = site.live()
    async with live.db.write() as uow:
        held = update(Conversation).where(Conversation.held_until.is_not(None))
        await uow.session.execute(held.values(held_until=live.clock.now()))
        await uow.commit()


def test_a_customer_on_hold_is_told_how_long_and_nobody_is_forgotten(visitor: Open, site: Site) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    staff.moves("挂起")
    dialog = staff.page.get_by_role("dialog", name="挂起")
    dialog.get_by_text("10 分钟").click()
    dialog.get_by_label("告诉客户去做什么（选填）").fill("我去向仓库核实您的订单")
    dialog.get_by_role("button", name="挂起", exact=True).click()
    customer.hears("我去向仓库核实您的订单。")
    customer.hears("10 分钟")
    held = staff.page.locator(".held")
    expect(held).to_contain_text(re.compile(r"还剩 (10:00|09:5\d)"), timeout=WAIT_MS)
    site.do(run_out, site)
    expect(staff.page.get_by_text("的挂起时间到了")).to_be_visible(timeout=WAIT_MS)
    expect(held).to_contain_text("挂起时间已过")
    customer.says("好的，不着急")
    expect(held).to_have_count(0, timeout=WAIT_MS)


def test_staff_registers_a_complaint_for_the_customer_in_the_chat(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    staff.moves("登记投诉")
    dialog = staff.page.get_by_role("dialog", name="登记投诉")
    dialog.get_by_label("问题类别").click()
    staff.page.get_by_role("option", name="服务态度").click()
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(dialog.get_by_text("请填写联系方式")).to_be_visible()
    for label, value in (
        ("情况说明", "门店的工作人员一直不理人，问了三次都没有回答"),
        ("在哪里发生", "静安门店"),
        ("发生时间", "昨天下午"),
        ("称呼", "王女士"),
        ("联系方式", "138 0001 1234"),
        ("希望的处理结果", "当面道歉"),
    ):
        dialog.get_by_label(re.compile(f"^{label}")).first.fill(value)
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(dialog).to_have_count(0, timeout=WAIT_MS)
    customer.hears("受理回执")
    expect(staff.page.get_by_role("complementary", name="客户资料").locator("a.mono")).to_be_visible(timeout=WAIT_MS)


def test_a_promise_in_a_reply_is_confirmed_and_stands_in_the_ledger(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    waiting_customer(visitor)
    staff.takes_first()
    staff.says("您好，我会在明天上午 10 点前给您回电说明进度。")
    made = staff.page.get_by_label("刚才的承诺")
    expect(made).to_contain_text("明天 10:00 前", timeout=WAIT_MS)
    made.get_by_role("button", name="确认").click()
    expect(made).to_have_count(0, timeout=WAIT_MS)
    staff.page.get_by_role("navigation").get_by_role("link", name="承诺台账").click()
    row = staff.page.locator(".el-table__row").filter(has_text="给您回电说明进度")
    expect(row).to_be_visible(timeout=WAIT_MS)
    row.get_by_role("button", name="记为兑现").click()
    expect(row).to_contain_text("已兑现", timeout=WAIT_MS)


def test_presence_follows_what_is_said_in_another_window(visitor: Open) -> None:
    one = Staff(visitor("/desk")).sign_in("agent2")
    other = one.page.context.new_page()
    other.goto(one.page.url)
    expect(other.get_by_label("排队与会话")).to_be_visible(timeout=WAIT_MS)
    one.page.get_by_role("button", name="在岗，点击切换").click()
    one.page.get_by_role("menuitem", name="暂离").click()
    expect(other.get_by_role("button", name="暂离，点击切换")).to_be_visible(timeout=WAIT_MS)


def test_the_list_finds_filters_and_goes_to_the_ticket(visitor: Open) -> None:
    _, number = complaint(visitor)
    staff = Staff(visitor("/desk/tickets")).sign_in_to("supervisor", "工单")
    staff.page.get_by_label("搜索").fill(number)
    rows = staff.page.locator(".tickets .el-table__row")
    expect(rows).to_have_count(1, timeout=WAIT_MS)
    staff.page.get_by_text("已超时", exact=True).click()
    expect(staff.page.get_by_text("没有符合条件的工单")).to_be_visible(timeout=WAIT_MS)
    staff.page.get_by_role("button", name="清除筛选").click()
    expect(rows.first).to_be_visible(timeout=WAIT_MS)
    rows.filter(has_text=number).get_by_role("link", name=number).click()
    expect(staff.page.get_by_role("heading", name="登记内容")).to_be_visible(timeout=WAIT_MS)


def test_staff_say_what_should_be_better_inside(visitor: Open) -> None:
    staff = Staff(visitor("/desk/tickets")).sign_in_to("agent", "工单")
    staff.page.get_by_role("button", name="内部意见").click()
    dialog = staff.page.get_by_role("dialog", name="登记内部意见")
    dialog.get_by_label("意见或建议").fill("客户多次反映安装预约改期没有人通知，建议改期后自动发消息")
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(staff.page.get_by_text("建议改期后自动发消息").first).to_be_visible(timeout=WAIT_MS)
    expect(staff.page.locator(".ticket-head .el-tag").first).to_have_text("内部意见")


@pytest.mark.parametrize("size,scheme", [(DESKTOP, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_serious_on_a_ticket(visitor: Open, size: tuple[int, int], scheme: str) -> None:
    _, number = complaint(visitor)
    page = visitor(f"/desk/tickets/{number}", size, scheme)
    ticket = Ticket(Staff(page).sign_in_to("supervisor", "登记内容").page)
    assert serious_faults(page) == []
    dialog = ticket.picks("提出补偿")
    dialog.get_by_role("button", name="提出", exact=True).click()
    expect(dialog.get_by_text("请填写理由")).to_be_visible()
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
