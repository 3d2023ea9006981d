"""Every setting, declared once; each is read from the environment (see .env.example and docs/operations.md)."""

from __future__ import annotations

import logging
import os
import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from helpdesk.door.addresses import Proxies, is_private

REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
REQUIRED_SECRETS = ("worker_token", "action_token", "secret_key")
MADE_IN_DEMO = (*REQUIRED_SECRETS, "identity_secret")
SHORTEST_IDENTITY_SECRET = 32  # bytes: what HS256 asks for (RFC 7518, 3.2)


class SettingsMissing(Exception):
    """A secret without which the service must not start; the message names its variable."""


class Settings(BaseSettings):
    """Addresses, secrets and limits. Times are seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="HELPDESK_",
        env_file=".env",
        env_ignore_empty=True,  # as .env.example has them: a setting without a value is not set
        extra="ignore",
        populate_by_name=True,
        frozen=True,
    )

    host: str = "127.0.0.1"
    port: int = 8000
    internal_host: str = "127.0.0.1"  # a private address where workers are on other machines
    internal_port: int = 8001
    internal_url: str = ""  # under which workers reach the internal listener; empty: by its host and port
    database_url: str = Field("sqlite+aiosqlite:///var/helpdesk.db", validation_alias="DATABASE_URL")
    company_dir: Path = Path("company")
    var_dir: Path = Path("var")
    log_level: str = "INFO"
    trusted_proxies: str = ""
    widget_origins: Annotated[tuple[str, ...], NoDecode] = ()  # sites that may embed the chat besides our own

    workers: Annotated[tuple[str, ...], NoDecode] = ("http://127.0.0.1:8005",)
    worker_token: SecretStr = SecretStr("")  # this service -> worker
    action_token: SecretStr = SecretStr("")  # worker -> this service
    rest_token: SecretStr = SecretStr("")  # empty: the REST channel is off
    secret_key: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")  # empty: news goes by the database, and each process counts for itself

    shop_address: str = ""  # of the company's own systems; empty: the demo's data in demo mode, else none are asked
    shop_token: SecretStr = SecretStr("")  # what they want to see; empty: nothing is sent

    identity_secret: SecretStr = SecretStr("")  # with which the company's site signs who its customers are; empty: off

    demo: bool = False
    demo_password: SecretStr = SecretStr("")
    always_open: bool = False
    clock_shift: float = 0.0  # how far our clock is ahead of the machine's: rehearsals and tests; 0 in earnest

    claim_seconds: float = 30.0
    turn_limit: float = 8.0
    worker_wait: float = 90.0  # how long a message waits for a worker that is still starting
    worker_parallel: int = 8  # turns under way at one worker; more wait in the service
    rest_wait: float = 25.0
    burst_seconds: float = 2.0
    recover_every: float = 3.0
    session_idle_hours: float = 24.0

    connections_per_address: int = Field(256, ge=1)
    pictures_a_day: int = Field(2000, ge=0)  # megabytes of pictures that are taken in within a day
    disk_floor: int = Field(500, ge=0)  # megabytes that have to be free for a picture to be taken
    address_room: float = Field(1.0, gt=0)  # how many times the usual one address may do

    @field_validator("workers", "widget_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        Proxies(value)
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address and not address.startswith(REDIS_SCHEMES):
            raise ValueError(f"an address begins with one of {', '.join(REDIS_SCHEMES)}")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        try:
            make_url(value or "sqlite://")
        except ArgumentError as problem:
            raise ValueError(str(problem)) from None
        return value

    @field_validator("shop_address")
    @classmethod
    def _is_on_the_web(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
            raise ValueError("must be http:// or https:// and a host, without a name or password")
        return value.rstrip("/")

    @field_validator("identity_secret")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value().encode()) < SHORTEST_IDENTITY_SECRET:
            raise ValueError(f"must have at least {SHORTEST_IDENTITY_SECRET} characters")
        return value

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in logging.getLevelNamesMapping():
            raise ValueError(f"no log level {value!r}")
        return value

    @field_validator("internal_host")
    @classmethod
    def _is_private(cls, value: str) -> str:
        """What the internal listener tells and does is nothing for the Internet, whoever knows the token."""
        if not is_private(value):
            raise ValueError("not an address of this machine or of a private network")
        return value

    @field_validator("internal_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("no http or https address")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _can_be_told(self) -> Settings:
        """Workers cannot come back to \"every address\"."""
        if ip_address(self.internal_host).is_unspecified and not self.internal_url:
            raise ValueError("HELPDESK_INTERNAL_URL is needed beside a HELPDESK_INTERNAL_HOST of 0.0.0.0 or ::")
        return self

    @property
    def actions_url(self) -> str:
        """Where the actions of our turns run: workers are told with each turn."""
        host = f"[{self.internal_host}]" if ":" in self.internal_host else self.internal_host
        return f"{self.internal_url or f'http://{host}:{self.internal_port}'}/internal/actions"

    @property
    def is_sqlite(self) -> bool:
        """Whether this service is the only process on its database."""
        return self.database_url.startswith("sqlite")


def load_settings() -> Settings:
    """Settings from the environment; in demo mode missing secrets are made and kept in var/secrets.

    Raises:
        SettingsMissing: outside demo mode, naming the first variable that is not set.
    """
    settings = Settings()
    if settings.demo:
        return _with_demo_secrets(settings)
    for name in REQUIRED_SECRETS:
        if not getattr(settings, name).get_secret_value():
            raise SettingsMissing(f"HELPDESK_{name.upper()} is not set; outside demo mode it has no default")
    return settings


def _with_demo_secrets(settings: Settings) -> Settings:
    kept = read_secrets(settings.var_dir / "secrets")
    made = dict(kept)
    for name in MADE_IN_DEMO:
        given = getattr(settings, name).get_secret_value()
        made[name] = given or kept.get(name) or secrets.token_urlsafe(32)
    if any(made[name] != kept.get(name) for name in MADE_IN_DEMO):
        write_secrets(settings.var_dir / "secrets", made)
    return settings.model_copy(update={name: SecretStr(made[name]) for name in MADE_IN_DEMO})


def read_secrets(path: Path) -> dict[str, str]:
    """`HELPDESK_NAME=value` lines as {"name": value}; an absent file is empty."""
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name.strip().removeprefix("HELPDESK_").lower(): value.strip() for name, value in pairs}


def write_secrets(path: Path, values: dict[str, str]) -> None:
    """Written for the owner alone from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.writelines(f"HELPDESK_{name.upper()}={value}\n" for name, value in sorted(values.items()))
