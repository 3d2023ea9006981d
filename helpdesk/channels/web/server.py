"""The Socket.IO server: each event is read, one use-case is called, the answer is acknowledged.

A connection belongs to one session at a time. Windows of one session share a room, named after the
session's sender; nothing is ever emitted to anything else, so two customers cannot see each other's words.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import socketio
import structlog
from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet
from sqlalchemy import select

from helpdesk.channels.web import wire
from helpdesk.channels.web.origins import OriginRule
from helpdesk.channels.web.sessions import Session, end_session, open_session
from helpdesk.door.addresses import Caller, caller_of
from helpdesk.door.answers import error_body
from helpdesk.door.limits import EVENTS, MESSAGES, MESSAGES_FROM, SESSION_REQUESTS
from helpdesk.errors import HelpdeskError, InvalidInput, NotFound, NotStored
from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.away import AWAY
from helpdesk.store.queries import find_conversation, sender_of
from helpdesk.store.tables import Conversation
from helpdesk.usecases.conversations import pictures
from helpdesk.usecases.conversations.greet import greet
from helpdesk.usecases.conversations.known import identify, read_token
from helpdesk.usecases.conversations.read_marks import customer_read
from helpdesk.usecases.conversations.receive import Incoming, receive
from helpdesk.usecases.queue.forgotten import browser_forgot
from helpdesk.usecases.queue.recall import recalled_in
from helpdesk.usecases.ratings.answers import rate_answer
from helpdesk.usecases.ratings.card import rate

log = structlog.get_logger(__name__)

RUBBISH = logging.getLogger("helpdesk.rubbish")
RUBBISH.disabled = True
"""What the libraries say about packets that nobody's chat sends: each would be a traceback that a stranger chose. Our
own handlers tell of their errors themselves."""
CHANNEL = "web"
BUFFER_LIMIT = 100_000  # bytes of one packet
HIGHEST_SEQ = 2**31 - 1  # what a column holds; no conversation comes near
UNREAD = 200  # packets that wait for one connection; whoever reads nothing is let go before they fill our memory
PING_EVERY = 5  # seconds; with PING_WAIT, how soon a dead connection is noticed: a lost desk within 15 s
PING_WAIT = 5

Deed = Callable[[str, Any], Awaitable[dict[str, Any]]]
"""(connection, what came with the event) -> what is acknowledged."""


@dataclass
class Window:
    """One connection to the chat: where it comes from, and the session it is bound to. `wire` is what it came over,
    which may leave the chat and enter it again as another connection."""

    caller: Caller
    wire: str
    session: Session | None = None


class TextOnly(Packet):  # type: ignore[misc]
    """A packet without attachments. Those it announces would be kept in memory until the last of them has come, and a
    stranger decides how many that are; neither chat nor desk sends any."""

    def decode(self, encoded_packet: str) -> int:
        """As Socket.IO reads it.

        Raises:
            ValueError: it announces attachments, or is no packet at all.
        """
        announced: int = super().decode(encoded_packet)
        if announced or self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("binary packets are not taken")
        return announced


class WebChat:
    """The customers' side of the web chat (namespace `/`)."""

    def __init__(self, services: Services, origins: OriginRule) -> None:
        self.services = services
        self.sio = socketio.AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=origins,
            max_http_buffer_size=BUFFER_LIMIT,
            ping_interval=PING_EVERY,
            ping_timeout=PING_WAIT,
            logger=RUBBISH,
            engineio_logger=RUBBISH,
            serializer=TextOnly,
        )
        self._windows: dict[str, Window] = {}
        self._cursors: dict[str, int] = {}  # sender -> last `seq` told
        self._telling = asyncio.Lock()
        for event in ("connect", "disconnect", "session_request", "user_uttered", "open", "history"):
            self.sio.on(event, getattr(self, f"_on_{event}"))
        for event in ("typing", "read", "rate", "answer_rated", "forget"):
            self.sio.on(event, getattr(self, f"_on_{event}"))

    # ---------------------------------------------------------------- events from the browser

    async def _on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        wire = self.sio.manager.eio_sid_from_sid(sid, "/")
        self._windows[sid] = Window(caller_of(environ["asgi.scope"]), wire)

    async def _on_disconnect(self, sid: str, reason: Any = None) -> None:
        window = self._windows.pop(sid, None)
        if window and window.session and not self._is_watched(window.session.sender):
            self._cursors.pop(window.session.sender, None)

    async def _on_session_request(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._begin, data)

    async def _on_user_uttered(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._utter, data)

    async def _on_open(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._open, data)

    async def _on_history(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._history, data)

    async def _on_rate(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._rate, data)

    async def _on_answer_rated(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._rate_answer, data)

    async def _on_forget(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._forget, data)

    async def _on_typing(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._typing, data)

    async def _on_read(self, sid: str, data: Any = None, *rest: Any) -> dict[str, Any]:
        return await self._answered(sid, self._read, data)

    async def _answered(self, sid: str, deed: Deed, data: Any) -> dict[str, Any]:
        """The result, or the error in the one shape; what nobody foresaw is logged and told as ours."""
        try:
            window = self._windows.get(sid)
            await self._let_go_if_deaf(window)
            await self.services.limiter.take(EVENTS, window.wire if window else sid)
            return await deed(sid, data)
        except HelpdeskError as error:
            return error_body(error, self.services.wording)
        except AWAY as error:
            log.error("database_away", exc_info=error)
            return error_body(NotStored(), self.services.wording)
        except Exception:
            log.exception("web_event_failed")
            return error_body(HelpdeskError(), self.services.wording)

    async def _begin(self, sid: str, data: Any) -> dict[str, Any]:
        """Any number of connections may come; each asks who it is."""
        await self.services.limiter.take_from(SESSION_REQUESTS, self._window(sid).caller)
        known = read_token(self.services, _field(data, "identity"))
        caller, user_id = self._window(sid).caller, known.user_id if known else None
        session = await open_session(self.services, _field(data, "session_id"), caller, user_id)
        if known:
            await identify(self.services, CHANNEL, session.sender, known)
        await self._bind(sid, session)
        await self.sio.emit("session_confirm", session.token, to=sid)
        return {}

    async def _typing(self, sid: str, data: Any) -> dict[str, Any]:
        conversation = await self._conversation(self._sender(sid))
        if conversation:
            news = {"conversation_id": conversation.id, "author": "customer", "on": bool(_field(data, "on"))}
            self.services.bus.publish("typing", news)
        return {}

    async def _read(self, sid: str, data: Any) -> dict[str, Any]:
        seq = _seq(data, "seq")
        conversation = await self._conversation(self._sender(sid))
        if conversation:
            await customer_read(self.services, conversation.id, seq)
        return {}

    async def _utter(self, sid: str, data: Any) -> dict[str, Any]:
        text = _field(data, "message")
        if not isinstance(text, str):
            raise InvalidInput("field_not_text", field="message")
        session = await self._session_for(sid, _field(data, "session_id"))
        await self.services.limiter.take(MESSAGES, f"{CHANNEL}:{session.sender}")
        await self.services.limiter.take_from(MESSAGES_FROM, self._window(sid).caller)
        image = await self._picture(session, _field(_field(data, "metadata"), "picture"))
        message = await receive(self.services, self._incoming(session, text, _client_id(data), image))
        return {"id": message.id, "seq": message.seq, "at": message.at.isoformat()}

    async def _picture(self, session: Session, picture_id: object) -> str | None:
        """The address of the session's own picture that a message shows."""
        if picture_id is None:
            return None
        if not isinstance(picture_id, str):
            raise InvalidInput("field_not_text", field="picture")
        return pictures.address((await pictures.own(self.services, CHANNEL, session.sender, picture_id)).id)

    def _incoming(self, session: Session, text: str, client_id: str | None, image: str | None) -> Incoming:
        """A picture without words is stored under a label, so that it can be read of in lists."""
        if image is None or text.strip():
            return Incoming(CHANNEL, session.sender, text, client_id, image=image)
        label = self.services.wording.render("picture_label")
        return Incoming(CHANNEL, session.sender, label, client_id, image=image, unspoken="picture_received")

    async def _open(self, sid: str, data: Any) -> dict[str, Any]:
        session = await self._session_for(sid, None)
        return {"greeted": await greet(self.services, CHANNEL, session.sender)}

    async def _history(self, sid: str, data: Any) -> dict[str, Any]:
        seq = _seq(data, "after_seq")
        session = await self._session_for(sid, None)
        async with self.services.db.read() as uow:
            conversation = await find_conversation(uow.session, CHANNEL, session.sender)
            shown = await wire.snapshot(uow.session, conversation, self.services.clock.now())
            if conversation is None:
                return {"messages": [], "more": False, "conversation": shown, "recalled": []}
            messages, more = await wire.said_after(uow.session, conversation.id, seq, _field(data, "whole") is True)
            told = [shape for _, shape in await wire.shapes(uow.session, messages)]
            gone = await recalled_in(uow.session, conversation)
        return {"messages": told, "more": more and bool(told), "conversation": shown, "recalled": gone}

    async def _rate(self, sid: str, data: Any) -> dict[str, Any]:
        score, comment = _field(data, "score"), _field(data, "comment")
        conversation = await self._conversation(self._sender(sid))
        if conversation is None:
            raise InvalidInput("nothing_to_rate_yet")
        await rate(self.services, conversation.id, score, comment)
        return {"rated": True}

    async def _rate_answer(self, sid: str, data: Any) -> dict[str, Any]:
        """有帮助吗, pressed under an answer; every window of the session shows it."""
        sender = self._sender(sid)
        message_id, helpful = _field(data, "message_id"), _field(data, "helpful")
        conversation = await self._conversation(sender)
        if conversation is None:
            raise NotFound("answer_not_found")
        await rate_answer(self.services, conversation.id, message_id, helpful)
        news = {"conversation_id": conversation.id, "message_id": message_id, "helpful": helpful}
        self.services.bus.publish("answer_rated", news)
        return {"rated": True}

    async def _forget(self, sid: str, data: Any) -> dict[str, Any]:
        """The session ends, in every window of it; whoever comes next is somebody new."""
        session = self._window(sid).session
        if session is None:
            return {"forgotten": True}
        await end_session(self.services, session.token)
        conversation = await self._conversation(session.sender)
        await self._part(session.sender, but=sid)
        if conversation:
            await browser_forgot(self.services, conversation.id)
        return {"forgotten": True}

    # ---------------------------------------------------------------- sessions and rooms

    async def part(self, conversation_id: str) -> None:
        """The session of a conversation was ended, here or at another process."""
        sender = await self._watched_sender(conversation_id)
        if sender:
            await self._part(sender)

    async def _part(self, sender: str, but: str | None = None) -> None:
        """Windows of a session that ended are nobody's; all but the one that ended it are told."""
        await self.sio.emit("forgotten", {}, room=sender, skip_sid=but)
        for sid, window in tuple(self._windows.items()):
            if window.session and window.session.sender == sender:
                window.session = None
                await self.sio.leave_room(sid, sender)
        self._cursors.pop(sender, None)

    async def _session_for(self, sid: str, token: object) -> Session:
        """The session this connection speaks for; another token moves it, a forged one to a new session."""
        window = self._window(sid)
        if window.session and token in (None, window.session.token):
            return window.session
        session = await open_session(self.services, token, window.caller)
        await self._bind(sid, session)
        if token is not None and token != session.token:
            await self.sio.emit("session_confirm", session.token, to=sid)
        return session

    async def _bind(self, sid: str, session: Session) -> None:
        window = self._window(sid)
        if window.session and window.session.sender != session.sender:
            await self.sio.leave_room(sid, window.session.sender)
        window.session = session
        with suppress(ValueError):  # the connection has gone meanwhile: there is nobody to tell
            await self.sio.enter_room(sid, session.sender)
        if session.sender not in self._cursors:
            conversation = await self._conversation(session.sender)
            self._cursors.setdefault(session.sender, conversation.last_seq if conversation else 0)

    def _window(self, sid: str) -> Window:
        """The connection, unless it has gone meanwhile."""
        window = self._windows.get(sid)
        if window is None:
            raise NotFound("connection_over")
        return window

    def _sender(self, sid: str) -> str | None:
        window = self._windows.get(sid)
        return window.session.sender if window and window.session else None

    def _is_watched(self, sender: str) -> bool:
        return any(one.session and one.session.sender == sender for one in self._windows.values())

    async def _let_go_if_deaf(self, window: Window | None) -> None:
        """End a connection that asks and reads nothing: a client need not poll to be taken for alive.

        Raises:
            NotFound: it was ended.
        """
        found = self.sio.eio.sockets.get(window.wire) if window else None
        if found is not None and found.queue.qsize() > UNREAD:
            await found.close(wait=False, abort=True)
            raise NotFound("connection_over")

    async def _conversation(self, sender: str | None) -> Conversation | None:
        if sender is None:
            return None
        async with self.services.db.read() as uow:
            return await find_conversation(uow.session, CHANNEL, sender)

    # ---------------------------------------------------------------- what browsers are told

    async def tell(self, conversation_id: str, event: str, data: Any) -> None:
        """Emit to the windows of a conversation, if it is one of ours and any is open."""
        sender = await self._watched_sender(conversation_id)
        if sender:
            await self.sio.emit(event, data, room=sender)

    async def tell_messages(self, conversation_id: str) -> None:
        """Everything stored since the last time, in order."""
        sender = await self._watched_sender(conversation_id)
        if sender is None:
            return
        async with self._telling, self.services.db.read() as uow:
            messages, _ = await wire.said_after(uow.session, conversation_id, self._cursors.get(sender, 0))
            told = await wire.shapes(uow.session, messages)
            for event, shape in told:
                await self.sio.emit(event, shape, room=sender)
            if messages and sender in self._cursors:
                self._cursors[sender] = messages[-1].seq

    async def tell_snapshot(self, conversation_id: str) -> None:
        """How the conversation stands now."""
        sender = await self._watched_sender(conversation_id)
        if sender is None:
            return
        async with self.services.db.read() as uow:
            conversation = await uow.session.get_one(Conversation, conversation_id)
            shown = await wire.snapshot(uow.session, conversation, self.services.clock.now())
        await self.sio.emit("conversation", shown, room=sender)

    async def tell_waiting(self) -> None:
        """Everyone who waits learns their new place."""
        if not self._cursors:
            return
        async with self.services.db.read() as uow:
            query = select(Conversation.id).where(Conversation.state == State.WAITING, Conversation.channel == CHANNEL)
            waiting = (await uow.session.scalars(query)).all()
        for conversation_id in waiting:
            await self.tell_snapshot(conversation_id)

    async def tell_everything(self) -> None:
        """News was lost on the way: every conversation with an open window is read again."""
        for sender in tuple(self._cursors):
            conversation = await self._conversation(sender)
            if conversation is not None:
                await self.tell_messages(conversation.id)
                await self.tell_snapshot(conversation.id)

    async def _watched_sender(self, conversation_id: str) -> str | None:
        """Whose windows are open on a conversation; with no window at all the database is not asked."""
        if not self._cursors:
            return None
        async with self.services.db.read() as uow:
            conversation = await uow.session.get(Conversation, conversation_id)
            if conversation is None or conversation.channel != CHANNEL:
                return None
            sender = await sender_of(uow.session, conversation)
        return sender if sender in self._cursors else None


def _field(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else None


def _seq(data: Any, name: str) -> int:
    """A message's number; absent, it is 0.

    Raises:
        InvalidInput: it is no number that a message can have.
    """
    value = _field(data, name) or 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST_SEQ:
        raise InvalidInput("field_no_message_number", field=name)
    return value


def _client_id(data: Any) -> str | None:
    value = _field(data, "client_id")
    return value if isinstance(value, str) and value else None
