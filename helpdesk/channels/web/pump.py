"""From the bus to the browsers: what was stored is told to every window of its session, once each and in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from helpdesk.bus import GAP

if TYPE_CHECKING:
    from helpdesk.channels.web.server import WebChat

TOPICS = ("message", "conversation", "queue", "typing", "receipt", "answer_rated", "recalled", "forgotten", GAP)


async def pump(chat: WebChat) -> None:
    """Run until cancelled. News is only a hint: what is told is read from the database, after a cursor."""
    await chat.services.bus.pump(partial(_tell, chat), *TOPICS)


async def _tell(chat: WebChat, topic: str, data: dict[str, Any]) -> None:
    if topic == "queue":
        await chat.tell_waiting()
    elif topic == GAP:
        await chat.tell_everything()
    else:
        await _tell_of(chat, str(data["conversation_id"]), topic, data)


async def _tell_of(chat: WebChat, conversation_id: str, topic: str, data: dict[str, Any]) -> None:
    """News of one conversation."""
    if topic == "message":
        await chat.tell_messages(conversation_id)
    elif topic == "conversation":
        await chat.tell_messages(conversation_id)
        await chat.tell_snapshot(conversation_id)
    elif topic == "forgotten":
        await chat.part(conversation_id)
    elif topic == "recalled":
        await chat.tell(conversation_id, topic, {"message_id": data["message_id"]})
    elif topic == "answer_rated":
        await chat.tell(conversation_id, topic, {"message_id": data["message_id"], "helpful": data["helpful"]})
    elif topic == "receipt" and data["author"] == "staff":
        await chat.tell(conversation_id, "receipt", {"read_seq": data["seq"]})
    elif topic == "typing" and data["author"] == "staff":
        await chat.tell(conversation_id, "typing", {"author": "staff", "on": data["on"]})
