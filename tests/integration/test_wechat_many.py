"""Many customers, many processes, sudden deaths: each message is processed once, each answer delivered once."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from helpdesk.channels.wechat import Account
from helpdesk.store.tables import ChannelToken, Message
from helpdesk.testing import Databases, eventually, free_port, now
from tests.support.fixtures import together, world_on
from tests.support.scripted_worker import answer, heard
from tests.support.wechat_server import WeChatServer
from tests.support.wechat_world import account_settings, listening, wechat_process, wechat_world

Json = dict[str, Any]
CUSTOMERS = 100
SLOW_S = 6.0
LATE_S = 4.5
PATIENCE_S = 150.0  # a hundred slow turns beside whatever else the machine does
CALLBACK_LIMIT_S = 5.0  # WeChat's own; then it sends the message again


async def slowly(body: Json) -> Json:
    await asyncio.sleep(SLOW_S)
    return answer(body, "请稍候", f"答：{heard(body)}", intent="greet")


async def test_a_hundred_customers_of_a_slow_worker(databases: Databases, tmp_path: Path) -> None:
    async with wechat_process(databases.fresh(), tmp_path, turn_limit=20.0) as here:
        await here.start()
        assert await here.wechat.say("o_first", "您好") == "答：您好"
        here.world.worker.script, here.wechat.patience_s = slowly, 60.0

        async def ask(number: int) -> float:
            started = time.monotonic()
            assert await here.wechat.say(f"o_{number}", f"您好{number}") == ""
            return time.monotonic() - started

        took = await together(*(ask(number) for number in range(CUSTOMERS)))
        assert max(took) < CALLBACK_LIMIT_S
        for number in range(CUSTOMERS):
            await here.appears(f"答：您好{number}", f"o_{number}", PATIENCE_S)
        await here.is_settled()
        expected = [[f"请稍候\n\n答：您好{number}"] for number in range(CUSTOMERS)]
        assert [here.phone(f"o_{number}").texts for number in range(CUSTOMERS)] == expected
        said = await here.world.rows(Message, author="customer")
        assert len(here.world.worker.asked) == len(said) == CUSTOMERS + 1
        assert len(here.wechat.tokens) == 1


async def test_two_processes_share_deliveries_and_the_token(postgres: Databases) -> None:
    """Each message comes three times, at both; half of the answers are late."""
    server = WeChatServer(free_port())
    one = world_on(postgres.fresh(), worker_parallel=100, recover_every=0.2, turn_limit=30.0)
    two = world_on("")
    two.settings = one.settings
    one.wechat = two.wechat = account_settings(server.url, passive_wait=3.0)

    async def script(body: Json) -> Json:
        await asyncio.sleep(3.5 if "慢" in heard(body) else 0.0)
        return answer(body, f"答：{heard(body)}", intent="greet")

    one.worker.script = script
    async with AsyncExitStack() as stack:
        for running in (server.running(), one.worker.running()):
            await stack.enter_async_context(running)
        callbacks = [await stack.enter_async_context(listening(world)) for world in (one, two)]
        for number in range(20):
            server.phones[f"o_{number}"].last_wrote = now().timestamp()

        async def deliver(number: int) -> set[str | None]:
            message = server.message(f"o_{number}", "text", Content=f"您好{'慢' if number % 2 else ''}{number}")
            calls = [server.deliver(message, callback=callbacks[n % 2]) for n in range(3)]
            return {server.read(response) for response in await together(*calls)}

        given = await together(*(deliver(number) for number in range(20)))
        for number, texts in enumerate(given):
            said = f"答：您好{'慢' if number % 2 else ''}{number}"
            assert texts <= {"", said}
            if number % 2:
                assert texts == {""}
            if said not in texts:
                await eventually(partial(_has, server.phones[f"o_{number}"].seen), f"o_{number} has an answer")
            by_api = server.phones[f"o_{number}"].texts
            assert by_api == ([] if said in texts else [said])
        assert len(one.worker.asked) == 20
        assert len(server.tokens) == 1


async def test_two_owners_refresh_the_token_once(databases: Databases) -> None:
    """A refused token is replaced by one fetch, however many ask and in however many processes."""
    async with wechat_world(databases.fresh()) as here:
        services, settings = here.world.services, here.world.wechat
        ours = Account.of(services)
        assert ours is not None
        assert settings is not None
        owners = [ours, Account(services, settings)]
        for stale in (None, "access-1"):
            tokens = await together(*(owner.api._tokens.get(stale) for owner in owners for _ in range(10)))
            assert set(tokens) == {here.wechat.tokens[-1]}
        assert len(here.wechat.tokens) == 2
        (kept,) = await here.world.rows(ChannelToken)
        assert kept.value == "access-2"
        await owners[1].close()


async def test_a_killed_service_still_answers_once(sqlite: Databases, tmp_path: Path) -> None:
    """Killed while the API is called for one customer and the worker is asked for another."""
    go_on = asyncio.Event()

    async def script(body: Json) -> Json:
        await (asyncio.sleep(LATE_S) if "甲" in heard(body) else go_on.wait())
        return answer(body, f"答：{heard(body)}", intent="greet")

    async with wechat_process(sqlite.fresh(), tmp_path, recover_every=0.3) as here:
        server, asked = here.wechat, here.world.worker.asked
        here.world.worker.script = script
        await here.start()
        server.hold = asyncio.Event()
        await server.post(server.message("o_1", "text", Content="您好甲"))
        await eventually(lambda: _has(server.sends), "the API is called for the first")
        before = len(asked)
        saying = asyncio.create_task(server.post(server.message("o_2", "text", Content="您好乙"), tries=1))
        await eventually(lambda: _has(asked[before:]), "the worker is asked for the second")
        here.process.kill()
        server.hold.set()
        go_on.set()
        await saying
        await here.start()
        await here.appears("答：您好甲", "o_1")
        await here.appears("答：您好乙", "o_2")
        assert await server.say("o_2", "您好丙") == "答：您好丙"
    assert [body["text"]["content"] for body in server.sends] == ["答：您好甲", "答：您好乙"]


async def _has(found: Any) -> bool:
    return bool(found)
