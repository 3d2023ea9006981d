"""`kept=` and `picked=`: what was said on the way must be on the ticket in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from helpdesk.testing import ROOT
from tests.support.cases.checks import on_ticket, value_of
from tests.support.cases.customer import Customer, buttons
from tests.support.cases.desk import Seen

PICKED = re.compile(r"picked=(\d+)")


@dataclass(frozen=True)
class Choice:
    """A choice of a question: the field, and the words it may stand under on a ticket."""

    field: str
    values: frozenset[str]


@cache
def _choices() -> Mapping[str, list[tuple[str, str]]]:
    """(value, title) of every field that has choices; a complaint's category is one."""
    fields: dict[str, Any] = {}
    for path in sorted((ROOT / "company" / "fields").glob("*.yml")):
        fields |= yaml.safe_load(path.read_text("utf-8"))
    found = {
        name: [(one["value"], one["title"]) for one in field["choices"]]
        for name, field in fields.items()
        if "choices" in field
    }
    complaints = yaml.safe_load((ROOT / "company" / "complaints.yml").read_text("utf-8"))
    found["category"] = [(value, one["title"]) for value, one in complaints["categories"].items()]
    return found


def chosen(check: str, customer: Customer) -> Choice | None:
    """What `picked=N` means at the question that is open now: the N-th of its buttons, else of the field's choices."""
    found = PICKED.search(check)
    if found is None or customer.pending is None:
        return None
    named = _choices().get(customer.pending, [])
    titles = [button["title"] for button in buttons(customer.last)] or [title for _, title in named]
    if int(found.group(1)) > len(titles):
        return None
    title = titles[int(found.group(1)) - 1]
    return Choice(customer.pending, frozenset({title, *(value for value, known in named if known == title)}))


def is_kept(check: str, choice: Choice | None, seen: Seen) -> bool:
    """Whether the finished ticket holds what was said."""
    if not seen.tickets:
        return False
    if PICKED.fullmatch(check):
        return choice is not None and value_of(seen.tickets[0], choice.field) in choice.values
    field, _, pattern = check.partition("=")[2].partition(":")
    return on_ticket(seen, field, pattern) is True
