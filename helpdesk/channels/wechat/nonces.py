"""A signature serves once, whichever process it comes to.

WeChat delivers a message up to three times within some fifteen seconds, to any process, with the same query string
or a new one. So a pair of timestamp and nonce belongs to the content that came with it first: the same content may
come again within `REPEATS`, and is then answered like the first by its message id; any other content is a replay,
and so is the same content later. The pair is kept in the unit of work that stores the message, so that it is used up
if, and only if, the message is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.channels.wechat.signature import CLOCK_WINDOW
from helpdesk.errors import NotAllowed
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.tables import SeenNonce

REPEATS = timedelta(minutes=1)
KEPT = 3 * CLOCK_WINDOW  # a timestamp is good for one window on either side of our clock
TIDIED_FROM = 2 * KEPT  # rows are removed many at a time


@dataclass(frozen=True)
class Signed:
    """What was signed: `key` for timestamp and nonce, `content` for what came with them."""

    key: str
    content: str


def signed(timestamp: str, nonce: str, values: Mapping[str, str]) -> Signed:
    """Digests of both; `values` are what was understood, so that sealing it anew makes no difference."""
    content = "\0".join(f"{name}={values[name]}" for name in sorted(values))
    return Signed(f"wechat:{_digest(f'{timestamp}:{nonce}')}", _digest(content))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


async def admit(services: Services, uow: UnitOfWork, call: Signed) -> None:
    """Let a call in once, and its repeats.

    Raises:
        NotAllowed: its timestamp and nonce came before, with other content or too long ago.
    """
    dialect: Any = sqlite if services.db.is_sqlite else postgresql
    first = dialect.insert(SeenNonce).values(key=call.key, content=call.content, at=uow.now).on_conflict_do_nothing()
    if (await uow.session.execute(first.returning(SeenNonce.key))).first() is not None:
        return
    known = await uow.session.get_one(SeenNonce, call.key)
    if known.content != call.content or uow.now - known.at > REPEATS:
        raise NotAllowed("signature_wrong", why="the nonce is used already")


async def tidy_nonces(services: Services, now: datetime) -> None:
    """Forget what the clock refuses anyway; called by the timers."""
    async with services.db.read() as uow:
        oldest = select(SeenNonce.key).where(SeenNonce.at < now - TIDIED_FROM).limit(1)
        if await uow.session.scalar(oldest) is None:
            return
    async with services.db.write() as uow:
        await uow.session.execute(delete(SeenNonce).where(SeenNonce.at < now - KEPT))
        await uow.commit()
