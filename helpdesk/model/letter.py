"""A letter to a customer about a ticket: its kinds, and what a letter says beside what its ticket knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from helpdesk.model.say import Choice


class LetterKind(StrEnum):
    """One file each in company/letters."""

    ACKNOWLEDGEMENT = "acknowledgement"
    PROGRESS = "progress"
    POSTPONEMENT = "postponement"
    REMINDER_QUESTION = "reminder_question"
    RESULT_UNFOUNDED = "result_unfounded"
    RESULT_JUSTIFIED = "result_justified"
    CORRECTED_RESULT = "corrected_result"
    WITHDRAWAL = "withdrawal"
    APPEAL_RECEIVED = "appeal_received"
    CONCLUSION = "conclusion"
    COMPENSATION = "compensation"
    SATISFIED = "satisfied"
    DATA_DELETION = "data_deletion"
    THANKS = "thanks"
    SURVEY = "survey"


RESULTS = (LetterKind.RESULT_UNFOUNDED, LetterKind.RESULT_JUSTIFIED, LetterKind.CORRECTED_RESULT)
NOT_A_STATUS = frozenset(
    {
        LetterKind.ACKNOWLEDGEMENT,
        LetterKind.POSTPONEMENT,
        LetterKind.REMINDER_QUESTION,
        LetterKind.COMPENSATION,
        LetterKind.DATA_DELETION,
        LetterKind.THANKS,
        LetterKind.SURVEY,
    }
)
"""Letters that tell no change of state; the others carry the contract's `ticket_status`."""


@dataclass(frozen=True)
class Words:
    """What a letter says beside what its ticket knows.

    `occasion` picks among the bodies of a kind (progress: accepted, investigating ...). `fields`: the rest of
    the template's fields; `choices` are its buttons; `custom` replaces the fact that goes with the message.
    """

    occasion: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    custom: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Writing:
    """A letter that somebody wants to write: of two with the same `key` there is only one."""

    kind: LetterKind
    words: Words = Words()
    key: str = field(kw_only=True)
    by: str = field(kw_only=True)
