"""The second reader behind an OpenAI-compatible server: `POST <url>/chat/completions`, one answer by JSON schema.

Nothing of the answer is trusted: redirects are not followed (the key stays with the address it was given for), at most
ANSWER_LIMIT bytes are read and none unpacked, and only what bot/second/answer.py admits is an act.
"""

from __future__ import annotations

import json
from typing import Any, Final

import aiohttp

from bot.errors import NotRead
from bot.nlu.reader.turns import Context
from bot.second.answer import acts_of, loaded
from bot.second.port import Act
from bot.second.prompt import request

ANSWER_LIMIT: Final = 32_000
"""Bytes; an answer with what servers put around it takes about 2,000."""
OK: Final = 200


class ChatCompletions:
    """A Reader over HTTP. It sets no time limit of its own: whoever asks does."""

    def __init__(self, url: str, model: str, key: str = "") -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._pool: aiohttp.ClientSession | None = None

    async def read(self, said: str, context: Context) -> tuple[Act, ...]:
        """The acts of a message. Raises NotRead: unreachable, status, too_large or garbage."""
        body = json.dumps(request(self._model, said, context), ensure_ascii=False).encode()
        try:
            answer = await self._post(body)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NotRead("unreachable") from error
        return acts_of(_content(answer))

    async def _post(self, body: bytes) -> bytes:
        call = self._session().post(self._url, data=body, headers=self._headers, allow_redirects=False)
        async with call as response:
            if response.status != OK:
                raise NotRead("status")
            return await _bounded(response)

    def _session(self) -> aiohttp.ClientSession:
        """Made on first use: a session belongs to the event loop it is made in.

        No connection is kept: questions are rare, and a kept one that turned out closed would count as a failure.
        """
        if self._pool is None or self._pool.closed:
            self._pool = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
            )
        return self._pool

    async def close(self) -> None:
        """Closes the pool."""
        if self._pool is not None:
            await self._pool.close()


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    read = b""
    async for chunk in response.content.iter_any():
        read += chunk
        if len(read) > ANSWER_LIMIT:
            raise NotRead("too_large")
    return read


def _content(answer: bytes) -> str:
    """The text of the one choice. Raises NotRead."""
    try:
        content: Any = loaded(answer.decode())["choices"][0]["message"]["content"]
    except (UnicodeDecodeError, LookupError, TypeError) as error:
        raise NotRead("garbage") from error
    if not isinstance(content, str):
        raise NotRead("garbage")
    return content
