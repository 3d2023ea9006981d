"""Letters to customers as company/letters holds them: one kind a file, with a title and bodies.

They become wordings like all others (`helpdesk/wording.py` renders them, one lint reads them), under keys
made here: `letter_title_<kind>`, `letter_<kind>` or `letter_<kind>_<occasion>`, and `letter_<part>` for the
parts that all letters share.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpdesk.company.shape import CompanyFileError
from helpdesk.company.whole import Company

__all__ = ["letter_wordings"]

FOLDER = "letters"
FRAME = "frame"
PREFIX = "letter_"


def letter_wordings(company: Company) -> Iterator[tuple[Path, str, Any]]:
    """(file, key of the wording, one wording or several) of everything in the company's letters.

    Raises:
        CompanyFileError: a file is no mapping, or a letter lacks its title or body.
    """
    for name in company.names_in(FOLDER):
        file, content = company.root / name, company.read(name)
        if not isinstance(content, dict):
            raise CompanyFileError(file, "(file)", "must be a mapping")
        yield from _frame(file, content) if file.stem == FRAME else _letter(file, content)


def _frame(file: Path, content: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    for part, value in content.items():
        yield file, f"{PREFIX}{part}", value


def _letter(file: Path, content: dict[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    for part in ("title", "body"):
        if not content.get(part):
            raise CompanyFileError(file, part, "is missing")
    yield file, f"{PREFIX}title_{file.stem}", content["title"]
    body = content["body"]
    if not isinstance(body, dict):
        yield file, f"{PREFIX}{file.stem}", body
        return
    for occasion, variants in body.items():
        yield file, f"{PREFIX}{file.stem}_{occasion}", variants
