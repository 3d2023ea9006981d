"""Short messages by whatever vendor takes an HTTP call.

A short message can be read by anybody who holds the telephone, and by the vendor: it says that there is news and gives
the link, and no name, number or content. What the vendor wants and answers is in company/notices.yml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from helpdesk.company.notices import SmsVendor
from helpdesk.couriers.settings import SmsSettings
from helpdesk.model.delivery import Verdict
from helpdesk.model.notice import Answer, Errand, Way
from helpdesk.services import Services

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
LARGEST = 64_000  # bytes of an answer that are read
WORDS = "notice_sms"
REASON_LIMIT = 200


class SmsCourier:
    """One vendor; one pooled client, closed with `close`."""

    way = Way.SMS

    def __init__(self, services: Services, settings: SmsSettings) -> None:
        self._services = services
        self.settings = settings
        is_plain = settings.url.startswith("http:")  # a stand-in; reading certificates takes a while
        self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=not is_plain)

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.aclose()

    @property
    def _vendor(self) -> SmsVendor:
        return self._services.company.notices.sms

    async def carry(self, errand: Errand) -> Answer:
        """One call; without an answer nobody knows whether the message went, and it is not sent again."""
        return await self.send(errand.address, self._services.wording.render(WORDS, link=errand.link), errand.id)

    async def send(self, phone: str, text: str, code_id: str) -> Answer:
        """The same with a text that is given."""
        try:
            status, body = await self._call({"phone": phone, "text": text, "id": code_id})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Answer(Verdict.RETRY, type(error).__name__)
        except httpx.HTTPError as error:
            return Answer(Verdict.UNKNOWN, type(error).__name__)
        return judge(self._vendor, status, body)

    async def _call(self, message: dict[str, str]) -> tuple[int, Any]:
        known = {**message, "secret": self.settings.secret.get_secret_value()}
        headers, body = filled(self._vendor.headers, known), filled(self._vendor.body, known)
        content = {"json": body} if self._vendor.encoding == "json" else {"data": body}
        async with self._client.stream("POST", self.settings.url, headers=headers, **content) as response:  # type: ignore[arg-type]
            return response.status_code, await _read(response)


def filled(template: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """A mapping with its `{fields}` filled in; other braces stay as they are."""
    made = dict(template)
    for name, value in known.items():
        made = {key: text.replace(f"{{{name}}}", value) for key, text in made.items()}
    return made


async def _read(response: httpx.Response) -> Any:
    """The answer as JSON, None for anything else; no more than `LARGEST` bytes are read of it."""
    content = b""
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > LARGEST:
            return None
    try:
        return httpx.Response(200, content=content).json()
    except ValueError:
        return None


def judge(vendor: SmsVendor, status: int, body: Any) -> Answer:
    """What a vendor's answer means. One that nobody can read is no refusal: the message may be on its way."""
    if status == httpx.codes.TOO_MANY_REQUESTS or any(at(body, name) in told for name, told in vendor.busy.items()):
        return Answer(Verdict.BUSY, f"HTTP {status}")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or (status < httpx.codes.BAD_REQUEST and not isinstance(body, dict)):
        return Answer(Verdict.UNKNOWN, f"HTTP {status} without a readable answer")
    if status < httpx.codes.BAD_REQUEST and all(at(body, name) == told for name, told in vendor.accepted.items()):
        return Answer(Verdict.SENT, external_id=at(body, vendor.message_id))
    told = ", ".join(f"{name}={at(body, name)}" for name in vendor.accepted)
    return Answer(Verdict.FAILED, f"HTTP {status} {told}"[:REASON_LIMIT])


def at(body: Any, name: str) -> str | None:
    """A value by its path (`data.code`), as text; None for what is not there or is no single value."""
    for step in name.split("."):
        body = body.get(step) if isinstance(body, dict) else None
    return None if body is None or isinstance(body, (dict, list)) else str(body)
