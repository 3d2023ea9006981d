"""An Excel file as an answer of the desk."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import Response

from helpdesk.sheets import EXCEL

IS_EXCEL: dict[str, Any] = {"response_class": Response, "responses": {200: {"content": {EXCEL: {}}}}}
"""How a route that answers so is described."""


def excel(content: bytes, name: str, plain: str) -> Response:
    """The file under a name, and under one of plain letters where a browser knows no others; kept by nobody between."""
    kept = {
        "Content-Disposition": f"attachment; filename={plain}.xlsx; filename*=UTF-8''{quote(name)}.xlsx",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=EXCEL, headers=kept)
