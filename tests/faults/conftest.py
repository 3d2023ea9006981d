"""Both databases, real."""

from __future__ import annotations

from tests.support.fixtures import databases, postgres, postgres_databases, sqlite, sqlite_databases

__all__ = ["databases", "postgres", "postgres_databases", "sqlite", "sqlite_databases"]
