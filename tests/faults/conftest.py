"""Both databases, real."""

from __future__ import annotations

from tests.support.fixtures import databases, postgres_databases, sqlite_databases

__all__ = ["databases", "postgres_databases", "sqlite_databases"]
