"""A mailbox: what a client needs of IMAP4rev1 to sign in, find unread mail, read it and mark it as read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from helpdesk.couriers import ImapSettings
from helpdesk.testing import free_port

USER, PASSWORD = "service@sansheng.example", "mailbox-password"
LINE = re.compile(rb"(\S+) (?:UID )?(\w+) ?(.*)")


@dataclass
class ImapServer:
    """Mails by UID, and which were read; `refuses` lets nobody in."""

    port: int = field(default_factory=free_port)
    mails: dict[int, bytes] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    refuses: bool = False
    fetched: list[int] = field(default_factory=list)

    @property
    def settings(self) -> ImapSettings:
        """Those of a service that looks at it."""
        given = {"host": "127.0.0.1", "port": self.port, "security": "none", "user": USER}
        return ImapSettings(_env_file=None, password=SecretStr(PASSWORD), **given)  # type: ignore[arg-type,call-arg]

    def deliver(self, content: bytes) -> int:
        """A mail comes; its UID."""
        uid = len(self.mails) + 1
        self.mails[uid] = content
        return uid

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ImapServer]:
        """Listening for as long as the block lasts."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            found = LINE.match(line.strip())
            assert found, line
            tag, command, rest = found[1], found[2].upper(), found[3]
            told, status = self._do(command, rest)
            writer.write(told + tag + b" " + status + b"\r\n")
            await writer.drain()
            if command == b"LOGOUT":
                break
        writer.close()

    def _do(self, command: bytes, rest: bytes) -> tuple[bytes, bytes]:
        if command == b"LOGIN" and (self.refuses or rest != f'{USER} "{PASSWORD}"'.encode()):
            return b"", b"NO wrong"
        answer = {
            b"CAPABILITY": lambda _: b"* CAPABILITY IMAP4rev1\r\n",
            b"SELECT": lambda _: f"* {len(self.mails)} EXISTS\r\n".encode(),
            b"SEARCH": self._search,
            b"FETCH": self._fetch,
            b"STORE": self._store,
            b"LOGOUT": lambda _: b"* BYE\r\n",
        }.get(command, lambda _: b"")
        return answer(rest), b"OK done"

    def _search(self, _rest: bytes) -> bytes:
        return b"* SEARCH " + b" ".join(str(uid).encode() for uid in self.mails if uid not in self.read) + b"\r\n"

    def _fetch(self, rest: bytes) -> bytes:
        uid = int(rest.split()[0])
        content = self.mails[uid]
        if b"SIZE" in rest:
            return f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(content)})\r\n".encode()
        self.fetched.append(uid)
        head = f"* {uid} FETCH (UID {uid} BODY[] {{{len(content)}}}\r\n".encode()
        return head + content + b")\r\n"

    def _store(self, rest: bytes) -> bytes:
        self.read |= {int(uid) for uid in rest.split()[0].split(b",")}
        return b""
