"""The service as a process: it starts, says what is missing, keeps messages, ends when asked."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from helpdesk.bus import Bus
from helpdesk.clock import ShiftedClock
from helpdesk.store.database import Database
from helpdesk.store.migrate import configuration, migrate
from helpdesk.store.sqlite_words import INDEXES
from helpdesk.store.tables import Base
from helpdesk.testing import (
    ROOT,
    SHIFT,
    START_SECONDS,
    Databases,
    RestClient,
    free_port,
    service_process,
    settings_for,
    wait_until_ok,
)
from tests.support.fixtures import lay_down_vectors, world_on
from tests.support.nursery import forked_service
from tests.support.typed import Typed


def _is_not_of_the_search(name: str | None, kind: str, _parents: object) -> bool:
    """What the databases keep by themselves for finding words (helpdesk/store/search.py) and names in JSON."""
    ends = ("_search", "_naming")
    is_ours = str(name).startswith(("search_places", *INDEXES)) if kind == "table" else str(name).endswith(ends)
    return not (kind in {"table", "index"} and is_ours)


async def test_migrations_make_the_tables_that_the_code_knows(databases: Databases) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": _is_not_of_the_search})
        return list(compare_metadata(context, Base.metadata))

    database = Database(databases.fresh(), Bus(), ShiftedClock(SHIFT))
    async with database.read() as uow:
        assert await (await uow.session.connection()).run_sync(differences) == []
    await database.close()


def test_values_that_were_not_told_become_states(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    command.upgrade(configuration(url), "0003")
    fields = {
        "order": "不便提供",
        "occurred": "记不清",
        "name": "匿名客户",
        "reply_here": "不留电话，在这里答复",
        "evidence": "没有",
    }
    state = {"slots": {"order": "找不到"}, "tail": [{"event": "slot", "name": "name", "value": "匿名客户"}]}
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("PRAGMA foreign_keys=OFF")
        _insert(old, "tickets", number="TS20261121-0001", fields=json.dumps(fields))
        _insert(old, "conversations", id="c", dialogue=json.dumps(state, ensure_ascii=False))
        _insert(old, "customers", id="k", name="匿名客户")
    migrate(url)
    unknown, withheld = {"state": "unknown"}, {"state": "withheld"}
    with sqlite3.connect(tmp_path / "old.db") as new:
        (ticket,), (conversation,), (name,) = (
            new.execute(query).fetchone()
            for query in (
                "SELECT fields FROM tickets",
                "SELECT dialogue FROM conversations",
                "SELECT name FROM customers",
            )
        )
    assert json.loads(ticket) == {
        "order": withheld, "occurred": unknown, "name": withheld, "reply_here": "here", "evidence": "没有"
    }  # fmt: skip
    told = {"slots": {"order": unknown}, "tail": [{"event": "slot", "name": "name", "value": withheld}]}
    assert (json.loads(conversation), name) == (told, None)


def test_unfinished_forms_learn_their_kind_and_are_kept_apart_by_it(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    command.upgrade(configuration(url), "0004")
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("PRAGMA foreign_keys=OFF")
        _insert(old, "drafts", id="a", conversation_id="c", form="service_form", slots=json.dumps({"kind": "refund"}))
        _insert(old, "drafts", id="b", conversation_id="c", form="complaint_form", slots="{}")
    migrate(url)
    with sqlite3.connect(tmp_path / "old.db") as new:
        _insert(new, "drafts", id="d", conversation_id="c", form="service_form", kind="invoice", slots="{}")
        kinds = new.execute("SELECT kind FROM drafts ORDER BY id").fetchall()
    assert kinds == [("refund",), ("complaint",), ("invoice",)]
    command.downgrade(configuration(url), "0004")


def _insert(database: sqlite3.Connection, table: str, **values: str) -> None:
    """A row with these values, and something in every other column that must have one."""
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    row = {name: values.get(name, "0") for _, name, _, needed, *_ in columns if name in values or needed}
    marks = ", ".join("?" for _ in row)
    database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def test_a_missing_secret_stops_the_start_with_its_name(typed: Typed, tmp_path: Path) -> None:
    ended = typed(settings_for(f"sqlite+aiosqlite:///{tmp_path}/a.db", action_token=""))
    said = "helpdesk: HELPDESK_ACTION_TOKEN is not set; outside demo mode it has no default"
    assert ended == (1, "", said)


def test_an_old_database_is_not_served(typed: Typed, tmp_path: Path) -> None:
    ended = typed(settings_for(f"sqlite+aiosqlite:///{tmp_path}/a.db"))
    assert ended.code == 1
    assert "python -m helpdesk migrate" in ended.err


def test_an_unknown_command_is_explained(typed: Typed) -> None:
    ended = typed(settings_for("sqlite+aiosqlite://"), "dance")
    assert ended == (
        2,
        "",
        "usage: python -m helpdesk [migrate|demo|staff COMMAND|person COMMAND|import WHAT FILE|reports rebuild|"
        "doctor|backup [FILE]|restore FILE|export-articles [FOLDER]|export-settings [FOLDER]|rights]",
    )


def test_migrating_twice_and_making_demo_accounts_twice_is_no_error(typed: Typed, tmp_path: Path) -> None:
    settings = settings_for(f"sqlite+aiosqlite:///{tmp_path}/a.db", demo=True, var_dir=tmp_path)
    for _ in range(2):
        migrated = typed(settings, "migrate")
        assert migrated.code == 0, migrated.err
        assert migrated.out.startswith("the database is up to date")
    made = typed(settings, "demo")
    assert made.code == 0, made.err
    assert "password" in made.out
    assert typed(settings, "demo").code == 0


def test_without_anybody_to_own_a_matter_the_service_does_not_start(typed: Typed, sqlite: Databases) -> None:
    ended = typed(settings_for(sqlite.fresh()))
    said = "helpdesk: nobody is there to own a matter: make the first account by `python -m helpdesk staff add`"
    assert ended == (1, "", said)


def test_the_doctor_names_what_is_missing_before_going_live(typed: Typed, sqlite: Databases, tmp_path: Path) -> None:
    settings = settings_for(sqlite.fresh(), var_dir=tmp_path, clock_shift=0.0)
    ended = typed(settings, "doctor")
    assert ended.code == 1
    assert ended.err.startswith("helpdesk: ")
    named = ("HELPDESK_WORKER_TOKEN", "HELPDESK_TRUSTED_PROXIES", "nobody has a password", "the worker at", "SMS_URL")
    for name in named:
        assert name in ended.out, name
    assert "worker-token" not in ended.out
    mended = settings.model_copy(update={"trusted_proxies": "127.0.0.1"})
    assert "HELPDESK_TRUSTED_PROXIES" not in typed(mended, "doctor").out
    empty = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{tmp_path}/nowhere/none.db"})
    assert "there is no database yet: run `python -m helpdesk migrate`" in typed(empty, "doctor").out


def test_the_doctor_names_the_words_that_a_company_lacks_since_an_upgrade(
    typed: Typed, sqlite: Databases, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "company", tmp_path / "company")
    closing = tmp_path / "company" / "messages" / "closing.yml"
    assert "the product's own words" not in typed(settings_for(sqlite.fresh(), var_dir=tmp_path), "doctor").out
    closing.write_text("farewell: 再见，愿您一切顺利。", "utf-8")
    theirs = settings_for(sqlite.fresh(), var_dir=tmp_path, company_dir=tmp_path / "company")
    (line,) = [line for line in typed(theirs, "doctor").out.splitlines() if "the product's own words" in line]
    assert "farewell_open_ticket" in line
    assert "farewell," not in line


def test_edited_articles_are_exported_into_the_folder_that_was_named(
    typed: Typed, sqlite: Databases, tmp_path: Path
) -> None:
    ended = typed(settings_for(sqlite.fresh(), var_dir=tmp_path), "export-articles", str(tmp_path / "articles"))
    assert ended == (0, f"0 edited articles in {tmp_path / 'articles'}", "")
    assert list((tmp_path / "articles").iterdir()) == []


async def test_a_service_refuses_a_twin_and_ends_when_asked_after_the_turn_under_way(
    sqlite: Databases, tmp_path: Path
) -> None:
    world = world_on(sqlite.fresh())
    settings = world.settings.model_copy(update={"var_dir": tmp_path})
    lay_down_vectors(tmp_path)
    service = service_process(settings, tmp_path)
    begun, go_on = asyncio.Event(), asyncio.Event()
    plain = world.worker.script

    async def slow(body: dict[str, object]) -> dict[str, object]:
        begun.set()
        await go_on.wait()
        return await plain(body)

    service.start()
    await wait_until_ok(f"http://127.0.0.1:{settings.port}/healthz", service)
    twin = forked_service(settings.model_copy(update={"port": free_port(), "internal_port": free_port()}), tmp_path)
    twin.start()
    assert twin.running is not None
    assert await asyncio.to_thread(twin.running.wait, START_SECONDS) == 1
    assert "one service process" in twin.tail()

    client = RestClient(f"http://127.0.0.1:{settings.port}", "rest-token", "li")
    asked = asyncio.create_task(client.say("您好"))  # the worker is not there yet
    async with world.worker.running():
        assert [one["text"] for one in await asked] == ["答：您好"]
        world.worker.script = slow
        last = asyncio.create_task(client.post("再见"))
        await begun.wait()
        ending = asyncio.create_task(asyncio.to_thread(service.stop))
        go_on.set()
        assert [one["text"] for one in (await last).json()] == ["答：再见"]
        assert await ending == 0
    await client.close()
