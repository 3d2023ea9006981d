"""The mailbox to which customers answer: looked at every minute (IMAP4rev1, RFC 3501).

What answers a letter of ours is taken and marked as read; everything else stays unread, for people. Several processes
may look at the same mailbox: an answer is taken once, whoever reads it.
"""

from __future__ import annotations

import asyncio
import imaplib
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog

from helpdesk.background import in_background
from helpdesk.couriers import replies
from helpdesk.couriers.settings import ImapSettings
from helpdesk.errors import InvalidInput
from helpdesk.services import Services

log = structlog.get_logger(__name__)

TIMEOUT_S = 20.0
LARGEST = 5_000_000  # bytes of a mail that is read
AT_ONCE = 50  # mails read at one look
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
NOT_READ = (OSError, imaplib.IMAP4.error, ssl.SSLError, EOFError)


class Mailbox:
    """One mailbox; a connection a look."""

    def __init__(self, services: Services, settings: ImapSettings) -> None:
        self._services = services
        self._settings = settings
        self._not_ours: set[bytes] = set()

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look for as long as the block lasts."""
        async with in_background(self._watch()):
            yield

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except NOT_READ as problem:  # its words may name the account, not the password
                log.warning("mailbox_not_read", error=type(problem).__name__)
            except Exception:
                log.exception("mailbox_failed")
            await asyncio.sleep(self._settings.every)

    async def look(self) -> int:
        """Take what came; how many mails answered letters of ours."""
        found = await asyncio.to_thread(self._unread)
        ours = []
        for uid, content in found.items():
            if await self._is_ours(content):
                ours.append(uid)
            else:
                self._not_ours.add(uid)
        if ours:
            await asyncio.to_thread(self._mark, ours)
        return len(ours)

    async def _is_ours(self, content: bytes) -> bool:
        try:
            return await replies.take(self._services, content)
        except InvalidInput:
            return False

    # ---------------------------------------------------------------- in a thread

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        known = self._settings
        if known.security == "tls":
            context = ssl.create_default_context()
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(known.host, known.port, ssl_context=context, timeout=TIMEOUT_S)
        else:
            box = imaplib.IMAP4(known.host, known.port, timeout=TIMEOUT_S)
        try:
            box.login(known.user, known.password.get_secret_value())
            box.select(f'"{known.folder}"')
            yield box
        finally:
            with suppress(*NOT_READ):
                box.logout()

    def _unread(self) -> dict[bytes, bytes]:
        """Unread mails that were not looked at before, by their UID; too large a one is left to people."""
        with self._opened() as box:
            _, told = box.uid("SEARCH", "UNSEEN")
            uids = [uid for uid in (told[0] or b"").split() if uid not in self._not_ours][:AT_ONCE]
            return {uid: content for uid in uids if (content := self._content(box, uid)) is not None}

    def _content(self, box: imaplib.IMAP4, uid: bytes) -> bytes | None:
        _, told = box.uid("FETCH", uid.decode(), "(RFC822.SIZE)")
        size = SIZE.search(told[0] if told and isinstance(told[0], bytes) else b"")
        if size is None or int(size[1]) > LARGEST:
            self._not_ours.add(uid)
            return None
        _, told = box.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
        return next((part[1] for part in told if isinstance(part, tuple)), None)

    def _mark(self, uids: list[bytes]) -> None:
        with self._opened() as box:
            box.uid("STORE", b",".join(uids).decode(), "+FLAGS.SILENT", r"(\Seen)")
