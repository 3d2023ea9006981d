"""报表: a supervisor sees what the day brought, opens a figure, and takes the table away as a file."""

from __future__ import annotations

import io
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.store.tables import Letter
from helpdesk.store.tables import Ticket as TicketRow
from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.site import Site
from tests.browser.steps import Ticket, complaint, serious_faults


def report_page(visitor: Open) -> Page:
    """A supervisor before the reports of today, by person."""
    page = Staff(visitor("/desk/reports")).sign_in_to("supervisor", "报表").page
    page.get_by_role("button", name="今天", exact=True).click()
    page.get_by_text("按人员").click()
    return page


def test_a_figure_of_today_opens_the_conversation_it_counts(visitor: Open, site: Site) -> None:
    agent = Staff(visitor("/desk")).sign_in("agent")
    customer = Customer(visitor("/")).open_chat()
    customer.asks_for_a_person()
    agent.takes_first()
    agent.says("您好，我是林晓，请问有什么可以帮您？")
    page = report_page(visitor)
    page.get_by_text("等人工").click()
    figures = page.get_by_label("报表数字")
    expect(figures).to_contain_text("林晓（S1001）", timeout=WAIT_MS)
    expect(page.locator(".day-chart svg")).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    figures.get_by_role("button", name="林晓（S1001），首次应答").click()
    rows = page.get_by_label("明细", exact=True)
    expect(rows.locator("li").first).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    rows.get_by_role("link", name="会话").first.click()
    expect(page.locator(".said.staff").first).to_be_visible(timeout=WAIT_MS)


def test_the_table_is_taken_away_as_an_excel_file(visitor: Open, site: Site) -> None:
    Customer(visitor("/")).open_chat().says("请问几点开门？")
    page = report_page(visitor)
    expect(page.get_by_label("报表数字")).to_be_visible(timeout=WAIT_MS)
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 Excel").click()
    (sheet,) = load_workbook(io.BytesIO(Path(taken.value.path()).read_bytes())).worksheets
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == ("人员", "人员", "合计")
    assert sheet["B2"].value >= 1


def test_the_blueprint_tells_each_step_and_opens_it(visitor: Open, site: Site) -> None:
    Customer(visitor("/")).open_chat().asks_for_a_person()
    page = Staff(visitor("/desk/reports/blueprint")).sign_in_to("supervisor", "服务蓝图").page
    page.get_by_role("button", name="今天", exact=True).click()
    expect(page.locator(".flow-chart svg")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="机器人到等人工，看明细").click()
    expect(page.get_by_label("明细", exact=True).locator("li").first).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []


def test_a_note_of_a_supervisor_stands_on_ones_own_card(visitor: Open, site: Site) -> None:
    page = Staff(visitor("/desk/scorecard/agent")).sign_in_to("supervisor", "服务记录").page
    expect(page.get_by_role("heading", name="林晓")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("辅导意见的内容").fill("道别前请先问一句还有没有别的事")
    page.get_by_role("button", name="写下").click()
    expect(page.locator(".coaching")).to_contain_text("还有没有别的事", timeout=WAIT_MS)
    assert serious_faults(page) == []
    own = Staff(visitor("/desk/scorecard")).sign_in_to("agent", "服务记录").page
    expect(own.locator(".coaching")).to_contain_text("还有没有别的事", timeout=WAIT_MS)
    expect(own.get_by_label("辅导意见的内容")).to_have_count(0)


def rate(customer: Page, name: str, expected: str, perceived: str) -> None:
    """Both scores of a dimension."""
    card = customer.get_by_role("group", name=name)
    for scale, word in (("您的期望", expected), ("我们做到的", perceived)):
        card.get_by_role("radiogroup", name=scale).get_by_role("radio", name=word).check(force=True)


def test_a_customer_answers_a_survey_once_and_a_supervisor_sees_the_gaps(visitor: Open, site: Site) -> None:
    _, number = complaint(visitor)
    close(site, number)
    ticket = Ticket.opened(visitor, number)
    ticket.picks("发服务质量调查").get_by_role("button", name="发给客户").click()
    expect(ticket.page.get_by_text("发服务质量调查：已完成")).to_be_visible(timeout=WAIT_MS)
    link = link_of(site, number)
    page = visitor(link)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("还有几项没有选", timeout=WAIT_MS)
    for name in ("有形性", "可靠性", "响应性", "保证性"):
        rate(page, name, "较高", "一般")
    rate(page, "移情性", "很高", "很低")
    page.get_by_label("最希望我们改进什么").fill("少让客户重复说")
    assert serious_faults(page) == []
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="收到了，谢谢您")).to_be_visible(timeout=WAIT_MS)
    again = visitor(link)
    expect(again.get_by_text("已经提交过了")).to_be_visible(timeout=WAIT_MS)
    desk = Staff(visitor("/desk/reports/survey")).sign_in_to("supervisor", "服务质量调查").page
    desk.get_by_role("button", name="今天", exact=True).click()
    figures = desk.get_by_label("差距", exact=True)
    expect(figures.get_by_role("button", name="合计，移情性，看问卷")).to_contain_text("−4.0", timeout=WAIT_MS)
    assert serious_faults(desk) == []
    figures.get_by_role("button", name="合计，移情性，看问卷").click()
    rows = desk.get_by_label("问卷", exact=True)
    expect(rows).to_contain_text("少让客户重复说", timeout=WAIT_MS)
    assert serious_faults(desk) == []
    rows.get_by_role("link", name=number).click()
    expect(desk.get_by_role("heading", name=number)).to_be_visible(timeout=WAIT_MS)


def close(site: Site, number: str) -> None:
    """The customer is content with the case."""

    async def end() -> None:
        async with site.live().db.write() as uow:
            ticket = await uow.session.get_one(TicketRow, number)
            ticket.status, ticket.closed_at = "satisfied", site.live().clock.now()
            await uow.commit()

    site.do(end)


def link_of(site: Site, number: str) -> str:
    """The address in the letter, without its host."""

    async def read() -> str:
        async with site.live().db.read() as uow:
            sent = select(Letter.text).where(Letter.number == number, Letter.kind == "survey")
            return (await uow.session.scalars(sent)).one()

    found = re.search(r"/survey#[\w-]+", site.do(read))
    assert found
    return found[0]
