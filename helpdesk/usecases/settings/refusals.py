"""What is wrong with a value of a setting, for whoever edits it at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.company import CompanyFileError
from helpdesk.company.shape import KINDS, reason_of
from helpdesk.errors import Reason

BY_REPORT: Mapping[str, str] = {
    "a period must end after it begins": "wrong_period_order",
    "above ordinary_max_calendar_days": "wrong_limits_order",
    "already in another file": "wrong_name_twice",
    "braces are not balanced": "wrong_braces",
    "cannot be read": "wrong_unreadable",
    "deeper than": "wrong_too_deep",
    "has a part that is never sent": "wrong_address_part",
    "must be a wording": "wrong_wording",
    "must be https://": "wrong_address",
    "needs entries with title and text": "wrong_entry",
    "no entry for": "wrong_week",
    "no event fits": "wrong_event",
    "not a period like": "wrong_period",
    "variants do not use the same fields": "wrong_variants",
}
"""Part of what the file's reader reports -> the key of its sentence."""


def reason_for(problem: CompanyFileError) -> Reason:
    """The reason as it is said at its key; one without words of its own is one of YAML's."""
    if problem.kind in KINDS:
        return reason_of(problem.kind, problem.bounds)
    report = str(problem).split(": ", 2)[-1]
    key = next((key for part, key in BY_REPORT.items() if part in report), None)
    return Reason(key) if key else Reason("wrong_written", report=report)
