"""A data request at the desk: what is held, a copy of it, a deletion confirmed by typing that can be called off."""

from __future__ import annotations

from zipfile import ZipFile

from playwright.sync_api import Page, expect

from helpdesk.store.queries import lock_conversation
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.turns.effects import EFFECTS
from tests.browser.conftest import Open
from tests.browser.people import WAIT_MS, Staff
from tests.browser.site import Site
from tests.browser.steps import serious_faults

WHO = {"name": "欧阳锦瑟", "phone": "13987654321"}


def data_request(site: Site, sender: str) -> str:
    """A customer who wants to be deleted; the number of the request."""

    async def register() -> str:
        services = site.live()
        message = await receive(services, Incoming("rest", sender, "请把我的信息都删掉"))
        payload = {"kind": "data_request", "fields": {"data_action": "delete", **WHO}}
        handler = EFFECTS["open_ticket"]
        async with services.db.write() as uow:
            conversation = await lock_conversation(uow.session, message.conversation_id)
            result = await handler.reserve(services, uow, conversation, payload)
            await handler.apply(services, uow, conversation, payload, result)
            await uow.commit()
        return str(result["number"])

    return str(site.do(register))


def opened(visitor: Open, number: str) -> Page:
    page = Staff(visitor(f"/desk/tickets/{number}")).sign_in_to("admin", "个人信息").page
    expect(page.locator(".personal-data")).to_contain_text("条消息", timeout=WAIT_MS)
    return page


def test_a_copy_is_handed_over_as_a_file(visitor: Open, site: Site) -> None:
    number = data_request(site, "copy-me")
    page = opened(visitor, number)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="导出副本").click()
    archive = ZipFile(downloading.value.path())
    assert downloading.value.suggested_filename == f"{number}.zip"
    assert "13987654321" in archive.read("data.json").decode()


def test_a_deletion_is_typed_told_and_called_off(visitor: Open, site: Site) -> None:
    number = data_request(site, "delete-me")
    page = opened(visitor, number)
    page.get_by_role("button", name="删除个人信息").click()
    dialog = page.get_by_role("dialog", name="删除个人信息")
    expect(dialog).to_contain_text("执行之后不能恢复")
    confirm = dialog.get_by_role("button", name="安排删除")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("确认").fill("删除")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("确认").fill(f"删除 {number}")
    assert serious_faults(page) == []
    confirm.click()
    expect(page.locator(".personal-data .notice")).to_contain_text("已安排删除", timeout=WAIT_MS)
    page.get_by_role("button", name="取消删除").click()
    page.get_by_role("dialog", name="取消删除").get_by_role("button", name="取消删除").click()
    expect(page.locator(".personal-data .notice")).to_have_count(0, timeout=WAIT_MS)
    expect(page.locator(".el-timeline")).to_contain_text("取消删除个人信息")
