"""What staff send besides words: pictures and files; and what becomes of a message: taken back, sent once more."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from helpdesk.desk import views
from helpdesk.desk.access import AtWork, Given, Id
from helpdesk.door.forms import document_of, picture_of
from helpdesk.usecases.queue import recall, resend, sent_files, sent_pictures


def form_with(name: str) -> dict[str, Any]:
    """The description of a form with one file in it."""
    file = {"type": "object", "required": [name], "properties": {name: {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": file}}}}


router = APIRouter(tags=["conversations"])


@router.post("/conversations/{conversation_id}/pictures", status_code=201, openapi_extra=form_with("picture"))
async def send(
    conversation_id: Id,
    request: Request,
    services: Given,
    who: AtWork,
    client_id: Annotated[str, Query(min_length=1, max_length=128)],
) -> views.MessageView:
    """Send a picture (JPEG, PNG, GIF or WebP of 5 MB at most); the same `client_id` sends it once."""
    await sent_pictures.require(services, conversation_id, who.staff)
    content = await picture_of(request.headers, request.stream())
    message = await sent_pictures.send(services, conversation_id, who.staff, content, client_id)
    return views.message_view(message, views.OPEN)


@router.post("/conversations/{conversation_id}/files", status_code=201, openapi_extra=form_with("file"))
async def send_file(
    conversation_id: Id,
    request: Request,
    services: Given,
    who: AtWork,
    client_id: Annotated[str, Query(min_length=1, max_length=128)],
    name: Annotated[str, Query(min_length=1, max_length=200)],
) -> views.MessageView:
    """Send a file (PDF, DOCX, XLSX, PPTX, TXT or CSV of 10 MB at most); the same `client_id` sends it once."""
    await sent_pictures.require(services, conversation_id, who.staff)
    content = await document_of(request.headers, request.stream())
    message = await sent_files.send(services, conversation_id, who.staff, sent_files.Document(name, content), client_id)
    return views.message_view(message, views.OPEN)


@router.post("/conversations/{conversation_id}/messages/{message_id}/recall")
async def take_back(conversation_id: Id, message_id: Id, services: Given, who: AtWork) -> views.MessageView:
    """Take back one's own message within two minutes; the customer sees that something was taken back."""
    return views.message_view(await recall.recall(services, conversation_id, message_id, who.staff), views.OPEN)


@router.post("/conversations/{conversation_id}/messages/{message_id}/resend")
async def send_again(conversation_id: Id, message_id: Id, services: Given, who: AtWork) -> views.MessageView:
    """Send a message that was refused, or of which nobody knows, once more."""
    return views.message_view(await resend.resend(services, conversation_id, message_id, who.staff), views.OPEN)
