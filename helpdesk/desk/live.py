"""The desk's live side: Socket.IO namespace `/desk`, for who is signed in at our own pages.

News is a hint to ask the API again, but for messages of the conversation that is open, which come whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any

import socketio
import structlog
from sqlalchemy import select

from helpdesk.bus import GAP
from helpdesk.channels.web.origins import is_same_origin
from helpdesk.model.conversation import State
from helpdesk.services import Services
from helpdesk.store.away import AWAY
from helpdesk.store.tables import Conversation, new_id
from helpdesk.usecases.conversations.read_marks import customer_mark, staff_read
from helpdesk.usecases.people.news import TOPIC as STAFF_NEWS
from helpdesk.usecases.people.presence import come, gone, stay
from helpdesk.usecases.people.seats import leave_all
from helpdesk.usecases.people.sign_in import COOKIE, at_work

log = structlog.get_logger(__name__)

NAMESPACE = "/desk"
TOPICS = (
    "message",
    "conversation",
    "queue",
    "ticket",
    "typing",
    "looking",
    "receipt",
    "hold_over",
    "offer",
    "alarm",
    "whisper",
    "presence",
    "warning",
    "promise",
    STAFF_NEWS,
    GAP,
)
EVERYBODY = "staff"
GRACE_SECONDS = 60.0  # a reload, a cut in the network or a restarted router is no absence
SIGNED_OUT_SECONDS = 4.0  # whoever's session has ended comes back by signing in again at once, or not at all
STAY_SECONDS = 15.0
LONGEST_ID = 64


Deed = Callable[[str, Any], Awaitable[dict[str, int]]]
"""(connection, what came with the event) -> what is acknowledged."""


class DeskLive:
    """Open desks, and what they are told."""

    def __init__(self, services: Services, sio: socketio.AsyncServer) -> None:
        self.services = services
        self.sio = sio
        self._process = new_id()
        self._seats: dict[str, str] = {}  # connection -> staff id
        self._tokens: dict[str, str] = {}  # connection -> token of the session that opened it
        self._shown_out: set[str] = set()  # connections that we closed because their session holds no longer
        self._leaving: dict[str, asyncio.Task[None]] = {}  # staff id -> until the grace is over
        self._at_door = asyncio.Lock()  # whoever comes while being counted as gone comes after it
        self._is_closed = False
        for event in ("connect", "disconnect", "typing", "looking", "read"):
            sio.on(event, getattr(self, f"_on_{event}"), namespace=NAMESPACE)

    async def _on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        """Only a signed-in member of staff, and only from our own pages."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and not is_same_origin(origin, environ):
            return False
        try:
            return await self._seat(sid, _token_of(environ))
        except AWAY as error:
            log.error("database_away", exc_info=error)
            return False

    async def _seat(self, sid: str, token: str | None) -> bool:
        staff = await at_work(self.services, token)
        if staff is None or token is None:
            return False
        async with self._at_door:
            self._stop_leaving(staff.id)
            await come(self.services, self._process, staff.id)
            self._seats[sid], self._tokens[sid] = staff.id, token
        await self.sio.enter_room(sid, EVERYBODY, namespace=NAMESPACE)
        await self.sio.enter_room(sid, f"staff:{staff.id}", namespace=NAMESPACE)
        return True

    async def _on_disconnect(self, sid: str, reason: Any = None) -> None:
        self._tokens.pop(sid, None)
        staff_id = self._seats.pop(sid, None)
        grace = SIGNED_OUT_SECONDS if sid in self._shown_out else GRACE_SECONDS
        self._shown_out.discard(sid)
        if staff_id is not None and not self._is_here(staff_id) and not self._is_closed:
            self._stop_leaving(staff_id)
            self._leaving[staff_id] = asyncio.create_task(self._leave(staff_id, grace))

    async def _leave(self, staff_id: str, grace: float) -> None:
        """For the whole of the grace the person counts as here, and their customers hear of nothing."""
        with suppress(*AWAY):  # what was said last holds for nearly as long
            await stay(self.services, self._process, {staff_id})
        await asyncio.sleep(grace)
        async with self._at_door:
            if not self._is_here(staff_id):
                await gone(self.services, self._process, staff_id)

    def _stop_leaving(self, staff_id: str) -> None:
        """Whoever came back and leaves once more has the whole grace again."""
        if leaving := self._leaving.pop(staff_id, None):
            leaving.cancel()

    async def close(self) -> None:
        """The service ends: absence is the next one's to judge."""
        self._is_closed = True
        leaving = [*self._leaving.values()]
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        with suppress(*AWAY):  # then the seats end by themselves
            await leave_all(self.services, self._process)

    async def show_out(self) -> None:
        """Close the desks of sessions that hold no longer: signed out, revoked, locked, or to be set up anew."""
        for sid, token in tuple(self._tokens.items()):
            if await at_work(self.services, token) is None:
                self._shown_out.add(sid)
                await self.sio.disconnect(sid, namespace=NAMESPACE)

    async def send_back(self) -> None:
        """News was lost on the way: every desk is cut off once, and asks for everything when it connects again."""
        for sid in tuple(self._seats):
            await self.sio.disconnect(sid, namespace=NAMESPACE)

    def _is_here(self, staff_id: str) -> bool:
        return staff_id in self._seats.values()

    async def keep_present(self) -> None:
        """Run until cancelled: who has a desk open stays on duty."""
        while True:
            await asyncio.sleep(STAY_SECONDS)
            here = set(self._seats.values())
            try:
                if here:
                    await stay(self.services, self._process, here)
            except Exception:
                log.exception("desk_presence_failed")

    async def _on_typing(self, sid: str, data: Any = None, *rest: Any) -> dict[str, int]:
        """The customer sees that an answer is being written."""
        return await self._done(self._typing, sid, data)

    async def _on_looking(self, sid: str, data: Any = None, *rest: Any) -> dict[str, int]:
        """Colleagues see that somebody has a conversation before their eyes, whoever serves it."""
        return await self._done(self._looking, sid, data)

    async def _on_read(self, sid: str, data: Any = None, *rest: Any) -> dict[str, int]:
        """Who serves has seen the conversation up to `seq`; the answer tells how far its customer has."""
        return await self._done(self._read, sid, data)

    async def _done(self, deed: Deed, sid: str, data: Any) -> dict[str, int]:
        """Nothing of an event matters so much that a database that is away need be told of to the desk."""
        try:
            return await deed(sid, data)
        except AWAY as error:
            log.error("database_away", exc_info=error)
        except Exception:
            log.exception("desk_event_failed")
        return {}

    async def _typing(self, sid: str, data: Any) -> dict[str, int]:
        conversation = await self._served(sid, data)
        if conversation:
            news = {"conversation_id": conversation.id, "author": "staff", "on": bool(data.get("on"))}
            self.services.bus.publish("typing", news)
        return {}

    async def _looking(self, sid: str, data: Any) -> dict[str, int]:
        staff_id = self._seats.get(sid)
        named = data.get("conversation_id") if isinstance(data, dict) else None
        if staff_id is not None and isinstance(named, str) and 0 < len(named) <= LONGEST_ID:
            self.services.bus.publish("looking", {"conversation_id": named, "staff_id": staff_id})
        return {}

    async def _read(self, sid: str, data: Any) -> dict[str, int]:
        conversation = await self._served(sid, data)
        if conversation is None or not isinstance(data.get("seq"), int):
            return {}
        await staff_read(self.services, conversation.id, data["seq"])
        return {"customer_seq": await customer_mark(self.services, conversation.id)}

    async def _served(self, sid: str, data: Any) -> Conversation | None:
        """The conversation an event names, if this desk serves it now."""
        staff_id = self._seats.get(sid)
        named = data.get("conversation_id") if isinstance(data, dict) else None
        if staff_id is None or not isinstance(named, str) or not named.isprintable():
            return None
        async with self.services.db.read() as uow:
            query = select(Conversation).where(
                Conversation.id == named,
                Conversation.state == State.STAFF,
                Conversation.staff_id == staff_id,
            )
            return await uow.session.scalar(query)

    async def tell_all(self, event: str, data: dict[str, Any]) -> None:
        """Every open desk; with none there is nothing to encode."""
        if not self._seats:
            return
        await self.sio.emit(event, data, room=EVERYBODY, namespace=NAMESPACE)

    async def tell_serving(self, event: str, data: dict[str, Any]) -> None:
        """The desks of whoever serves the conversation that `data` names; with none the database is not asked."""
        if not self._seats:
            return
        async with self.services.db.read() as uow:
            conversation = await uow.session.get(Conversation, data["conversation_id"])
        if conversation and conversation.staff_id:
            await self.sio.emit(event, data, room=f"staff:{conversation.staff_id}", namespace=NAMESPACE)


def _token_of(environ: dict[str, Any]) -> str | None:
    """The session's token among a connection's cookies."""
    try:
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return None
    token = cookies.get(COOKIE)
    return token.value if token else None


async def desk_pump(desk: DeskLive) -> None:
    """Run until cancelled: news from the bus to the desks."""
    await desk.services.bus.pump(partial(_tell, desk), *TOPICS)


async def _tell(desk: DeskLive, topic: str, data: dict[str, Any]) -> None:
    """Words go to who serves; that something moved goes to all, without the words."""
    if topic == STAFF_NEWS:
        await desk.show_out()
        await desk.tell_all(topic, data)
    elif topic == GAP:
        await desk.send_back()
    elif topic in ("typing", "receipt"):
        if data["author"] == "customer":
            await desk.tell_serving(topic, data)
    elif topic in ("hold_over", "whisper"):
        await desk.tell_serving(topic, data)
    elif topic == "message":
        await desk.tell_all("message", {"conversation_id": data["conversation_id"]})
    else:
        await desk.tell_all(topic, data)
