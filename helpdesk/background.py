"""Work that goes on beside a block: begun with it, ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def in_background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run endless work for as long as the block lasts; what it raised meanwhile is its own to log."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        await end(tasks)


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they are over."""
    over = list(tasks)
    for task in over:
        task.cancel()
    await asyncio.gather(*over, return_exceptions=True)
