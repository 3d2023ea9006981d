"""设置 and 导入: a mistake is said at its field, a good value counts, a file is shown before it is taken."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Staff
from tests.browser.test_desk import serious_faults


def opened(visitor: Open, address: str, heading: str) -> Page:
    return Staff(visitor(address)).sign_in_to("admin", heading).page


def test_a_limit_is_changed_and_taken_back(visitor: Open) -> None:
    page = opened(visitor, "/desk/settings", "设置")
    page.get_by_role("button", name="时限与额度").click()
    days = page.get_by_label("appeal_days", exact=True)
    days.fill("很多")
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator(".form-wrong")).to_contain_text("appeal_days", timeout=WAIT_MS)
    days.fill("15")
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator(".setting-versions")).to_contain_text("生效中", timeout=WAIT_MS)
    assert serious_faults(page) == []
    page.locator(".setting-versions li").last.get_by_role("button", name="恢复").click()
    page.get_by_role("dialog").get_by_role("button", name="恢复").click()
    expect(days).to_have_value("10", timeout=WAIT_MS)


def test_a_letter_is_seen_before_it_is_published(visitor: Open) -> None:
    page = opened(visitor, "/desk/settings", "设置")
    page.get_by_role("button", name="办结确认").click()
    page.get_by_label("title", exact=True).fill("办结啦")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".spoken")).to_contain_text("办结啦", timeout=WAIT_MS)


def test_a_file_is_shown_and_its_wrong_rows_named(visitor: Open) -> None:
    page = opened(visitor, "/desk/people/customers", "人员")
    wrong: FilePayload = {"name": "a.csv", "mimeType": "text/csv", "buffer": "电话,等级\n12,普通\n".encode()}
    page.locator("input[type=file]").set_input_files(wrong)
    expect(page.get_by_role("row").filter(has_text="格式不对")).to_be_visible(timeout=WAIT_MS)
    right: FilePayload = {"name": "b.csv", "mimeType": "text/csv", "buffer": "电话,等级\n13987650000,重点\n".encode()}
    page.locator("input[type=file]").set_input_files(right)
    expect(page.get_by_role("status").filter(has_text="新增 1")).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator(".el-message")).to_contain_text("新增 1", timeout=WAIT_MS)
