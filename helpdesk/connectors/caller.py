"""One HTTP system: asked in time, again if it is worth it, left alone when it fails; its JSON, or `NotAnswering`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import structlog

from helpdesk.clock import Clock
from helpdesk.company.connectors import Breaker, Call, Connectors
from helpdesk.connectors.reading import Misfit
from helpdesk.errors import NotAnswering

T = TypeVar("T")

log = structlog.get_logger(__name__)

KILO = 1024
BETWEEN_TRIES_S = 0.1
MAY_PASS = frozenset({429, 502, 503, 504})
"""Answers of a moment; whatever else is wrong stays wrong."""
CONNECTIONS = httpx.Limits(max_connections=50, max_keepalive_connections=10)


class Passing(Exception):
    """It went wrong in a way that may be over a moment later."""


@dataclass
class Fuse:
    """Opens after `failures` in a row; after `rest_s` one question is let through to see whether it answers again."""

    rule: Breaker
    failed: int = 0
    open_until: datetime | None = None

    def check(self, now: datetime) -> None:
        """Raises `NotAnswering` while the system is left alone."""
        if self.open_until is None:
            return
        if now < self.open_until:
            raise NotAnswering(why="it failed so often that it is left alone for a while")
        self._rest(now)  # whoever comes with this one meanwhile does not wait in vain

    def note(self, is_well: bool, now: datetime) -> None:
        """What came of a question."""
        self.failed = 0 if is_well else self.failed + 1
        if is_well:
            self.open_until = None
        elif self.failed >= self.rule.failures:
            self._rest(now)

    def _rest(self, now: datetime) -> None:
        self.open_until = now + timedelta(seconds=self.rule.rest_s)


def _why(problem: NotAnswering | Misfit) -> str:
    return str(problem.details["why"]) if isinstance(problem, NotAnswering) else str(problem)


class Caller:
    """Asks, and has the answers read by who knows what they mean."""

    def __init__(self, address: str, token: str, rules: Connectors, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._fuse = Fuse(rules.breaker)
        secret = {rules.header: rules.header_value.format(token=token)} if token else {}
        self._client = httpx.AsyncClient(
            base_url=address,
            headers={"Accept": "application/json", **secret},
            timeout=rules.timeout_s,
            limits=CONNECTIONS,
            trust_env=False,
        )

    async def close(self) -> None:
        """Ends the connections."""
        await self._client.aclose()

    async def ask(self, call: Call, given: Mapping[str, str], read: Callable[[Any], T]) -> T:
        """What `read` makes of the JSON that is answered, of None where there is no such thing (404).

        Raises:
            NotAnswering: no answer in time, or none that can be read. It is logged under the question's own path,
                which holds nothing of anybody.
        """
        self._fuse.check(self._clock.now())
        try:
            told = read(await self._in_time(call, given))
        except (NotAnswering, Misfit) as problem:
            self._fuse.note(is_well=False, now=self._clock.now())
            log.warning("shop_not_answering", call=call.path, why=_why(problem))
            raise NotAnswering(why=_why(problem)) from None
        self._fuse.note(is_well=True, now=self._clock.now())
        return told

    async def _in_time(self, call: Call, given: Mapping[str, str]) -> Any:
        try:
            async with asyncio.timeout(self._rules.timeout_s):
                return await self._tried(call, given)
        except TimeoutError:
            raise NotAnswering(why=f"no answer within {self._rules.timeout_s} s") from None

    async def _tried(self, call: Call, given: Mapping[str, str]) -> Any:
        for left in range(self._rules.retries, -1, -1):
            try:
                return await self._once(call, given)
            except Passing as problem:
                if not left:
                    raise NotAnswering(why=str(problem)) from None
                await asyncio.sleep(BETWEEN_TRIES_S)
        raise NotAnswering(why="it was not asked")

    async def _once(self, call: Call, given: Mapping[str, str]) -> Any:
        path = call.path.format_map({name: quote(value, safe="") for name, value in given.items()})
        body = {name: text.format_map(given) for name, text in call.body.items()} or None
        try:
            async with self._client.stream(call.method, path, json=body) as response:
                return self._json(response.status_code, await self._content(response))
        except httpx.TransportError as problem:
            raise Passing(f"{type(problem).__name__}") from None

    async def _content(self, response: httpx.Response) -> bytes:
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > self._rules.largest_kb * KILO:
                raise NotAnswering(why=f"the answer is larger than {self._rules.largest_kb} kB")
        return bytes(content)

    def _json(self, status: int, content: bytes) -> Any:
        if status == httpx.codes.NOT_FOUND:
            return None
        if status in MAY_PASS:
            raise Passing(f"status {status}")
        if status != httpx.codes.OK:
            raise NotAnswering(why=f"status {status}")
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise NotAnswering(why="the answer is no JSON") from None
