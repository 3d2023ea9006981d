"""The access token: one owner for all processes, kept in the database, refreshed early.

A new token makes the old one useless, so two processes must never fetch at once. Whoever wins a short lease on the
row fetches; the others wait for the row to change. Source: WeChat documentation, "get access token" (7200 s).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from helpdesk.errors import ChannelFailed
from helpdesk.services import Services
from helpdesk.store.tables import ChannelToken

EARLY = timedelta(minutes=10)  # a token is replaced this long before it ends
LEASE = timedelta(seconds=10)
PATIENCE = 12.0  # seconds to wait for another process's refresh
PAUSE = 0.1

Fetch = Callable[[], Awaitable[tuple[str, int]]]


class AccessTokens:
    """The token of one account. `fetch` asks WeChat and returns (token, seconds it is good for)."""

    def __init__(self, services: Services, name: str, fetch: Fetch) -> None:
        self._services = services
        self._name = name
        self._fetch = fetch
        self._known: ChannelToken | None = None  # as it was read last; WeChat refuses it if another process has a newer
        self._asking = asyncio.Lock()  # one task of this process sees to a new one, the others wait for it

    async def get(self, stale: str | None = None) -> str:
        """A usable token; `stale` is one that WeChat just refused.

        Raises:
            ChannelFailed: none can be had now.
        """
        return await self._usable(stale) or await self._renewed(stale)

    async def _usable(self, stale: str | None) -> str | None:
        if not self._is_good(self._known, stale):
            self._known = await self._current()
        return self._known.value if self._known and self._is_good(self._known, stale) else None

    def _is_good(self, token: ChannelToken | None, stale: str | None) -> bool:
        return token is not None and token.value != stale and token.expires_at > self._now()

    async def _renewed(self, stale: str | None) -> str:
        async with self._asking:
            until = asyncio.get_running_loop().time() + PATIENCE
            while asyncio.get_running_loop().time() < until:
                if value := await self._usable(stale):
                    return value
                if await self._lease(stale):
                    return await self._refresh()
                await asyncio.sleep(PAUSE)
        raise ChannelFailed(why="no access token: another process has not finished refreshing it")

    def _now(self) -> datetime:
        return self._services.clock.now()

    async def _current(self) -> ChannelToken | None:
        async with self._services.db.read() as uow:
            return await uow.session.scalar(select(ChannelToken).where(ChannelToken.name == self._name))

    async def _lease(self, stale: str | None) -> bool:
        """Whether we are the one to refresh; the row is created on the first call."""
        now = self._now()
        due = [ChannelToken.expires_at <= now]
        if stale is not None:
            due.append(ChannelToken.value == stale)
        free = or_(ChannelToken.refreshing_until.is_(None), ChannelToken.refreshing_until < now)
        async with self._services.db.write() as uow:
            statement = (
                update(ChannelToken)
                .where(ChannelToken.name == self._name, free, or_(*due))
                .values(refreshing_until=now + LEASE)
                .returning(ChannelToken.name)
            )
            won = (await uow.session.execute(statement)).first() is not None
            await uow.commit()
        return won or await self._create(now)

    async def _create(self, now: datetime) -> bool:
        try:
            async with self._services.db.write() as uow:
                if await uow.session.get(ChannelToken, self._name) is not None:
                    return False
                row = ChannelToken(name=self._name, value="", expires_at=now, refreshing_until=now + LEASE)
                uow.session.add(row)
                await uow.commit()
        except IntegrityError:  # another process was first
            return False
        return True

    async def _refresh(self) -> str:
        try:
            value, seconds = await self._fetch()
        except BaseException:
            await self._store({"refreshing_until": None})
            raise
        lasts = timedelta(seconds=seconds)
        until = self._now() + lasts - min(EARLY, lasts / 4)
        await self._store({"value": value, "expires_at": until, "refreshing_until": None})
        return value

    async def _store(self, values: dict[str, object]) -> None:
        async with self._services.db.write() as uow:
            await uow.session.execute(update(ChannelToken).where(ChannelToken.name == self._name).values(**values))
            await uow.commit()
