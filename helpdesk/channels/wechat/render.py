"""What WeChat shows of our bubbles: one text with numbered choices, or a menu whose lines can be clicked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.channels.wechat.text import LIMIT, merge, size, split, with_choices
from helpdesk.store.tables import Message

HINT = "wechat_choose"  # the wording that says how to choose
_MARK = re.compile(r"(\d{1,2})\s*分")


@dataclass(frozen=True)
class Menu:
    """A head, and (id, title) of each line; a click comes back as text with the id."""

    head: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A picture by its address."""

    address: str


Part = str | Menu | Picture


def plain(message: Message) -> str:
    """A bubble's words, with a picture as a link: a passive text holds nothing else."""
    return "\n".join(part for part in (message.text, message.image or "") if part)


def choices(message: Message) -> list[dict[str, Any]]:
    """A bubble's buttons in the order of their numbers.

    Marks (「5 分」 down to 「1 分」) are turned round, so that who replies 5 gives five and not the fifth line.
    """
    buttons: list[dict[str, Any]] = list(message.buttons or ())
    marks = [_MARK.match(str(button["title"])) for button in buttons]
    numbers = [int(mark[1]) for mark in marks if mark]
    if sorted(numbers) != list(range(1, len(buttons) + 1)):
        return buttons
    return [button for _, button in sorted(zip(numbers, buttons, strict=True), key=lambda pair: pair[0])]


def numbered(messages: Sequence[Message], hint: str, *, plain: Callable[[Message], str] = plain) -> str:
    """All bubbles as one text. Numbers run on through one answer, and belong to the last answer with choices."""
    offering = last_offer(messages)
    bubbles: list[str] = []
    number = 1
    for message in messages:
        titles = [str(button["title"]) for button in choices(message)]
        if message in offering:
            is_last = message is offering[-1]
            bubbles.append(with_choices(plain(message), titles, hint if is_last else "", first=number))
            number += len(titles)
        else:
            bubbles.append("\n".join([plain(message), *(f"· {title}" for title in titles)]))
    return merge(bubbles)


def last_offer(messages: Sequence[Message]) -> list[Message]:
    """The bubbles with choices of the last answer that has any, oldest first."""
    offering = [message for message in messages if message.buttons]
    if not offering:
        return []
    last = offering[-1]
    return [one for one in offering if one is last or (one.answers and one.answers == last.answers)]


def passive(messages: Sequence[Message], hint: str) -> str:
    """One text that WeChat takes; what is too long by itself ends at a sentence and says that it goes on."""
    text = numbered(messages, hint)
    return text if size(text) <= LIMIT else f"{split(text, LIMIT - size('……'))[0]}……"


def fitting(messages: Sequence[Message], hint: str) -> int:
    """How many of the first messages fit into one passive reply."""
    counts = (count for count in range(len(messages), 0, -1) if size(numbered(messages[:count], hint)) <= LIMIT)
    return next(counts, 0)


def for_api(messages: Sequence[Message], hint: str) -> list[Part]:
    """What has to be sent by the API, in order: pictures, then a menu if choices are offered, else text that fits."""
    pictures = [Picture(message.image) for message in messages if message.image]
    return [*pictures, *_words_for_api(messages, hint)]


def _words_for_api(messages: Sequence[Message], hint: str) -> list[str | Menu]:
    head = merge(message.text for message in messages)
    items = tuple((str(b["payload"]), str(b["title"])) for message in messages for b in choices(message))
    if not items:
        return list(split(head))
    if size(head) + sum(size(title) for _, title in items) <= LIMIT:
        return [Menu(head, items)]
    return list(split(numbered(messages, hint, plain=_words)))


def _words(message: Message) -> str:
    return message.text
