"""The trained assistant's understanding, and the sentences it has not seen."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import startup

startup.prepare()

from rasa.core.agent import Agent  # noqa: E402 - Rasa comes after the preparation
from rasa.model import get_latest_model  # noqa: E402
from rasa.model_training import train_nlu  # noqa: E402

from bot.read import read_all, reader  # noqa: E402
from tests.nlu.rasas import BROKEN, rasa, report  # noqa: E402

Parse = Callable[[str], dict[str, Any]]
Read = Callable[[list[dict[str, str]]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The newest model of BOT_MODEL (models/); without one the pipeline is trained here."""
    folder = os.environ.get("BOT_MODEL", "models")
    newest = get_latest_model(folder) if Path(folder).is_dir() else None
    return newest or train_nlu("config.yml", "data/nlu", str(tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="session")
def parse(model: str) -> Parse:
    """What the model understands."""
    agent = Agent.load(model)
    return lambda text: asyncio.run(agent.parse_message(text))


@pytest.fixture(scope="session")
def read(model: str) -> Read:
    """What the trained reader makes of turns: {asked, topic, bot, said} each."""
    engine = reader(model)
    return lambda turns: asyncio.run(read_all(turns, engine))


@pytest.fixture(scope="session")
def tested(model: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of `rasa test` on the stories, and one that cannot be followed, and on the held-out sentences."""
    stories, out = tmp_path_factory.mktemp("stories"), tmp_path_factory.mktemp("reports")
    shutil.copytree("tests/nlu/stories", stories, dirs_exist_ok=True)
    (stories / "test_broken.yml").write_text(BROKEN, "utf-8")
    told = ("--stories", str(stories), "--nlu", "tests/nlu/heldout")
    rasa("test", *told, "--model", model, "--out", str(out), "--successes", "--no-plot")
    return out


@pytest.fixture(scope="session")
def understood(tested: Path) -> list[tuple[str, str, str]]:
    """(sentence, intent meant, intent understood) of every held-out sentence."""
    told = [one for name in ("intent_successes.json", "intent_errors.json") for one in report(tested, name)]
    return [(one["text"], one["intent"], one["intent_prediction"]["name"]) for one in told]
