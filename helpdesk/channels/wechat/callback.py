"""The callback that WeChat calls: who calls is checked, the message is opened, answered or acknowledged."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from helpdesk.channels.wechat import signature, xml
from helpdesk.channels.wechat.account import Account
from helpdesk.channels.wechat.answer import Delivery, answer
from helpdesk.channels.wechat.nonces import admit, signed
from helpdesk.door.given import Given
from helpdesk.errors import InvalidInput, NotAllowed, NotFound
from helpdesk.services import Services

router = APIRouter(tags=["WeChat"], include_in_schema=False)


class Called(BaseModel):
    """The query that WeChat signs its calls with."""

    signature: str = ""
    timestamp: str = ""
    nonce: str = ""
    msg_signature: str = ""
    echostr: str = ""


Query_ = Annotated[Called, Query()]


async def account_of(services: Given) -> Account:
    """The account, or NotFound while the channel is off."""
    account = Account.of(services)
    if account is None:
        raise NotFound("channel_off", setting="WECHAT_TOKEN")
    return account


Our = Annotated[Account, Depends(account_of)]


@router.get("/wechat")
async def verify(query: Query_, account: Our, services: Given) -> PlainTextResponse:
    """The console's check that the address is ours."""
    _check(account, query, services)
    async with services.db.write(urgent=True) as uow:
        await admit(services, uow, signed(query.timestamp, query.nonce, {"echostr": query.echostr}))
        await uow.commit()
    return PlainTextResponse(query.echostr)


@router.post("/wechat")
async def receive(request: Request, query: Query_, account: Our, services: Given) -> Response:
    """A message or event: the passive reply, or `success` when the answer follows by the API or there is none."""
    came = asyncio.get_running_loop().time()
    body = await request.body()
    sealed = _sealed(account, query, body)
    _check(account, query, services, sealed)
    incoming = xml.parse(account.envelope.open(sealed) if account.envelope and sealed else body)
    call = signed(query.timestamp, query.nonce, incoming.values)
    text = await answer(services, account, Delivery(incoming, call, came))
    if not text:
        return PlainTextResponse(xml.SUCCESS)
    now = int(services.clock.now().timestamp())
    reply = xml.text_reply(incoming, text, now)
    return Response(_seal(account, reply, now) if sealed else reply, media_type="application/xml")


def _sealed(account: Account, query: Called, body: bytes) -> str | None:
    """The encrypted part, which counts in safe and in compatible mode; None in plain mode.

    Raises:
        InvalidInput: the body is not XML, or it is encrypted and we have no key.
    """
    if not query.signature and not query.msg_signature:
        raise NotAllowed("call_not_signed")
    sealed = xml.encrypted_part(body)
    if sealed and account.envelope is None:
        if b"<MsgType>" not in body:
            raise InvalidInput("call_not_readable", why="the message is encrypted and WECHAT_AES_KEY is not set")
        return None  # compatible mode: the plain part is there too
    return sealed


def _check(account: Account, query: Called, services: Services, sealed: str | None = None) -> None:
    """Refuse whoever does not know our token, and calls from another time.

    Raises:
        NotAllowed: what exactly is wrong is nobody's business.
    """
    parts = (account.token, query.timestamp, query.nonce)
    is_right = signature.matches(query.signature, *parts) if query.signature or not sealed else True
    if sealed:
        is_right = signature.matches(query.msg_signature, *parts, sealed) and is_right
    if not (is_right and signature.is_fresh(query.timestamp, services.clock.now())):
        raise NotAllowed("signature_wrong")


def _seal(account: Account, reply: str, now: int) -> str:
    assert account.envelope is not None
    sealed, stamp, nonce = account.envelope.seal(reply), str(now), secrets.token_hex(8)
    return xml.sealed_reply(sealed, signature.sign(account.token, stamp, nonce, sealed), stamp, nonce)
