"""The trained assistant's understanding, and the sentences it has not seen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import startup

startup.prepare()

from rasa.core.agent import Agent  # noqa: E402 - Rasa comes after the preparation
from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.model import get_latest_model  # noqa: E402
from rasa.model_training import train_nlu  # noqa: E402

from bot.nlu.reader.turns import Context  # noqa: E402
from tests.nlu import sentences  # noqa: E402

Parse = Callable[[str], dict[str, Any]]
ParseIn = Callable[[str, "Context | None"], dict[str, Any]]


@pytest.fixture(scope="session")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """The newest model of BOT_MODEL (models/); without one the pipeline is trained here."""
    folder = os.environ.get("BOT_MODEL", "models")
    model = get_latest_model(folder) if Path(folder).is_dir() else None
    if model is None:
        model = train_nlu("config.yml", "data/nlu", str(tmp_path_factory.mktemp("models")))
    return Agent.load(model)


@pytest.fixture(scope="session")
def parse(agent: Agent) -> Parse:
    """What the model understands of a text."""
    return lambda text: asyncio.run(agent.parse_message(text))


@pytest.fixture(scope="session")
def parse_in(agent: Agent) -> ParseIn:
    """What the model understands of a text in a context."""

    def parse_message(text: str, context: Context | None) -> dict[str, Any]:
        message = UserMessage(text, metadata={"context": vars(context)} if context else {})
        return asyncio.run(agent.processor.parse_message(message))

    return parse_message


@pytest.fixture(scope="session")
def understood(parse: Parse) -> list[tuple[str, str, str]]:
    """(sentence, intent meant, intent understood) of every held-out sentence."""
    return [(text, intent, parse(text)["intent"]["name"]) for text, intent in sentences.read("tests/nlu/heldout")]
