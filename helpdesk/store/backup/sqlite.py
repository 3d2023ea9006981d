"""SQLite: a copy by its own online backup, page by page beside a service that writes; put back as one file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy.engine import make_url

from helpdesk.store.backup.archive import BadBackup, Content, PlaceTaken
from helpdesk.store.lockfile import only_process

ENGINE = "sqlite"
COPY = "helpdesk.db"
BESIDE = ("-wal", "-shm")
AT_MOST = 3.0  # seconds that a service which is just ending may still have the file


def take(url: str, folder: Path) -> Content:
    """Copy the database as it is at one moment.

    Raises:
        BadBackup: there is none.
    """
    file = file_of(url)
    if not file.is_file():
        raise BadBackup(f"there is no database at {file}")
    with closing(_reading(file)) as source, closing(sqlite3.connect(folder / COPY)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return look(folder / COPY)


def look(file: Path) -> Content:
    """What is in it.

    Raises:
        BadBackup: the database is damaged.
    """
    with closing(_reading(file)) as database:
        found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise BadBackup(f"{file} is damaged: {'; '.join(found)}")
        ((revision,),) = database.execute("SELECT version_num FROM alembic_version").fetchall()
        return Content(ENGINE, revision, _rows(database))


def put_back(url: str, folder: Path, content: Content, *, replace: bool) -> None:
    """Put the copy where the database is to be. What `replace` puts away stays beside it under another name.

    Raises:
        PlaceTaken: something is there and may not be replaced. AlreadyRunning: a service uses it. BadBackup.
    """
    file = file_of(url)
    if look(folder / COPY) != content:
        raise BadBackup("the database in the backup does not have the rows that were counted")
    with only_process(file, AT_MOST):
        if not _is_free(file):
            if not replace:
                raise PlaceTaken(f"{file} is in use: --replace puts it aside")
            _put_aside(file)
        for end in BESIDE:
            file.with_name(file.name + end).unlink(missing_ok=True)
        (folder / COPY).replace(file)
        file.chmod(0o600)


def file_of(url: str) -> Path:
    """The database's file."""
    return Path(make_url(url).database or "").absolute()


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)


def _rows(database: sqlite3.Connection) -> dict[str, int]:
    """Of all but the search indexes, which are made of the others."""
    names = database.execute(
        "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' "
        "AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%search!_rows' ESCAPE '!' AND name != 'search_places' "
        "ORDER BY name"
    )
    return {name: _count(database, name) for (name,) in names.fetchall()}


def _count(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _is_free(file: Path) -> bool:
    """Whether nothing is lost: no file, or tables without a row."""
    if not file.exists() or not file.stat().st_size:
        return True
    try:
        with closing(_reading(file)) as database:
            return not any(count for name, count in _rows(database).items() if name != "alembic_version")
    except sqlite3.DatabaseError:
        return False


def _put_aside(file: Path) -> None:
    """With whatever stands in its log: the three files belong together."""
    names = (f"{file.name}.replaced-{number}" for number in count(1))
    name = next(name for name in names if not file.with_name(name).exists())
    for end in ("", *BESIDE):
        old = file.with_name(file.name + end)
        if old.exists():
            old.rename(file.with_name(name + end))
