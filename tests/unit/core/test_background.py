"""Work beside a block ends with the block, whatever ended it."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from helpdesk.background import after, in_background


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


async def test_what_is_begun_after_a_while_is_never_begun_where_the_block_is_over_sooner() -> None:
    ended: list[str] = []
    async with after(60.0, partial(_endless, asyncio.Event(), ended, "late")):
        await asyncio.sleep(0)
    assert ended == []


async def test_what_is_begun_after_a_while_ends_with_the_block() -> None:
    ended: list[str] = []
    begun = asyncio.Event()
    async with after(0.0, partial(_endless, begun, ended, "late")) as begin:
        await begun.wait()
        begin()  # it is begun already
    assert ended == ["late"]


async def test_what_is_begun_after_a_while_may_be_begun_at_once() -> None:
    ended: list[str] = []
    begun = asyncio.Event()
    async with after(60.0, partial(_endless, begun, ended, "early")) as begin:
        begin()
        begin()
        await begun.wait()
    assert ended == ["early"]
