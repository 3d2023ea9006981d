"""Work that goes on beside a block: begun with it, ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
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


@asynccontextmanager
async def after(seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[Callable[[], None]]:
    """Begin `work` when the block has lasted so long, or when what is yielded is called; end it with the block.

    Most blocks are over sooner, and a timer costs a twentieth of a task.
    """
    begun: list[asyncio.Task[None]] = []

    def begin() -> None:
        if not begun:
            begun.append(asyncio.create_task(work()))

    timer = asyncio.get_running_loop().call_later(seconds, begin)
    try:
        yield begin
    finally:
        timer.cancel()
        await end(begun)


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they are over."""
    over = list(tasks)
    for task in over:
        task.cancel()
    if over:
        await asyncio.gather(*over, return_exceptions=True)
