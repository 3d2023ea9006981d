"""Mail that comes back: an answer to a letter, or a letter that was returned. What a program wrote by itself (an
absence notice) is neither, and what answers no letter of ours stays in its mailbox for people.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from hashlib import sha256
from html.parser import HTMLParser

import structlog
from fastapi import APIRouter, Request

from helpdesk.couriers import tokens
from helpdesk.couriers.mail import MailCourier
from helpdesk.errors import InvalidInput
from helpdesk.model.notice import Way
from helpdesk.services import Services
from helpdesk.usecases.tickets.mail_replies import Reply, take_reply

log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)

ID = re.compile(r"<[^<>\s]{3,250}>")
MOST_IDS = 20
LONGEST = 100_000  # characters of a text that are looked at
BY_ITSELF = ("x-autoreply", "x-autorespond")
BLOCKS = frozenset({"p", "div", "br", "li", "tr", "blockquote"})
NOT_SAID = frozenset({"style", "script", "head", "blockquote"})


@router.post("/receipts/mail")
async def mail(request: Request) -> dict[str, bool]:
    """One mail as it came (RFC 5322), from a server that hands it on; whether it answers a letter of ours."""
    services: Services = request.app.state.services
    _check(services, request)
    return {"taken": await take(services, await request.body())}


def _check(services: Services, request: Request) -> None:
    """Refuse whoever does not know the token; without one nothing is taken.

    Raises:
        NotFound, NotAllowed.
    """
    courier = services.couriers.get(Way.EMAIL)
    held = courier.settings.reply_token.get_secret_value() if isinstance(courier, MailCourier) else ""
    tokens.check(tokens.bearer_of(request), held, "mail is not taken: SMTP_REPLY_TOKEN is not set")


async def take(services: Services, content: bytes) -> bool:
    """Take one mail, once; whether it answers a letter of ours, or is one that was returned.

    Raises:
        InvalidInput: it is no mail.
    """
    reply = read(content, services.company.notices.quoted)
    if reply is None:
        return False
    number = await take_reply(services, reply)
    if number is None:
        log.info("mail_is_not_ours")
    return number is not None


def read(content: bytes, quoted: tuple[str, ...]) -> Reply | None:
    """What somebody wrote above what they answer; None for what a program wrote. `quoted`: how a line begins that
    leads to the letter they answer.

    Raises:
        InvalidInput: it is no mail.
    """
    message = message_from_bytes(content, policy=default)
    if not message.keys():
        raise InvalidInput("this is no mail")
    has_bounced = message.get_content_type() == "multipart/report"
    if not has_bounced and _is_automatic(message):
        return None
    answers = _ids(_head(message, "In-Reply-To"), *reversed(_head(message, "References").split()))
    if has_bounced:
        answers = _ids(content.decode("ascii", "replace"))
    given = _ids(_head(message, "Message-ID"))
    message_id = given[0] if given else f"<{sha256(content).hexdigest()}>"
    text = "" if has_bounced else above(_text(message), quoted)
    return Reply(message_id, answers, text, has_bounced, sum(1 for _ in message.iter_attachments()))


def _head(message: Message, name: str) -> str:
    """A header's text; one that cannot be read is empty."""
    try:
        return str(message.get(name, ""))
    except (ValueError, TypeError, IndexError, AttributeError):  # the standard library's parser, on what strangers send
        return ""


def _ids(*texts: str) -> list[str]:
    found = [one for text in texts for one in ID.findall(text)]
    return list(dict.fromkeys(found))[:MOST_IDS]


def _is_automatic(message: Message) -> bool:
    said = _head(message, "Auto-Submitted").strip().lower()
    is_bulk = _head(message, "Precedence").strip().lower() in {"bulk", "list", "junk", "auto_reply"}
    return (said not in {"", "no"}) or is_bulk or any(name in message for name in BY_ITSELF)


# ---------------------------------------------------------------- the words


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


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        content = str(body.get_content())[:LONGEST]
    except (LookupError, ValueError, KeyError):  # a character set that nobody knows
        content = body.get_payload(decode=True).decode("utf-8", "replace")[:LONGEST]  # type: ignore[union-attr]
    if body.get_content_type() == "text/plain":
        return content
    words = _Words()
    words.feed(content)
    return "".join(words.parts)


def above(text: str, quoted: tuple[str, ...]) -> str:
    """What stands before the quoted letter, without its marks."""
    kept: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if any(mark in bare for mark in quoted):
            break
        if not bare.startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
