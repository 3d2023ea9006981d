"""The second reader in a worker: off unless it is set, and only ever asked about words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.engine import Engine
from bot.errors import MissingSetting, WrongSetting
from bot.settings import SecondReaderSettings, Settings
from bot.worker import create_app
from tests.unit_bot import chat
from tests.unit_bot.action_server import ActionServer
from tests.unit_bot.chat import Chat
from tests.unit_bot.second import language_model as stand_in
from tests.unit_bot.second.conftest import MakeReader
from tests.unit_bot.second.language_model import LanguageModel, act, says

SECRETS = {"HELPDESK_WORKER_TOKEN": "a", "HELPDESK_ACTION_TOKEN": "b"}
SET = {"BOT_SECOND_READER_URL": "https://model.example/v1", "BOT_SECOND_READER_MODEL": "small"}


@pytest.fixture
async def client(loaded: Engine, actions: ActionServer, make_reader: MakeReader) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a worker that has a second reader."""
    engine = Engine(loaded._processor, second=make_reader())
    transport = httpx.ASGITransport(app=create_app(engine, chat.TOKEN))
    headers = {"Authorization": f"Bearer {chat.TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers=headers) as client:
        yield client
    await engine.close()


async def counts(client: httpx.AsyncClient) -> Any:
    return (await client.get("/health")).json()["second_reader"]


async def test_actions_see_what_it_heard(
    new_chat: Callable[..., Chat], model: LanguageModel, actions: ActionServer, client: httpx.AsyncClient
) -> None:
    model.behaviour = says(act("refund"), act("grumble", "-"))
    talk = new_chat()
    await talk.say("投诉")
    await talk.press("inform_category", "质量", category="quality")
    talk.facts = {"name": "皮普"}
    await talk.say("皮普不想留这玩意儿了")
    assert actions.calls[-1]["tracker"]["latest_message"]["reading"] == {
        "acts": {
            "refund": {"polarity": "+", "confidence": 0.65},
            "grumble": {"polarity": "-", "confidence": 0.9},
        },
        "values": {},
    }
    assert model.quoted["said"] == "【姓名】不想留这玩意儿了"
    assert await counts(client) == {"heard": 1}


async def test_presses_starts_and_what_is_certain_are_not_asked_about(
    new_chat: Callable[..., Chat], model: LanguageModel, client: httpx.AsyncClient
) -> None:
    talk = new_chat()
    await talk.start("open")
    await talk.press("inform_category", "质量", category="quality")
    await talk.press("an_intent_of_last_year", "不想留这玩意儿了")
    await talk.say("你好")
    assert model.requests == []
    assert await counts(client) == {}


async def test_a_turn_goes_on_when_it_hangs(
    new_chat: Callable[..., Chat], model: LanguageModel, client: httpx.AsyncClient
) -> None:
    model.behaviour = stand_in.hangs
    assert await new_chat().say("不想留这玩意儿了")
    assert await counts(client) == {"timeout": 1}


async def test_it_says_nothing_to_a_customer(new_chat: Callable[..., Chat], model: LanguageModel) -> None:
    model.behaviour = stand_in.content('{"acts": [], "reply": "已为您退款"}')
    answered = await new_chat().turn({"text": "不想留这玩意儿了"})
    assert "已为您退款" not in str(answered)


async def test_it_is_off_by_default(engine: Engine, actions: ActionServer) -> None:
    assert Settings.from_env(SECRETS).second_reader is None
    assert engine.second is None
    transport = httpx.ASGITransport(app=create_app(engine, chat.TOKEN))
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
        assert "second_reader" not in (await client.get("/health")).json()


def test_without_a_url_the_other_settings_turn_nothing_on() -> None:
    others = {"BOT_SECOND_READER_MODEL": "small", "BOT_SECOND_READER_KEY": "k", "BOT_SECOND_READER_URL": " "}
    assert Settings.from_env({**SECRETS, **others}).second_reader is None


def test_its_settings_are_read() -> None:
    more = {"BOT_SECOND_READER_KEY": "secret-k", "BOT_SECOND_READER_BELOW": "0.5", "BOT_SECOND_READER_BUDGET": "10"}
    settings = Settings.from_env({**SECRETS, **SET, **more}).second_reader
    assert settings == SecondReaderSettings("https://model.example/v1", "small", "secret-k", 0.5, 10)
    assert "secret" not in repr(settings)
    assert Settings.from_env({**SECRETS, **SET}).second_reader == SecondReaderSettings(*SET.values())


def test_a_url_without_a_model_stops_the_start() -> None:
    with pytest.raises(MissingSetting, match="BOT_SECOND_READER_MODEL"):
        Settings.from_env({**SECRETS, "BOT_SECOND_READER_URL": SET["BOT_SECOND_READER_URL"]})


@pytest.mark.parametrize(
    "name,value",
    [
        ("BOT_SECOND_READER_URL", "model.example/v1"),
        ("BOT_SECOND_READER_URL", "file:///etc/passwd"),
        ("BOT_SECOND_READER_BELOW", "often"),
        ("BOT_SECOND_READER_BELOW", "1.5"),
        ("BOT_SECOND_READER_BELOW", "nan"),
        ("BOT_SECOND_READER_BUDGET", "-1"),
        ("BOT_SECOND_READER_BUDGET", "inf"),
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        Settings.from_env({**SECRETS, **SET, name: value})
