"""Pictures that we send: WeChat wants them uploaded first, keeps them for three days, and gives an id for them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

import httpx
import structlog

from helpdesk.channels.wechat.api import LARGEST, WeChatApi
from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.picture import content_type
from helpdesk.services import Services
from helpdesk.usecases.conversations import pictures

log = structlog.get_logger(__name__)

KEPT = timedelta(days=3) - timedelta(hours=1)  # WeChat forgets an upload after three days
REMEMBERED = 500
FETCH_SECONDS = 5.0
UPLOADABLE = {"image/jpeg": "picture.jpg", "image/png": "picture.png", "image/gif": "picture.gif"}


class Media:
    """Address of a picture -> the id of its upload; one account's, in this process."""

    def __init__(self, services: Services, api: WeChatApi) -> None:
        self._services = services
        self._api = api
        self._known: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    async def id_of(self, address: str) -> str | None:
        """The picture's id at WeChat, uploading it if need be; None when it cannot be had: send the address."""
        now = self._services.clock.now()
        known = self._known.get(address)
        if known and now - known[1] < KEPT:
            return known[0]
        media_id = await self._upload(address)
        if media_id:
            self._known[address] = (media_id, now)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return media_id

    def forget(self, address: str) -> None:
        """WeChat does not know the id any more."""
        self._known.pop(address, None)

    async def _upload(self, address: str) -> str | None:
        try:
            content = await self._content(address)
        except (httpx.HTTPError, httpx.InvalidURL, NotFound, InvalidInput) as problem:
            log.warning("picture_not_read", error=repr(problem))
            return None
        kind = content_type(content)
        return await self._api.upload(UPLOADABLE[kind], kind, content) if kind in UPLOADABLE else None

    async def _content(self, address: str) -> bytes:
        """The bytes of a picture of ours, or of one on the web that a response names."""
        if address.startswith(pictures.ADDRESS):
            picture = await pictures.any_of(self._services, address.removeprefix(pictures.ADDRESS))
            return await pictures.content(self._services, picture.id)
        content = bytearray()
        async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client, client.stream("GET", address) as response:
            response.raise_for_status()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > LARGEST:
                    raise InvalidInput(why="the picture is too large for WeChat")
        return bytes(content)
