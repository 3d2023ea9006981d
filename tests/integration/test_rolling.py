"""While services are replaced one after the other, an old one works beside a migrated database (docs/deploying.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    delete,
    insert,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.types import JSON, DateTime, TypeEngine

from helpdesk.bootstrap import prepare
from helpdesk.store.migrate import configuration, is_current
from helpdesk.testing import Databases
from tests.support.fixtures import World, world_on

VERSIONS = "alembic_version"
OF_THE_SEARCH = "search"
SAMPLES: list[tuple[type[TypeEngine[Any]], Any]] = [
    (Boolean, lambda n: bool(n)),
    (Integer, lambda n: n),
    (Float, lambda n: n / 2),
    (DateTime, lambda n: datetime(2026, 11, n, tzinfo=UTC)),
    (JSON, lambda n: {"n": n}),
    (LargeBinary, lambda n: bytes([n])),
]


def newest_and_before() -> tuple[str, str]:
    scripts = ScriptDirectory.from_config(configuration(""))
    newest = scripts.get_revision("head")
    assert newest is not None
    assert isinstance(newest.down_revision, str)
    return newest.revision, newest.down_revision


@pytest.fixture
def emptied(databases: Databases) -> Iterator[Engine]:
    """A database without a table."""
    url = make_url(databases.fresh())
    engine = create_engine(url.set(drivername="sqlite") if url.get_backend_name() == "sqlite" else url)
    with engine.begin() as connection:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
    yield engine
    with engine.begin() as connection:  # whoever is given it next finds the tables of today
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
        migrated(connection, "head")
    engine.dispose()


def migrated(connection: Connection, revision: str) -> None:
    config = configuration("")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def tables(connection: Connection) -> list[Table]:
    """As they are now, each after those it refers to; what a database keeps for the search is written by no process."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSIONS and OF_THE_SEARCH not in table.name]


def a_row(table: Table, n: int) -> dict[str, Any]:
    """Every column filled; the same `n` gives the same key everywhere, so that references hold."""
    return {column.name: _sample(column.type, n) for column in table.columns}


def _sample(kind: TypeEngine[Any], n: int) -> Any:
    return next((make(n) for one, make in SAMPLES if isinstance(kind, one)), f"k{n}")


def lives(connection: Connection, old: list[Table], n: int) -> None:
    """What a process does that knows these tables and no later ones: write, change and read all of them."""
    for table in old:
        connection.execute(insert(table).values(a_row(table, n)))
    for table in old:
        keys = {column.name for column in table.primary_key.columns}
        free = {name: value for name, value in a_row(table, n).items() if name not in keys}
        if free:
            connection.execute(update(table).where(_is(table, n)).values(free))
        assert connection.execute(select(table).where(_is(table, n))).one() is not None


def _is(table: Table, n: int) -> Any:
    (first, *_) = table.primary_key.columns
    return first == a_row(table, n)[first.name]


def test_what_the_version_before_writes_is_written_after_the_newest_migration(emptied: Engine) -> None:
    newest, before = newest_and_before()
    with emptied.begin() as connection:
        migrated(connection, before)
        old = tables(connection)
        lives(connection, old, 1)
    with emptied.begin() as connection:
        migrated(connection, newest)
        assert connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar_one() == newest
    with emptied.begin() as connection:
        for table in old:
            assert connection.execute(select(table).where(_is(table, 1))).one() is not None, table.name
        lives(connection, old, 2)
        for table in reversed(old):
            connection.execute(delete(table).where(_is(table, 2)))


def test_the_check_sees_what_a_migration_takes_away(emptied: Engine) -> None:
    """A column without a default that an old process knows nothing of, and one that is gone."""
    with emptied.begin() as connection:
        migrated(connection, "head")
        old = tables(connection)
    for change in ("ADD COLUMN fresh INTEGER NOT NULL DEFAULT 1", "DROP COLUMN value"):
        with emptied.begin() as connection:
            connection.execute(text(f"ALTER TABLE counters {change}"))
            if change.startswith("ADD"):
                lives(connection, [table for table in old if table.name == "counters"], 3)
            else:
                with pytest.raises(Exception, match="value"), connection.begin_nested():
                    lives(connection, [table for table in old if table.name == "counters"], 4)


async def test_an_old_process_is_started_anew_beside_a_later_database(databases: Databases) -> None:
    url = databases.fresh()
    world = world_on(url)
    async with world.service():
        await _set(world, "9999")
        assert await is_current(world.services.db)
        await prepare(world.services)
        await _set(world, newest_and_before()[1])
        assert not await is_current(world.services.db)
        await _set(world, newest_and_before()[0])


async def _set(world: World, revision: str) -> None:
    async with world.services.db.write() as uow:
        await uow.session.execute(text(f"UPDATE {VERSIONS} SET version_num = '{revision}'"))
        await uow.commit()
