"""What all of them share: a frozen shape, and the error that names a broken edit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from helpdesk.errors import HelpdeskError, Reason

__all__ = ["KINDS", "WRONG", "CompanyFileError", "Shape", "reason_of"]

WRONG = "wrong_"
"""What the keys of these reasons begin with in company/messages/errors_values.yml."""
KINDS = frozenset({
    "bool_parsing", "bool_type", "date_from_datetime_parsing", "date_parsing", "decimal_parsing", "dict_type",
    "enum", "extra_forbidden", "float_parsing", "greater_than", "greater_than_equal", "int_from_float",
    "int_parsing", "int_type", "less_than", "less_than_equal", "list_type", "literal_error", "mapping_type",
    "missing", "model_type", "string_pattern_mismatch", "string_too_long", "string_too_short", "string_type",
    "time_parsing", "too_long", "too_short", "tuple_type",
})  # fmt: skip
"""Kinds of problem, as pydantic names them, that have a sentence of their own."""


class CompanyFileError(HelpdeskError):
    """A file under company/ cannot be used as it stands."""

    code: ClassVar[str] = "company_file"

    def __init__(
        self, file: Path, key: str, problem: str, kind: str = "", bounds: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        """`kind` and `bounds` are pydantic's type of the error and its context, where it has found it."""
        super().__init__(file=str(file), key=key, why=problem)
        self.file = file
        self.key = key
        self.kind = kind
        self.bounds = bounds

    def __str__(self) -> str:
        """Where it is, and what."""
        return f"{self.file}: {self.key}: {self.details['why']}"


def reason_of(kind: str, bounds: Mapping[str, object]) -> Reason:
    """Why a value cannot be taken, by pydantic's type of the error; one without words of its own is `wrong_value`."""
    fills = {name: _listed(bound) for name, bound in bounds.items()}
    return Reason(f"{WRONG}{kind}" if kind in KINDS else "wrong_value", **fills)


def _listed(bound: object) -> str:
    """A bound, or what may be chosen, without pydantic's quotes and English."""
    return str(bound).replace("'", "").replace(" or ", "、").replace(", ", "、")


class Shape(BaseModel):
    """The base of everything here: unknown keys are errors (they are usually typing slips)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
