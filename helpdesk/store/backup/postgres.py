"""PostgreSQL: every table by COPY out of one snapshot, so that a running service changes nothing in between.

No program of the server's is needed, and a backup goes into any later version of it. Put back in one transaction: all
of it is there, or what was there before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import NullPool

from helpdesk.store.backup.archive import CHUNK, BadBackup, Content, PlaceTaken
from helpdesk.store.migrate import configuration
from helpdesk.store.tables import Base

ENGINE = "postgresql"
VERSIONS = "alembic_version"
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"


def take(url: str, folder: Path) -> Content:
    """Copy every table as all of them are at one moment.

    Raises:
        BadBackup: there are no tables.
    """
    with _transaction(url) as connection:
        cursor = _cursor(connection)
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        names = _in_order(connection)
        if VERSIONS not in names:
            raise BadBackup("there is no database of ours: `python -m helpdesk migrate` makes one")
        columns = {name: [str(one["name"]) for one in inspect(connection).get_columns(name)] for name in names}
        rows = {name: _copy_out(cursor, name, columns[name], folder) for name in names}
        ((revision,),) = cursor.execute(f"SELECT version_num FROM {VERSIONS}").fetchall()
        sequences = {name: value for name, value in cursor.execute(_SEQUENCES).fetchall() if value is not None}
        return Content(ENGINE, revision, rows, columns, sequences)


def put_back(url: str, folder: Path, content: Content, *, replace: bool) -> None:
    """Make the tables as they were and fill them.

    Raises:
        PlaceTaken: there are rows and they may not be replaced, or somebody is connected. BadBackup.
    """
    with _transaction(url) as connection:
        cursor = _cursor(connection)
        _check_is_alone(cursor)
        ours = [
            name for name in inspect(connection).get_table_names() if name in {*content.tables, *Base.metadata.tables}
        ]
        if not replace:
            _check_is_empty(cursor, ours)
        _make_anew(connection, ours, content.revision)
        cursor.execute(f"DELETE FROM {VERSIONS}")
        for name, count in content.tables.items():
            _copy_in(cursor, name, content.columns[name], folder)
            if _count(cursor, name) != count:
                raise BadBackup(f"{name} has not the {count} rows that were counted")
        for name, value in content.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [name, value])


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        yield connection


def _cursor(connection: Connection) -> Cursor[Any]:
    made: Cursor[Any] = connection.connection.cursor()  # type: ignore[assignment]
    return made


def _in_order(connection: Connection) -> list[str]:
    """Each table after those it refers to."""
    found = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in found if name is not None]


def _copy_out(cursor: Cursor[Any], table: str, columns: list[str], folder: Path) -> int:
    with _file(folder, table).open("wb") as file, cursor.copy(_copy(table, columns, "TO STDOUT")) as rows:
        for piece in rows:
            file.write(piece)
    return cursor.rowcount


def _copy_in(cursor: Cursor[Any], table: str, columns: list[str], folder: Path) -> None:
    with _file(folder, table).open("rb") as file, cursor.copy(_copy(table, columns, "FROM STDIN")) as rows:
        while piece := file.read(CHUNK):
            rows.write(piece)


def _file(folder: Path, table: str) -> Path:
    return folder / f"{table}.copy"


def _copy(table: str, columns: list[str], direction: str) -> Composed:
    named = SQL(", ").join(map(Identifier, columns))
    return SQL("COPY {} ({}) " + direction).format(Identifier(table), named)


def _count(cursor: Cursor[Any], table: str) -> int:
    ((count,),) = cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchall()
    return int(count)


def _check_is_alone(cursor: Cursor[Any]) -> None:
    ((others,),) = cursor.execute(_OTHERS).fetchall()
    if others:
        raise PlaceTaken(f"{others} others are connected to this database: end the services first")


def _check_is_empty(cursor: Cursor[Any], tables: list[str]) -> None:
    filled = [name for name in tables if name != VERSIONS and _count(cursor, name)]
    if filled:
        raise PlaceTaken(f"the database is in use ({', '.join(filled[:3])} ... have rows): --replace throws them away")


def _make_anew(connection: Connection, tables: list[str], revision: str) -> None:
    """The tables of the backup's version, without a row."""
    cursor = _cursor(connection)
    for name in {*tables, VERSIONS}:
        cursor.execute(SQL("DROP TABLE IF EXISTS {} CASCADE").format(Identifier(name)))
    config = configuration("")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
