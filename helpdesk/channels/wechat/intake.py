"""What comes in from WeChat, as messages of ours: every type is stored once, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpdesk.channels.wechat import xml
from helpdesk.channels.wechat.account import CHANNEL
from helpdesk.channels.wechat.choice import meant
from helpdesk.errors import Conflict
from helpdesk.model.conversation import Author
from helpdesk.outbox import has_waiting
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.queries import find_conversation, message_by_external_id
from helpdesk.store.tables import Conversation, Message, new_id
from helpdesk.usecases import audit
from helpdesk.usecases.receive import RACES, Incoming, check_name, conversation_of, receive
from helpdesk.usecases.sessions import request_start
from helpdesk.usecases.speak import take_seq

GREETED_EVENTS = frozenset({"subscribe", "scan"})
SCENE_PREFIX = "qrscene_"
IMAGE_LIMIT = 2000  # characters of an address


@dataclass(frozen=True)
class Before:
    """What was known when a message came in, read at once: a callback has little time."""

    conversation: Conversation | None = None
    repeat_of: Message | None = None
    words: str | None = None  # what the customer means in words, a choice by its payload; None for an image and such
    has_kept: bool = False  # messages wait for the customer to write


async def take_in(services: Services, incoming: xml.Incoming) -> tuple[Message | None, Before]:
    """The stored message that somebody will answer, the first one for a repeat; None for what wants no answer.

    Raises:
        InvalidInput: sender or id cannot be used.
    """
    before = await _before(services, incoming)
    if before.repeat_of is not None:
        return before.repeat_of, before
    if incoming.is_event and incoming.event != "click":
        return await _event(services, incoming), before
    try:
        return await receive(services, _message(services, incoming, before)), before
    except Conflict:  # another delivery of it was stored meanwhile, and the menu it chose from is not the last any more
        before = await _before(services, incoming)
        if before.repeat_of is None:
            raise
        return before.repeat_of, before


async def _before(services: Services, incoming: xml.Incoming) -> Before:
    words = _words(services, incoming)
    async with services.db.read() as uow:
        conversation = await find_conversation(uow.session, CHANNEL, incoming.from_user)
        if conversation is None:
            return Before(words=words)
        known = await message_by_external_id(uow.session, conversation.id, incoming.external_id)
        if words is not None and known is None:
            words = await meant(uow.session, conversation.id, words, incoming.get("bizmsgmenuid"))
        return Before(conversation, known, words, await has_waiting(uow, conversation.id))


# ---------------------------------------------------------------- messages


def _message(services: Services, incoming: xml.Incoming, before: Before) -> Incoming:
    if before.words is not None:
        return _incoming(incoming, before.words)
    kind = UNSPOKEN.get(incoming.type, _other)
    text, wording = kind(services, incoming)
    picture = incoming.get("PicUrl")[:IMAGE_LIMIT] or None
    return _incoming(incoming, text, image=picture, unspoken=wording)


def _words(services: Services, incoming: xml.Incoming) -> str | None:
    """What the customer said in words: typed, spoken and recognised, or by the menu."""
    if incoming.type == "text":
        return incoming.get("Content")
    if incoming.type == "voice":
        return incoming.get("Recognition").strip() or None
    return services.company.wechat.menu.get(incoming.get("EventKey")) if incoming.is_event else None


def _incoming(incoming: xml.Incoming, text: str, **more: Any) -> Incoming:
    return Incoming(CHANNEL, incoming.from_user, text, incoming.external_id, **more)


Description = tuple[str, str]  # what staff see, and the wording that answers


def _labelled(name: str) -> Callable[[Services, xml.Incoming], Description]:
    def describe(services: Services, incoming: xml.Incoming) -> Description:
        values = {"label": incoming.get("Label"), "title": incoming.get("Title"), "url": incoming.get("Url")}
        fields = services.wording.fields_of(f"wechat_label_{name}")
        shown = {field: values[field] for field in fields}
        return services.wording.render(f"wechat_label_{name}", **shown), f"wechat_{name}"

    return describe


def _menu(services: Services, incoming: xml.Incoming) -> Description:
    """A menu button that company/wechat.yml does not know."""
    return services.wording.render("wechat_label_menu", button=incoming.get("EventKey")), "wechat_menu_unknown"


def _other(services: Services, incoming: xml.Incoming) -> Description:
    return services.wording.render("wechat_label_other", type=incoming.type), "wechat_other"


UNSPOKEN: dict[str, Callable[[Services, xml.Incoming], Description]] = {
    "image": _labelled("image"),
    "voice": _labelled("voice"),
    "video": _labelled("video"),
    "shortvideo": _labelled("video"),
    "location": _labelled("location"),
    "link": _labelled("link"),
    "event": _menu,
}


# ---------------------------------------------------------------- events


async def _event(services: Services, incoming: xml.Incoming) -> Message | None:
    """Who comes is greeted; anything else is written down and wants no answer."""
    check_name(incoming.from_user, "FromUserName")
    for _ in range(RACES):
        try:
            return await _stored_event(services, incoming)
        except IntegrityError:  # the same event on another process, or a stranger's first two
            continue
    raise Conflict("the event could not be stored beside its twins")


async def _stored_event(services: Services, incoming: xml.Incoming) -> Message | None:
    is_greeted = incoming.event in GREETED_EVENTS
    async with services.db.write() as uow:
        conversation = await conversation_of(uow, CHANNEL, incoming.from_user, services.clock.now())
        if is_greeted:
            message = await message_by_external_id(uow.session, conversation.id, incoming.external_id)
            message = message or await _start(services, uow, conversation, incoming)
        else:
            message = None
            await _write_down(services, uow, conversation, incoming)
        await uow.commit()
    return message


async def _start(services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming) -> Message:
    """Have the bot speak first; the scene is kept with the event."""
    scene = incoming.get("EventKey").removeprefix(SCENE_PREFIX)
    message = await request_start(uow, conversation, "subscribe", services.clock.now())
    message.external_id = incoming.external_id
    if scene:
        title = services.company.wechat.scenes.get(scene, scene)
        message.input = {**(message.input or {}), "scene": scene}
        audit.note(uow, audit.CUSTOMER, "wechat_scene", conversation.id, services.clock.now(), scene=scene, title=title)
    await uow.session.flush()
    return message


async def _write_down(services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming) -> None:
    """A line that staff see in the conversation; the customer said nothing and is told nothing."""
    external_id = f"event:{incoming.external_id}"
    if await _is_written_down(uow, conversation, external_id):
        return
    key = "wechat_event_unsubscribe" if incoming.event == "unsubscribe" else "wechat_event_other"
    fields = dict.fromkeys(services.wording.fields_of(key), incoming.event)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        session_no=conversation.session_no,
        seq=await take_seq(uow, conversation, 1),
        author=Author.SYSTEM,
        external_id=external_id,
        text=services.wording.render(key, **fields),
        custom={"kind": "channel_event", "event": incoming.event, "key": incoming.get("EventKey")},
        at=services.clock.now(),
    )
    uow.session.add(message)
    uow.announce("message", conversation_id=conversation.id, message_id=message.id)
    if incoming.event == "unsubscribe":
        audit.note(uow, audit.CUSTOMER, "wechat_unsubscribed", conversation.id, services.clock.now())
    await uow.session.flush()


async def _is_written_down(uow: UnitOfWork, conversation: Conversation, external_id: str) -> bool:
    query = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.author == Author.SYSTEM,
        Message.external_id == external_id,
    )
    return await uow.session.scalar(query) is not None
