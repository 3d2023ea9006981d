"""A letter as a PDF, to be sent with the mail or printed at the counter; the font comes with a package of its own.

Setting one takes half a second of computing, and the library two seconds to load: it is loaded when the first letter
is set, and letters are set in a thread.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from helpdesk.services import Services

FAMILY = "letter"
MARGIN, TITLE_SIZE, BODY_SIZE, FOOT_SIZE = 22.0, 16, 11.5, 9  # millimetres, points
LINE = 7.2  # millimetres


@dataclass(frozen=True)
class Sheet:
    """What stands on it: who writes, the title, the text with line breaks, and the foot of every page."""

    company: str
    title: str
    text: str
    foot: str


def sheet_of(services: Services, title: str, text: str) -> Sheet:
    """A letter of the company's; its first line is its title in brackets, which stands above already."""
    foot = services.wording.render("letter_paper_foot")
    return Sheet(services.company.profile.name, title, text.removeprefix(f"【{title}】\n"), foot)


async def set_sheet(sheet: Sheet) -> bytes:
    """The PDF, A4."""
    return await asyncio.to_thread(as_pdf, sheet)


def as_pdf(sheet: Sheet) -> bytes:
    """The same, in this thread."""
    document = import_module("fpdf").FPDF(format="A4")
    document.set_title(sheet.title)
    document.set_author(sheet.company)
    document.set_margins(MARGIN, MARGIN)
    document.set_auto_page_break(True, MARGIN)
    document.add_font(FAMILY, fname=str(import_module("pylopdf_fonts_zh_cn").sans_path()))
    document.add_page()
    _write(document, sheet.company, BODY_SIZE)
    document.ln(LINE)
    _write(document, sheet.title, TITLE_SIZE, align="C")
    document.ln(LINE)
    for line in sheet.text.splitlines():
        _write(document, line, BODY_SIZE)
    document.ln(LINE)
    _write(document, sheet.foot, FOOT_SIZE)
    return bytes(document.output())


def _write(document: Any, text: str, size: float, align: str = "L") -> None:
    document.set_font(FAMILY, size=size)
    document.multi_cell(0, LINE, text, align=align, wrapmode="CHAR", new_x="LMARGIN", new_y="NEXT")
