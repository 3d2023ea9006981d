"""The worker's settings, read once: from the environment, and from a file `.env` as the service does."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from bot.errors import MissingSetting, WrongSetting

BELOW = 0.6
"""The second reader is asked where the first one's most important act is fainter: of those hardly four in ten are
right, of those just above it six (docs/understanding.md)."""
BUDGET = 2000
"""Requests a day of a worker, unless set otherwise: at one message in eight about 15,000 messages."""


@dataclass(frozen=True)
class SecondReaderSettings:
    """Which language model is asked, by the name its server knows, and when. Without a key none is sent."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    below: float = BELOW
    budget: int = BUDGET

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> SecondReaderSettings | None:
        """None, which is off, unless the URL is set. Raises MissingSetting, WrongSetting."""
        url = env.get("BOT_SECOND_READER_URL", "").strip()
        if not url:
            return None
        if not url.startswith(("http://", "https://")):
            raise WrongSetting("BOT_SECOND_READER_URL is no http or https address")
        return cls(
            url=url,
            model=_required(env, "BOT_SECOND_READER_MODEL"),
            key=env.get("BOT_SECOND_READER_KEY", "").strip(),
            below=_number(env, "BOT_SECOND_READER_BELOW", BELOW, most=1.0),
            budget=int(_number(env, "BOT_SECOND_READER_BUDGET", BUDGET)),
        )


@dataclass(frozen=True)
class Settings:
    """Where the worker listens, what it serves and whom it asks. The two tokens have no default."""

    worker_token: str = field(repr=False)
    action_token: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8005
    model: str = "models/"
    actions_url: str = "http://127.0.0.1:8001/internal/actions"
    log_level: str = "INFO"
    second_reader: SecondReaderSettings | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Raises MissingSetting with the name of the first secret that is unset, WrongSetting for a senseless value."""
        return cls(
            worker_token=_required(env, "HELPDESK_WORKER_TOKEN"),
            action_token=_required(env, "HELPDESK_ACTION_TOKEN"),
            host=_private(env.get("BOT_WORKER_HOST") or cls.host),
            port=int(env.get("BOT_WORKER_PORT") or cls.port),
            model=env.get("BOT_MODEL") or cls.model,
            actions_url=env.get("BOT_ACTIONS_URL") or cls.actions_url,
            log_level=_level(env, "HELPDESK_LOG_LEVEL", cls.log_level),
            second_reader=SecondReaderSettings.from_env(env),
        )


def environment(file: Path = Path(".env"), env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment over the `NAME=value` lines of a file, where there is one; what has no value is not set."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        lines = []
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines if not line.lstrip().startswith("#"))
    kept = {name.strip(): value.strip().strip("'\"") for name, sign, value in pairs if sign}
    return {**{name: value for name, value in kept.items() if value}, **{k: v for k, v in env.items() if v}}


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise MissingSetting(f"{name} is not set")
    return value


def _level(env: Mapping[str, str], name: str, default: str) -> str:
    """The name of a level that logging knows."""
    level = (env.get(name) or default).upper()
    if not isinstance(logging.getLevelName(level), int):
        raise WrongSetting(f"{name} is no log level")
    return level


def _private(host: str) -> str:
    """The worker runs whatever turn it is given by who knows the token: that is nothing for the Internet."""
    try:
        is_private = ip_address(host).is_private
    except ValueError:
        is_private = False
    if not is_private:
        raise WrongSetting("BOT_WORKER_HOST is no address of this machine or of a private network")
    return host


def _number(env: Mapping[str, str], name: str, default: float, most: float = float("inf")) -> float:
    """A number from 0 to `most`; the default where it is unset."""
    given = env.get(name, "").strip()
    try:
        number = float(given) if given else default
    except ValueError as error:
        raise WrongSetting(f"{name} is no number") from error
    if not 0 <= number <= most or number == float("inf"):
        raise WrongSetting(f"{name} lies outside what makes sense")
    return number
