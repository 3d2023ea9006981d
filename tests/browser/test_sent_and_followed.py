"""What a customer sends, follows and reads beside the talk: pictures, the follow-up page, answers that change."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.model.delivery import Verdict
from helpdesk.model.notice import Answer
from helpdesk.store.tables import Message
from helpdesk.usecases.knowledge.question_groups import group_new
from tests.browser.conftest import DESKTOP, PHONE, Open
from tests.browser.people import WAIT_MS, Customer, Staff
from tests.browser.pictures import DISGUISED, DOCUMENT, FRIDGE, LARGE, file, png
from tests.browser.site import Site
from tests.browser.steps import registered_with_a_picture, serious_faults
from tests.integration.desk.conftest import complaint

MARKUP = '<img src=x onerror="document.title=1">'
DROP = """(window, [name, type, bytes]) => {
    const given = new DataTransfer();
    given.items.add(new File([Uint8Array.from(bytes)], name, {type}));
    for (const event of ['dragover', 'drop']) {
        window.dispatchEvent(new DragEvent(event, {dataTransfer: given, bubbles: true, cancelable: true}));
    }
}"""
LOADED = "image => image.complete && image.naturalWidth > 0"


def addresses(site: Site) -> list[str]:
    """Every picture that was said."""

    async def read() -> list[str]:
        async with site.live().db.read() as uow:
            query = select(Message.image).where(Message.image.is_not(None)).order_by(Message.at)
            return [image for image in await uow.session.scalars(query) if image]

    found: list[str] = site.do(read)
    return found


# ---------------------------------------------------------------- pictures


def test_a_picture_is_the_evidence_that_staff_see_and_no_other_customer(visitor: Open, site: Site) -> None:
    customer = Customer(visitor("/", PHONE)).open_chat()
    number = registered_with_a_picture(customer)
    expect(customer.pictures()).to_have_count(1)
    [url] = addresses(site)[-1:]
    stranger = visitor("/")
    assert stranger.request.get(site.url + url).status == 401
    assert stranger.request.get(site.url + url, headers={"X-Session-Id": "A" * 43}).status == 401
    customer.page.reload()
    customer.page.get_by_role("button", name="在线客服").click()
    assert customer.pictures().first.evaluate(LOADED)
    staff = Staff(visitor(f"/desk/tickets/{number}")).sign_in_to("supervisor", "登记内容")
    shown = staff.page.locator(".thumbnail img")
    expect(shown).to_be_visible(timeout=WAIT_MS)
    assert url in (shown.get_attribute("src") or "")
    shown.click()
    expect(staff.page.locator(".el-image-viewer__img")).to_be_visible()


def test_a_picture_opens_large_and_the_focus_comes_back(visitor: Open) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.chooses(FRIDGE)
    customer.sends()
    customer.hears("图片")
    customer.page.get_by_role("button", name="看大图").click()
    large = customer.page.get_by_role("dialog", name="图片", exact=True)
    expect(large).to_be_visible()
    assert serious_faults(customer.page) == []
    customer.page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(customer.page.get_by_role("button", name="看大图")).to_be_focused()


def test_what_cannot_be_sent_is_named_and_the_rest_is_kept(visitor: Open) -> None:
    customer = Customer(visitor("/", PHONE)).open_chat()
    problem = customer.page.get_by_role("alert")
    customer.chooses(FRIDGE, DOCUMENT)
    expect(problem).to_contain_text("「合同.pdf」发不了")
    customer.chooses(LARGE)
    expect(problem).to_contain_text("「原图.jpg」超过 5 MB")
    expect(customer.page.locator(".tray li")).to_have_count(1)
    assert serious_faults(customer.page) == []
    customer.page.get_by_role("button", name="去掉冰箱.png").click()
    expect(customer.page.locator(".tray")).to_have_count(0)
    customer.chooses(DISGUISED)
    customer.sends()
    expect(problem).to_contain_text("这张图片没能发送", timeout=WAIT_MS)
    problem.get_by_role("button", name="删除").click()
    expect(problem).to_have_count(0)


def test_a_picture_dropped_while_the_network_is_gone_arrives_once(visitor: Open, site: Site) -> None:
    customer = Customer(visitor("/")).open_chat()
    before = len(addresses(site))
    site.down()
    expect(customer.page.get_by_text("网络已断开")).to_be_visible(timeout=WAIT_MS)
    given = [FRIDGE["name"], FRIDGE["mimeType"], list(FRIDGE["buffer"])]
    customer.page.locator(".window").evaluate(DROP, given)
    customer.page.get_by_label("输入消息").fill("门缝里一直有水")
    customer.sends()
    expect(customer.pictures()).to_have_count(1)
    expect(customer.page.locator(".delivery.waiting")).to_be_visible()
    site.up()
    customer.hears("收到：门缝里一直有水")
    expect(customer.pictures()).to_have_count(1)
    assert len(addresses(site)) == before + 1


# ---------------------------------------------------------------- the follow-up page


@pytest.mark.parametrize("size,scheme", [(PHONE, "light"), (DESKTOP, "dark")])
def test_a_customer_follows_a_ticket_by_number_and_four_digits(
    visitor: Open, site: Site, size: tuple[int, int], scheme: str
) -> None:
    customer = Customer(visitor("/")).open_chat()
    number = registered_with_a_picture(customer)
    link = customer.page.get_by_role("link", name="查看进度").first.get_attribute("href") or ""
    assert link.endswith(f"/follow#{number}")
    answered(site, number, f"已为您换新机。{MARKUP}")
    page = visitor(f"/follow#{number}", size, scheme)
    expect(page.get_by_label("登记号")).to_have_value(number)
    page.get_by_label("登记电话后四位").fill("0000")
    page.get_by_role("button", name="查询进度").click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到对应的登记")
    assert serious_faults(page) == []
    page.get_by_label("登记电话后四位").fill("1234")
    page.get_by_role("button", name="查询进度").click()
    result = page.get_by_role("article")
    expect(result).to_contain_text("已答复")
    expect(result).to_contain_text("工号")
    expect(result.get_by_text(MARKUP)).to_be_visible()
    assert "13800011234" not in page.content()
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_faults(page) == []


def test_a_caller_adds_words_and_pictures_on_the_page_and_takes_one_off_before(visitor: Open, site: Site) -> None:
    request = site.program()
    number = request("POST", "/api/walk-ins", {"source": "phone", **complaint(phone="13800011234")})["number"]
    page = visitor(f"/follow#{number}", PHONE, "light")
    page.get_by_label("登记电话后四位").fill("1234")
    page.get_by_role("button", name="查询进度").click()
    page.get_by_text("补充情况", exact=True).click()
    remark = page.locator('[data-act="remark"]')
    remark.get_by_label("图片").set_input_files([FRIDGE, file("地板.png", png(300, 200))])
    expect(remark.get_by_role("img")).to_have_count(2)
    assert serious_faults(page) == []
    remark.get_by_role("button", name="移除 地板.png").click()
    remark.get_by_label("想补充什么").fill("今天又漏了一地")
    remark.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("谢谢您")
    expect(page.locator(".steps li").first).to_contain_text("收到您补充的图片")
    shown = request("GET", f"/api/tickets/{number}")
    assert len(shown["fields"]["evidence"]) == 1
    assert "今天又漏了一地" in [one["note"] for one in shown["timeline"]]
    remark.get_by_text("补充情况", exact=True).click()
    remark.get_by_label("图片").set_input_files([DISGUISED])
    remark.get_by_role("button", name="提交").click()
    expect(remark.get_by_role("alert")).to_contain_text("这张图片打不开")


def answered(site: Site, number: str, words: str) -> None:
    """A supervisor's program answers the ticket."""
    request = site.program()
    for step in ("accept", "investigate"):
        request("POST", f"/api/tickets/{number}/transitions", {"action": step})
    reasons = {"cause": "压缩机批次缺陷", "corrective_action": "该批次停售并逐台检查", "force": True}
    request("POST", f"/api/tickets/{number}/transitions", {"action": "answer", "note": words, **reasons})


# ---------------------------------------------------------------- the knowledge base


def editor(visitor: Open, path: str) -> Page:
    """A supervisor at an article that has been read."""
    page = Staff(visitor(path)).sign_in_to("supervisor", "版本记录").page
    expect(page.get_by_label("答案")).not_to_have_value("", timeout=WAIT_MS)
    return page


def test_an_edited_article_answers_within_two_seconds_and_a_rollback_restores_it(visitor: Open) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.says("怎么开发票")
    customer.hears("发票")
    page = editor(visitor, "/desk/knowledge/invoice.how")
    before = page.get_by_label("答案").input_value()
    page.get_by_label("答案").fill("电子发票请在订单页点「申请发票」，三分钟内发到邮箱。")
    page.get_by_label("试问").fill("怎么开发票")
    page.get_by_role("button", name="试问").click()
    expect(page.get_by_text("会用这篇文章回答")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布，机器人现在")).to_be_visible(timeout=WAIT_MS)
    customer.says("怎么开发票呢")
    customer.hears("三分钟内发到邮箱")
    page.get_by_role("button", name="看改了什么").first.click()
    expect(page.locator(".differences ins").first).to_be_visible()
    page.get_by_label("答案").fill("太短")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".problem")).to_contain_text("没有保存")
    page.get_by_role("button", name="恢复这一版").first.click()
    page.get_by_role("button", name="恢复并发布").click()
    expect(page.get_by_label("答案")).to_have_value(before, timeout=WAIT_MS)
    customer.says("发票怎么开呢")
    customer.hears(before[:12])


def test_a_draft_changes_nothing_until_it_is_published(visitor: Open) -> None:
    page = editor(visitor, "/desk/knowledge/invoice.change")
    page.get_by_label("答案").fill("开错的发票七天内都可以换开，请告诉我订单号。")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("有未发布的草稿")).to_be_visible(timeout=WAIT_MS)
    customer = Customer(visitor("/")).open_chat()
    customer.says("发票开错了怎么改")
    customer.hears("发票")
    expect(customer.page.get_by_text("七天内都可以换开")).to_have_count(0)
    page.get_by_role("button", name="丢弃草稿").click()
    page.get_by_role("dialog").get_by_role("button", name="丢弃草稿").click()
    expect(page.get_by_text("有未发布的草稿")).to_have_count(0, timeout=WAIT_MS)


def test_what_is_published_takes_the_drafts_place_and_unsaved_text_survives_other_pages(visitor: Open) -> None:
    page = editor(visitor, "/desk/knowledge/shipping.dispatch_time")
    answer, before = page.get_by_label("答案"), page.get_by_label("答案").input_value()
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_in_viewport()
    answer.fill("甲：付款后两天内发货，节假日顺延。")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_text("有未发布的草稿")).to_be_visible(timeout=WAIT_MS)
    answer.fill("乙：付款后三天内发货，节假日顺延。")
    page.get_by_role("navigation").get_by_role("link", name="工单").click()
    expect(page.get_by_role("heading", name="工单")).to_be_visible(timeout=WAIT_MS)
    page.go_back()
    expect(answer).to_have_value("乙：付款后三天内发货，节假日顺延。", timeout=WAIT_MS)
    expect(page.get_by_text("上次没有保存的修改")).to_be_visible()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布，机器人现在")).to_be_visible(timeout=WAIT_MS)
    page.reload()
    expect(answer).to_have_value("乙：付款后三天内发货，节假日顺延。", timeout=WAIT_MS)
    expect(page.get_by_text("有未发布的草稿")).to_have_count(0)
    page.get_by_role("button", name="恢复这一版").last.click()
    page.get_by_role("button", name="恢复并发布").click()
    expect(answer).to_have_value(before, timeout=WAIT_MS)


def publishes(page: Page) -> None:
    """Publish, whatever it would change elsewhere."""
    page.get_by_role("button", name="发布", exact=True).click()
    sure, done = page.get_by_role("button", name=re.compile("照样发布|不等了")), page.get_by_text("已发布，机器人现在")
    expect(sure.or_(done).first).to_be_visible(timeout=3 * WAIT_MS)
    if sure.is_visible():
        sure.click()
    expect(done).to_be_visible(timeout=WAIT_MS)


OTHERS = "开发票要多久\n怎么开电子发票呀\n发票怎么弄\n我要开一张发票\n发票在哪里开呢\n帮我开个票\n能给我开票么"
"""What customers ask of another article."""


def test_what_an_edit_would_change_elsewhere_is_shown_before_it_is_published(visitor: Open) -> None:
    page = Staff(visitor("/desk/knowledge/new")).sign_in_to("supervisor", "写新文章").page
    page.get_by_label("编号").fill("invoice.when")
    page.get_by_label("问题").fill("开票申请之后要等多少天")
    page.get_by_label("话题").fill("发票时间")
    page.get_by_label("答案").fill("电子发票申请后两天内发到您的邮箱。")
    page.get_by_label("客户的说法").fill(OTHERS)
    page.get_by_role("button", name="发布", exact=True).click()
    shown = page.get_by_role("dialog", name="发布前看一眼")
    expect(shown).to_be_visible(timeout=3 * WAIT_MS)
    expect(shown.get_by_text("变差，原来答得对").first).to_be_visible()
    expect(shown.get_by_role("progressbar").or_(shown.get_by_text("都问了一遍"))).to_be_visible()
    assert serious_faults(page) == []
    shown.get_by_role("button", name="再改改").click()
    expect(shown).to_be_hidden()
    expect(page.get_by_role("heading", name="写新文章")).to_be_visible()
    expect(page.get_by_text("已发布，机器人现在")).to_have_count(0)


def test_an_answer_that_did_not_help_is_an_editors_next_article(visitor: Open, site: Site) -> None:
    customer = Customer(visitor("/")).open_chat()
    customer.says("公司团购的专用发票能不能寄到外地")
    customer.page.get_by_role("button", name="没有帮助").click()
    expect(customer.page.get_by_role("button", name="没有帮助")).to_have_attribute("aria-pressed", "true")
    customer.page.reload()
    customer.page.get_by_role("button", name="在线客服").click()
    expect(customer.page.get_by_role("button", name="没有帮助")).to_have_attribute("aria-pressed", "true")
    site.do(group_new, site.live())
    page = Staff(visitor("/desk/knowledge/questions")).sign_in_to("supervisor", "知识库").page
    question = page.locator(".question").filter(has_text="公司团购的专用发票能不能寄到外地")
    expect(question).to_be_visible(timeout=WAIT_MS)
    assert serious_faults(page) == []
    question.get_by_role("button", name="写新文章").click()
    expect(page.get_by_label("问题")).to_have_value("公司团购的专用发票能不能寄到外地")
    page.get_by_label("编号").fill("invoice.corporate_mail")
    page.get_by_label("话题").fill("团购发票")
    page.get_by_label("答案").fill("可以的，团购的专用发票用顺丰寄到您指定的地址，邮费由我们承担。")
    publishes(page)
    expect(page.get_by_role("heading", name="版本记录")).to_be_visible(timeout=WAIT_MS)
    customer.says("公司团购的专用发票能不能寄到外地")
    customer.hears("用顺丰寄到您指定的地址")
    page.goto(site.url + "/desk/knowledge/questions")
    page.get_by_text("已有答案").click()
    expect(page.locator(".question").filter(has_text="公司团购")).to_be_visible(timeout=WAIT_MS)


def test_who_is_no_supervisor_reads_and_tries_but_does_not_edit(visitor: Open) -> None:
    page = Staff(visitor("/desk/knowledge/invoice.how")).sign_in_to("agent", "试一试").page
    expect(page.get_by_label("答案")).to_be_disabled()
    expect(page.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    assert serious_faults(page) == []


# ---------------------------------------------------------------- a number that is the customer's own


class Sender:
    """Keeps the short messages that it is given."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, phone: str, text: str, code_id: str) -> Answer:
        self.sent.append(text)
        return Answer(Verdict.SENT, external_id=code_id)


def test_a_customer_shows_by_a_code_that_a_number_is_theirs(visitor: Open, site: Site) -> None:
    sender = site.live().code_sender = Sender()
    customer = Customer(visitor("/", PHONE)).open_chat()
    customer.says("关联手机号")
    link = customer.page.get_by_role("link").filter(has_text="/join#")
    token = (link.get_attribute("href", timeout=WAIT_MS) or "").partition("#")[2]
    page = visitor(f"/join#{token}", PHONE)
    page.get_by_label("手机号").fill("12")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("alert")).to_contain_text("11 位")
    page.get_by_label("手机号").fill("138 1234 5678")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_text("138****5678").first).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("短信里的 6 位验证码").fill("000000" if "000000" not in sender.sent[0] else "000001")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对", timeout=WAIT_MS)
    assert serious_faults(page) == []
    page.get_by_label("短信里的 6 位验证码").fill(re.findall(r"\d{6}", sender.sent[0])[0])
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_text("确认好了")).to_be_visible(timeout=WAIT_MS)
    customer.hears("138****5678 确认好了")
    site.live().code_sender = None
