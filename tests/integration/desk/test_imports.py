"""Articles and customers from spreadsheets: shown first, taken whole, and every wrong row named by its number."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from base64 import b64encode
from copy import copy
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from helpdesk.errors import InvalidInput
from helpdesk.import_commands import import_file
from helpdesk.sheets import EXCEL, rows_of
from helpdesk.store.tables import ArticleVersion, Audit, Customer
from helpdesk.usecases.knowledge.imports import HEADINGS, REQUIRED
from tests.integration.desk.conftest import Desk

HEAD = ["编号", "问题", "主题", "答案", "问法"]
ANSWER = "可以的，三公里以内免费送货上门，超出部分每公里两元。"
PIANO = ["shipping.piano", "钢琴能送上楼吗？", "钢琴", ANSWER, "钢琴搬上楼吗\n钢琴送货上楼\n钢琴能抬上楼不"]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """What it imports is known to no other test."""
    desk.services.knowledge = copy(desk.services.knowledge)
    return desk


@pytest.fixture
def sqlite_desk(sqlite_desk: Desk) -> Desk:
    """The same."""
    sqlite_desk.services.knowledge = copy(sqlite_desk.services.knowledge)
    return sqlite_desk


def sheet(*rows: list[Any], head: list[str] | None = None) -> bytes:
    """An Excel file."""
    book = Workbook()
    for row in (head or HEAD, *rows):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def table(*rows: list[Any], head: list[str] | None = None, encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    made = io.StringIO(newline="")
    csv.writer(made).writerows([head or HEAD, *rows])
    return made.getvalue().encode(encoding)


def file(content: bytes, **more: str) -> dict[str, str]:
    return {"content": b64encode(content).decode(), **more}


async def taken(desk: Desk, what: str, content: bytes, staff_id: str = "admin") -> Any:
    """Shown, confirmed, taken."""
    shown = await desk.ok("POST", f"/import/{what}/plan", staff_id, **file(content))
    return await desk.ok("POST", f"/import/{what}", staff_id, **file(content, digest=shown["digest"]))


@pytest.mark.parametrize("content", [sheet(PIANO), table(PIANO), table(PIANO, encoding="gb18030")])
def test_excel_and_csv_are_read_alike(content: bytes) -> None:
    [row] = rows_of(content, HEADINGS, REQUIRED)
    assert row.number == 2
    assert dict(row.cells) == dict(zip(("id", "question", "subject", "answer", "wordings"), PIANO, strict=True))


async def test_an_article_is_shown_then_taken_and_answers_at_once(desk: Desk) -> None:
    content = sheet(PIANO)
    shown = await desk.ok("POST", "/import/articles/plan", "admin", **file(content))
    assert (shown["new"], shown["changed"], shown["wrong"]) == (1, 0, [])
    assert await desk.rows(ArticleVersion) == []
    await desk.ok("POST", "/import/articles", "admin", **file(content, digest=shown["digest"]))
    article = await desk.ok("GET", "/knowledge/articles/shipping.piano")
    assert article["answer"] == ANSWER
    hits = await desk.ok("GET", "/knowledge/search?q=钢琴搬上楼吗")
    assert hits[0]["faq_id"] == "shipping.piano"
    again = await desk.ok("POST", "/import/articles/plan", "admin", **file(content))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)


async def test_only_the_columns_of_the_file_change(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    before = await desk.ok("GET", "/knowledge/articles/shipping.fee")
    row = ["shipping.fee", before["question"], ANSWER, "\n".join(before["wordings"])]
    shown = await taken(desk, "articles", sheet(row, head=["id", "question", "answer", "wordings"]))
    assert [(one["id"], one["fields"]) for one in shown["changes"]] == [("shipping.fee", ["answer"])]
    after = await desk.ok("GET", "/knowledge/articles/shipping.fee")
    assert (after["related"], after["answer"]) == (before["related"], ANSWER)


@pytest.mark.parametrize(
    "rows, row, words",
    [
        ([PIANO, ["Bad Id", *PIANO[1:]]], 3, "id"),
        ([PIANO, PIANO], 3, "第 2 行"),
        ([[*PIANO[:3], "短", PIANO[4]]], 2, "answer"),
        ([[*PIANO[:3], f"{ANSWER}{{nonsense}}", PIANO[4]]], 2, "answer"),
    ],
)
async def test_a_wrong_row_is_named_and_nothing_of_the_file_is_taken(
    sqlite_desk: Desk, rows: list[list[str]], row: int, words: str
) -> None:
    desk, content = sqlite_desk, sheet(*rows)
    shown = await desk.ok("POST", "/import/articles/plan", "admin", **file(content))
    [wrong] = shown["wrong"]
    assert wrong["row"] == row
    assert words in f"{wrong['key']} {wrong['problem']}"
    error = await desk.refused(422, "POST", "/import/articles", "admin", **file(content, digest=shown["digest"]))
    assert f"第 {row} 行" in error["message"]
    assert await desk.rows(ArticleVersion) == []


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "缺少列"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "读不出来"),
        (b"PK\x03\x04broken", "读不出来"),
        (table(head=["id", "question", "answer", "wordings", "colour"]), "colour"),
        (table(head=["id", "question", "answer"]), "wordings"),
        (b'id,question,answer,wordings\n"a', "第 2 行"),
    ],
)
async def test_what_is_no_table_of_articles_is_refused(sqlite_desk: Desk, content: bytes, words: str) -> None:
    error = await sqlite_desk.refused(422, "POST", "/import/articles/plan", "admin", **file(content))
    assert words in error["message"]


async def test_what_changed_since_it_was_shown_is_shown_again(sqlite_desk: Desk) -> None:
    desk, content = sqlite_desk, sheet(PIANO)
    shown = await desk.ok("POST", "/import/articles/plan", "admin", **file(content))
    other = sheet([*PIANO[:3], f"{ANSWER}请提前预约。", PIANO[4]])
    await desk.refused(409, "POST", "/import/articles", "admin", **file(other, digest=shown["digest"]))
    assert await desk.rows(ArticleVersion) == []


async def test_only_editors_import_articles_and_only_admins_customers(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    await desk.refused(403, "POST", "/import/articles/plan", "agent", **file(sheet(PIANO)))
    await desk.refused(403, "POST", "/import/customers/plan", "supervisor", **file(table(head=["电话"])))


# ---------------------------------------------------------------- customers


async def test_customers_and_tiers_are_taken_by_their_phones(desk: Desk) -> None:
    talk = await desk.customer()
    [known] = await desk.rows(Customer)
    await desk.change(Customer, known.id, phone="13812345678", name="王小明")
    rows = [["13812345678", "王先生", "重点"], ["139 8765 4321", "李女士", "普通"]]
    content = table(*rows, head=["电话", "称呼", "等级"])
    shown = await desk.ok("POST", "/import/customers/plan", "admin", **file(content))
    assert (shown["new"], shown["changed"]) == (1, 1)
    assert len(await desk.rows(Customer)) == 1
    await taken(desk, "customers", content)
    kept = await desk.row(Customer, id=known.id)
    assert (kept.name, kept.tier) == ("王小明", "key"), "what customers told us counts more"
    new = await desk.row(Customer, name="李女士")
    assert (new.phone, new.tier) == ("13987654321", "normal")
    assert (await desk.ok("POST", "/import/customers/plan", "admin", **file(content)))["unchanged"] == 2
    assert len(await desk.rows(Audit, action="customers_imported")) == 1
    assert talk


async def test_a_wrong_customer_is_named_and_nobody_is_taken(desk: Desk) -> None:
    rows = [["13987654321", "普通"], ["12", "普通"], ["13987654322", "黄金"], ["13987654321", "重点"]]
    content = table(*rows, head=["phone", "tier"])
    shown = await desk.ok("POST", "/import/customers/plan", "admin", **file(content))
    assert [(one["row"], one["key"]) for one in shown["wrong"]] == [(3, "phone"), (4, "tier"), (5, "phone")]
    await desk.refused(422, "POST", "/import/customers", "admin", **file(content, digest=shown["digest"]))
    assert await desk.rows(Customer) == []


async def test_a_phone_that_excel_keeps_as_a_number_is_one(sqlite_desk: Desk) -> None:
    await taken(sqlite_desk, "customers", sheet([13987654321, "key"], head=["phone", "tier"]))
    assert (await sqlite_desk.row(Customer)).phone == "13987654321"


async def test_the_operator_imports_by_command(
    sqlite_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(table(["13987654321", "重点"], head=["电话", "等级"]))
    arguments = ["customers", str(path)]
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    await asyncio.to_thread(import_file, sqlite_desk.services.settings, arguments)
    assert "nothing was changed" in capsys.readouterr().out
    await asyncio.to_thread(import_file, sqlite_desk.services.settings, [*arguments, "--yes"])
    assert (await sqlite_desk.row(Customer)).tier == "key"


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>问题</t></is></c></row>'


def _sheet(claims: str, rows: str) -> bytes:
    """A file whose only sheet says that it is so large and consists of these rows, whatever they are."""
    made, whole = io.BytesIO(), io.BytesIO()
    Workbook().save(made)
    with ZipFile(made) as given, ZipFile(whole, "w", ZIP_DEFLATED) as written:
        for name in given.namelist():
            body = f'<dimension ref="{claims}"/><sheetData>{HEADING}{rows}</sheetData>'
            content = f'<worksheet xmlns="{MAIN}">{body}</worksheet>'
            written.writestr(name, content if name.endswith("sheet1.xml") else given.read(name))
    return whole.getvalue()


@pytest.mark.parametrize(
    "claims, rows",
    [
        ("A1:XFD1048576", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        ("A1:A2", "<row/>" * 100_000),
        ("A1:A2", "<x>" * 3_500_000),
    ],
    ids=["a cell in the last corner", "empty rows", "much in little"],
)
def test_no_sheet_takes_long_to_read(claims: str, rows: str) -> None:
    """One of four kilobytes, with a cell in its last corner, took hours, in which the service did nothing else."""
    content = _sheet(claims, rows)
    assert len(content) < 256 * 1024
    began = time.process_time()
    with pytest.raises(InvalidInput):
        rows_of(content, {"问题": "question"}, ["question"])
    assert time.process_time() - began < 2


async def test_what_is_exported_can_be_imported_and_changes_nothing(desk: Desk) -> None:
    headers = await desk.sign_in("supervisor")
    exported = await desk.client.get("/api/knowledge/sheet", headers=headers)
    assert exported.headers["content-type"] == EXCEL
    rows = rows_of(exported.content, HEADINGS, REQUIRED)
    assert [row.cells["id"] for row in rows] == sorted(desk.services.knowledge.articles)
    planned = await desk.ok("POST", "/import/articles/plan", "supervisor", content=b64encode(exported.content).decode())
    assert (planned["new"], planned["changed"], planned["wrong"]) == (0, 0, [])
    assert planned["unchanged"] == len(rows)
