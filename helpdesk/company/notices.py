"""How letters reach customers outside the chat, and what the vendor of short messages wants to be called with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from helpdesk.company.shape import Shape
from helpdesk.model.letter import LetterKind
from helpdesk.model.notice import Way

__all__ = ["Notices", "SmsVendor"]


class SmsVendor(Shape):
    """One HTTP call a message. `{phone}`, `{text}`, `{id}` and `{secret}` are filled in wherever they stand.

    `accepted`: what the answer must say for the message to count as sent; `busy`: fields and values that mean "later".
    A name with dots leads into the answer (`data.code`).
    """

    encoding: Literal["json", "form"] = "json"
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: Mapping[str, str]
    accepted: Mapping[str, str]
    busy: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    message_id: str
    receipt_id: str
    receipt_state: str
    delivered: tuple[str, ...]
    failed: tuple[str, ...]


class Notices(Shape):
    """`ways` in the company's order for each kind of letter; minutes are those a way has before the next is tried."""

    ways: Mapping[LetterKind, tuple[Way, ...]]
    patience_minutes: Mapping[Way, int]
    link_days: int = Field(ge=1, le=30)
    call_tries: int = Field(ge=1)
    call_again_minutes: int = Field(ge=1)
    quoted: tuple[str, ...]
    """What a line of an answer by mail holds that leads to the letter it answers."""
    sms: SmsVendor

    @model_validator(mode="after")
    def _is_whole(self) -> Notices:
        for name, known in (("ways", set(LetterKind) - set(self.ways)), ("patience_minutes", self._impatient())):
            if known:
                raise ValueError(f"{name} lacks {', '.join(sorted(known))}")
        return self

    def _impatient(self) -> set[Way]:
        return set(Way) - {Way.CALL} - set(self.patience_minutes)
