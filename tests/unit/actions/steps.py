"""A form with what was heard."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions.forms.form import Form
from actions.heard import Heard
from helpdesk.company import load_company

COMPANY = load_company(Path(__file__).resolve().parents[3] / "company")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Saturday


def heard(text: str, **entities: str) -> Heard:
    """A message with values where they stand in it; `phone="139…|word"` where another word means it."""
    found = []
    for entity, words in entities.items():
        value, _, shown = words.partition("|")
        start = text.index(shown or value)
        found.append({"entity": entity, "value": value, "start": start, "end": start + len(shown or value)})
    return Heard(text, "correct_info", 0.9, tuple(found))


def complaint(**known: Any) -> Form:
    return Form("complaint_form", "complaint", COMPANY, dict(known), NOW)


def service(kind: str, **known: Any) -> Form:
    return Form("service_form", kind, COMPANY, dict(known), NOW)
