"""Work beside a block ends with the block, whatever ended it."""

from __future__ import annotations

import asyncio

import pytest

from helpdesk.background import in_background


async def _endless(begun: asyncio.Event, ended: list[str], name: str) -> None:
    begun.set()
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)  # closing something takes a moment
        ended.append(name)


async def test_all_work_is_over_when_the_block_is() -> None:
    ended: list[str] = []
    begun = [asyncio.Event(), asyncio.Event()]
    async with in_background(_endless(begun[0], ended, "first"), _endless(begun[1], ended, "second")):
        await asyncio.gather(*(one.wait() for one in begun))
        assert not ended
    assert sorted(ended) == ["first", "second"]


async def test_work_that_failed_does_not_hide_what_the_block_raised() -> None:
    async def fails() -> None:
        raise ValueError("of the work")

    async def block() -> None:
        async with in_background(fails()):
            await asyncio.sleep(0)
            raise KeyError("of the block")

    with pytest.raises(KeyError, match="of the block"):
        await block()
