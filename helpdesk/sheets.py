"""Spreadsheets. Rows of one that somebody made by hand: Excel (.xlsx) or CSV, with a line of headings; and our own.

Rows keep the numbers that their author sees, so that a mistake can be named by one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from helpdesk.errors import InvalidInput

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIPPED = b"PK\x03\x04"
MOST_ROWS = 5000
MOST_LINES, MOST_COLUMNS = 20_000, 50
"""Of a sheet, empty ones too: a file of a kilobyte may claim a million lines of sixteen thousand cells."""
LARGEST_UNPACKED = 5_000_000  # bytes; a small file may unpack to any size
UNREADABLE = (
    BadZipFile, InvalidFileException, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError,
)  # fmt: skip
"""What the readers raise for files that somebody made up; XML that is none is a `SyntaxError`."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""Excel in Chinese writes the second."""


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, and its cells by heading, without spaces around; empty ones are left out."""

    number: int
    cells: Mapping[str, str]


def rows_of(content: bytes, headings: Mapping[str, str], required: Sequence[str]) -> list[Row]:
    """All rows that have anything in them. `headings`: as they may stand in the file (lower case) -> our name.

    Raises:
        InvalidInput: it is no spreadsheet, a heading is unknown, twice or missing, or there are too many rows.
    """
    lines = _of_excel(content) if content.startswith(ZIPPED) else _of_csv(content)
    number, first = next(lines, (0, []))
    names = _names(number, first, headings, required)
    found: list[Row] = []
    for number, line in lines:
        if number > MOST_LINES:
            raise InvalidInput("sheet_lines_too_many", most=MOST_LINES, field="file")
        cells = {name: cell for name, cell in zip(names, line, strict=False) if name and cell}
        if len(found) >= MOST_ROWS:
            raise InvalidInput("sheet_rows_too_many", most=MOST_ROWS, field="file")
        if cells:
            found.append(Row(number, cells))
    return found


def _names(number: int, line: Sequence[str], headings: Mapping[str, str], required: Sequence[str]) -> list[str]:
    unknown = [cell for cell in line if cell and cell.lower() not in headings]
    if unknown:
        raise InvalidInput("sheet_unknown_columns", columns=unknown, row=number, field="file")
    names = [headings[cell.lower()] if cell else "" for cell in line]
    twice = {name for name in names if name and names.count(name) > 1}
    missing = [name for name in required if name not in names]
    if twice:
        raise InvalidInput("sheet_column_twice", columns=sorted(twice), row=number or 1, field="file")
    if missing:
        raise InvalidInput("sheet_columns_missing", columns=missing, row=number or 1, field="file")
    return names


def _of_csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    start = 1
    try:
        for line in reader:
            yield start, [cell.strip() for cell in line]
            start = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput("sheet_quotes", row=start, field="file") from error


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("sheet_unreadable", field="file")


def _of_excel(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > LARGEST_UNPACKED:
                raise InvalidInput("sheet_too_large", field="file")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from _lines(sheet.iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS, values_only=True))
    except UNREADABLE as error:
        raise InvalidInput("sheet_unreadable", field="file") from error


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    yield from ((number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1))


def _cell(value: Any) -> str:
    """As its author sees it: a phone that Excel keeps as a number has no decimals, a day no hours."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


Written = str | int | float | None
WIDEST = 40  # characters of a column


def sheet_of(title: str, lines: Sequence[Sequence[Written]]) -> bytes:
    """An Excel file of one sheet; the first line is its headings. Text is text, whatever it begins with."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, line in enumerate(lines, start=1):
        for place, value in enumerate(line, start=1):
            _write(sheet.cell(number, place), value)
    for place, heading in enumerate(lines[0], start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = min(WIDEST, 4 + 2 * len(str(heading)))
    sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: Any, value: Written) -> None:
    cell.value = value
    if isinstance(value, str):  # else a name like =1+1 would be a formula
        cell.data_type, cell.quotePrefix = "s", value[:1] in {"=", "+", "-", "@"}
