"""Calls of custom actions: one pooled session, a limit, and no failure that Rasa could swallow.

Rasa goes on predicting when an action fails, and can then submit an unfilled form. So everything but an answer that
makes sense and a deliberate rejection raises TurnFailed, which Rasa does not catch.
"""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from typing import Any

import aiohttp
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import deserialise_events
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot import ids
from bot.errors import TurnFailed
from bot.nlu.masking import prepared
from bot.patches import validate_action_result
from zhtext import shared_encoder

Json = dict[str, Any]
ACTION_LIMIT = 3.0  # seconds for one action, its answer read
WHERE: ContextVar[str | None] = ContextVar("where", default=None)
"""Where the actions of the turn under way run, as the service that asks for it says; unset, at the configured route."""
IDLE_LIMIT = 4.0  # seconds; shorter than the 5 after which uvicorn closes an idle connection
OK, REJECTED, DOMAIN_MISSING = 200, 400, 449
EVENTS_OF_ACTIONS = frozenset({"slot", "active_loop", "followup", "reset_slots", "rewind", "action_execution_rejected"})
"""What an action may return. Reminders outlive a turn, a pause never ends, an export writes files, others forge."""


class ActionEndpoint(EndpointConfig):
    """The service's route for custom actions.

    The domain changes only with the model, so it is not sent: its digest is, and the domain itself when the service
    answers 449 (rasa-sdk's "missing domain context").
    """

    def __init__(self, url: str, token: str, limit: float = ACTION_LIMIT) -> None:
        super().__init__(url, **{SELECTIVE_DOMAIN: True})  # stops Rasa from rendering the domain for every call
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._limit = limit
        self._pool: aiohttp.ClientSession | None = None
        self._domain: Json = {}
        self._digest = ""

    def use_model(self, domain: Domain, model_id: str) -> None:
        """Names the model whose domain the actions see."""
        self._domain, self._digest = domain.as_dict(), model_id

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Json:
        """The action's answer. Raises ClientResponseError(400) for a rejection, TurnFailed for any other failure."""
        call = {**kwargs["json"], "domain_digest": self._digest}
        call.pop("domain", None)
        call["sentence"] = _sentence(call)
        action = str(call.get("next_action"))
        try:
            status, text = await asyncio.wait_for(self._call(call), self._limit)
        except asyncio.TimeoutError as error:
            raise TurnFailed("action_timeout", f"{action}: no answer in {self._limit:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise TurnFailed("action_failed", f"{action}: {type(error).__name__}: {error}") from error
        return _answer(action, status, text)

    async def _call(self, call: Json) -> tuple[int, str]:
        status, text = await self._post(call)
        if status == DOMAIN_MISSING:
            status, text = await self._post({**call, "domain": self._domain})
        return status, text

    async def _post(self, call: Json) -> tuple[int, str]:
        """One more try when a kept connection turns out closed: an action changes nothing, so it may run twice."""
        try:
            return await self._post_once(call)
        except aiohttp.ServerDisconnectedError:
            return await self._post_once(call)

    async def _post_once(self, call: Json) -> tuple[int, str]:
        body = json.dumps(call, ensure_ascii=False).encode()
        headers = {**self._headers, ids.HEADER: ids.request.get()} if ids.request.get() else self._headers
        async with self._session().post(WHERE.get() or self.url, data=body, headers=headers) as response:
            return response.status, await response.text()

    def _session(self) -> aiohttp.ClientSession:
        """Made on first use: a session belongs to the event loop it is made in."""
        if self._pool is None or self._pool.closed:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_LIMIT)
            self._pool = aiohttp.ClientSession(connector=connector, trust_env=False)
        return self._pool

    async def close(self) -> None:
        """Closes the pool."""
        if self._pool is not None:
            await self._pool.close()


def _sentence(call: Json) -> Json | None:
    """The message's text with the vector that the intent classifier made of it: the service compares it once more.

    It compares texts without the marks around them, so only of one that has none there the vector is of use; it is
    half of a call.
    """
    text = prepared(((call.get("tracker") or {}).get("latest_message") or {}).get("text") or "")
    encoder = shared_encoder()
    return encoder.hand_over(text) if encoder and (text[:1] + text[-1:]).isalnum() else None


def _answer(action: str, status: int, text: str) -> Json:
    body = _json(text)
    if status == REJECTED and isinstance(body, dict) and body.get("action_name"):
        raise ClientResponseError(REJECTED, "rejected", text)
    if status != OK:
        raise TurnFailed("action_failed", f"{action}: HTTP {status}")
    _check(action, body)
    return body


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _check(action: str, body: Any) -> None:
    """Rasa checks answers too, but swallows what it finds."""
    try:
        validate_action_result(RemoteAction(action, None), body)
        deserialise_events((body or {}).get("events", []))
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise TurnFailed("action_answer", f"{action}: {type(error).__name__}") from error
    kinds = {event.get("event") for event in body.get("events", [])}
    if kinds - EVENTS_OF_ACTIONS:
        raise TurnFailed("action_answer", f"{action} returned {', '.join(sorted(map(str, kinds - EVENTS_OF_ACTIONS)))}")
