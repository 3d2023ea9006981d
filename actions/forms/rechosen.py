"""「不退了，换一台吧」: which matter a registered one is to become."""

from __future__ import annotations

from actions.clauses import affirmed
from helpdesk.company import Company
from zhtext import normalise


def rechosen(company: Company, kind: str, text: str) -> str | None:
    """The kind that a running case of `kind` is changed to by what is wished in its place; the word last said counts.

    What is only denied is no wish: 「不修了，要退」 is a return.
    """
    plain = normalise(affirmed(text))
    said = {name: _last(plain, company.kinds[name].called) for name in company.kinds[kind].becomes}
    name = max(said, key=lambda one: said[one], default=None)
    return name if name and said[name] >= 0 else None


def meant_instead(company: Company, kind: str, text: str) -> str | None:
    """The kind that is named where one of `kind` is the wrong one, whatever that may be changed to; the last counts."""
    plain = normalise(affirmed(text))
    said = {name: _last(plain, one.called) for name, one in company.kinds.items() if name not in (kind, *VAGUE)}
    name = max(said, key=lambda one: said[one], default=None)
    return name if name and said[name] >= 0 else None


VAGUE = ("callback", "data_request", "order_change", "price_protection")
"""Kinds whose words stand in many a sentence about something else: 电话, 信息, 改."""


def _last(plain: str, words: tuple[str, ...]) -> int:
    """Where the last of the words stands; -1 where none does."""
    return max((plain.rfind(word) for word in words), default=-1)
