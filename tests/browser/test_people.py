"""人员: a colleague is invited, comes, and is shut out again; each as it is seen on the two screens."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Staff
from tests.browser.site import Site
from tests.browser.steps import serious_faults

CHOSEN = "自己选的口令-2026"


def people_page(visitor: Open) -> Page:
    """An administrator before the list."""
    page = Staff(visitor("/desk/people")).sign_in_to("admin", "人员").page
    expect(row_of(page, "林晓")).to_be_visible(timeout=WAIT_MS)
    return page


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def fill_in(page: Page, username: str, name: str, number: str) -> None:
    """The form for a new colleague."""
    page.get_by_role("button", name="邀请同事").click()
    page.get_by_label("账号").fill(username)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("工号").fill(number)


def invite(page: Page, site: Site) -> str:
    """Send the form; the address that the link leads to, without the site."""
    page.get_by_role("button", name="生成邀请链接").click()
    link = page.get_by_label("邀请链接")
    expect(link).to_be_visible(timeout=WAIT_MS)
    address = link.input_value().removeprefix(site.url)
    page.get_by_role("button", name="我已发给本人").click()
    return address


def choose_password(page: Page) -> None:
    page.get_by_label("新密码").fill(CHOSEN)
    page.get_by_label("再输入一次").fill(CHOSEN)
    page.get_by_role("button", name="设置密码并登录").click()


def show_code(page: Page, site: Site) -> str:
    """Set up a telephone from what the page shows; its secret."""
    shown = page.locator(".factor-secret")
    expect(shown).to_be_visible(timeout=WAIT_MS)
    secret = shown.inner_text().replace(" ", "")
    page.get_by_label("6 位数字").fill(pyotp.TOTP(secret).at(site.live().clock.now()))
    page.get_by_role("button", name="开启", exact=True).click()
    return secret


def test_a_colleague_is_invited_sets_up_a_telephone_and_is_shut_out_at_once(visitor: Open, site: Site) -> None:
    boss = people_page(visitor)
    fill_in(boss, "wangfang", "王芳", "S1001")
    boss.get_by_text("必须使用动态验证码").click()
    boss.get_by_role("button", name="生成邀请链接").click()
    expect(boss.locator(".form-wrong")).to_contain_text("工号 S1001 已经是林晓的", timeout=WAIT_MS)
    boss.get_by_label("工号").fill("S1008")
    colleague = visitor(invite(boss, site))
    expect(colleague.get_by_role("heading", name="王芳，欢迎加入")).to_be_visible(timeout=WAIT_MS)
    choose_password(colleague)
    expect(colleague.get_by_role("heading", name="开启动态验证码")).to_be_visible(timeout=WAIT_MS)
    show_code(colleague, site)
    expect(colleague.get_by_label("排队与会话")).to_be_visible(timeout=WAIT_MS)

    row_of(boss, "王芳").get_by_role("button", name="更多").click()
    boss.get_by_role("menuitem", name="停用").click()
    boss.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(colleague.get_by_role("button", name="登录")).to_be_visible(timeout=WAIT_MS)
    expect(row_of(boss, "王芳")).to_contain_text("已停用", timeout=WAIT_MS)


def test_a_used_link_says_so(visitor: Open, site: Site) -> None:
    boss = people_page(visitor)
    fill_in(boss, "zhaolei", "赵磊", "S1009")
    address = invite(boss, site)
    first, second = visitor(address), visitor(address)
    for page in (first, second):
        expect(page.get_by_role("heading", name="赵磊，欢迎加入")).to_be_visible(timeout=WAIT_MS)
    choose_password(first)
    expect(first.get_by_label("排队与会话")).to_be_visible(timeout=WAIT_MS)
    choose_password(second)
    expect(second.get_by_role("alert")).to_contain_text("已经用过", timeout=WAIT_MS)


def test_axe_finds_nothing_serious_on_these_pages(visitor: Open) -> None:
    page = people_page(visitor)
    for path, heading in (("/desk/people", "人员"), ("/desk/people/keys", "人员"), ("/desk/account", "我的账号")):
        page.goto(page.url.split("/desk")[0] + path)
        expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=WAIT_MS)
        assert serious_faults(page) == []
