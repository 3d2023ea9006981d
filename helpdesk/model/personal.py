"""Personal data of a customer: how a row says that it is nobody's any more, and what is no word of theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

PRIVACY_NOTICE = "privacy_notice"
"""What the message is marked by that tells how we treat personal data."""
ERASED = "erased:"
"""A sender that begins so is nobody's: its customer was erased."""
CODES = frozenset(
    {
        "changed", "owner", "department", "level", "round", "urgency", "status", "state", "kind", "category", "finding",
        "from_owner", "to_owner", "to", "from", "staff", "promise", "version", "letter", "channel", "priority",
        "paused_from", "known_since", "result_due", "score", "form", "counts",
    }
)  # fmt: skip
"""What the file and the audit keep beside words: names of colleagues, departments, states and moments."""
LONGEST_CODE = 64


def only_codes(value: Mapping[str, Any] | None, keep: Collection[str] = CODES) -> dict[str, Any]:
    """A copy with what names a state, a colleague or a moment; whatever may be somebody's words is gone."""
    return {
        name: kept for name, one in (value or {}).items() if name in keep and (kept := _code(one, keep)) is not None
    }


def _code(value: Any, keep: Collection[str]) -> Any:
    if isinstance(value, Mapping):
        return only_codes(value, keep)
    if isinstance(value, bool | int | float):
        return value
    is_code = isinstance(value, str) and len(value) <= LONGEST_CODE and value.isascii()
    return value if is_code else None
