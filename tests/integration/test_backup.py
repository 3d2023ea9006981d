"""A backup put back into an empty place is the same to the last row; what is wrong is said and changes nothing."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import json
import os
import sqlite3
import stat
import tarfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from helpdesk.__main__ import main
from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.logs import configure_logs
from helpdesk.settings import Settings, read_secrets
from helpdesk.store.database import Database
from helpdesk.store.tables import Base, Message, Once, Picture, new_id
from helpdesk.testing import SHIFT, Databases, eventually, settings_for
from tests.support.fixtures import World, texts

PICTURE = bytes(range(256)) * 40


async def digests(url: str) -> dict[str, tuple[int, str]]:
    """Of each table the number of rows and a checksum of all that is in them, large columns too."""
    database = Database(url, Bus(), ShiftedClock(SHIFT))
    found = {}
    async with database.read() as uow:
        for table in Base.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in await uow.session.execute(select(*table.columns)))
            found[table.name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    await database.close()
    return found


def command(monkeypatch: pytest.MonkeyPatch, settings: Settings, *arguments: str) -> tuple[int, str, str]:
    """`python -m helpdesk ARGUMENTS` on these settings: its code, what it said, and what it said as errors."""
    given = {"DATABASE_URL": settings.database_url, "HELPDESK_VAR_DIR": str(settings.var_dir)}
    given |= {"HELPDESK_REST_TOKEN": "rest-token", "HELPDESK_SECRET_KEY": "", "HELPDESK_LOG_LEVEL": "ERROR"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    before = os.umask(0o077)
    with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as wrong:
        code = main(list(arguments))
    os.umask(before)
    configure_logs("ERROR")
    return code, said.getvalue(), wrong.getvalue()


async def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, *arguments: str) -> tuple[int, str, str]:
    """The same beside a running service."""
    return await asyncio.to_thread(command, monkeypatch, settings, *arguments)


async def lived_in(world: World, client: httpx.AsyncClient) -> None:
    """Messages with their answers, people, and a picture."""
    for text in ("您好", "冰箱不制冷了\t\\N", "第三句\n🙂"):
        await texts(client, text)
    (one, *_) = await world.rows(Message, author="customer")
    async with world.services.db.write() as uow:
        kept = {"id": new_id(), "conversation_id": one.conversation_id, "content": PICTURE, "at": one.at}
        uow.session.add(Picture(**kept, content_type="image/png"))
        await uow.commit()
    await eventually(lambda: timers_looked(world), "the timers of the day have been")


async def timers_looked(world: World) -> bool:
    """The last of a day's timers has been: until the next day none writes beside a backup that is compared."""
    return any(one.key.startswith("reports:") for one in await world.rows(Once))


async def test_what_is_put_back_into_an_empty_place_is_the_same(
    world: World,
    client: httpx.AsyncClient,
    databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await lived_in(world, client)
    (tmp_path / "secrets").write_text("HELPDESK_SECRET_KEY=the key\nHELPDESK_WORKER_TOKEN=w\n")
    here = world.settings.model_copy(update={"var_dir": tmp_path})
    file = tmp_path / "of today.tar.gz"

    code, said, wrong = await run(monkeypatch, here, "backup", str(file))  # beside the service that runs
    assert (code, wrong) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    before = await digests(here.database_url)
    assert before["messages"][0] >= 6
    assert before["pictures"][0] == 1
    assert (await run(monkeypatch, here, "restore", str(file)))[0] == 1  # in use, by a service that is connected
    there = settings_for(databases.fresh(), var_dir=tmp_path / "there")
    code, said, wrong = await run(monkeypatch, there, "restore", str(file))
    assert (code, wrong) == (0, "")
    assert f"{sum(count for count, _ in before.values()) + 1} rows" in said  # and the version's own
    assert await digests(there.database_url) == before
    assert read_secrets(there.var_dir / "secrets")["secret_key"] == "the key"
    assert read_secrets(there.var_dir / "secrets")["rest_token"] == "rest-token"

    code, said, wrong = await run(monkeypatch, there, "restore", str(file))  # it is lived in by now
    assert code == 1
    assert "--replace" in wrong
    assert await digests(there.database_url) == before
    assert (await run(monkeypatch, there, "restore", "--replace", str(file)))[0] == 0
    assert await digests(there.database_url) == before


async def test_a_place_that_was_put_back_goes_on(
    world: World, client: httpx.AsyncClient, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counters and sequences too: what is written next collides with nothing."""
    await lived_in(world, client)
    here = world.settings.model_copy(update={"var_dir": tmp_path})
    file = tmp_path / "b.tar.gz"
    assert (await run(monkeypatch, here, "backup", str(file)))[0] == 0
    there = settings_for(databases.fresh(), var_dir=tmp_path / "there", workers=(world.worker.url,))
    assert (await run(monkeypatch, there, "restore", str(file)))[0] == 0
    settings = there.model_copy(update={"worker_token": here.worker_token, "rest_token": here.rest_token})
    async with World(settings, world.worker).service() as again:
        assert await texts(again, "还在吗") == ["答：还在吗"]


@pytest.fixture
def small(sqlite: Databases, tmp_path: Path) -> Settings:
    """A place on SQLite with one row."""
    settings = settings_for(sqlite.fresh(), var_dir=tmp_path)
    with sqlite3.connect(file_of(settings)) as database:
        database.execute("INSERT INTO counters (name, value) VALUES ('TS', 7)")
    return settings


def file_of(settings: Settings) -> str:
    return settings.database_url.removeprefix("sqlite+aiosqlite:///")


def changed(file: Path, name: str) -> None:
    """The same archive with another last byte in one member, and a name for it that looks as good."""
    with tarfile.open(file) as tar:
        members = [(one, tar.extractfile(one).read()) for one in tar.getmembers()]  # type: ignore[union-attr]
    with tarfile.open(file, "w:gz") as tar:
        for one, content in members:
            content = content[:-1] + bytes([content[-1] ^ 1]) if one.name == name else content
            tar.addfile(one, io.BytesIO(content))


def test_a_damaged_backup_is_refused_and_changes_nothing(
    small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "good.tar.gz"
    assert command(monkeypatch, small, "backup", str(good))[0] == 0
    bad = tmp_path / "bad.tar.gz"
    there = settings_for(f"sqlite+aiosqlite:///{tmp_path}/new/a.db", var_dir=tmp_path / "new")
    whole = good.read_bytes()

    def expect(content: bytes, reason: str) -> None:
        bad.write_bytes(content)
        code, _, wrong = command(monkeypatch, there, "restore", str(bad))
        assert code == 1
        assert len(wrong.splitlines()) == 1, wrong
        assert reason in wrong
        assert not (tmp_path / "new" / "a.db").exists()

    expect(whole[: len(whole) // 2], "cannot be read as a backup")
    expect(b"", "cannot be read as a backup")
    expect(b"no archive at all", "cannot be read as a backup")
    expect(gzip.compress(b""), "cannot be read as a backup")
    bad.write_bytes(whole)
    changed(bad, "helpdesk.db")
    expect(bad.read_bytes(), "helpdesk.db is not what was written")
    bad.unlink()
    assert "cannot be read as a backup: No such file" in command(monkeypatch, there, "restore", str(bad))[2]


def test_a_backup_of_a_later_version_or_another_engine_is_refused(
    small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "b.tar.gz"
    with sqlite3.connect(file_of(small)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert command(monkeypatch, small, "backup", str(file))[0] == 0
    there = settings_for(f"sqlite+aiosqlite:///{tmp_path}/new/a.db", var_dir=tmp_path / "new")
    assert "made by a later version (migration 9999)" in command(monkeypatch, there, "restore", str(file))[2]
    elsewhere = settings_for("postgresql+psycopg://nobody@127.0.0.1:1/none", var_dir=tmp_path / "new")
    wrong = command(monkeypatch, elsewhere, "restore", str(file))[2]
    assert "is of sqlite, and DATABASE_URL names postgresql" in wrong


def test_nothing_is_written_over(small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "b.tar.gz"
    assert command(monkeypatch, small, "backup", str(file))[0] == 0
    first = file.read_bytes()
    assert "exists already" in command(monkeypatch, small, "backup", str(file))[2]
    assert file.read_bytes() == first

    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.db").write_bytes(b"somebody's letters")
    there = settings_for(f"sqlite+aiosqlite:///{tmp_path}/new/a.db", var_dir=tmp_path / "new")
    assert "--replace" in command(monkeypatch, there, "restore", str(file))[2]
    assert command(monkeypatch, there, "restore", str(file), "--replace")[0] == 0
    (aside,) = (tmp_path / "new").glob("a.db.replaced-*")
    assert aside.read_bytes() == b"somebody's letters"


def test_secrets_are_left_out_where_that_is_wished_and_never_replaced_unasked(
    small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secrets").write_text("HELPDESK_SECRET_KEY=one\n")
    with_them, without = tmp_path / "with.tar.gz", tmp_path / "without.tar.gz"
    assert command(monkeypatch, small, "backup", str(with_them))[0] == 0
    assert command(monkeypatch, small, "backup", str(without), "--without-secrets")[0] == 0
    (tmp_path / "new").mkdir()
    secrets = tmp_path / "new" / "secrets"
    secrets.write_text("HELPDESK_SECRET_KEY=another\n")
    there = settings_for(f"sqlite+aiosqlite:///{tmp_path}/new/a.db", var_dir=tmp_path / "new")
    assert "has other secrets" in command(monkeypatch, there, "restore", str(with_them))[2]
    assert command(monkeypatch, there, "restore", str(without))[0] == 0
    assert read_secrets(secrets) == {"secret_key": "another"}


def test_a_backup_says_what_it_is(small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said, _ = command(monkeypatch, small, "backup")
    assert code == 0
    (file,) = (tmp_path / "backups").iterdir()
    assert str(file) in said
    with tarfile.open(file) as tar:
        told = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
    assert told["content"]["tables"]["counters"] == 1
    assert set(told["sha256"]) == {"helpdesk.db", "secrets"}


def test_without_a_database_it_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = settings_for(f"sqlite+aiosqlite:///{tmp_path}/none.db", var_dir=tmp_path)
    code, _, wrong = command(monkeypatch, nowhere, "backup", str(tmp_path / "b.tar.gz"))
    assert (code, wrong) == (1, f"helpdesk: there is no database at {tmp_path}/none.db\n")
    (tmp_path / "none.db").write_bytes(os.urandom(8192))
    code, _, wrong = command(monkeypatch, nowhere, "backup", str(tmp_path / "b.tar.gz"))
    assert (code, wrong) == (1, "helpdesk: file is not a database\n")
    assert not (tmp_path / "b.tar.gz").exists()
