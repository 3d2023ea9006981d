"""A tiny assistant, trained once, behind the real worker, with a real action service on the loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot import startup

startup.prepare()

from rasa.model_training import train  # noqa: E402 - Rasa comes after the preparation

from bot.endpoint import ActionEndpoint  # noqa: E402
from bot.engine import Engine  # noqa: E402
from bot.worker import create_app  # noqa: E402
from tests.unit_bot import action_server, chat  # noqa: E402
from tests.unit_bot.action_server import ActionServer  # noqa: E402
from tests.unit_bot.chat import Chat  # noqa: E402

TINY = Path(__file__).parent / "tiny"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a trained model of the tiny assistant."""
    output = tmp_path_factory.mktemp("models")
    files = [str(TINY / "nlu.yml"), str(TINY / "rules.yml")]
    result = train(str(TINY / "domain.yml"), str(TINY / "config.yml"), files, str(output), fixed_model_name="tiny")
    assert result.model is not None
    return result.model


@pytest.fixture(scope="session")
def action_service() -> Iterator[ActionServer]:
    yield from action_server.running()


@pytest.fixture
def actions(action_service: ActionServer) -> ActionServer:
    """The action service, as after a restart."""
    action_service.reset()
    return action_service


@pytest.fixture(scope="session")
def loaded(tiny_model: str, action_service: ActionServer) -> Engine:
    return Engine.load(tiny_model, ActionEndpoint(action_service.url, action_server.TOKEN))


@pytest.fixture
async def engine(loaded: Engine) -> AsyncIterator[Engine]:
    """The engine; its pool of connections ends with the test's event loop."""
    yield loaded
    await loaded.endpoint.close()


@pytest.fixture
async def client(engine: Engine, actions: ActionServer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the worker that has the token."""
    transport = httpx.ASGITransport(app=create_app(engine, chat.TOKEN))
    headers = {"Authorization": f"Bearer {chat.TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers=headers) as client:
        yield client


@pytest.fixture
def new_chat(client: httpx.AsyncClient) -> Callable[..., Chat]:
    return lambda conversation="c1", state=None: Chat(client, conversation, state)
