"""Ready-made replies for staff: company/canned.yml, by group, a title and a text each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpdesk.company.shape import CompanyFileError
from helpdesk.company.whole import Company

__all__ = ["CannedReply", "canned_replies"]

FILE = "canned.yml"


class CannedReply(BaseModel):
    """One reply, under the title it is found by."""

    model_config = ConfigDict(extra="forbid")
    id: str
    group: str
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)


def canned_replies(company: Company) -> list[CannedReply]:
    """Every reply, as it counts now.

    Raises:
        CompanyFileError: naming the group that cannot be used.
    """
    groups = company.read(FILE)
    if not isinstance(groups, dict):
        raise CompanyFileError(company.root / FILE, "(file)", "must map groups to replies")
    return [reply for group, entries in groups.items() for reply in _of_group(company, str(group), entries)]


def _of_group(company: Company, group: str, entries: Any) -> Iterator[CannedReply]:
    try:
        for name, entry in entries.items():
            yield CannedReply(id=f"{group}.{name}", group=group, **entry)
    except (ValidationError, TypeError, AttributeError) as error:
        raise CompanyFileError(company.root / FILE, group, "needs entries with title and text") from error
