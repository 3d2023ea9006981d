"""A bot by script: greets, answers, fills a short complaint form, hands over. Effects are staged as actions do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpdesk.model.conversation import TurnRef
from helpdesk.services import Services
from helpdesk.usecases.turns.stage import stage
from tests.support.scripted_worker import Json, answer, heard

COMPLAINT = {
    "name": "王女士",
    "phone": "13800011234",
    "category": "quality",
    "product": "三声十字四门冰箱 BCD-460",
    "danger": "没有",
    "description": "十字四门冰箱冷藏室不制冷，昨天开始里面的菜都坏了",
    "occurred": "2026-11-19",
    "order": "2026110812345",
    "outcome": "尽快上门维修",
}
TITLES = {
    "name": "姓名",
    "phone": "电话",
    "category": "类别",
    "product": "商品",
    "danger": "安全隐患",
    "description": "事情经过",
    "occurred": "发生时间",
    "order": "订单号",
    "outcome": "诉求",
    "evidence": "凭证",
}


def choice(title: str, intent: str = "inform") -> Json:
    """A button of the worker."""
    return {"title": title, "press": {"intent": intent, "entities": {}, "title": title}}


class ScriptedBot:
    """Answers a turn from what was heard; `services` are those of the service that asks."""

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services = services

    async def __call__(self, body: Json) -> Json:
        """The worker's answer."""
        text = heard(body)
        for words, reply in (
            (("open",), self._greeting),
            (("staff_released",), self._back),
            (("人工",), self._handoff),
            (("约上门",), self._ask_day),
            (("不满意",), self._dispute),
            (("投诉",), self._ask_name),
            (("王女士",), self._read_back),
            (("电话改成",), self._corrected),
            (("确认提交",), self._register),
            (("凭证",), self._ask_evidence),
            (("［图片］",), self._thank_for_evidence),
            (("发票",), self._from_the_articles),
            (("运费", "邮费"), self._faq),
        ):
            if any(word in text for word in words):
                return await reply(body)
        return answer(body, f"收到：{text}。请问还有什么可以帮您？")

    async def _greeting(self, body: Json) -> Json:
        choices = [choice(title) for title in ("查订单", "退换货", "报修与安装", "我要投诉", "转人工客服")]
        words = "您好，欢迎来到三声电器，我是智能客服助手小声。请问有什么可以帮您？"
        return answer(body, words, intent="greet", buttons=choices)

    async def _back(self, body: Json) -> Json:
        return answer(body, "感谢您的耐心，接下来由小声继续为您服务。请问还有什么可以帮您？")

    async def _faq(self, body: Json) -> Json:
        words = "质量问题的退换货，来回运费由我们承担；7 天无理由退货，寄回的运费由您承担。"
        return answer(body, words, intent="ask_faq", custom={"kind": "faq_answer", "faq_id": "return_shipping"})

    async def _from_the_articles(self, body: Json) -> Json:
        """What the knowledge base says at this moment."""
        services = self._services()
        [hit] = services.knowledge.search(heard(body), 1)
        words = services.knowledge.articles[hit.faq_id].answer
        return answer(body, words, intent="ask_faq", custom={"kind": "faq_answer", "faq_id": hit.faq_id})

    async def _ask_evidence(self, body: Json) -> Json:
        asked = answer(body, "好的。有照片、截图吗？可以直接发过来。", intent="file_complaint")
        asked["state"]["active_loop"] = {"name": "complaint_form"}
        asked["state"]["slots"]["requested_slot"] = "evidence"
        return asked

    async def _thank_for_evidence(self, body: Json) -> Json:
        return self._confirm(body, "照片收到了。请您核对登记内容：", {**COMPLAINT, "evidence": heard(body)})

    async def _handoff(self, body: Json) -> Json:
        await self._stage(body, "join_queue", {"reason": "request_human"})
        return answer(body, "好的，我为您找人工客服。", intent="request_human")

    async def _dispute(self, body: Json) -> Json:
        number = body["input"]["press"]["entities"]["ticket"]
        await self._stage(body, "dispute_ticket", {"number": number, "reason": "更换后仍有异响"})
        return answer(body, "非常抱歉没有让您满意，我们会换一位同事重新核查。", intent="dispute_result")

    async def _ask_name(self, body: Json) -> Json:
        words = "非常抱歉给您带来不便，我来为您登记，会有专人跟进到底。请问怎么称呼您？"
        custom = {"kind": "form", "form": "complaint_form", "field": "name", "state": "ask"}
        return answer(body, words, intent="file_complaint", custom=custom)

    async def _ask_day(self, body: Json) -> Json:
        custom = {"kind": "form", "form": "service_form", "field": "visit_time", "state": "ask", "day": "coming"}
        return answer(body, "请问您希望师傅什么时候上门？", custom=custom)

    async def _read_back(self, body: Json) -> Json:
        return self._confirm(body, "请您核对登记内容：", COMPLAINT)

    async def _corrected(self, body: Json) -> Json:
        phone = heard(body).rsplit("电话改成", 1)[1]
        return self._confirm(body, "已经改好，请您再核对一下：", {**COMPLAINT, "phone": phone})

    def _confirm(self, body: Json, words: str, fields: Json) -> Json:
        shown = {**fields, "category": "产品质量", "occurred": "11月19日"}
        lines = "\n".join(f"{TITLES[name]}：{value}" for name, value in shown.items())
        return answer(
            body,
            f"{words}\n{lines}\n以上内容对吗？",
            buttons=[choice(title) for title in ("确认提交", "先不提交")],
            custom={"kind": "form", "form": "complaint_form", "state": "confirm"},
        )

    async def _register(self, body: Json) -> Json:
        reserved = await self._stage(body, "open_ticket", {"kind": "complaint", "fields": COMPLAINT})
        words = f"已经为您登记，登记号 {reserved['number']}。我们会在约定时间前给您答复，并先与您联系。"
        custom = {"kind": "ticket_opened", "number": reserved["number"], "promised_at": reserved["promised_at"]}
        return answer(body, words, custom=custom)

    async def _stage(self, body: Json, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        turn = TurnRef.parse(body["conversation"], body["message_id"])
        return await stage(self._services(), turn, kind, payload)
