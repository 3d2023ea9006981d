"""A mail as a stranger made it (RFC 5322 and 2045): its headers, its words, and what was done to our letter.

The standard library's newer parser takes time and stack without end for some headers of a few kilobytes (comments in
comments, thousands of parameters), so the older one reads here, headers are cut, and what would take long is refused
unread.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from html.parser import HTMLParser

from helpdesk.errors import InvalidInput

LONGEST = 100_000  # characters of a text that are looked at
LONGEST_HEADER = 8_000  # characters; what follows is not looked at
MOST_BORDERS = 1_000  # lines that may divide parts
MOST_WORK = 2_000_000
"""Lines times borders that are named: each line is held against every border that is open."""
NO_TEXT = frozenset({"idna", "punycode"})
"""Their readers take quadratic time, and no letter is written in them."""
BLOCKS = frozenset({"p", "div", "br", "li", "tr", "blockquote"})
NOT_SAID = frozenset({"style", "script", "head", "blockquote"})
UNREADABLE = (RecursionError, LookupError, ValueError, TypeError, AttributeError, AssertionError)
"""What the parser raises for mails that somebody made up."""


class _Short(Compat32):
    """Headers of a length that somebody could have meant."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


class StrangeMail:
    """One mail, read as far as it can be.

    Raises:
        InvalidInput: it is no mail, or takes more work than one has.
    """

    def __init__(self, content: bytes) -> None:
        _check_work(content)
        try:
            self._message = message_from_bytes(content, policy=_Short())
            self.kind = self._message.get_content_type()
            self.text = _text_of(self._message)[:LONGEST]
            self.attachments = sum(map(_is_attached, _parts(self._message)))
        except UNREADABLE:
            raise InvalidInput("call_not_readable", why="this mail cannot be read") from None
        if not self._message.keys():
            raise InvalidInput("call_not_readable", why="this is no mail")

    def __contains__(self, name: str) -> bool:
        return name in self._message

    def head(self, name: str) -> str:
        """A header's text; one that is not there is empty."""
        return str(self._message.get(name, "")).strip()


def _check_work(content: bytes) -> None:
    lines = max(content.count(b"\n"), content.count(b"\r"))
    borders = content.lower().count(b"boundary")
    if lines * (1 + borders) > MOST_WORK or content.count(b"\n--") + content.count(b"\r--") > MOST_BORDERS:
        raise InvalidInput("call_not_readable", why="this mail has too many parts")


def _parts(message: Message) -> list[Message]:
    """What a mail of several parts consists of; of one part, none."""
    inside = message.get_payload() if message.get_content_maintype() == "multipart" else None
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() not in {"text", "multipart"}


def _leaves(message: Message) -> Iterator[Message]:
    """What is no list of parts; a mail within the mail is one."""
    parts = _parts(message)
    if not parts:
        yield message
    for part in parts:
        yield from _leaves(part)


def _text_of(message: Message) -> str:
    """The words, as plain text if they are there as such."""
    leaves = [one for one in _leaves(message) if one.get_content_disposition() != "attachment"]
    for kind in ("text/plain", "text/html"):
        found = next((one for one in leaves if one.get_content_type() == kind), None)
        if found is not None:
            return _decoded(found) if kind == "text/plain" else _words_of(_decoded(found))
    return ""


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content[: 4 * LONGEST].decode(_encoding(part), "replace") if isinstance(content, bytes) else ""


def _encoding(part: Message) -> str:
    """The character set that it names, if there is such a one."""
    try:
        named = codecs.lookup(part.get_content_charset("utf-8")).name
        b"a".decode(named)
    except (LookupError, UnicodeError):
        return "utf-8"
    return "utf-8" if named in NO_TEXT else named


class _Words(HTMLParser):
    """The words of a page, without what is quoted."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._unsaid = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unsaid += tag in NOT_SAID
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unsaid = max(0, self._unsaid - (tag in NOT_SAID))
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unsaid:
            self.parts.append(data)


def _words_of(page: str) -> str:
    words = _Words()
    words.feed(page[:LONGEST])
    return "".join(words.parts)
