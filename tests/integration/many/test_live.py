"""A customer's chat at one service, the desk at another: each hears of the other as if they were at the same."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import pytest
from sqlalchemy import func, select, text

from helpdesk.desk import live as desk_live
from helpdesk.store.tables import DeskSeat
from helpdesk.testing import Databases, eventually
from helpdesk.usecases.people.presence import gone
from tests.integration.many.conftest import PATIENCE, OpenDesk, Pair, pair_on
from tests.integration.web.conftest import Customer
from tests.support.redis_server import RedisServer

SOON = 1.0
"""Seconds within which news is at the other service; the median of several."""


async def served(pair: Pair) -> tuple[Customer, OpenDesk, str, str]:
    """A customer at `a` whom somebody at `b` serves; conversation and the token of whoever serves."""
    customer, token = await pair.a.customer(), await pair.b.token()
    desk = await pair.b.desk(token)
    await pair.b.ok("POST", "/presence", token, state="online")
    await customer.say("转人工")
    await desk.hears("queue")
    (waiting,) = await eventually(lambda: pair.b.ok("GET", "/queue", token), "the customer waits", PATIENCE)
    conversation = str(waiting["conversation_id"])
    await pair.b.ok("POST", f"/conversations/{conversation}/claim", token)
    return customer, desk, conversation, token


async def stands(customer: Customer, **what: Any) -> None:
    """Wait until the chat was told that its conversation stands so."""

    async def told() -> bool:
        return any(what.items() <= data.items() for event, data in customer.heard if event == "conversation")

    await eventually(told, f"the chat is told {what}", PATIENCE)


async def test_all_that_happens_is_told_at_the_other_service(pair: Pair) -> None:
    customer, desk, conversation, token = await served(pair)
    await stands(customer, state="staff")
    await pair.b.ok("POST", f"/conversations/{conversation}/messages", token, text="您好，我是客服")
    told = await customer.hears("您好，我是客服")
    stored = await customer.say("冰箱不制冷")
    await desk.hears("message", conversation_id=conversation)
    await customer.ask("typing", {"on": True})
    await desk.hears("typing", conversation_id=conversation, on=True)
    await customer.ask("read", {"seq": told["seq"]})
    await desk.hears("receipt", conversation_id=conversation, seq=told["seq"])
    await desk.client.emit("typing", {"conversation_id": conversation, "on": True}, namespace="/desk")
    await desk.client.call("read", {"conversation_id": conversation, "seq": stored["seq"]}, namespace="/desk")

    async def seen() -> bool:
        return ("typing", {"author": "staff", "on": True}) in customer.heard and (
            "receipt",
            {"read_seq": stored["seq"]},
        ) in customer.heard

    await eventually(seen, "the customer sees both", PATIENCE)
    await pair.b.ok("POST", f"/conversations/{conversation}/release", token)
    await stands(customer, state="bot")
    await desk.hears("conversation", conversation_id=conversation, state="bot")
    await customer.leave()
    await desk.leave()


async def test_news_is_at_the_other_service_within_a_second(pair: Pair) -> None:
    """By how much later a window at `a` hears what was stored at `b` than a window at `b` does."""
    customer, desk, conversation, token = await served(pair)
    near = Customer(pair.b.url, customer.session_id)
    await near.connect()
    await near.begin()

    async def heard_at(window: Customer, words: str) -> float:
        await window.hears(words)
        return time.monotonic()

    later = []
    for count in range(7):
        words = f"您好，第 {count} 条"
        await pair.b.ok("POST", f"/conversations/{conversation}/messages", token, text=words)
        far_at, near_at = await asyncio.gather(heard_at(customer, words), heard_at(near, words))
        later.append(far_at - near_at)
    assert median(later) < SOON
    assert customer.texts()[-7:] == near.texts()[-7:] == [f"您好，第 {count} 条" for count in range(7)]
    for one in (customer, near, desk):
        await one.leave()


async def test_two_windows_of_a_session_at_two_services_hear_the_same_once(pair: Pair) -> None:
    here = await pair.a.customer()
    there = Customer(pair.b.url, here.session_id)
    await there.connect()
    await there.begin()
    await here.say("运费谁出")
    for window in (here, there):
        told = await window.hears("来回运费")
    await here.ask("answer_rated", {"message_id": told["id"], "helpful": True})

    async def rated() -> bool:
        return ("answer_rated", {"message_id": told["id"], "helpful": True}) in there.heard

    await eventually(rated, "the other window shows it", PATIENCE)
    assert [len([one for one in window.texts() if "来回运费" in one]) for window in (here, there)] == [1, 1]
    await here.leave()
    await there.leave()


async def test_who_has_desks_at_two_services_is_here_while_one_is_open(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_live, "GRACE_SECONDS", 0.0)
    token = await pair.a.token()
    first, second = await pair.a.desk(token), await pair.b.desk(token)
    watching = await pair.b.desk(await pair.b.token("agent2"))
    await pair.a.ok("POST", "/presence", token, state="online")
    await first.leave()

    async def seats() -> int:
        async with pair.a.services.db.read() as uow:
            query = select(func.count()).where(DeskSeat.staff_id == "agent")
            return int(await uow.session.scalar(query) or 0)

    async def one_seat() -> bool:
        return await seats() == 1

    await eventually(one_seat, "the first desk is given up", PATIENCE)
    staff, now = await pair.b.staff(), pair.b.services.clock.now()
    assert staff.present_until is not None
    assert staff.present_until > now + timedelta(seconds=10)
    assert not [data for event, data in watching.heard if event == "presence" and data["state"] == "away"]
    await second.leave()
    await watching.hears("presence", staff_id="agent", state="away")
    staff = await pair.a.staff()
    assert staff.present_until is not None
    assert staff.present_until <= pair.a.services.clock.now()
    await watching.leave()


async def test_who_comes_back_and_leaves_once_more_has_the_whole_grace_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that ends cuts every desk off: none may be judged by a page that was closed a minute before."""
    token, other = await pair.b.token(), await pair.b.token("supervisor")
    watching = await pair.b.desk(await pair.b.token("agent2"))

    async def leaves(desk: OpenDesk, grace: float) -> None:
        monkeypatch.setattr(desk_live, "GRACE_SECONDS", grace)
        before = len(left)
        await desk.leave()
        await eventually(lambda: _is(len(left) > before), "the service saw it leave", PATIENCE)

    left: list[str] = []
    stays = desk_live.stay

    async def stay(services: Any, process: str, staff_ids: set[str]) -> None:
        await stays(services, process, staff_ids)
        left.extend(staff_ids)

    monkeypatch.setattr(desk_live, "stay", stay)
    await leaves(await pair.b.desk(token), 1.0)
    await leaves(await pair.b.desk(token), 3600.0)
    await leaves(await pair.b.desk(other), 1.0)
    await watching.hears("presence", staff_id="supervisor", state="away")
    assert {"staff_id": "agent", "state": "away"} not in [data for event, data in watching.heard if event == "presence"]
    await watching.leave()


async def _is(holds: bool) -> bool:
    return holds


async def test_a_desk_closes_as_soon_as_its_session_ends_at_the_other_service(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_live, "SIGNED_OUT_SECONDS", 0.0)
    others = [await pair.b.desk(await pair.b.token()) for _ in range(2)]
    token = await pair.b.token()
    last = await pair.b.desk(token)
    await pair.a.ok("DELETE", "/session", token)

    async def is_cut_off(desk: OpenDesk) -> bool:
        return not desk.client.connected

    await eventually(partial(is_cut_off, last), "the desk of who signed out closes", PATIENCE)
    assert all(desk.client.connected for desk in others)
    await pair.a.ok("POST", "/people/agent/lock", await pair.a.token("admin"))
    for desk in others:
        await eventually(partial(is_cut_off, desk), "no desk of a locked account is left open", PATIENCE)


async def test_a_seat_of_a_killed_process_ends_by_itself(pair: Pair) -> None:
    """Nobody takes it away, so it counts for as long as a missed heartbeat does, and no longer."""
    token = await pair.b.token()
    await pair.b.ok("POST", "/presence", token, state="online")
    await _seat(pair, "killed", timedelta(seconds=30))
    await gone(pair.b.services, "other", "agent")
    assert (await pair.b.staff()).present_until > pair.b.services.clock.now()  # type: ignore[operator]
    await _seat(pair, "killed", timedelta(seconds=-1))
    await gone(pair.b.services, "other", "agent")
    assert (await pair.b.staff()).present_until <= pair.b.services.clock.now()  # type: ignore[operator]


async def _seat(pair: Pair, process: str, ends_in: timedelta) -> None:
    async with pair.a.services.db.write() as uow:
        await uow.session.merge(
            DeskSeat(process=process, staff_id="agent", until=pair.a.services.clock.now() + ends_in)
        )
        await uow.commit()


async def test_what_was_said_while_redis_was_away_is_told_when_it_is_back(
    postgres: Databases, redis_server: RedisServer
) -> None:
    async with pair_on(postgres.fresh(), redis_server.url) as pair:
        customer, desk, conversation, token = await served(pair)
        redis_server.stop()
        try:
            await pair.b.ok("POST", f"/conversations/{conversation}/messages", token, text="您好，这句话发出时断开了")
        finally:
            redis_server.start()
        await customer.hears("您好，这句话发出时断开了")
        assert customer.texts().count("您好，这句话发出时断开了") == 1
        await customer.leave()
        await desk.leave()


async def test_what_was_said_while_the_listener_was_cut_off_is_told_when_it_is_back(postgres: Databases) -> None:
    async with pair_on(postgres.fresh()) as pair:
        customer, desk, conversation, token = await served(pair)
        async with pair.a.services.db.write() as uow:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN sansheng_news'"
            await uow.session.execute(text(query))
        await pair.b.ok("POST", f"/conversations/{conversation}/messages", token, text="您好，这句话发出时断开了")
        await customer.hears("您好，这句话发出时断开了")
        assert customer.texts().count("您好，这句话发出时断开了") == 1
        await customer.leave()
        await desk.leave()
