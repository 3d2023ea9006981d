"""Ready-made replies: company/canned.yml, a title and a text each."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from helpdesk.company import Company, CompanyFileError, read_yaml

FILE = "canned.yml"


class CannedReply(BaseModel):
    """One reply, under the title it is found by."""

    model_config = ConfigDict(extra="forbid")
    id: str
    group: str
    title: str
    text: str


def canned_replies(company: Company) -> list[CannedReply]:
    """Read now, so that an edit is there at once; an unusable file is a `CompanyFileError`."""
    file = company.root / FILE
    groups: dict[str, dict[str, Any]] = read_yaml(file)
    try:
        return [
            CannedReply(id=f"{group}.{name}", group=group, **entry)
            for group, entries in groups.items()
            for name, entry in entries.items()
        ]
    except (ValidationError, TypeError, AttributeError) as error:
        raise CompanyFileError(file, "(file)", "needs groups of entries with title and text") from error
