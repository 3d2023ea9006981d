"""Notices on WeChat: a customer-service message while the customer's window is open, else a subscription message that
they have allowed, else a template message."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.channels.wechat import permits
from helpdesk.channels.wechat.account import Account
from helpdesk.model.delivery import Verdict
from helpdesk.model.moments import in_words
from helpdesk.model.notice import Answer, Errand, Way
from helpdesk.services import Services

CLOSED = frozenset({Verdict.OUT_OF_WINDOW, Verdict.OVER_BUDGET})
"""Refusals after which another kind of message may still go."""
UNWANTED = "43101"
"""The customer refuses such messages, or has allowed none."""
GONE = frozenset({Verdict.SENT, Verdict.UNKNOWN})
NOTHING_LEFT = "no template, and the customer has allowed no subscription message"


class WeChatCourier:
    """The account's way for notices; see `helpdesk.model.notice.Courier`. The account closes the connections."""

    way = Way.WECHAT

    def __init__(self, services: Services, account: Account) -> None:
        self._services = services
        self._account = account

    async def close(self) -> None:
        """The account's own connections are used."""

    async def carry(self, errand: Errand) -> Answer:
        """One message; nothing of the letter is in it. What is refused for good makes room for the next kind."""
        answer = Answer(Verdict.FAILED, NOTHING_LEFT)
        for kind in (self._by_text, self._by_subscription, self._by_template):
            answer = await kind(errand) or answer
            if answer.verdict not in CLOSED | {Verdict.FAILED}:
                break
        return answer if answer.verdict not in CLOSED else Answer(Verdict.FAILED, answer.reason)

    async def _by_text(self, errand: Errand) -> Answer | None:
        if not errand.is_fresh:
            return None
        text = self._services.wording.render("notice_wechat", link=errand.link)
        return Answer(*await self._account.api.send_text(errand.address, text))

    async def _by_subscription(self, errand: Errand) -> Answer | None:
        """One that the customer said yes to; the yes is used up by it."""
        template, whom = self._account.settings.subscription_id, errand.address
        if not template or not await permits.take(self._services, whom, template):
            return None
        data = self._filled(self._services.company.wechat.subscription)
        answer = Answer(*await self._account.api.send_subscription(whom, template, errand.link, data))
        if answer.reason.startswith(UNWANTED):
            await permits.end(self._services, whom, template)
        elif answer.verdict not in GONE:
            await permits.give_back(self._services, whom, template)
        return answer

    async def _by_template(self, errand: Errand) -> Answer | None:
        template = self._account.settings.template_id
        if not template:
            return None
        data = self._filled(self._services.company.wechat.template)
        return Answer(*await self._account.api.send_template(errand.address, template, errand.link, data))

    def _filled(self, fields: Mapping[str, str]) -> dict[str, str]:
        """A template's fields as company/wechat.yml fills them in."""
        local = self._services.clock.now().astimezone(self._services.company.profile.zone)
        known = {
            "news": self._services.wording.render("notice_wechat_thing"),
            "time": in_words(local),
            "company": self._services.company.profile.name,
        }
        return {name: text.format_map(known) for name, text in fields.items()}
