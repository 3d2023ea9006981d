"""The wire to the workers: kept connections, and what their ends mean.

aiohttp, for a turn costs a sixth of what httpx takes for it. A worker keeps nothing of a turn, so where a kept
connection was cut the same turn is simply asked again.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from helpdesk.errors import WorkerFailed
from helpdesk.request_id import HEADER, followed

OK = 200
CONNECT_LIMIT = 2.0
IDLE_LIMIT = 4.0  # seconds; shorter than the 5 after which uvicorn closes an idle connection
UNREACHABLE = (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError)
CUT = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
"""The other end closed the connection: a kept one perhaps before our request came, a new one in mid turn."""


class Unreachable(WorkerFailed):
    """No connection to this worker, or it hangs: somebody else has to be asked, and that is no second try."""


class Broken(WorkerFailed):
    """It was reached, and gave no HTTP answer."""


class WorkerLine:
    """Requests to workers, with the token they know us by."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._made: aiohttp.ClientSession | None = None

    async def post(self, address: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON object that is answered to `body`.

        Raises:
            Unreachable, Broken; WorkerFailed: an error status, or a body of another shape.
        """
        status, text = await self._post(address, json.dumps(body, ensure_ascii=False).encode())
        if status != OK:
            raise WorkerFailed(why=f"{address}: {status} {text[:500].decode(errors='replace')}")
        try:
            return dict(json.loads(text))
        except (ValueError, TypeError) as error:
            raise WorkerFailed(why=f"{address}: not a turn's answer: {error!r}") from error

    async def is_ok(self, address: str, limit: float) -> bool:
        """Whether GET `address` is answered with 200 within `limit` seconds."""
        try:
            async with asyncio.timeout(limit), self._session().get(address, allow_redirects=False) as response:
                return response.status == OK
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Give back the connections."""
        if self._made is not None:
            await self._made.close()

    async def _post(self, address: str, body: bytes) -> tuple[int, bytes]:
        """Asked once more where the connection was cut; a worker that died in mid turn cannot be reached then.

        That counts as its failure: what kills workers is not asked for ever.
        """
        try:
            return await self._post_once(address, body)
        except UNREACHABLE as error:
            raise Unreachable(why=f"{address}: {error!r}") from error
        except CUT as cut:
            try:
                return await self._post_once(address, body)
            except aiohttp.ClientError:
                raise Broken(why=f"{address}: {cut!r}") from cut
        except aiohttp.ClientError as error:
            raise Broken(why=f"{address}: {error!r}") from error

    async def _post_once(self, address: str, body: bytes) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", **_named()}
        async with self._session().post(address, data=body, headers=headers, allow_redirects=False) as response:
            return response.status, await response.read()

    def _session(self) -> aiohttp.ClientSession:
        """Made on first use: it belongs to the loop that runs then."""
        if self._made is None:
            self._made = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_LIMIT),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_LIMIT),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._made


def _named() -> dict[str, str]:
    """The request that the turn is done for, as the worker's log shall name it."""
    return {HEADER: followed()} if followed() else {}
