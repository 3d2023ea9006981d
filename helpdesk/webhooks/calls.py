"""One call with one event: its body, its headers, and what an answer means."""

from __future__ import annotations

import asyncio
import json
import ssl

import httpx

from helpdesk.company import Receiver
from helpdesk.services import Services
from helpdesk.store.tables import Delivery
from helpdesk.usecases.events.deliveries import Answer
from helpdesk.webhooks.signing import headers, keys_of
from helpdesk.webhooks.targets import problem_of, problem_of_name

TIMEOUT_S = 10.0
"""For all of a call: a receiver keeps the event and works on it afterwards."""
GONE = 410
AGENT = "Sansheng-Webhooks/1"
CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class Bell:
    """Rings at receivers; one pooled client, closed with `close`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._opened: httpx.AsyncClient | None = None

    @property
    def _client(self) -> httpx.AsyncClient:
        """Made when it is needed: reading certificates takes a while, and most installations call nobody."""
        if self._opened is None:
            self._opened = httpx.AsyncClient(
                timeout=TIMEOUT_S, limits=CONNECTIONS, trust_env=False, follow_redirects=False, verify=trusted()
            )
        return self._opened

    async def close(self) -> None:
        """Give back the connections."""
        if self._opened is not None:
            await self._opened.aclose()

    async def ring(self, receiver: Receiver, taken: Delivery) -> Answer:
        """One call. Only a status of 2xx means that the event was taken; nothing else of an answer is read."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                problem = problem_of(receiver.url, self._services.settings) or await problem_of_name(receiver.url)
                return Answer(False, error=problem) if problem else await self._post(receiver, taken)
        except TimeoutError:
            return Answer(False, error=f"no answer within {TIMEOUT_S:.0f} s")
        except (httpx.HTTPError, OSError, UnicodeError) as error:
            return Answer(False, error=type(error).__name__)

    async def _post(self, receiver: Receiver, taken: Delivery) -> Answer:
        settings, now = self._services.settings, self._services.clock.now()
        body = body_of(taken)
        keys = keys_of(settings, taken.receiver, receiver.key_number)
        given = {"Content-Type": "application/json", "User-Agent": AGENT, **headers(keys, taken.event_id, now, body)}
        async with self._client.stream("POST", receiver.url, content=body, headers=given) as response:
            return judge(response)


def trusted() -> ssl.SSLContext:
    """The usual authorities, and a company's own: those that the machine trusts or that `SSL_CERT_FILE` names."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def body_of(taken: Delivery) -> bytes:
    """The event as JSON, the same bytes at every call."""
    event = {"id": taken.event_id, "type": taken.type, "timestamp": taken.at.isoformat(), "data": taken.data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def judge(response: httpx.Response) -> Answer:
    """What an answer means. A redirect is none: whoever moves is told of by an administrator."""
    status = response.status_code
    if response.is_success:
        return Answer(True, status)
    return Answer(False, status, error=f"HTTP {status}", is_final=status == GONE)
