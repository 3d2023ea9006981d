"""Both databases, real; the worker is scripted and reached over HTTP."""

from __future__ import annotations

from tests.support.fixtures import (
    client,
    databases,
    plain_logs,
    postgres,
    postgres_databases,
    quick_passwords,
    redis_server,
    sqlite,
    sqlite_databases,
    world,
)
from tests.support.typed import typed

__all__ = [
    "client",
    "databases",
    "plain_logs",
    "postgres",
    "postgres_databases",
    "quick_passwords",
    "redis_server",
    "sqlite",
    "sqlite_databases",
    "typed",
    "world",
]
