"""What comes in from WeChat, as messages of ours: every type is stored once, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpdesk.channels.wechat import kept, permits, xml
from helpdesk.channels.wechat.account import CHANNEL
from helpdesk.channels.wechat.choice import meant
from helpdesk.channels.wechat.feelings import as_emoji
from helpdesk.channels.wechat.nonces import Signed, admit
from helpdesk.errors import Conflict, NotFound
from helpdesk.model.conversation import Author, State
from helpdesk.model.notice import TryState, Way
from helpdesk.outbox import release_waiting
from helpdesk.services import Services
from helpdesk.store.database import UnitOfWork
from helpdesk.store.messages import add_messages
from helpdesk.store.queries import message_by_external_id
from helpdesk.store.tables import Conversation, Message, new_id
from helpdesk.usecases.conversations.locks import claim_for
from helpdesk.usecases.conversations.receive import (
    NAME_LIMIT,
    RACES,
    Incoming,
    add,
    check_name,
    conversation_of,
    is_stranger,
)
from helpdesk.usecases.conversations.sessions import request_start
from helpdesk.usecases.conversations.speak import OPEN_REQUEST, take_seq
from helpdesk.usecases.conversations.wake import wake
from helpdesk.usecases.journal import audit
from helpdesk.usecases.letters.notices import note_receipt

GREETED_EVENTS = frozenset({"subscribe", "scan"})
ANSWERED_EVENTS = GREETED_EVENTS | {"click"}
TEMPLATE_DONE, SUBSCRIPTION_DONE = "templatesendjobfinish", "subscribe_msg_sent_event"
RECEIPTS = frozenset({TEMPLATE_DONE, SUBSCRIPTION_DONE})
UNSUPPORTED = "【收到不支持的消息类型"  # what WeChat puts for a sticker, as a text
SCENE_PREFIX = "qrscene_"
IMAGE_LIMIT = 2000  # characters of an address


@dataclass(frozen=True)
class Taken:
    """What became of a delivery: the stored message that somebody answers, or None for what wants no answer."""

    message: Message | None
    is_repeat: bool = False
    is_for_the_bot: bool = False


async def take_in(services: Services, incoming: xml.Incoming, call: Signed, stored_as: str) -> Taken:
    """Store a delivery, under the id `stored_as` unless it is a repeat; all in one unit of work, for time is short.

    Raises:
        InvalidInput: sender or id cannot be used.
        NotAllowed: the signature was used before.
    """
    check_name(incoming.from_user, "FromUserName")
    check_name(incoming.external_id, "MsgId")
    for _ in range(RACES):
        try:
            async with services.db.write(urgent=True) as uow:
                taken = await _take_in(services, uow, incoming, call, stored_as)
                await uow.commit()
            return taken
        except IntegrityError:  # another process stores the same, or a stranger's first two, just now
            continue
    raise Conflict("message_twice", message_id=incoming.external_id)


async def _take_in(services: Services, uow: UnitOfWork, incoming: xml.Incoming, call: Signed, stored_as: str) -> Taken:
    await admit(services, uow, call)
    if incoming.event in RECEIPTS:
        await _receipts(uow, incoming)
        return Taken(None)
    conversation = await conversation_of(uow, CHANNEL, incoming.from_user)
    wants_answer = not incoming.is_event or incoming.event in ANSWERED_EVENTS
    if not wants_answer:
        await _event(services, uow, conversation, incoming, call)
        return Taken(None)
    known = await _known(uow, conversation, incoming)
    if known is not None:
        wake(uow, known)
        return Taken(known, True, conversation.state == State.BOT)
    message = await _store(services, uow, conversation, incoming, stored_as)
    await claim_for(services, uow, conversation, message)
    return Taken(message, False, conversation.state == State.BOT)


async def _known(uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming) -> Message | None:
    if is_stranger(conversation):
        return None
    return await message_by_external_id(uow.session, conversation.id, incoming.external_id)


async def _store(
    services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming, stored_as: str
) -> Message:
    """A new message; what was kept until the customer writes may go now, first with the answer to this."""
    now = services.clock.now()
    if not is_stranger(conversation):
        await release_waiting(uow, conversation.id, now + OPEN_REQUEST)
    if incoming.event in GREETED_EVENTS:
        return await _start(services, uow, conversation, incoming, stored_as)
    given = await _message(services, uow, conversation, incoming)
    message = await add(uow, conversation, replace(given, stored_as=stored_as))
    if incoming.type == "image" and 0 < len(incoming.get("MediaId")) <= NAME_LIMIT:
        kept.remember(uow, message, incoming.get("MediaId"))
    return message


# ---------------------------------------------------------------- messages


async def _message(services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming) -> Incoming:
    words = _words(services, incoming)
    if words is not None:
        clicked = incoming.get("bizmsgmenuid")
        known = not is_stranger(conversation)
        return _incoming(incoming, await meant(uow.session, conversation.id, words, clicked) if known else words)
    kind = UNSPOKEN.get(incoming.type, _other)
    text, wording = kind(services, incoming)
    picture = incoming.get("PicUrl")[:IMAGE_LIMIT] or None
    return _incoming(incoming, text, image=picture, unspoken=wording)


def _words(services: Services, incoming: xml.Incoming) -> str | None:
    """What the customer said in words: typed, spoken and recognised, or by the menu."""
    if incoming.type == "text":
        content = incoming.get("Content")
        return None if content.startswith(UNSUPPORTED) else as_emoji(content)
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
    "text": _labelled("sticker"),
    "image": _labelled("image"),
    "voice": _labelled("voice"),
    "video": _labelled("video"),
    "shortvideo": _labelled("video"),
    "location": _labelled("location"),
    "link": _labelled("link"),
    "event": _menu,
}


# ---------------------------------------------------------------- events


async def _receipts(uow: UnitOfWork, incoming: xml.Incoming) -> None:
    """What became of notices: a template message is `success` or `failed: ...`, a subscription message has code 0 or
    another. What is not ours changes nothing."""
    told = [(incoming.get("MsgID"), incoming.get("Status"), incoming.get("Status") == "success")]
    if incoming.event == SUBSCRIPTION_DONE:
        entries = incoming.entries("SubscribeMsgSentEvent.List", "MsgID", "ErrorCode", "ErrorStatus")
        told = [(message_id, status, code == "0") for message_id, code, status in islice(entries, permits.MOST)]
    for message_id, status, is_there in told:
        with suppress(NotFound):
            state = TryState.DELIVERED if is_there else TryState.FAILED
            await note_receipt(uow, Way.WECHAT, message_id, state, status)


async def _event(
    services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming, call: Signed
) -> None:
    """Nothing was said and nothing is answered; staff see what happened."""
    key = f"wechat_event_{'unsubscribe' if incoming.event == 'unsubscribe' else 'other'}"
    if incoming.event in permits.ANSWERS:
        is_allowed = await permits.note_answers(services, uow, conversation, incoming, call.content)
        key = f"wechat_event_notice_{'allowed' if is_allowed else 'refused'}"
    await _write_down(services, uow, conversation, incoming, key)


async def _start(
    services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming, stored_as: str
) -> Message:
    """Have the bot speak first; the scene is kept with the event."""
    scene = incoming.get("EventKey").removeprefix(SCENE_PREFIX)
    message = await request_start(uow, conversation, "subscribe")
    message.id, message.external_id = stored_as, incoming.external_id
    if scene:
        title = services.company.wechat.scenes.get(scene, scene)
        message.input = {**(message.input or {}), "scene": scene}
        audit.note(uow, audit.CUSTOMER, "wechat_scene", conversation.id, scene=scene, title=title)
    await uow.session.flush()
    return message


async def _write_down(
    services: Services, uow: UnitOfWork, conversation: Conversation, incoming: xml.Incoming, key: str
) -> None:
    """A line that staff see in the conversation, in these words."""
    external_id = f"event:{incoming.external_id}"
    if await _is_written_down(uow, conversation, external_id):
        return
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
    await add_messages(uow.session, [message])
    uow.announce("message", conversation_id=conversation.id, message_id=message.id)
    if incoming.event == "unsubscribe":
        audit.note(uow, audit.CUSTOMER, "wechat_unsubscribed", conversation.id)
    await uow.session.flush()


async def _is_written_down(uow: UnitOfWork, conversation: Conversation, external_id: str) -> bool:
    query = select(Message.id).where(
        Message.conversation_id == conversation.id,
        Message.author == Author.SYSTEM,
        Message.external_id == external_id,
    )
    return await uow.session.scalar(query) is not None
