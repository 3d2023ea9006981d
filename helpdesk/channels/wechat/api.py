"""WeChat's customer-service API: the calls, and what its error codes mean for us."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import httpx
import structlog

from helpdesk.channels.wechat.settings import WeChatSettings
from helpdesk.channels.wechat.tokens import AccessTokens
from helpdesk.errors import ChannelFailed
from helpdesk.model.delivery import Verdict
from helpdesk.services import Services

log = structlog.get_logger(__name__)

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
TOKEN_REFUSED = frozenset({40001, 40014, 42001})
NOT_TO_BE_HAD = frozenset({40007, 48001})
"""Of a picture: WeChat has it no more, or this account may not fetch any."""
LARGEST = 10 * 1024 * 1024
"""Bytes; WeChat's limit for a picture."""


VERDICTS = {
    0: Verdict.SENT,
    -1: Verdict.RETRY,  # "system busy"
    45009: Verdict.BUSY,  # daily limit of calls
    45015: Verdict.OUT_OF_WINDOW,
    45047: Verdict.OVER_BUDGET,
    48001: Verdict.NO_API,
}


class WeChatApi:
    """One account's calls; one pooled client, closed with `close`."""

    def __init__(self, services: Services, settings: WeChatSettings) -> None:
        self._settings = settings
        is_plain = settings.api_base.startswith("http:")  # a stand-in; reading certificates takes a while
        self._client = httpx.AsyncClient(
            base_url=settings.api_base, timeout=TIMEOUT, trust_env=False, verify=not is_plain
        )
        self._tokens = AccessTokens(services, f"wechat:{settings.app_id}", self._fetch_token)

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.aclose()

    async def send_text(self, open_id: str, text: str) -> tuple[Verdict, str]:
        """Send one text message (at most 2048 bytes of UTF-8); the verdict and, unless sent, why."""
        return await self._send({"touser": open_id, "msgtype": "text", "text": {"content": text}})

    async def send_menu(self, open_id: str, head: str, items: list[tuple[str, str]]) -> tuple[Verdict, str]:
        """Send clickable choices: `items` are (id, title); a click comes back as text with `bizmsgmenuid`."""
        choices = [{"id": item_id, "content": title} for item_id, title in items]
        menu = {"head_content": head, "list": choices, "tail_content": ""}
        return await self._send({"touser": open_id, "msgtype": "msgmenu", "msgmenu": menu})

    async def send_image(self, open_id: str, media_id: str) -> tuple[Verdict, str]:
        """Send a picture that was uploaded."""
        return await self._send({"touser": open_id, "msgtype": "image", "image": {"media_id": media_id}})

    async def send_template(
        self, open_id: str, template_id: str, link: str, data: dict[str, str]
    ) -> tuple[Verdict, str, str | None]:
        """Send a template message, which needs no open window; also the id that its receipt will name."""
        fields = {name: {"value": value} for name, value in data.items()}
        body = {"touser": open_id, "template_id": template_id, "url": link, "data": fields}
        verdict, reason, answer = await self._call_for("/cgi-bin/message/template/send", body)
        return verdict, reason, str(answer["msgid"]) if "msgid" in answer else None

    async def send_subscription(
        self, open_id: str, template_id: str, link: str, data: dict[str, str]
    ) -> tuple[Verdict, str, str | None]:
        """Send a subscription message, which the customer has to have allowed; the id of its receipt where told."""
        fields = {name: {"value": value} for name, value in data.items()}
        body = {"touser": open_id, "template_id": template_id, "page": link, "data": fields}
        verdict, reason, answer = await self._call_for("/cgi-bin/message/subscribe/bizsend", body)
        return verdict, reason, str(answer["msgid"]) if "msgid" in answer else None

    async def upload(self, name: str, content_type: str, content: bytes) -> str | None:
        """Give WeChat a picture to keep for three days; its id, or None when WeChat does not take it."""
        try:
            token = await self._tokens.get()
            answer = await self._uploaded(token, (name, content, content_type))
            if int(answer.get("errcode", 0)) in TOKEN_REFUSED:
                token = await self._tokens.get(stale=token)
                answer = await self._uploaded(token, (name, content, content_type))
        except (ChannelFailed, httpx.HTTPError) as problem:
            log.warning("picture_not_uploaded", error=repr(problem))
            return None
        if "media_id" not in answer:
            log.warning("picture_not_uploaded", error=f"{answer.get('errcode')} {answer.get('errmsg', '')}")
            return None
        return str(answer["media_id"])

    async def _uploaded(self, token: str, file: tuple[str, bytes, str]) -> dict[str, Any]:
        query = {"access_token": token, "type": "image"}
        return _answer(await self._client.post("/cgi-bin/media/upload", params=query, files={"media": file})) or {}

    async def download(self, media_id: str) -> bytes | None:
        """A picture that a customer sent, for three days; None when it is not to be had any more.

        Raises:
            ChannelFailed: not now.
        """
        try:
            token = await self._tokens.get()
            content, code = await self._downloaded(token, media_id)
            if code in TOKEN_REFUSED:
                content, code = await self._downloaded(await self._tokens.get(stale=token), media_id)
        except httpx.HTTPError as error:
            raise ChannelFailed(why=f"the picture did not come: {error!r}") from None
        if code and code not in NOT_TO_BE_HAD:
            raise ChannelFailed(why=f"the picture did not come: {code}")
        return None if code else content

    async def _downloaded(self, token: str, media_id: str) -> tuple[bytes, int]:
        """The bytes, and WeChat's error code; of what is too large only the beginning, which is no picture."""
        query = {"access_token": token, "media_id": media_id}
        content = bytearray()
        async with self._client.stream("GET", "/cgi-bin/media/get", params=query) as response:
            response.raise_for_status()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > LARGEST:
                    break
        refusal = _object(bytes(content)) if content.startswith(b"{") else None
        return bytes(content), int(refusal.get("errcode", 0)) if refusal else 0

    async def typing(self, open_id: str) -> None:
        """Show 「对方正在输入」; of no consequence when it fails."""
        body = {"touser": open_id, "command": "Typing"}
        with contextlib.suppress(Exception):
            await self._call("/cgi-bin/message/custom/typing", body)

    async def _send(self, message: dict[str, Any]) -> tuple[Verdict, str]:
        return await self._call("/cgi-bin/message/custom/send", message)

    async def _call(self, path: str, body: dict[str, Any]) -> tuple[Verdict, str]:
        verdict, reason, _ = await self._call_for(path, body)
        return verdict, reason

    async def _call_for(self, path: str, body: dict[str, Any]) -> tuple[Verdict, str, dict[str, Any]]:
        """One call, once more with a fresh token when WeChat refuses the old one; its whole answer too."""
        try:
            token = await self._tokens.get()
            verdict, reason, answer = await self._post(path, token, body)
            if answer.get("errcode") in TOKEN_REFUSED:
                token = await self._tokens.get(stale=token)
                verdict, reason, answer = await self._post(path, token, body)
        except ChannelFailed as failure:
            return Verdict.RETRY, str(failure), {}
        return verdict, reason, answer

    async def _post(self, path: str, token: str, body: dict[str, Any]) -> tuple[Verdict, str, dict[str, Any]]:
        try:
            response = await self._client.post(path, params={"access_token": token}, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Verdict.RETRY, repr(error), {}
        except httpx.HTTPError as error:  # sent, but no answer
            return Verdict.UNKNOWN, repr(error), {}
        answer = _answer(response) or {}
        if response.status_code != httpx.codes.OK or "errcode" not in answer:
            return Verdict.UNKNOWN, f"HTTP {response.status_code} without a readable answer", {}
        code = answer["errcode"] = int(answer["errcode"])
        return VERDICTS.get(code, Verdict.FAILED), f"{code} {answer.get('errmsg', '')}".strip(), answer

    async def _fetch_token(self) -> tuple[str, int]:
        """Ask for a token.

        Raises:
            ChannelFailed: WeChat gave none; the message has its reason, never the secret.
        """
        query = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret.get_secret_value(),
        }
        try:
            response = await self._client.get("/cgi-bin/token", params=query)
        except httpx.HTTPError as error:
            raise ChannelFailed(why=f"no access token: {type(error).__name__}") from None
        answer = _answer(response) or {}
        if "access_token" not in answer:
            raise ChannelFailed(why=f"no access token: {answer.get('errcode')} {answer.get('errmsg', '')}")
        return str(answer["access_token"]), int(answer.get("expires_in", 7200))


def _answer(response: httpx.Response) -> dict[str, Any] | None:
    return _object(response.content)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
