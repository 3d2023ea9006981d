"""The desk's rules as staff meet them: who wins, language, presence, words that are only text, access."""

from __future__ import annotations

import pytest
from playwright.sync_api import WebSocketRoute, expect

from helpdesk.desk import live as desk_live
from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.steps import serious_faults, waiting_customer

MARKUP = '<img src=x onerror="document.title=1"><b>粗</b>'


def test_of_two_who_take_one_wins_and_the_other_is_told(visitor: Open) -> None:
    one, other = Staff(visitor("/desk")).sign_in("agent"), Staff(visitor("/desk")).sign_in("agent2")
    customer = waiting_customer(visitor)
    expect(other.queue_rows()).to_have_count(1, timeout=WAIT_MS)
    other.page.route("**/api/queue", lambda route: route.abort())  # a moment behind: still sees the customer waiting
    one.takes_first()
    other.queue_rows().first.get_by_role("button", name="接入").click()
    expect(other.page.locator(".el-message")).to_contain_text("林晓（S1001）已经接手", timeout=WAIT_MS)
    customer.is_served_by("林晓", "S1001")


def test_a_reply_with_forbidden_words_is_held_and_mended(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    staff.writes("这个不归我管")
    findings = staff.page.get_by_role("alert").filter(has_text="还没有发出")
    expect(findings).to_be_visible(timeout=WAIT_MS)
    findings.get_by_role("button", name="采用").first.click()
    staff.page.get_by_label("回复", exact=True).press("Enter")
    customer.hears("这件事由我负责跟进")
    expect(customer.page.get_by_text("不归我管")).to_have_count(0)


def test_a_canned_reply_is_found_with_a_slash(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    waiting_customer(visitor)
    staff.takes_first()
    field = staff.page.get_by_label("回复", exact=True)
    field.fill("/致歉")
    expect(staff.page.get_by_role("option").first).to_contain_text("致歉")
    field.press("Enter")
    expect(field).not_to_have_value("/致歉")


def test_a_note_stays_among_colleagues(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    staff.page.locator("label, .el-switch").filter(has_text="备注").first.click()
    field = staff.page.get_by_label("备注", exact=True)
    field.fill("客户很着急，先安抚")
    field.press("Enter")
    expect(staff.page.locator(".said.note")).to_contain_text("先安抚", timeout=WAIT_MS)
    staff.says("您好，我马上为您处理。")
    customer.hears("我马上为您处理")
    expect(customer.page.get_by_text("先安抚")).to_have_count(0)


def test_a_lost_desk_puts_its_customer_back_into_the_queue_and_says_so(
    visitor: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_live, "GRACE_SECONDS", 1.0)
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    staff.page.context.close()
    expect(customer.queue_card()).to_be_visible(timeout=20_000)
    customer.queue_card().get_by_role("button", name="取消排队").click()
    expect(customer.queue_card()).to_have_count(0, timeout=WAIT_MS)


def test_a_network_that_is_away_for_seconds_costs_nobody_a_customer(visitor: Open) -> None:
    page, away, wires = visitor("/desk"), [False], []

    def carry(wire: WebSocketRoute) -> None:
        if away[0]:
            wire.close()
        else:
            wires.append((wire, wire.connect_to_server()))

    page.route_web_socket("**/socket.io/**", carry)
    page.reload()
    staff = Staff(page).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    expect(page.locator(".mine-rows li")).to_have_count(1, timeout=WAIT_MS)
    away[0] = True
    for wire, server in wires:
        server.close()
        wire.close()
    expect(page.get_by_text("连接已断开")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_timeout(5_000)  # how long the network is away
    away[0] = False
    expect(page.get_by_text("您的 1 位客户都还在")).to_be_visible(timeout=WAIT_MS)
    staff.says("我还在，您请说。")
    customer.hears("我还在，您请说。")
    expect(customer.page.get_by_text("中断")).to_have_count(0)
    expect(customer.page.get_by_text("断开")).to_have_count(0)


def test_typing_is_seen_on_both_sides(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor)
    staff.takes_first()
    customer.is_served_by("林晓", "S1001")
    customer.page.get_by_label("输入消息").press_sequentially("我想问")
    expect(staff.page.get_by_text("客户正在输入")).to_be_visible(timeout=WAIT_MS)
    staff.page.get_by_label("回复", exact=True).press_sequentially("您好")
    expect(customer.page.get_by_text("对方正在输入")).to_be_attached(timeout=WAIT_MS)
    staff.page.get_by_label("回复", exact=True).fill("")


def test_markup_is_text_in_widget_and_desk(visitor: Open) -> None:
    staff = Staff(visitor("/desk")).sign_in("agent")
    customer = waiting_customer(visitor, MARKUP)
    expect(customer.own(MARKUP)).to_be_visible()
    staff.takes_first()
    staff.page.get_by_role("button", name="机器人接待").click()  # what was said before is folded
    staff.reads(MARKUP)
    for page in (customer.page, staff.page):
        assert page.title() != "1"
        assert page.locator("img[src=x]").count() == 0


def test_a_wrong_password_is_told(visitor: Open) -> None:
    page = visitor("/desk")
    page.get_by_label("账号").fill("agent")
    page.get_by_label("密码").first.fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_widget(visitor: Open, size: tuple[int, int], scheme: str) -> None:
    customer = Customer(visitor("/", size, scheme)).open_chat()
    customer.says("我要投诉")
    customer.hears("怎么称呼您")
    customer.says("王女士")
    customer.hears("请您核对登记内容")
    assert serious_faults(customer.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_at_the_desk(visitor: Open, scheme: str) -> None:
    page = visitor("/desk", DESKTOP, scheme)
    assert serious_faults(page) == []
    staff = Staff(page).sign_in("agent")
    waiting_customer(visitor)
    staff.takes_first()
    assert serious_faults(page) == []
    for path in ("工单", "承诺台账"):
        page.get_by_role("navigation").get_by_role("link", name=path).click()
        expect(page.get_by_role("heading", name=path)).to_be_visible()
        assert serious_faults(page) == []
