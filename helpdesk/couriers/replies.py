"""Mail that comes back: an answer to a letter, or a letter that was returned. What a program wrote by itself (an
absence notice) is neither, and what answers no letter of ours stays in its mailbox for people.
"""

from __future__ import annotations

import asyncio
import re
from hashlib import sha256

import structlog
from fastapi import APIRouter, Request

from helpdesk.couriers import tokens
from helpdesk.couriers.mail import MailCourier
from helpdesk.couriers.strange_mail import StrangeMail
from helpdesk.model.notice import Way
from helpdesk.services import Services
from helpdesk.usecases.tickets.mail_replies import Reply, take_reply

log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)

ID = re.compile(r"<[!-;=?-~]{3,250}>")
MOST_IDS = 20
BY_ITSELF = ("x-autoreply", "x-autorespond")


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
    tokens.check(tokens.bearer_of(request), held, "SMTP_REPLY_TOKEN")


async def take(services: Services, content: bytes) -> bool:
    """Take one mail, once; whether it answers a letter of ours, or is one that was returned.

    Raises:
        InvalidInput: it is no mail.
    """
    reply = await asyncio.to_thread(read, content, services.company.notices.quoted)
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
    mail = StrangeMail(content)
    has_bounced = mail.kind == "multipart/report"
    if not has_bounced and _is_automatic(mail):
        return None
    answers = _ids(mail.head("In-Reply-To"), *reversed(mail.head("References").split()))
    if has_bounced:
        answers = _ids(content.decode("ascii", "replace"))
    given = _ids(mail.head("Message-ID"))
    message_id = given[0] if given else f"<{sha256(content).hexdigest()}>"
    return Reply(message_id, answers, "" if has_bounced else above(mail.text, quoted), has_bounced, mail.attachments)


def _ids(*texts: str) -> list[str]:
    found = [one for text in texts for one in ID.findall(text)]
    return list(dict.fromkeys(found))[:MOST_IDS]


def _is_automatic(mail: StrangeMail) -> bool:
    is_bulk = mail.head("Precedence").lower() in {"bulk", "list", "junk", "auto_reply"}
    by_itself = mail.head("Auto-Submitted").lower() not in {"", "no"}
    return by_itself or is_bulk or any(name in mail for name in BY_ITSELF)


# ---------------------------------------------------------------- the words


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
