"""A file that staff send a customer: kept beside the pictures of the conversation, fetched by a link that ends.

The link is signed and holds for a month, on every channel: WeChat takes no file from an account, and a customer's
browser need not show who it is. Whoever has it can fetch the file, as with a letter that is handed on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from helpdesk.disk import check_room
from helpdesk.errors import InvalidInput, NotFound
from helpdesk.model.document import clean_name, kind_of
from helpdesk.model.rights import Deed
from helpdesk.model.say import Say
from helpdesk.services import Services
from helpdesk.settings import Settings
from helpdesk.store.tables import Conversation, Message, Picture, Staff
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.conversations.receive import check_name
from helpdesk.usecases.conversations.served import own
from helpdesk.usecases.queue.replies import tell
from helpdesk.usecases.queue.sent_pictures import known

FILE = "file"
ADDRESS = "/files/"
CONTENT_TYPE = "application/octet-stream"  # saved, never shown: whatever is in it, no page of ours runs it
LINK_LASTS = timedelta(days=30)


@dataclass(frozen=True)
class Document:
    """A file as somebody chose it."""

    name: str
    content: bytes


async def send(services: Services, conversation_id: str, staff: Staff, chosen: Document, client_id: str) -> Message:
    """Send a file once per `client_id`.

    Raises:
        InvalidInput: the bytes are no file of a kind we send, or not what its name says. Conflict: `client_id`
        stands for another message. NotFound, NotAllowed: see `served.own`. NoRoom, TooManyTries.
    """
    check_name(client_id, "client_id")
    check_room(services.settings)
    chosen = replace(chosen, name=clean_name(chosen.name))
    if kind_of(chosen.name, chosen.content) is None:
        raise InvalidInput("file_refused", field="file")
    async with services.db.write() as uow:
        conversation = await own(uow, conversation_id, staff, Deed.REPLY)
        sent = await known(uow, conversation, client_id, FILE)
        if sent is not None:
            return sent
        kept = await pictures.keep_bytes(
            services, uow, {"conversation_id": conversation.id}, CONTENT_TYPE, chosen.content
        )
        card = _told(services, conversation, kept, chosen, uow.now)
        message, _ = await tell(uow, conversation, staff, card, client_id)
        await uow.commit()
    return message


def _told(services: Services, conversation: Conversation, kept: str, sent: Document, now: datetime) -> Say:
    """On the web a card fetches it; elsewhere the words hold the whole address."""
    name, size = sent.name, len(sent.content)
    until = int((now + LINK_LASTS).timestamp())
    path = f"{ADDRESS}{kept}/{quote(name)}?until={until}&key={_signature(services.settings, kept, name, until)}"
    custom = {"kind": FILE, "file": kept, "name": name, "size": size, "path": path}
    if conversation.channel == "web":
        return Say(services.wording.render("file_label", name=name), custom=custom)
    origin = services.company.profile.page_to_follow.rstrip("/").removesuffix("/follow")
    words = services.wording.render("file_link", name=name, days=LINK_LASTS.days, link=origin + path)
    return Say(words, custom=custom)


def _signature(settings: Settings, file_id: str, name: str, until: int) -> str:
    secret = settings.secret_key.get_secret_value().encode()
    made = hmac.new(secret, f"file link:{file_id}:{name}:{until}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:18]).decode()


def opens(services: Services, file_id: str, name: str, until: int, key: str) -> bool:
    """Whether a link is one of ours and holds still."""
    ours = _signature(services.settings, file_id, name, until).encode()
    return hmac.compare_digest(key.encode(), ours) and datetime.fromtimestamp(until, UTC) > services.clock.now()


async def content(services: Services, file_id: str) -> bytes:
    """A file's bytes, for who may fetch it.

    Raises:
        NotFound: it is none, or was taken back or deleted.
    """
    async with services.db.read() as uow:
        found = await uow.session.get(Picture, file_id)
    if found is None or found.content_type != CONTENT_TYPE:
        raise NotFound("file_not_found")
    return await pictures.content(services, file_id)
