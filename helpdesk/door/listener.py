"""A listener that no half-sent request holds up: time for headers and body, and room for each address.

uvicorn (with httptools) waits for a request for ever and keeps whatever of its headers came. Here a connection has
`HEADER_SECONDS` for what stands before the body, may not fall silent for `SILENCE_SECONDS` within it, and one address
may hold so many connections and no more.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from helpdesk.door.addresses import Proxies, network
from helpdesk.door.bounds import HEADER_BYTES

HEADER_SECONDS = 10.0
SILENCE_SECONDS = 15.0  # within a body; how long it may take in all is the application's to say
LINGER_SECONDS = 3.0  # for the rest of a body that was answered before its end: the answer is still to be read
LAST_WORD_SECONDS = 1.0
UNREAD_SECONDS = 20.0
"""A client that reads nothing of its answer for so long is gone, or means to fill our memory."""
KEEP_ALIVE_SECONDS = 5
FRAME_BYTES = 128 * 1024  # one message of a websocket; Socket.IO's own limit is lower
GRACE_SECONDS = 15
FULL = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class CannotListen(Exception):
    """The address is taken, or not ours."""


class Rooms:
    """Open connections by address. Trusted proxies carry everybody's, so they have as much room as they like."""

    def __init__(self, most: int, proxies: Proxies) -> None:
        self._most = most
        self._proxies = proxies
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Whether there is room for one more; if there is, it is taken."""
        if self._open[address] >= self._most and address not in self._proxies:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        """One connection less."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]


class Config(uvicorn.Config):
    """uvicorn's, with our protocols and the room there is."""

    def __init__(self, app: Any, rooms: Rooms, **given: Any) -> None:
        super().__init__(
            app,
            http=PatientForAWhile,
            ws=Counted,
            ws_max_size=FRAME_BYTES,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            log_config=None,
            access_log=False,
            server_header=False,
            **given,
        )
        self.rooms = rooms


class Listener(uvicorn.Server):
    """A server among others in one loop: signals are handled for all of them together."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._is_up = asyncio.Event()

    async def listen(self) -> asyncio.Task[None]:
        """Begin; returns when connections are taken, with the task that lasts until the end.

        Raises:
            CannotListen.
        """
        serving, up = asyncio.create_task(self.serve()), asyncio.create_task(self._is_up.wait())
        await asyncio.wait((serving, up), return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if serving.done():
            serving.result()
        return serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen.

        Raises:
            CannotListen: uvicorn itself ends the program here.
        """
        try:
            await super().startup(sockets)
        except SystemExit:
            place = f"{self.config.host}:{self.config.port}"
            raise CannotListen(f"cannot listen on {place}: is another program there?") from None
        self._is_up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _address(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return network(str(peer[0])) if peer else ""


class Read(asyncio.Protocol):
    """What is written is read before long, or the connection ends: what waits to be read waits in our memory."""

    transport: Any
    loop: asyncio.AbstractEventLoop
    _unread: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._is_read()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_read()
        super().connection_lost(exc)

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


class Counted(Read, WebSocketsSansIOProtocol):
    """A websocket gives its room back at its end; it took it over from the request that it began as."""

    config: Config

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._held = _address(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.config.rooms.leave(self._held)


class PatientForAWhile(Read, HttpToolsProtocol):
    """One HTTP connection."""

    config: Config

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._deadline: asyncio.TimerHandle | None = None
        self._held: str | None = None  # the address whose room this connection takes
        self._before_body = 0  # bytes of a request whose headers are not complete
        self._is_complete = True  # the last request was read to its end
        self._is_before_body = False
        self._is_ended = False

    # ---------------------------------------------------------------- the connection

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        address = _address(transport)
        if not self.config.rooms.enter(address):
            self._end(FULL)
            return
        self._held = address
        self._allow(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._allow(None)
        if self._held is not None:
            self.config.rooms.leave(self._held)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The service ends: nobody is waited for any more who had their last word."""
        self._allow(None)
        if self._is_ended:
            self.transport.close()
        else:
            super().shutdown()

    def handle_websocket_upgrade(self) -> None:
        self._allow(None)
        self._held = None  # `Counted` gives it back
        self._is_ended = True  # nothing of it is this protocol's any more: no deadline of a request may end it
        self._is_read()
        super().handle_websocket_upgrade()

    # ---------------------------------------------------------------- time and size

    def data_received(self, data: bytes) -> None:
        if self._is_ended or self.transport.is_closing():
            return
        self._before_body += len(data)
        super().data_received(data)
        if self._is_ended or self.transport.is_closing():
            return
        if self._is_complete:
            self._expect_a_request()
        elif self._is_before_body and self._before_body > HEADER_BYTES:
            self._end(LONG)
        elif not self._is_before_body and not self._is_answered:
            self._allow(SILENCE_SECONDS)

    def _expect_a_request(self) -> None:
        """Line ends between requests begin none, and are no reason to wait for ever."""
        is_idle = self.cycle is None or self._is_answered
        if is_idle and self._deadline is None and self.timeout_keep_alive_task is None:
            self._allow(HEADER_SECONDS)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_complete, self._is_before_body = False, True
        self._allow(HEADER_SECONDS)

    def on_headers_complete(self) -> None:
        self._is_before_body = False
        self._before_body = 0
        self._allow(SILENCE_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_complete = True
        self._before_body = 0
        self._allow(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_complete:
            self._allow(LINGER_SECONDS)

    @property
    def _is_answered(self) -> bool:
        return self.cycle is not None and self.cycle.response_complete

    def _allow(self, seconds: float | None) -> None:
        """From now on the connection has so many seconds for its next step; None: as many as it likes."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        """Told, unless nothing was asked or an answer has begun."""
        is_asked = not self._is_complete and (self._is_before_body or not self.cycle.response_started)
        is_under_way = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        self._end(SLOW if is_asked and not is_under_way else b"")

    def _end(self, answer: bytes) -> None:
        """Say the last word. Closing while something is unread would take it back, so the other side may go first."""
        self._allow(None)
        if self._is_ended or self.transport.is_closing():
            return
        self._is_ended = True
        if not answer:
            self.transport.close()
            return
        self.transport.write(answer)
        self.transport.write_eof()
        self.loop.call_later(LAST_WORD_SECONDS, self.transport.close)
