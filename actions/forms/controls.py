"""A yes, a no or "submit" and nothing else: 「确认提交」, 「就这样交吧」."""

from __future__ import annotations

from collections.abc import Iterable

from actions.clauses import pieces
from helpdesk.company import Company
from zhtext import normalise


def clauses_of(text: str) -> list[str]:
    """The clauses of a message, normalised."""
    return [normalise(one) for one in pieces(text)]


def is_control(company: Company, text: str) -> bool:
    """Whether a text only submits, affirms or denies: the value of no field."""
    clauses = clauses_of(text)
    return bool(clauses) and all(map(company.form_words.controls.search, clauses))


def only_submits(company: Company, text: str) -> bool:
    """「确认提交」, and nothing else."""
    return is_control(company, text) and says_submit(company, clauses_of(text))


def says_submit(company: Company, clauses: Iterable[str]) -> bool:
    """Whether one of the (normalised) clauses submits, and does nothing else."""
    words = company.form_words
    return any(words.controls.search(one) and words.submits.search(one) for one in clauses)
