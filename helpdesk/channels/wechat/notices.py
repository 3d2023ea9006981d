"""Notices on WeChat: a customer-service message while the customer's window is open, a template message else."""

from __future__ import annotations

from helpdesk.channels.wechat.account import Account
from helpdesk.model.delivery import Verdict
from helpdesk.model.moments import in_words
from helpdesk.model.notice import Answer, Errand, Way
from helpdesk.services import Services

CLOSED = frozenset({Verdict.OUT_OF_WINDOW, Verdict.OVER_BUDGET})
"""Refusals after which a template may still go."""
FAILED_BY_TEMPLATE = "no template"


class WeChatCourier:
    """The account's way for notices; see `helpdesk.model.notice.Courier`. The account closes the connections."""

    way = Way.WECHAT

    def __init__(self, services: Services, account: Account) -> None:
        self._services = services
        self._account = account

    async def close(self) -> None:
        """The account's own connections are used."""

    async def carry(self, errand: Errand) -> Answer:
        """One message; nothing of the letter is in it."""
        if errand.is_fresh:
            text = self._services.wording.render("notice_wechat", link=errand.link)
            verdict, reason = await self._account.api.send_text(errand.address, text)
            if verdict not in CLOSED:
                return Answer(verdict, reason)
        if not self._account.settings.template_id:
            return Answer(Verdict.FAILED, FAILED_BY_TEMPLATE)
        template = self._account.settings.template_id
        verdict, reason, message_id = await self._account.api.send_template(
            errand.address, template, errand.link, self._data()
        )
        return Answer(verdict, reason, message_id)

    def _data(self) -> dict[str, str]:
        """The template's fields as company/wechat.yml fills them in."""
        local = self._services.clock.now().astimezone(self._services.company.profile.zone)
        known = {
            "news": self._services.wording.render("notice_wechat_thing"),
            "time": in_words(local),
            "company": self._services.company.profile.name,
        }
        return {name: text.format_map(known) for name, text in self._services.company.wechat.template.items()}
