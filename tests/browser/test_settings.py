"""设置 and 导入: a mistake is said at its field, a good value counts, a file is shown before it is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Staff
from tests.browser.steps import serious_faults


def opened(visitor: Open, address: str, heading: str) -> Page:
    return Staff(visitor(address)).sign_in_to("admin", heading).page


def test_a_limit_is_changed_and_taken_back(visitor: Open) -> None:
    page = opened(visitor, "/desk/settings", "设置")
    page.get_by_role("button", name="时限与额度").click()
    days = page.get_by_label("申诉期（天）")
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


class Takes(BaseHTTPRequestHandler):
    """A system of the company that refuses its first event for good and takes those after it."""

    answers: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.answers.pop(0) if self.answers else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    """Where it listens."""
    Takes.answers = [410]
    with ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server, ThreadPoolExecutor(1) as other:
        other.submit(server.serve_forever, 0.02)
        yield f"http://127.0.0.1:{server.server_port}/hooks"
        server.shutdown()


def test_a_receiver_of_events_is_added_tried_and_sent_again_what_it_refused(visitor: Open, receiver: str) -> None:
    page = opened(visitor, "/desk/settings", "设置")
    page.get_by_role("button", name="事件推送").click()
    page.get_by_role("button", name="添加接收方").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill("CRM")
    dialog.get_by_label("地址").fill("http://169.254.169.254/")
    dialog.locator(".el-select__wrapper").click()
    page.get_by_role("option", name="工单（全部）").click()
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="保存并生效").click()
    expect(dialog.locator(".form-wrong")).to_contain_text("小写字母", timeout=WAIT_MS)
    dialog.get_by_label("名称").fill("crm")
    dialog.get_by_role("button", name="保存并生效").click()
    expect(dialog).to_contain_text("这个地址不能接收推送", timeout=WAIT_MS)
    dialog.get_by_label("地址").fill(receiver)
    dialog.get_by_role("button", name="保存并生效").click()
    cards = page.get_by_role("list", name="接收方")
    expect(cards).to_contain_text(receiver, timeout=WAIT_MS)
    page.get_by_role("button", name="试发一次").click()
    sent = page.get_by_role("list", name="推送记录")
    expect(sent).to_contain_text("试发", timeout=WAIT_MS)
    refreshed(page, "已放弃")
    assert serious_faults(page) == []
    sent.get_by_role("button", name="重发").click()
    refreshed(page, "已送达")
    page.get_by_role("button", name="查看密钥").click()
    shown = page.get_by_role("dialog").get_by_label("密钥", exact=True)
    expect(shown).to_have_value(re.compile(r"^whsec_\S{44}$"), timeout=WAIT_MS)
    page.get_by_role("dialog").get_by_role("button", name="关闭", exact=True).last.click()
    page.get_by_role("button", name="删除", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(page.get_by_text("还没有接收方")).to_be_visible(timeout=WAIT_MS)


def refreshed(page: Page, state: str) -> None:
    """Look again until the newest delivery has come so far."""
    newest = page.get_by_role("list", name="推送记录").get_by_role("listitem").first
    for _ in range(100):
        page.get_by_role("button", name="刷新").click()
        page.wait_for_load_state("networkidle")
        if state in newest.inner_text():
            return
    expect(newest).to_contain_text(state)
