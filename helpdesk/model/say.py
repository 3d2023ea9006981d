"""What is said to a customer, before it has an id, a place in the conversation and a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpdesk.model.conversation import Author


@dataclass(frozen=True)
class Choice:
    """A button. `press` is what pressing it means.

    Either the worker's press `{"intent", "entities", "title"}`, or one the service handles itself:
    `{"service": "leave_queue"}`, `{"service": "rate", "score": 5}`.
    """

    title: str
    press: dict[str, Any]


@dataclass(frozen=True)
class Say:
    """One bubble: text, choices, an image, facts for the client; any of them may be absent."""

    text: str = ""
    author: Author = Author.SYSTEM
    buttons: tuple[Choice, ...] = ()
    image: str | None = None
    custom: dict[str, Any] | None = None
    staff_id: str | None = None
    id: str | None = None
    """The message's id where it is known before: a letter's."""
