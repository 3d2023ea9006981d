"""What all of them share: a frozen shape, and the error that names a broken edit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from helpdesk.errors import HelpdeskError

__all__ = ["CompanyFileError", "Shape"]


class CompanyFileError(HelpdeskError):
    """A file under company/ cannot be used as it stands."""

    code: ClassVar[str] = "company_file"

    def __init__(
        self, file: Path, key: str, problem: str, kind: str = "", bounds: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        """`kind` and `bounds` are pydantic's type of the error and its context, where it has found it."""
        super().__init__(f"{file}: {key}: {problem}", file=str(file), key=key)
        self.file = file
        self.key = key
        self.kind = kind
        self.bounds = bounds


class Shape(BaseModel):
    """The base of everything here: unknown keys are errors (they are usually typing slips)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
