"""News between the processes of one installation (docs/decisions/0017-news-between-processes.md)."""

from __future__ import annotations

from helpdesk.relay.postgres import PostgresWire
from helpdesk.relay.redis import RedisWire
from helpdesk.relay.relay import Relay, Wire
from helpdesk.settings import Settings

__all__ = ["Relay", "Wire", "wire_of"]


def wire_of(settings: Settings) -> Wire | None:
    """Redis where there is one, else the database itself; SQLite has one process and nobody to tell."""
    if settings.is_sqlite:
        return None
    redis = settings.redis_url.get_secret_value()
    return RedisWire(redis) if redis else PostgresWire(settings.database_url)
