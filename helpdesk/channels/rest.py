"""The REST channel: the shapes of Rasa's own, plus message ids, waiting and paging.

POST waits for the answer for a while; what comes later is fetched with GET. Without
`HELPDESK_REST_TOKEN` the channel is off.
"""

from __future__ import annotations

import hmac
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from helpdesk.door.given import Given
from helpdesk.door.limits import PROGRAM_MESSAGES
from helpdesk.errors import InvalidInput, NotAllowed, NotFound, NotSignedIn
from helpdesk.model.conversation import Author
from helpdesk.services import Services
from helpdesk.store.queries import find_conversation, told_after
from helpdesk.store.tables import Message
from helpdesk.usecases.conversations.receive import Incoming, check_name, receive_and_wait

CHANNEL = "rest"

router = APIRouter(prefix="/webhooks/rest", tags=["REST channel"])


async def check_token(request: Request, services: Given) -> None:
    """Refuse whoever does not hold the channel's token; compared in constant time."""
    expected = services.settings.rest_token.get_secret_value()
    if not expected:
        raise NotAllowed("channel_off", setting="HELPDESK_REST_TOKEN")
    given = request.headers.get("authorization", "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), f"Bearer {expected}".encode()):
        raise NotSignedIn("token_wanted", setting="HELPDESK_REST_TOKEN")


@router.get("/", dependencies=[Depends(check_token)])
async def health() -> dict[str, str]:
    """Rasa's channel answers here too."""
    return {"status": "ok"}


@router.post("/webhook", dependencies=[Depends(check_token)], response_model=None)
async def webhook(request: Request, services: Given, debug: bool = False) -> JSONResponse:
    """Take a customer's message and wait for what is said to it; 202 when that takes longer."""
    incoming = parse(await read_json(request))
    await services.limiter.take(PROGRAM_MESSAGES, incoming.sender, has_room=True)
    message, answer = await receive_and_wait(services, incoming, services.settings.rest_wait)
    if answer is None:
        return JSONResponse({"message_id": message.external_id}, status_code=202)
    elements = [element(one, incoming.sender) for one in answer]
    if debug:
        elements.insert(0, await _understood(services, message, incoming.sender))
    return JSONResponse(elements)


@router.get("/messages", dependencies=[Depends(check_token)])
async def messages(services: Given, sender: str, after: Annotated[str, Query()] = "") -> list[dict[str, Any]]:
    """What a sender was told after the message `after`, oldest first, at most 100."""
    check_name(sender, "sender")
    async with services.db.read() as uow:
        conversation = await find_conversation(uow.session, CHANNEL, sender)
        if conversation is None:
            return []
        seen = 0
        if after:
            last = await uow.session.get(Message, after)
            if last is None or last.conversation_id != conversation.id:
                raise NotFound("message_not_found", field="after")
            seen = last.seq
        told = await told_after(uow.session, conversation.id, seen)
    return [{**_envelope(one), **element(one, sender)} for one in told]


async def read_json(request: Request) -> Any:
    """A request's body as JSON; how large and how deep it may be was decided at the door.

    Raises:
        InvalidInput: it is not JSON.
    """
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise InvalidInput("body_not_json") from error


def parse(body: Any) -> Incoming:
    """A message from a request's body.

    Raises:
        InvalidInput: naming the field that cannot be used.
    """
    if not isinstance(body, dict):
        raise InvalidInput("body_no_message")
    text = body.get("message")
    if not isinstance(text, str):
        raise InvalidInput("field_not_text", field="message")
    message_id = body.get("message_id")
    if message_id is not None:
        check_name(message_id, "message_id")
    return Incoming(CHANNEL, check_name(body.get("sender"), "sender"), text, message_id)


def element(message: Message, sender: str) -> dict[str, Any]:
    """A message in the shape of Rasa's REST channel; what is absent is left out."""
    buttons = [{"title": button["title"], "payload": button["payload"]} for button in message.buttons or ()]
    parts = {"text": message.text, "buttons": buttons, "image": message.image, "custom": message.custom}
    return {"recipient_id": sender, **{name: value for name, value in parts.items() if value}}


def _envelope(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "at": message.at.isoformat(),
        "author": str(Author(message.author)),
        "in_reply_to": message.in_reply_to or [],
    }


async def _understood(services: Services, message: Message, sender: str) -> dict[str, Any]:
    """What was understood of a message; of one taken together with others, what was understood of all."""
    async with services.db.read() as uow:
        asked = await uow.session.get_one(Message, message.id)
        if asked.answers:
            asked = await uow.session.get_one(Message, asked.answers)
    nothing: dict[str, Any] = {"intent": None, "confidence": None, "entities": []}
    return {"recipient_id": sender, "understood": {**nothing, **(asked.understood or {})}}
